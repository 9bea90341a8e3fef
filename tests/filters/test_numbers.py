"""Telephone numbers as people, exchanges and providers write them."""

import contextlib

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters import number as number_module
from filters.caller_id import CallerKind, read_caller_id
from filters.number import (
    NumberFault,
    NumberUnreadable,
    ShortCode,
    calling_code,
    country_of,
    is_canonical,
    read_number,
)

WRITTEN = [
    # international prefixes
    ("+33199001234", "FR", "+33199001234"),
    ("0033199001234", "FR", "+33199001234"),
    ("00 33 1 99 00 12 34", "FR", "+33199001234"),
    ("0044 20 7946 0958", "US", "+442079460958"),
    ("011 44 20 7946 0958", "US", "+442079460958"),
    ("011442079460958", "FR", "+442079460958"),
    ("0061212345678", "AU", "+61212345678"),  # Australia dials 0011, and +61 (0)61… is possible too
    ("0081312345678", "JP", "+81312345678"),
    ("0011 44 20 7946 0958", "AU", "+442079460958"),
    ("8 10 44 20 7946 0958", "RU", "+442079460958"),
    # a trunk zero that stayed behind the calling code
    ("+44 0161 496 0123", "GB", "+441614960123"),
    ("+4401614960123", "FR", "+441614960123"),
    ("+44 (0)161 496 0123", "GB", "+441614960123"),
    ("+33 (0)1 99 00 12 34", "FR", "+33199001234"),
    ("+330199001234", "US", "+33199001234"),
    ("+7 8 912 345 67 89", "RU", "+79123456789"),
    ("+789123456789", "RU", "+79123456789"),
    ("+112025550123", "US", "+12025550123"),
    ("+3758294911911", "BY", "+375294911911"),
    # E.164 without its plus (ivozprovider PR 1197 made +3434945… of the first)
    ("34945123456", "ES", "+34945123456"),
    ("34945123456", "FR", "+34945123456"),
    ("33199001234", "FR", "+33199001234"),
    ("12025550123", "US", "+12025550123"),
    ("4915123456789", "DE", "+4915123456789"),
    ("390612345678", "IT", "+390612345678"),
    ("79123456789", "RU", "+79123456789"),
    # separators and extensions
    ("01/99/00/12/34", "FR", "+33199001234"),
    ("01.99.00.12.34", "FR", "+33199001234"),
    ("01-99-00-12-34", "FR", "+33199001234"),
    ("(202) 555-0123", "US", "+12025550123"),
    ("+33 1 99 00 12 34 ext 5", "FR", "+33199001234"),
    ("+33 1 99 00 12 34 ext. 5", "FR", "+33199001234"),
    ("0199001234 x12", "FR", "+33199001234"),
    ("+33199001234;ext=12", "FR", "+33199001234"),
    ("+33199001234,,,001#", "FR", "+33199001234"),
    ("0033199001234,,,001#", "FR", "+33199001234"),
    ("\u00a0+33\u00a01 99 00 12 34", "FR", "+33199001234"),
    ("\uff0b33199001234", "FR", "+33199001234"),
    ("\uff10\uff11\uff19\uff19\uff10\uff10\uff11\uff12\uff13\uff14", "FR", "+33199001234"),
    # national forms belong to the called line's country
    ("0199001234", "FR", "+33199001234"),
    ("020 7946 0958", "GB", "+442079460958"),
    ("2025550123", "US", "+12025550123"),
    ("945123456", "ES", "+34945123456"),
    ("8 912 345 67 89", "RU", "+79123456789"),
    ("06 1234 5678", "IT", "+390612345678"),
    ("+39 06 1234 5678", "IT", "+390612345678"),
    ("+390612345678", "FR", "+390612345678"),
    # Mexico and Argentina: two spellings of one mobile
    ("+5215512345678", "MX", "+525512345678"),
    ("+52 1 55 1234 5678", "US", "+525512345678"),
    ("+525512345678", "MX", "+525512345678"),
    ("044 55 1234 5678", "MX", "+525512345678"),
    ("045 55 1234 5678", "MX", "+525512345678"),
    ("01 55 1234 5678", "MX", "+525512345678"),
    ("5512345678", "MX", "+525512345678"),
    ("+5491123456789", "AR", "+5491123456789"),
    ("+54 11 15 2345 6789", "AR", "+5491123456789"),
    ("+54111523456789", "FR", "+5491123456789"),
    ("011 15 2345 6789", "AR", "+5491123456789"),
    ("+541123456789", "AR", "+541123456789"),
    # area codes that may be left out
    ("+378924192", "SM", "+3780549924192"),
    ("+2616242112", "MG", "+261206242112"),
]


@pytest.mark.parametrize(("written", "country", "e164"), WRITTEN)
def test_every_spelling_is_read_as_the_number_that_is_meant(written: str, country: str, e164: str) -> None:
    assert read_number(written, country) == e164
    assert read_caller_id(written, country).number == e164


