"""Every way in which networks say that there is no caller ID, told apart before any country rule is asked."""

import phonenumbers
import pytest

from filters.caller_id import CallerId, CallerKind, read_caller_id

WITHHELD, UNAVAILABLE = CallerId(CallerKind.WITHHELD), CallerId(CallerKind.UNAVAILABLE)
COUNTRIES = ("FR", "US", "LS", "RU", "CN", "UG", "GB")

WORDS = {
    "anonymous": WITHHELD,
    "private": WITHHELD,
    "restricted": WITHHELD,
    "blocked": WITHHELD,
    "withheld": WITHHELD,
    "unknown": UNAVAILABLE,
    "unavailable": UNAVAILABLE,
}
# The digits as they stand in users.md 3.4, not computed, so that a slip in our keypad would show.
KEYPAD = {
    "266696687": WITHHELD,  # ANONYMOUS
    "7378742833": WITHHELD,  # RESTRICTED
    "2562533": WITHHELD,  # BLOCKED
    "7748283": WITHHELD,  # PRIVATE
    "8656696": UNAVAILABLE,  # UNKNOWN
    "86282452253": UNAVAILABLE,  # UNAVAILABLE
}


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(("word", "meaning"), WORDS.items())
def test_a_word_means_the_same_in_any_case_and_country(word: str, meaning: CallerId, country: str) -> None:
    for spelling in (word, word.upper(), word.title(), word.swapcase(), f" {word} ", f"{word}\r\n"):
        assert read_caller_id(spelling, country) == meaning


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("prefix", ["", "+", "1", "+1"])
@pytest.mark.parametrize(("digits", "meaning"), KEYPAD.items())
def test_a_keypad_spelling_is_never_a_foreign_number(digits: str, meaning: CallerId, prefix: str, country: str) -> None:
    assert read_caller_id(prefix + digits, country) == meaning


@pytest.mark.parametrize("written", ["+266 696 687", "266-696-687", "+1 (266) 696-687", "266.696.687", "+266/696687"])
def test_separators_do_not_hide_a_keypad_spelling(written: str) -> None:
    assert read_caller_id(written, "FR") == WITHHELD


def test_phonenumbers_would_have_taken_keypad_spellings_for_numbers() -> None:
    possible = [d for d in KEYPAD if phonenumbers.is_possible_number(phonenumbers.parse(f"+{d}", None))]
    assert possible, "if the library ever refuses them all, the order still has to hold"
    assert {read_caller_id(f"+{digits}", "CN").kind for digits in possible} <= {
        CallerKind.WITHHELD,
        CallerKind.UNAVAILABLE,
    }


@pytest.mark.parametrize("longer", ["+266696687123", "+12666966870", "+266696688"])
def test_only_the_whole_spelling_counts(longer: str) -> None:
    assert read_caller_id(longer, "FR").kind not in (CallerKind.WITHHELD, CallerKind.UNAVAILABLE)


@pytest.mark.parametrize(
    "zeros", ["00", "+00", "000", "0000000000", "+0000000000", "0" * 32, "000-000-0000", "00 00 00"]
)
def test_two_or_more_zeros_are_a_withheld_number(zeros: str) -> None:
    assert read_caller_id(zeros, "US") == WITHHELD


@pytest.mark.parametrize("nothing", ["", " ", "\t", "\u00a0"])
def test_no_caller_id_at_all_is_unavailable(nothing: str) -> None:
    assert read_caller_id(nothing, "FR") == UNAVAILABLE


@pytest.mark.parametrize(
    "address",
    [
        "anonymous@anonymous.invalid",
        "Anonymous@Anonymous.Invalid",
        "sip:anonymous@anonymous.invalid",
        "sips:anonymous@anonymous.invalid",
        "SIP:ANONYMOUS@ANONYMOUS.INVALID;transport=udp",
        "sip:anonymous@anonymous.invalid:5060",
        "sip:restricted@gateway.example.org",
        "sip:266696687@gateway.example.org",
        "sip:thisisnoidentity@anonymous.invalid",
    ],
)
def test_the_anonymous_sip_address_is_withheld(address: str) -> None:
    assert read_caller_id(address, "FR") == WITHHELD


@pytest.mark.parametrize("address", ["sip:unknown@gateway.example.org", "sip:unavailable@10.0.0.1"])
def test_a_gateway_that_knows_no_number_is_unavailable(address: str) -> None:
    assert read_caller_id(address, "FR") == UNAVAILABLE


def test_hidden_callers_have_neither_number_nor_identity() -> None:
    for hidden in (WITHHELD, UNAVAILABLE):
        assert hidden.is_hidden
        assert hidden.number is None
        assert hidden.value == ""


@pytest.mark.parametrize(
    "said",
    [
        "Blocked Caller ID", "Private Number", "No Caller ID", "Anonyme", "P", "+anonymous", "Anonymous <anonymous>",
        "<anonymous>", "BLOCKED_NUMBER", "Numéro privé", "Appel masqué", "Número oculto", "Número privado",
        "Desconocido / privado", "Номер скрыт", "Скрытый номер", "Анонимный", "Unterdrückt", "Rufnummer unterdrückt",
        "Privat", "Anoniem", "numero riservato", "Número Restrito", "zastrzeżony", "Gizli numara", "非通知",
        "anonym\u200bous", "Withheld by user", "private-number",
    ],
)  # fmt: skip
def test_words_of_many_languages_say_that_the_caller_withholds_the_number(said: str) -> None:
    assert read_caller_id(said, "FR") == WITHHELD


@pytest.mark.parametrize(
    "said",
    [
        "Unknown Caller", "OUT_OF_AREA", "Out of area", "unbekannt", "inconnu", "desconocido", "неизвестный",
        "asterisk", "O",
        "Jean", "SPAM RISK", "\u260e", "+", "-", "()", "<unknown>", "tel:unknown", "?",
    ],
)  # fmt: skip
def test_other_text_without_a_digit_is_no_caller_id_either(said: str) -> None:
    assert read_caller_id(said, "FR") == UNAVAILABLE


@pytest.mark.parametrize("filled", ["+10000000000", "10000000000", "+33000000000", "+4900000000", "+1 (000) 000-0000"])
def test_a_field_filled_with_zeros_is_withheld_with_any_calling_code(filled: str) -> None:
    assert read_caller_id(filled, "US") == WITHHELD


@pytest.mark.parametrize("filled", ["+11111111111", "1111111111", "+12222222222", "+19999999999", "19999999999"])
def test_a_field_filled_with_another_digit_is_unavailable(filled: str) -> None:
    assert read_caller_id(filled, "US") == UNAVAILABLE


@pytest.mark.parametrize("number", ["+6580000000", "+4570000000", "+33666666666", "+18888888888", "+18005550000"])
def test_real_numbers_with_many_equal_digits_stay_numbers(number: str) -> None:
    assert read_caller_id(number, "FR").number == number


@pytest.mark.parametrize("address", ["sip:blockwart@h.example", "sip:privalova@h.example", "sip:anna.privat@h.example"])
def test_the_words_are_looked_for_in_addresses_only_as_a_whole(address: str) -> None:
    assert read_caller_id(address, "FR").kind is CallerKind.SIP


@pytest.mark.parametrize(
    ("text", "kept"), [("V1234", ""), ("12a4567890", ""), ("1", "1"), ("+1", "+1"), ("5550123", "5550123")]
)
def test_digits_that_are_no_number_are_unreadable_and_kept(text: str, kept: str) -> None:
    caller = read_caller_id(text, "US")
    assert (caller.kind, caller.value, caller.number) == (CallerKind.UNREADABLE, kept, None)
