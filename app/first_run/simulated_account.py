"""An account for whoever has none at a provider yet: the phone booth signs calls with it, and nobody outside ever has it."""

import secrets
from typing import Final, NamedTuple

from app.plan.rows import Row

_MARK: Final = "AC" + "0" * 20
"""Twilio's own ids are random."""


class SimulatedAccount(NamedTuple):
    """``account`` as in the form of a real one, and the token that signs for it."""

    account: str
    secret: str


def simulated_account() -> SimulatedAccount:
    """A new one."""
    return SimulatedAccount(_MARK + secrets.token_hex(6), secrets.token_hex(16))


def is_simulated(row: Row) -> bool:
    """Whether a provider's account (its row) is one of these."""
    sid: str = row["account_sid"]
    return sid.startswith(_MARK)
