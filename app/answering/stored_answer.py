"""An answer as it is stored with its call, and read again: lists of words and numbers, led by a code. Each code stands for
one shape for ever; a changed one gets a new code."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any, Final

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
    Sound,
    Speech,
    Wait,
)
from routing.actions import RejectReason
from routing.step import Chain, Step, StepKind, as_written_now

_CHAIN: Final = 8
"""The place of a step's chain behind its kind."""
_USUAL: Final = astuple(Step(StepKind.WAIT, "", 0))[3:]
Stored = list[Any]
"""JSON: what a value consists of, in the order of its fields."""


class AnswerUnreadable(ValueError):
    """What is stored is no answer of this version or an earlier one."""


def stored(answer: Answer) -> Stored:
    """The answer for storing; :func:`read_answer` is its inverse."""
    match answer:
        case Ring():
            callees = [[one.address, _step(one.confirm)] for one in answer.callees]
            then, flags = _step(answer.then), [answer.in_turn, answer.unanswered]
            told: Stored = ["ring", callees, answer.shown, answer.seconds, then, *flags]
            if answer.before or answer.after:
                told += [_speeches(answer.before), _speeches(answer.after)]
            return told
        case Hold():
            told = ["hold", _speech(answer.speech), answer.part, _step(answer.again), answer.by.value]
            if answer.keys is not None or answer.told is not None:
                told += [_speech(answer.offer), _step(answer.keys)]
            return told if answer.told is None else [*told, _speech(answer.told)]
        case Wait():
            return ["wait", answer.queue, _step(answer.step), _speech(answer.greeting)]
        case Fetch():
            return ["fetch", answer.queue, answer.seconds, _step(answer.then)]
        case Ask():
            silence = answer.silence
            ends = _speeches(silence.speeches) if isinstance(silence, Say) else None
            leads = _step(silence) if isinstance(silence, Step) else None
            told = ["ask", _speeches(answer.speeches), answer.seconds, answer.digits, _step(answer.keys), leads, ends]
            return [*told, True] if answer.hash_ends else told
        case Say():
            return ["say", *_speeches(answer.speeches)]
        case Record():
            told = ["record", _speeches(answer.speeches), answer.seconds, _step(answer.then)]
            return [*told, _speeches(answer.instead)]
        case Reject():
            return ["reject", answer.reason.value, answer.after_seconds]
        case HangUp():
            return ["hang_up"]
        case Leave():
            return ["leave"]
        case GoOn():
            return ["go_on", _step(answer.step)]
        case Nothing():
            return ["nothing"]


def read_answer(told: Stored) -> Answer:
    """The answer that was stored. Raises :class:`AnswerUnreadable`."""
    try:
        return _read(told[0], told[1:])
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise AnswerUnreadable(str(error)) from error


def _read(code: str, told: Sequence[Any]) -> Answer:
    match code:
        case "ring":
            callees, shown, seconds, then, in_turn, unanswered, *speeches = told
            before, after = speeches or ((), ())
            rung = tuple(Callee(address, _read_step(confirm)) for address, confirm in callees)
            told_then = _read_step(then)
            return Ring(rung, shown, seconds, told_then, in_turn, unanswered, _read_all(before), _read_all(after))
        case "hold":
            speech, part, again, by, *more = told
            offer, step, said = [*more, None, None, None][:3]
            held = _read_speech(speech), part, _read_step(again), HoldBy(by)
            return Hold(*held, _read_speech(offer), _read_step(step), _read_speech(said))
        case "wait":
            queue, step, greeting = told
            return Wait(queue, _some_step(step), _read_speech(greeting))
        case "fetch":
            queue, seconds, then = told
            return Fetch(queue, seconds, _some_step(then))
        case "ask":
            speeches, seconds, digits, keys, leads, ends, *hash_ends = told
            silence = Say(_read_all(ends)) if ends is not None else _some_step(leads)
            return Ask(_read_all(speeches), seconds, digits, _some_step(keys), silence, bool(hash_ends))
        case "say":
            return Say(_read_all(told))
        case "record":
            speeches, seconds, then, instead = told
            return Record(_read_all(speeches), seconds, _some_step(then), _read_all(instead))
        case "reject":
            reason, after_seconds = told
            return Reject(RejectReason(reason), after_seconds)
        case "go_on":
            return GoOn(_some_step(told[0]))
        case "hang_up":
            return HangUp()
        case "leave":
            return Leave()
        case "nothing":
            return Nothing()
    raise AnswerUnreadable(f"there is no answer {code!r}")


def _speech(speech: Speech | None) -> Stored | None:
    return None if speech is None else _some_speech(speech)


def _some_speech(speech: Speech) -> Stored:
    told: Stored = [speech.text, speech.language]
    return told if speech.sound is None else [*told, speech.sound.file, speech.sound.name]


def _speeches(speeches: tuple[Speech, ...]) -> list[Stored]:
    return [_some_speech(one) for one in speeches]


def _read_speech(told: Stored | None) -> Speech | None:
    return None if told is None else _read_some_speech(told)


def _read_all(told: Sequence[Stored]) -> tuple[Speech, ...]:
    return tuple(_read_some_speech(one) for one in told)


def _read_some_speech(told: Stored) -> Speech:
    text, language, *sound = told
    return Speech(text, language, Sound(*sound) if sound else None)


def _step(step: Step | None) -> Stored | None:
    """A step's fields, without the last ones as far as they are the usual ones."""
    if step is None:
        return None
    fields = list(astuple(step))
    while len(fields) > 3 and fields[-1] == _USUAL[len(fields) - 4]:
        fields.pop()
    return fields


def _read_step(told: Stored | None) -> Step | None:
    return None if told is None else _some_step(told)


def _some_step(told: Stored) -> Step:
    kind, *rest = told
    if len(rest) > _CHAIN:
        rest[_CHAIN] = Chain(rest[_CHAIN])
    return as_written_now(Step(StepKind(kind), *rest))