def test_the_same_national_form_is_another_number_in_another_country() -> None:
    assert read_number("0199001234", "FR") != read_number("0199001234", "GB")


@pytest.mark.parametrize(
    ("code", "country"),
    [
        *(("112", country) for country in ("ES", "FR", "GB", "DE", "IT", "US")),
        ("911", "US"), ("999", "GB"), ("17", "FR"), ("3949", "FR"), ("118218", "FR"), ("100", "FR"), ("0800", "ES"),
        ("*67", "US"), ("#31#", "FR"),
    ],
)  # fmt: skip
def test_short_codes_are_never_made_into_numbers(code: str, country: str) -> None:
    with pytest.raises(ShortCode) as refusal:
        read_number(f" {code} ", country)
    assert (refusal.value.fault, refusal.value.text, refusal.value.country) == (NumberFault.SHORT_CODE, code, country)


def test_112_called_in_spain_stays_112() -> None:
    assert phonenumbers.format_number(phonenumbers.parse("112", "ES"), 0) == "+34112"  # what the library invents
    caller = read_caller_id("112", "ES")
    assert (caller.kind, caller.value, caller.number) == (CallerKind.SHORT_CODE, "112", None)


@pytest.mark.parametrize("written", ["+112", "+34112", "+17", "+3949"])
def test_a_short_code_with_a_plus_is_no_number_either(written: str) -> None:
    assert read_caller_id(written, "ES").number is None


@pytest.mark.parametrize("local", ["5550123", "2991577", "8456696"])
def test_a_local_number_without_its_area_code_is_not_given_one(local: str) -> None:
    assert read_caller_id(local, "US").number is None


@pytest.mark.parametrize(
    "address",
    [
        "sip:+33199001234@pbx.example.org", "sips:+33199001234@pbx.example.org", "sip:+33199001234@evil.example;user=phone",
        "+33199001234@pbx.example.org", "client:+33199001234", "whatsapp:+33199001234", "SIP:0199001234@pbx.example.org",
    ],
)  # fmt: skip
def test_an_address_is_never_typed_as_the_number_in_it(address: str) -> None:
    with pytest.raises(NumberUnreadable) as refusal:
        read_number(address, "FR")
    assert refusal.value.fault is NumberFault.AN_ADDRESS


def test_sip_addresses_keep_their_host_and_lose_scheme_and_parameters() -> None:
    caller = read_caller_id("sip:+33199001234@Evil.example;user=phone", "FR")
    assert (caller.kind, caller.value) == (CallerKind.SIP, "+33199001234@evil.example")
    assert read_caller_id("sips:100@pbx.local?x=1", "FR").value == "100@pbx.local"


def test_a_browser_client_keeps_its_identity() -> None:
    caller = read_caller_id("client:oscar", "FR")
    assert (caller.kind, caller.value) == (CallerKind.CLIENT, "oscar")


@pytest.mark.parametrize("address", ["sip:", "sip:@", "sips: "])
def test_an_address_of_nobody_is_unavailable(address: str) -> None:
    assert read_caller_id(address, "FR").kind is CallerKind.UNAVAILABLE


@pytest.mark.parametrize("address", ["client:", "client: ", "client:a b", "sip:a b@c", "sip:a@", "client:" + "x" * 300])
def test_a_broken_address_is_unreadable(address: str) -> None:
    assert read_caller_id(address, "FR").kind is CallerKind.UNREADABLE


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        *((text, NumberFault.NOT_A_NUMBER) for text in (
            "", "+", "+1", "0", "hello", "+999123456789", "+0123456789", "1 OR 1=1", "9" * 60, "+33199001234567890",
        )),
        ("9" * 61, NumberFault.TOO_LONG),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_what_is_wrong(text: str, fault: NumberFault) -> None:
    with pytest.raises(NumberUnreadable) as refusal:
        read_number(text, "FR")
    assert (refusal.value.fault, refusal.value.text, refusal.value.country) == (fault, text, "FR")
    assert str(refusal.value) == fault.value


def _examples() -> list[tuple[str, str]]:
    kinds = phonenumbers.PhoneNumberType
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (kinds.FIXED_LINE, kinds.MOBILE, kinds.TOLL_FREE):
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None and len(phonenumbers.national_significant_number(example)) > 6:
                found.append((region, phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)))
    return found


def test_every_country_s_example_numbers_are_read_from_all_four_forms() -> None:
    for region, e164 in _examples():
        parsed = phonenumbers.parse(e164, None)
        national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        spaced = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        forms = {e164, e164[1:], "00" + e164[1:], national, spaced}
        assert {read_number(form, region) for form in forms} == {e164}, region


def test_canonical_numbers_never_reach_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("phonenumbers.parse was called on the fast path")

    monkeypatch.setattr(phonenumbers, "parse", refuse)
    fast = [e164 for _, e164 in _examples() if is_canonical(e164)]
    assert len(fast) > 500
    for e164 in fast:
        assert read_number(e164, "FR") == e164
        assert read_caller_id(e164, "FR").number == e164


