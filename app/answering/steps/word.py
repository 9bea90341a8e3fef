"""A transfer with a word first: the operator asks somebody while the caller waits, and then leaves them to each other or
comes back.

Three calls take part. The caller's waits in a queue of the provider's that only this transfer knows (``held-…``). The
operator's own call, taken out of the talk, waits in another one (``word-…``). The third is placed by us; once it is answered
it fetches the operator out of theirs. When the operator hangs up, it fetches the caller; when the third one hangs up, or
never answers, the operator does. So what either of them does with the telephone is enough from then on.
"""

from dataclasses import replace
from typing import Final

from app.answering.answers import Answer, Fetch, HangUp, Leave, Nothing, Wait
from app.answering.follow_call import answered_fact
from app.answering.steps.moment import Moment
from app.answering.steps.moving import back_to_the_queue, carry_out
from app.audio import HOLD_MUSIC_PARTS, HOLD_MUSIC_SECONDS
from app.event_log.records import FactKind
from app.event_log.sent import Word
from routing.move import Move, MoveTo, fault_of_move, read_move
from routing.step import StepKind

_KEY_WAS_ASKED_FOR: Final = 1
"""The ``count`` of a step at which somebody has been asked to press a key."""
_THERE_SECONDS: Final = 10
"""How long somebody waits for a caller who is known to wait: documents are on the way."""
_ASKED_SECONDS: Final = 150
"""How long an operator waits for somebody to answer, at most: more than anybody is rung, and then asked for a key."""


def held(moment: Moment, word: Word) -> Answer:
    """The caller waits while the operator asks."""
    step = replace(moment.step, kind=StepKind.HELD, move=word.move.text)
    return Wait(_held(word.move.id), step)


async def held_tick(moment: Moment) -> Answer:
    """Music for the caller, until somebody comes; out, when nobody will."""
    await moment.record_still_here()
    known = moment.known
    if known is not None and (known.move is not None or known.word is None or _both_are_gone(moment, known.word)):
        return Leave()
    return _music(moment)


async def unheld(moment: Moment) -> Answer:
    """The caller has left: to whom they talked, or because nobody will come."""
    result = moment.report.queue_result or "leave"
    known = moment.known
    if result == "hangup" or moment.caller_has_gone:
        return await moment.end()
    if result.startswith("redirected"):
        return Nothing()
    if known is not None and known.move is not None:
        return await carry_out(moment, known.move)
    if result.startswith("bridg"):
        return held(moment, known.word) if known is not None and known.word is not None else await moment.end()
    await _word_is_over(moment, moment.report.call_id)
    return await back_to_the_queue(moment)


async def word(moment: Moment) -> Answer:
    """The operator's own call was taken out of the talk: it waits for the other one."""
    asked = read_move(moment.step.move)
    if moment.caller_has_gone or asked is None:
        return HangUp()
    return Wait(f"word-{asked.id}", replace(moment.step, kind=StepKind.WORD_WAIT))


async def word_wait(moment: Moment) -> Answer:
    """Music for the operator, until the other one answers; back to the caller when they will not."""
    known = moment.known
    word = known.word if known is not None else None
    if word is None or moment.report.queue_seconds >= _ASKED_SECONDS:
        return Leave()
    if moment.board.open_calls.is_over(moment.tenant_id, word.other):
        return Leave()
    return _music(moment)


async def word_left(moment: Moment) -> Answer:
    """The operator and the other one have spoken, or never will: back to the caller, unless the other one has them."""
    asked = read_move(moment.step.move)
    if moment.report.queue_result == "hangup" or moment.caller_has_gone:
        await moment.record_about(FactKind.SEEN, {"leg_over": moment.report.call_id}, "leg over", moment.report.call_id)
        return HangUp()
    if moment.report.queue_result.startswith("redirected"):
        return Nothing()
    if asked is None or _word_of(moment, asked) is None:
        return HangUp()
    await _word_is_over(moment, moment.step.about)
    return _fetch(moment, asked.id)


async def word_answer(moment: Moment) -> Answer:
    """The other one has answered: to the operator, or to the caller where the operator has hung up meanwhile. Whoever has to
    press a key for calls has to for this one too: else a mobile's voicemail would be asked, and given the caller."""
    asked = read_move(moment.step.move)
    if asked is None or moment.caller_has_gone or moment.known is None:
        return HangUp()
    if moment.step.count == _KEY_WAS_ASKED_FOR:
        if moment.report.keys != "1":
            return HangUp()
    elif _must_press_a_key(moment, asked):
        return moment.build.ask_for_key(replace(moment.step, count=_KEY_WAS_ASKED_FOR))
    talked = replace(moment.step, kind=StepKind.WORD_TALKED, count=0)
    return Fetch(f"word-{asked.id}", _THERE_SECONDS, talked)


async def word_talked(moment: Moment) -> Answer:
    """The operator has gone, and the caller is the other one's; or has gone back to the caller."""
    asked = read_move(moment.step.move)
    word = _word_of(moment, asked) if asked is not None else None
    if asked is None or word is None or moment.caller_has_gone:
        return HangUp()
    if fault_of_move(asked, moment.plan, moment.step.line, moment.as_of) is not None:
        return HangUp()
    payload: dict[str, object] = {"to": asked.told, "by": word.by, "with_a_word": True}
    await moment.record_about(FactKind.TRANSFERRED, payload, asked.id)
    await moment.record_about(FactKind.SEEN, {"moved": asked.id, "offered_to": [], "seconds": 0}, "moved", asked.id)
    if asked.to is MoveTo.OPERATOR:
        await moment.board.record(
            answered_fact(moment.board, moment.tenant_id, moment.step.about, asked.target, moment.report.call_id)
        )
    return _fetch(moment, asked.id)


async def rejoined(moment: Moment) -> Answer:
    """The talk with the caller is over."""
    return HangUp()


def _word_of(moment: Moment, asked: Move) -> Word | None:
    """The word that was asked for, as long as it is the one that goes on."""
    word = moment.known.word if moment.known is not None else None
    return word if word is not None and word.move.id == asked.id else None


def _must_press_a_key(moment: Moment, asked: Move) -> bool:
    operator = moment.plan.operators.get(asked.target) if asked.to is MoveTo.OPERATOR else None
    return operator is not None and operator.leg.confirm


def _fetch(moment: Moment, word_id: str) -> Answer:
    return Fetch(_held(word_id), _THERE_SECONDS, replace(moment.step, kind=StepKind.REJOINED))


async def _word_is_over(moment: Moment, call_id: str) -> None:
    asked = read_move(moment.step.move)
    if asked is not None:
        about = replace(moment, step=replace(moment.step, about=call_id))
        await about.record_about(FactKind.SEEN, {"word_over": asked.id}, "word over", asked.id)
        await about.record_about(FactKind.NOTED, {}, "word over", asked.id)  # panels draw the call anew


def _both_are_gone(moment: Moment, word: Word) -> bool:
    is_over = moment.board.open_calls.is_over
    sent = moment.known.sent if moment.known is not None else None
    return is_over(moment.tenant_id, word.other) and sent is not None and word.leg in sent.left_legs


def _music(moment: Moment) -> Answer:
    part = moment.report.queue_seconds // (HOLD_MUSIC_SECONDS // HOLD_MUSIC_PARTS) % HOLD_MUSIC_PARTS
    return moment.build.hold(moment.step.target, None, part=part)


def _held(word_id: str) -> str:
    return f"held-{word_id}"
