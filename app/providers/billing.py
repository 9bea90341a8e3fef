"""Which treatments of a blacklisted caller each provider bills, with the page that says so. What no page says is unknown,
and is said to be: nobody plans with a guess."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from filters.list_entry import Treatment
from routing.fake_queue import ANSWERED, UNBILLED


class Billed(StrEnum):
    """Whether a call so treated is billed."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Billing(NamedTuple):
    """Whether, and where the provider says so: an address, empty where it does not."""

    billed: Billed
    source: str = ""


UNKNOWN: Final = Billing(Billed.UNKNOWN)


def billing_of(*, refused: Billing, rung_out: Billing, answered: Billing) -> Mapping[Treatment, Billing]:
    """The table of a provider, for calls that are ``refused`` before an answer, ``rung_out`` (left ringing and then refused)
    and ``answered``."""
    of_kind = dict.fromkeys(UNBILLED, refused) | dict.fromkeys(ANSWERED, answered) | {Treatment.RING_OUT: rung_out}
    return {treatment: of_kind[treatment] for treatment in Treatment if treatment in of_kind}
