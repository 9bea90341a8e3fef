"""The port: what a company's account at its provider can be asked to do with calls."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple, Protocol

from routing.step import Step


class ReportedCall(NamedTuple):
    """A call as the provider has it on its list. ``caller`` and ``called`` are addresses as it writes them; ``status`` is
    one of :mod:`routing.lifecycle`'s; ``parent_call_id`` is empty unless this is the leg of somebody whom that call rang;
    ``seconds`` is the length of the talk, None while the call goes on."""

    call_id: str
    parent_call_id: str
    caller: str
    called: str
    is_incoming: bool
    status: str
    began: datetime
    ended: datetime | None
    seconds: int | None


class OwnNumber(NamedTuple):
    """A number of the account's, E.164. Its calls go to ``voice_url`` and their end is told to ``status_url``, unless
    ``led_by`` names an application or a trunk of the provider's, which has addresses of its own. ``is_here``: calls come to
    us. ``takes_calls`` is False for one that can only be written to."""

    number_id: str
    number: str
    name: str
    takes_calls: bool
    voice_url: str
    status_url: str
    led_by: str
    is_here: bool


class Telephone(Protocol):
    """One company's account at its provider. Every method raises :class:`app.telephone.fault.TelephoneFault`, and takes a
    few seconds at the most until it does; whoever uses one must have another, slower way. None of them retries what could
    then happen twice."""

    async def go_on_at(self, call_id: str, step: Step) -> None:
        """A running call goes on at ``step``, whatever it was doing: waiting in a queue, ringing somebody, talking. The leg
        of a callee can be moved as well; the call that rang it then goes on as if that talk were over."""

    async def hang_up(self, call_id: str) -> None:
        """End a call, answered or not."""

    async def ring(self, to: str, shown: str, step: Step, seconds: int) -> str:
        """Ring ``to`` (E.164, ``sip:…`` or ``client:…``) for at most ``seconds``; it sees ``shown``, a number of ours. Once
        somebody has picked up, the new call goes on at ``step``, which has to say what it is ``about``. Returns the id of
        the new call."""

    @property
    def records(self) -> bool:
        """Whether what callers say can be recorded and fetched here."""

    async def recordings_of(self, call_id: str) -> list[str]:
        """The ids of what was recorded in a call, the last first; none until the provider lists them."""

    async def is_over(self, call_id: str) -> bool:
        """Whether a call has ended, answered or not."""

    def recording(self, recording: str) -> AsyncIterator[bytes]:
        """The sound of a recording (its id) as WAV, piece by piece: ``async for piece in telephone.recording(…)``. A
        recording that was just made may be ``gone`` for some seconds, until the provider has stored it."""

    def calls(self, since: datetime, until: datetime) -> AsyncIterator[ReportedCall]:
        """The calls that began between two moments (aware), in no particular order, legs of callees among them; fetched
        page by page while they are read."""

    def numbers(self) -> AsyncIterator[OwnNumber]:
        """The account's numbers, in no particular order, and where their calls go; fetched page by page while they are
        read."""

    async def number(self, number_id: str) -> OwnNumber:
        """One of them."""

    async def point_here(self, number_id: str) -> None:
        """From now on the number's calls come to us, whoever had them before."""

    async def look(self) -> None:
        """Whether the API can be used now: nothing is changed."""
