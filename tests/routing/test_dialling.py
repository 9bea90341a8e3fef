"""What may be rung: nothing that costs more than a call, no country that nobody chose, and nothing in a private network."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.dialling import AddressFault, fault_of
from tests import cast

FR, FR_AND_DE = frozenset({"FR"}), frozenset({"FR", "DE"})
COSTLY = Path(__file__).parent.parent / "data" / "premium_rate_numbers.csv"


@pytest.mark.parametrize(
    "address",
    [
        cast.OLGA, cast.OSCAR, "+33199005555", "+33800123456", "sip:olga@pbx.example.org", "sip:1001@pbx.example.org",
        "sip:+33639980011@trunk.example.org", "sip:0033639980011@trunk.example.org", "sip:0639980011@trunk.example.org",
        "sips:olga@8.8.8.8:5061",
    ],
)  # fmt: skip
def test_what_may_be_rung(address: str) -> None:
    assert fault_of(address, FR) is None


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("+881612345678", AddressFault.SATELLITE),
        ("sip:+881612345678@trunk.example.org", AddressFault.SATELLITE),
        ("sip:00881612345678@trunk.example.org", AddressFault.SATELLITE),
        ("sip:881612345678@trunk.example.org", AddressFault.SATELLITE),
        ("sips:+8816-1234.5678@trunk.example.org", AddressFault.SATELLITE),
        ("+4915112345678", AddressFault.OTHER_COUNTRY),
        ("+18765550123", AddressFault.OTHER_COUNTRY),
        ("sip:+4915112345678@trunk.example.org", AddressFault.OTHER_COUNTRY),
        ("sip:004915112345678@trunk.example.org", AddressFault.OTHER_COUNTRY),
        ("+33899123456", AddressFault.NO_ORDINARY_NUMBER),
        ("sip:0899123456@trunk.example.org", AddressFault.NO_ORDINARY_NUMBER),
        *[
            (f"sip:a@{host}", AddressFault.PRIVATE_HOST)
            for host in (
                "127.0.0.1", "127.0.0.1:5060", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "0.0.0.0",
                "localhost", "localhost.", "pbx", "pbx.local", "pbx.internal", "pbx.lan", "PBX.LOCALHOST", "127.1",
                "2130706433", "0x7f.1", "0177.0.0.1", "100.64.0.1", "a..example", ".",
            )
        ],
    ],
)  # fmt: skip
def test_what_may_not_be_rung(address: str, fault: AddressFault) -> None:
    assert fault_of(address, FR) is fault


def test_a_country_is_rung_once_it_is_chosen() -> None:
    for address in ("+4915112345678", "sip:+4915112345678@trunk.example.org"):
        assert fault_of(address, FR) is AddressFault.OTHER_COUNTRY
        assert fault_of(address, FR_AND_DE) is None


def test_no_premium_rate_number_is_rung_whatever_is_chosen_also_not_through_a_gateway() -> None:
    with COSTLY.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            everywhere = frozenset({row["country"], "FR"}) if "country" in row else FR
            for address in (row["example_e164"], f"sip:{row['example_e164']}@trunk.example.org"):
                assert fault_of(address, everywhere) is not None, address


@given(st.text(max_size=60), st.sampled_from(["", "+", "sip:", "sips:", "client:"]))
def test_no_address_whatever_it_holds_breaks_the_question(text: str, scheme: str) -> None:
    fault_of(scheme + text, FR)
