"""One party of a <Dial>: a number, a client or a SIP address, with its whisper and its status callbacks."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.go_to import GoTo

DEFAULT_EVENTS = "completed"
"""statusCallbackEvent when it is not given (Twilio docs: number)."""


@dataclass(frozen=True)
class Party:
    """`address` is "+33…", "client:olga" or "sip:…", as a telephone is known to the company."""

    kind: str
    address: str
    whisper: GoTo | None = None
    status_url: str | None = None
    status_method: str = "POST"
    events: frozenset[str] = frozenset([DEFAULT_EVENTS])

    @property
    def telephone(self) -> str:
        """The address without a SIP address's parameters and headers."""
        return self.address.partition("?")[0].partition(";")[0]
