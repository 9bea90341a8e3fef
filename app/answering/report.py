"""What a telephony provider reports about a call, in the same words whichever provider it is."""

from typing import NamedTuple

from filters.attestation import Attestation


class CallReport(NamedTuple):
    """The facts of one request. Its fields stand in two groups: first those that differ from call to call.

    ``caller`` and ``called`` are addresses as the provider sent them; ``caller_name`` is safe to show. ``status`` is one of
    :mod:`routing.lifecycle`'s. Of ringing somebody, ``ring_result`` tells the outcome (a status too) and ``connected``
    whether the two have talked, None where the provider does not say. ``queue_result`` is how a call left the provider's
    queue, after ``queue_seconds`` in it; ``sequence`` tells apart the reports of one status, ``duration`` is in seconds.
    ``booth`` is what only our own phone booth adds. ``forwarded_from`` is the address that has forwarded the call to us,
    where the network tells. ``callers`` is empty unless the request names several callers: then it has them all, and
    ``caller`` is none of them. ``recording`` is the provider's id of what the caller has just said, ``recording_seconds``
    its length.
    """

    provider: str
    account: str
    call_id: str
    parent_call_id: str
    status: str
    caller: str
    called: str
    caller_name: str = ""
    attestation: Attestation = Attestation.NONE
    keys: str = ""
    ring_result: str = ""
    connected: bool | None = None
    queue_result: str = ""
    queue_seconds: int = 0
    sequence: str = ""
    duration: int | None = None
    booth: str = ""
    forwarded_from: str = ""
    callers: tuple[str, ...] = ()
    recording: str = ""
    recording_seconds: int = 0
