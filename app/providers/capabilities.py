"""What a provider can do, and what becomes of an answer that it cannot carry out."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.answering.answers import (
    Answer,
    Ask,
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
from routing.actions import Message, RejectReason, RingOut, Voicemail
from routing.actions import Reject as RejectCall
from routing.carriers import Rings


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

    ``rings`` is whom it rings, and how; it stands by itself because it also decides whom a call is offered to.
    ``unanswered``: the caller can be kept ringing, unbilled, while somebody is rung. ``reject_after_ringing``: a call can
    ring for a while and then be refused. ``hold_rounds``, ``early_media`` and ``unattended_queue``: the ways of
    :class:`app.answering.answers.HoldBy`. ``attestation``: it tells how far the network vouches for a number.
    ``speech_after_asking``: somebody who was asked for a key can be told more when none comes. ``records``: it records what
    callers say, and hands that out. ``queue_results``: it tells how a call has left a queue, without which a word first
    cannot be followed.
    """

    rings: Rings = field(default_factory=Rings)
    unanswered: bool = True
    reject_after_ringing: bool = True
    speech_after_asking: bool = True
    hold_rounds: bool = True
    early_media: bool = False
    unattended_queue: bool = False
    attestation: bool = True
    records: bool = True
    queue_results: bool = True

    def done_for(self, action: str) -> str:
        """The name of the action (:mod:`routing.actions`) that callers get who were to get ``action``: :func:`degrade` in a
        word."""
        if action == RingOut.name and not self.reject_after_ringing:
            return RejectCall.name
        return Message.name if action == Voicemail.name and not self.records else action

    def lacks(self) -> list[Lack]:
        """What it cannot do that others can, in the order of how much it matters."""
        there = {
            Lack.BROWSER_PHONES: self.rings.browser_phones,
            Lack.HOLD_ROUNDS: self.hold_rounds,
            Lack.REJECT_AFTER_RINGING: self.reject_after_ringing,
            Lack.UNANSWERED: self.unanswered,
            Lack.IN_TURN: self.rings.in_turn,
            Lack.SIP_AMONG_OTHERS: self.rings.sip_among_others,
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
    callees = tuple(can.rings.of_one_answer(ring.callees, in_turn=ring.in_turn))
    if not callees:
        return _without_anybody(ring)
    return replace(
        ring,
        callees=callees,
        seconds=can.rings.long_enough(ring.seconds),
        in_turn=ring.in_turn and len(callees) > 1,
        unanswered=ring.unanswered and can.unanswered,
    )


def _without_anybody(ring: Ring) -> Answer:
    """As if nobody had answered."""
    if ring.then is not None:
        return GoOn(ring.then)
    return Say(ring.before + ring.after) if ring.before or ring.after else HangUp()


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