def test_the_fast_path_agrees_with_the_library_for_every_example() -> None:
    for region, e164 in _examples():
        if is_canonical(e164):
            assert number_module._read(e164, region) == e164


@given(
    st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)), st.text("0123456789", min_size=5, max_size=12)
)
def test_the_fast_path_agrees_with_the_library_where_that_sees_a_valid_number(code: int, rest: str) -> None:
    text = f"+{code}{rest}"
    # Brazil and Luxembourg dial other carriers by prefixes that the library drops; they are in nobody's E.164 number.
    if code not in (55, 352) and is_canonical(text) and phonenumbers.is_valid_number(phonenumbers.parse(text, None)):
        assert number_module._read(text, "FR") == text


def test_no_country_has_a_trunk_digit_that_the_fast_path_does_not_know() -> None:
    for region in phonenumbers.SUPPORTED_REGIONS:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        code = str(phonenumbers.country_code_for_region(region))
        if metadata and metadata.national_prefix and code not in {"52", "54", "261", "378", "672"}:
            assert not is_canonical(f"+{code}{metadata.national_prefix[0]}12345678"), region


@given(st.text())
def test_no_text_makes_the_reading_fail(text: str) -> None:
    read_caller_id(text, "FR")
    with contextlib.suppress(NumberUnreadable):
        assert number_module.E164.fullmatch(read_number(text, "US"))


@given(
    st.text("+0123456789*#()-./ ,;xet\u0660\uff11\x00", max_size=30),
    st.sampled_from(["FR", "US", "MX", "AR", "IT", "ZZ"]),
)
def test_a_read_number_is_e164_and_reading_it_again_changes_nothing(text: str, country: str) -> None:
    caller = read_caller_id(text, country)
    if caller.number is not None:
        assert number_module.E164.fullmatch(caller.number)
        assert read_caller_id(caller.number, country).number in (caller.number, None)


def test_calling_codes_are_found_whatever_their_length() -> None:
    assert [calling_code(n) for n in ("+12025550123", "+33199001234", "+35312345678", "+999123456789")] == [
        "1", "33", "353", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("e164", "country"),
    [
        ("+12025550123", "US"), ("+14165550123", "CA"), ("+18765230123", "JM"), ("+79123456789", "RU"),
        ("+77123456789", "KZ"), ("+442079460958", "GB"), ("+441534456789", "JE"), ("+33199001234", "FR"),
        ("+393123456789", "IT"), ("+882130000000", None), ("+80012345678", None),
    ],
)  # fmt: skip
def test_a_number_lies_in_one_country_also_where_a_code_is_shared(e164: str, country: str | None) -> None:
    assert country_of(e164) == country


@pytest.mark.parametrize("unit", ["1(", "(1", "((((1", "1)(", "1 -", "[1", "1~"])
def test_signs_between_digits_never_reach_the_library(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pattern takes time by the square of the signs: 200 such lines held up every call for a third of a second."""
    seen: list[str] = []
    parse = phonenumbers.parse

    def spy(text: str, country: str | None) -> phonenumbers.PhoneNumber:
        seen.append(text)
        return parse(text, country)

    monkeypatch.setattr(phonenumbers, "parse", spy)
    with contextlib.suppress(NumberUnreadable):
        read_number(unit * 10, "FR")
    assert all(text.removeprefix("+").isdecimal() for text in seen)


@pytest.mark.parametrize(
    ("typed", "country", "fault"),
    [
        ("493023125042.0", "DE", NumberFault.DECIMAL), ("+493023125042.00", "FR", NumberFault.DECIMAL),
        ("030 23125042/43", "DE", NumberFault.TWO_NUMBERS), ("030 23125042 | 030 23125043", "DE", NumberFault.TWO_NUMBERS),
        ("655500142", "IT", NumberFault.LEADING_ZERO_LOST), ("4.47900E+11", "GB", NumberFault.SCIENTIFIC),
        ("4,479e11", "FR", NumberFault.SCIENTIFIC), ("0000000000", "FR", NumberFault.NO_CALLER),
        ("+12222222222", "US", NumberFault.NO_CALLER), ("00033612345678", "FR", NumberFault.NOT_A_NUMBER),
    ],
)  # fmt: skip
def test_what_was_typed_never_becomes_another_number(typed: str, country: str, fault: NumberFault) -> None:
    with pytest.raises(NumberUnreadable) as refusal:
        read_number(typed, country)
    assert refusal.value.fault is fault


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("02/633 00 42", "BE", "+3226330042"), ("0711/123-0", "DE", "+497111230"), ("089/1234567", "DE", "+49891234567"),
        ("033203/12345", "DE", "+493320312345"), ("044/668 18 00", "CH", "+41446681800"),
        ("0471/123456", "IT", "+390471123456"),
    ],
)  # fmt: skip
def test_a_slash_behind_an_area_code_stays_a_part_of_the_number(typed: str, country: str, number: str) -> None:
    assert read_number(typed, country) == number
