"""What a provider can do, and what becomes of an answer that it cannot carry out."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from app.answering.answers import (
    Answer,
    Ask,
    Callee,
    Fetch,
    GoOn,
    HangUp,
    Hold,
    HoldBy,
    Leave,
    Nothing,
    Record,
    Reject,
    Ring,
    Say,
    Wait,
)
from routing.actions import RejectReason

BROWSER_PHONE: Final = "client:"
"""How the address of an operator who answers in a browser begins."""
SIP: Final = ("sip:", "sips:")
"""And that of one who has a SIP telephone."""


class Lack(StrEnum):
    """What somebody who chooses a provider ought to know that it cannot do."""

    BROWSER_PHONES = "no_browser_phones"
    IN_TURN = "no_ringing_in_turn"
    UNANSWERED = "billed_while_ringing"
    REJECT_AFTER_RINGING = "no_ringing_out"
    HOLD_ROUNDS = "no_hold_rounds"
    SIP_AMONG_OTHERS = "sip_rung_apart"
    ATTESTATION = "no_attestation"
    RECORDS = "no_voicemail"
    QUEUE_RESULTS = "no_word_first"
    BOOTH = "no_phone_booth"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider states about itself.

    ``browser_phones``: it rings ``client:`` addresses. ``in_turn``: it rings several people one after the other by itself.
    ``unanswered``: the caller can be kept ringing, unbilled, while somebody is rung. ``reject_after_ringing``: a call can
    ring for a while and then be refused. ``hold_rounds``, ``early_media`` and ``unattended_queue``: the ways of
    :class:`app.answering.answers.HoldBy`. ``attestation``: it tells how far the network vouches for a number.
    ``sip_among_others``: SIP telephones can be rung together with others. ``speech_after_asking``: somebody who was asked
    for a key can be told more when none comes. ``ring_at_once`` is how many people one answer may ring, ``ring_seconds``
    the least and the most for how long. ``records``: it records what callers say, and hands that out. ``queue_results``: it
    tells how a call has left a queue, without which a word first cannot be followed.
    """

    browser_phones: bool = True
    in_turn: bool = True
    unanswered: bool = True
    reject_after_ringing: bool = True
    sip_among_others: bool = True
    speech_after_asking: bool = True
    hold_rounds: bool = True
    early_media: bool = False
    unattended_queue: bool = False
    attestation: bool = True
    records: bool = True
    queue_results: bool = True
    ring_at_once: int = 10
    ring_seconds: tuple[int, int] = (1, 600)

    def lacks(self) -> list[Lack]:
        """What it cannot do that others can, in the order of how much it matters."""
        there = {
            Lack.BROWSER_PHONES: self.browser_phones,
            Lack.HOLD_ROUNDS: self.hold_rounds,
            Lack.REJECT_AFTER_RINGING: self.reject_after_ringing,
            Lack.UNANSWERED: self.unanswered,
            Lack.IN_TURN: self.in_turn,
            Lack.SIP_AMONG_OTHERS: self.sip_among_others,
            Lack.ATTESTATION: self.attestation,
            Lack.RECORDS: self.records,
            Lack.QUEUE_RESULTS: self.queue_results,
        }
        return [lack for lack, can in there.items() if not can]


def degrade(answer: Answer, can: Capabilities) -> Answer:
    """The nearest thing to ``answer`` that a provider with these capabilities can carry out; what it can is unchanged.

    The direction is fixed: whoever was not to reach a person is never brought nearer to one. Nothing becomes ringing,
    waiting for an operator or asking for a key.
    """
    match answer:
        case Ring():
            return _ring(answer, can)
        case Hold():
            return _hold(answer, can)
        case Reject():
            return answer if can.reject_after_ringing or not answer.after_seconds else Reject(answer.reason)
        case Ask():
            return _ask(answer, can)
        case Record():
            return answer if can.records else Say(answer.instead)
        case Wait() | Fetch() | Say() | HangUp() | Leave() | GoOn() | Nothing():
            return answer


def _ring(ring: Ring, can: Capabilities) -> Answer:
    callees = tuple(one for one in ring.callees if can.browser_phones or not one.address.startswith(BROWSER_PHONE))
    if not callees:
        return _without_anybody(ring)
    if ring.in_turn and not can.in_turn:
        callees = _one_round(ring, [(one,) for one in callees])
    if not can.sip_among_others:
        by_sip = tuple(one for one in callees if one.address.startswith(SIP))
        callees = _one_round(ring, [tuple(one for one in callees if one not in by_sip), by_sip])
    callees, (least, most) = callees[: can.ring_at_once], can.ring_seconds
    return replace(
        ring,
        callees=callees,
        seconds=min(max(ring.seconds, least), most),
        in_turn=ring.in_turn and len(callees) > 1,
        unanswered=ring.unanswered and can.unanswered,
    )


def _without_anybody(ring: Ring) -> Answer:
    """As if nobody had answered."""
    if ring.then is not None:
        return GoOn(ring.then)
    return Say(ring.before + ring.after) if ring.before or ring.after else HangUp()


def _one_round(ring: Ring, groups: list[tuple[Callee, ...]]) -> tuple[Callee, ...]:
    """One of the groups; the next one when the call comes round again."""
    there = [group for group in groups if group]
    return there[(ring.then.count if ring.then else 0) % len(there)]


def _ask(ask: Ask, can: Capabilities) -> Answer:
    if can.speech_after_asking or not isinstance(ask.silence, Say):
        return ask
    return replace(ask, silence=Say(()))


def _hold(hold: Hold, can: Capabilities) -> Answer:
    if hold.again is None:  # in a real queue, where the provider asks again
        return hold
    ways = {
        HoldBy.ROUNDS: can.hold_rounds,
        HoldBy.EARLY_MEDIA: can.early_media,
        HoldBy.UNATTENDED: can.unattended_queue,
    }
    way = next((way for way, can_do in ways.items() if can_do), None)
    return Reject(RejectReason.BUSY) if way is None else replace(hold, by=way)
