"""A caller keeps the number however it is spelled: for the blacklist always, for the VIP list only where it is plain."""

from datetime import UTC, datetime

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from filters.caller import CallerLists, look_up
from filters.caller_id import CallerId, CallerKind, read_caller_id
from filters.entries import EntryIndex, ListEntry
from filters.number import is_canonical
from filters.pattern import Pattern, PatternKind
from filters.visible_text import visible

NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)
NUMBER = "+33612349999"
ODD = [
    "sip:+33612349999@host", "sip:0612349999@host;user=phone", "<sip:+33612349999@host>", "+33612349999#",
    "+336\u200b1234\u200d9999", "\u202a+33612349999\u202c", "\u2066+33 6 12 34 99 99\u2069",
    "\u0660\u0666\u0661\u0662\u0663\u0664\u0669\u0669\u0669\u0669", "+33\u201161234\u20119999", "00033612349999",
    "+033612349999", "+0033612349999", "0000033612349999", "+0612349999", "sips:33612349999@host", "sip:+33612349999",
    "+33612349999@host", "sip:%2B33612349999@host", "sip:+33612349999:secret@host", "sip:+33612349999;isub=1@host:5060;x=y",
    '"Boris" <sip:+33612349999@host>;tag=1', "<tel:+33612349999>", "tel:612349999;phone-context=+33",
    "tel:+33612349999;isub=1",
    "whatsapp:+33612349999", "+33612349999;oli=62", "+33_612_349_999", "++33612349999", "+33\ufe0f612349999",
    "+3\u20e33612349999", "*31#0612349999", "#31#+33612349999", "0612349999#", "+33612349999.0",
    "06\u221212\u221234\u221299\u221299",
    "\uff0b\uff13\uff13612349999", "+33612349999 ext. 12", "0612349999/0612349998", "'+33612349999'", "[+33]612349999",
]  # fmt: skip
PLAIN = [
    NUMBER, "0033612349999", "0612349999", "06 12 34 99 99", "06.12.34.99.99", "06-12-34-99-99", "33612349999",
    "+33 6 12 34 99 99", "+33 (0)6 12 34 99 99", "tel:+33612349999", "tel:0033612349999", "TEL:0612349999",
    " +33612349999 ",
]  # fmt: skip


@pytest.mark.parametrize("spelled", ODD)
def test_an_odd_spelling_is_the_number_and_not_plain(spelled: str) -> None:
    caller = read_caller_id(spelled, "FR")
    assert (caller.number, caller.plain) == (NUMBER, False)


@pytest.mark.parametrize("spelled", PLAIN)
def test_what_networks_write_is_the_number_and_plain(spelled: str) -> None:
    assert read_caller_id(spelled, "FR") == CallerId(CallerKind.NUMBER, NUMBER)


@pytest.mark.parametrize(
    ("spelled", "country", "number"),
    [
        ("tel:00390655500142", "IT", "+390655500142"),
        ("tel:+390655500142", "IT", "+390655500142"),
        ("sip:03023125042@pbx.carrier.example", "DE", "+493023125042"),
        ("sip:+493023125042@pbx.carrier.example;user=phone", "DE", "+493023125042"),
        ("sip:2025550123@10.0.0.1", "US", "+12025550123"),
        ("+1\ufe0f-415-555-0142", "US", "+14155550142"),
        ("0151 23456789#", "DE", "+4915123456789"),  # +1 512 345-6789 is a number too
        ("00044 7700 900123", "DE", "+447700900123"),
        ("+07700900123", "GB", "+447700900123"),
        ("+9370123456/7;cpc=ordinary", "AF", "+93701234567"),
        ("+4971112345/67", "DE", "+497111234567"),  # what stands before the slash is a number too
        ("+4971112345|67;isub=1", "DE", "+497111234567"),
        ("+497111234567/+497111234568", "DE", "+497111234567"),
    ],
)
def test_national_spellings_are_read_with_the_country_of_the_line(spelled: str, country: str, number: str) -> None:
    assert read_caller_id(spelled, country).number == number


