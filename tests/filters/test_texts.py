"""What a company has written, in the language of whoever calls."""

from filters.texts import NOTHING, Said, said_in


def test_a_caller_hears_what_is_written_in_their_language() -> None:
    assert said_in({"fr": "Bonjour.", "ru": "Здравствуйте."}, "ru") == Said("Здравствуйте.")


def test_what_is_written_in_another_language_is_read_by_a_voice_of_that_language() -> None:
    assert said_in({"fr": "Bonjour.", "en": "Hello."}, "ru") == Said("Bonjour.", "fr")
    assert said_in({"fr": "", "en": "Hello."}, "ru") == Said("Hello.", "en")


def test_nothing_written_is_nothing_said() -> None:
    assert said_in({}, "ru") == said_in({"fr": ""}, "ru") == NOTHING
