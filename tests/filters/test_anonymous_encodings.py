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


@pytest.mark.parametrize("text", ["Jean", "SPAM RISK", "V1234", "☎", "+", "1", "-", "()", "+1", "12a4567890"])
def test_other_letters_are_unreadable_and_not_withheld(text: str) -> None:
    assert read_caller_id(text, "FR") == CallerId(CallerKind.UNREADABLE)