@pytest.mark.parametrize(
    "address", ["sip:1001@pbx.example", "sip:100@pbx.example", "sip:100234@pbx.example", "sip:olga@pbx.example"]
)
def test_an_extension_stays_an_extension(address: str) -> None:
    caller = read_caller_id(address, "FR")
    assert (caller.kind, caller.number, caller.value) == (CallerKind.SIP, None, address.removeprefix("sip:"))


def test_a_sip_caller_keeps_the_address_beside_the_number() -> None:
    caller = read_caller_id("sip:03023125042@PBX.carrier.example", "DE")
    assert (caller.kind, caller.value) == (CallerKind.SIP, "03023125042@pbx.carrier.example")


def test_112_is_an_emergency_service_only_as_112() -> None:
    for spelled in ("sip:112@host", "+112", "tel:112;phone-context=+33"):
        caller = read_caller_id(spelled, "FR")
        assert caller.kind is not CallerKind.SHORT_CODE or caller.value == "112"
    assert read_caller_id("sip:112@host", "FR").kind is CallerKind.SIP


def _numbers() -> list[tuple[str, str]]:
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        if example is not None:
            e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
            if is_canonical(e164) and phonenumbers.region_code_for_number(example) == region and len(e164) > 9:
                found.append((region, e164))
    return found


INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufe0e\ufe0f\ufeff\u00ad\u034f\u115f\u3164\x07"
SCRIPTS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10, 0x1D7CE)
HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d ./\u00a0\u2009\u202f"


@st.composite
def spelled_oddly(draw: st.DrawFn, e164: str) -> str:
    """Signs between the digits, and digits of another script; then one thing around it or none."""
    zero = draw(st.sampled_from((0x30, *SCRIPTS)))
    text = "+"
    for digit in e164[1:]:
        text += chr(zero + int(digit)) + draw(st.sampled_from(("", "", *INVISIBLE, *HYPHENS)))
    text = text.rstrip(HYPHENS)
    around = draw(
        st.sampled_from(
            ("{}", "<{}>", "sip:{}@h.example", "<sip:{}@h.example;user=phone>", "tel:{}", '"x" <sip:{}@h>',
             "{}#", "\u2066{}\u2069",
             "sips:{};isub=2@h", "{};cpc=ordinary")
        )
    )  # fmt: skip
    if around == "{}" and text == e164:
        return f"{text}#"
    return str(around).format(text)


@settings(max_examples=300)
@given(st.data())
def test_every_spelling_of_a_blacklisted_number_is_blacklisted(data: st.DataObject) -> None:
    region, e164 = data.draw(st.sampled_from(_numbers()))
    spelled = data.draw(spelled_oddly(e164))
    entry = ListEntry("boris", Pattern(PatternKind.EXACT, e164))
    caller = look_up(read_caller_id(spelled, region), CallerLists(blacklist=EntryIndex.of([entry])), "line", NOW)
    assert caller.blacklist is not None, spelled


@settings(max_examples=300)
@given(st.data())
def test_only_spellings_in_plain_digits_and_separators_are_plain(data: st.DataObject) -> None:
    region, e164 = data.draw(st.sampled_from(_numbers()))
    spelled = data.draw(spelled_oddly(e164) | st.sampled_from((f"00{e164[1:]}", f"000{e164[1:]}", f"+0{e164[1:]}")))
    caller = read_caller_id(spelled, region)
    if caller.number is not None and caller.plain:
        bare = spelled.strip().removeprefix("tel:")
        assert bare.isascii()
        assert set(bare) <= set("+0123456789 .-()/"), spelled
        assert not bare.startswith(("+0", "000"))


@given(st.text(max_size=60), st.sampled_from(["FR", "US", "DE", "IT", "MX"]))
def test_a_plain_caller_is_visible_ascii(text: str, country: str) -> None:
    caller = read_caller_id(text, country)
    if caller.kind is CallerKind.NUMBER and caller.plain:
        assert text.isascii()
        assert visible(text) == text or text != text.strip()


def test_a_number_behind_ten_thousand_marks_is_still_found() -> None:
    assert read_caller_id("+336" + "\u200b" * 8000 + "12349999", "FR").number == NUMBER
