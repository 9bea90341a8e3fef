"""From an action to the answer that carries it out, with the steps where the call goes on. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from app.answering.answers import (
    Answer,
    Ask,
    Callee,
    HangUp,
    Hold,
    Record,
    Reject,
    Ring,
    Say,
    Sound,
    Speech,
    Wait,
)
from app.answering.booth_ticket import BoothTicket
from app.plan.phrases import phrase_in
from filters.texts import NOTHING, Said, recording_named, said_in
from filters.vip_pin import LONGEST as LONGEST_PIN
from routing import actions
from routing.actions import Action, Leg, Phrase, PinAsked
from routing.carriers import are_rung_in_turn
from routing.fake_queue import next_round, says_number_is_gone
from routing.menu import GoOnListening, Miss, first_digits
from routing.move import RING_OUTSIDE_SECONDS
from routing.overflow import Way
from routing.plan import Line, RoutingPlan, Service
from routing.step import Chain, Step, StepKind

NEXT_DIGIT_SECONDS: Final = 2
"""How long a caller has for the second digit of a key, which is how long the first one waits where it is a key too."""
LONGEST_MESSAGE_SECONDS: Final = 180
URGENT_SECONDS: Final = 4
PIN_SECONDS: Final = 6
"""How long a caller has for each digit of a PIN."""
SATISFACTION_SECONDS: Final = 6
"""How long a caller may take to give a mark."""
CONFIRM_SECONDS: Final = 8
"""How long somebody who is rung may take to press 1."""
_EXCUSES: Final = {Miss.SILENCE: Phrase.MENU_NO_INPUT, Miss.WRONG_KEY: Phrase.MENU_WRONG_KEY}


class Told(NamedTuple):
    """What somebody who waits is told, as far as it is known: their place (1: the next one) and the minutes still to go."""

    place: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerBuilder:
    """Builds the answers of one call. ``line`` is the called number as received, ``began`` the call's start in epoch
    seconds, ``caller_number`` the caller's number as sent, if there is one, ``booth`` the ticket of a call from the phone
    booth. ``not_rung`` are the operators (ids) who are not rung for this call, ``plays`` counts the menus it has heard,
    ``rounds`` the times that it has come to a queue: by these one stay in a queue is told from an earlier one."""

    plan: RoutingPlan
    line: str
    began: int
    language: str
    caller_number: str | None
    booth: BoothTicket | None = None
    not_rung: frozenset[str] = frozenset()
    plays: int = 0
    rounds: int = 0

    def action(self, action: Action, first: int = 0) -> Answer:
        """The first answer of ``action``. ``first`` is whose turn it is where people are rung one after the other."""
        match action:
            case actions.Connect() if action.urgent:
                return self.ask_if_urgent(action.queue_id, action.priority)
            case actions.Connect():
                chain = Chain.DESK if action.at_desk else Chain.VIP
                return self.leg(action.legs, first, action.queue_id, action.priority, chain)
            case actions.Queue(pin=actions.PinAsked() as pin):
                return self.ask_pin(pin)
            case actions.Queue():
                return self.queue(action.queue_id, action.priority, greeting=Said(action.greeting, action.spoken_in))
            case actions.FakeQueue():
                return self.fake_queue(0, 0, action.cap_seconds, action.rule_id)
            case actions.Menu():
                return self.menu(
                    action.menu_id, priority=action.priority, greeting=Said(action.greeting, action.spoken_in)
                )
            case actions.Message():
                return self.message(action.phrase, Said(action.text, action.spoken_in))
            case actions.Voicemail():
                said = Said(action.text, action.spoken_in)
                return self.closed_voicemail(said) if action.closed else self.voicemail(said)
            case actions.RingOut():
                return Reject(actions.RejectReason.BUSY, action.seconds)
            case actions.Reject():
                return Reject(action.reason)

    def leg(self, legs: tuple[Leg, ...], index: int, queue_id: str | None, priority: int, chain: Chain) -> Answer:
        """Ring ``legs[index]`` of ``chain``; past the end, wait in the queue."""
        if index < len(legs):
            done = replace(self._step(StepKind.LEG_DONE, queue_id or "", index, priority), chain=chain)
            return self._ring((legs[index],), legs[index].ring_seconds, done)
        if queue_id is not None:
            return self.queue(queue_id, priority)
        return self.message(Phrase.APOLOGY)

    def ask_if_urgent(self, queue_id: str | None, priority: int) -> Answer:
        """Ask a VIP for whom all of management are in their quiet hours."""
        step = self._step(StepKind.URGENT_KEY, queue_id or "", priority=priority)
        silence = replace(step, kind=StepKind.URGENT_SILENCE)
        return Ask((self.phrase(Phrase.URGENT_OFFERED),), URGENT_SECONDS, 1, step, silence)

    def operators(self, legs: Sequence[Leg], step: Step) -> Answer:
        """Ring every free operator of a queue; ``step`` is where the call goes on when nobody answers."""
        return self._ring(legs, max((leg.ring_seconds for leg in legs), default=20), step)

    def queue(
        self, queue_id: str, priority: int, *, count: int = 0, waited: int = 0, greeting: Said = NOTHING
    ) -> Answer:
        """Wait in a queue, for the ``count``-th time after operators were rung in vain; nobody waits where nobody serves."""
        if self.plan.service_of(queue_id, self.not_rung) is not Service.SERVED:
            return self.overflow(queue_id, priority, Phrase.NOBODY_SERVES)
        queue = self.plan.queues.get(queue_id)
        step = replace(self._step(StepKind.WAIT, queue_id, count or self.rounds, priority), waited=waited)
        return Wait(queue.name if queue else queue_id, step, self._speech(greeting) if greeting.text else None)

    def overflow(self, queue_id: str, priority: int, phrase: Phrase, text: Said = NOTHING) -> Answer:
        """Where a caller goes whom the queue cannot serve: by its own rule, or else ``text`` or ``phrase`` is said."""
        over = self.plan.overflow_of(queue_id, self.not_rung)
        own = said_in(over.text, self.language)
        match over.way:
            case Way.QUEUE:
                return self.queue(over.queue_id, priority, greeting=own)
            case Way.NUMBER:
                leg = Leg("", over.number, over.number, RING_OUTSIDE_SECONDS)
                return self.leg((leg,), 0, None, priority, Chain.ONE)
            case Way.VOICEMAIL:
                return self.voicemail(own)
            case Way.CALLBACK if self.plan.may_ring(
                self.caller_number
            ):  # as is everybody who was not served: here it is said
                return self.message(Phrase.WILL_CALL_BACK, own)
            case Way.CALLBACK | Way.MESSAGE:
                return self.message(phrase, own if own.text else text)

    def hold(self, queue_id: str, told: Told | None, *, part: int | None = None, keys: Step | None = None) -> Answer:
        """A while of music for a caller who waits for an operator: a round, or only its ``part`` (from 0) when the
        caller's turn may come any moment. ``told`` is what is said first; a key then leads to ``keys``, whenever it is
        pressed."""
        if told is None:
            return Hold(None, part, keys=keys)
        queue = self.plan.queues.get(queue_id)
        own = said_in(queue.announcement, self.language) if queue else NOTHING
        speech = self._speech(own) if own.text else self.phrase(Phrase.HOLD)
        facts, said = " ".join(self._told(told)), None
        if facts and speech.sound is not None:
            said = Speech(facts, self.language)
        elif facts and speech.language == self.language:
            speech = Speech(f"{speech.text} {facts}", self.language)
        return Hold(speech, part, offer=self.phrase(Phrase.CALLBACK_OFFER) if keys else None, keys=keys, told=said)

    def _told(self, told: Told) -> Iterator[str]:
        if told.place is not None:
            yield phrase_in(self.plan, Phrase.PLACE, self.language).replace("{place}", str(told.place))
        if told.minutes is not None:
            yield phrase_in(self.plan, Phrase.WAIT_ABOUT, self.language).replace("{minutes}", str(told.minutes))

    def fake_queue(self, rounds: int, waited_seconds: float, cap_seconds: int, rule_id: str = "") -> Answer:
        """A round of the fake queue, or the end of it. Nothing but music, a sentence and the next round is built here.
        ``rule_id`` is the rule that holds the caller, if it is one."""
        round_ = next_round(waited_seconds, cap_seconds, rounds)
        if round_ is None:
            gone = says_number_is_gone(self.plan.treatments.ladder)
            return self.message(Phrase.NOT_IN_SERVICE) if gone else HangUp()
        phrase = Phrase.PLEASE_HOLD if rounds == 0 else Phrase.HOLD
        following = self._step(StepKind.FAKE_QUEUE, rule_id, count=rounds + 1)
        return Hold(self.phrase(phrase) if round_.announce else None, again=following)

    def menu(
        self, menu_id: str, *, tries: int = 0, priority: int = 0, greeting: Said = NOTHING, miss: Miss | None = None
    ) -> Answer:
        """Play a menu; ``miss`` tells why it is played again."""
        menu = self.plan.menus[menu_id]
        step = replace(self._step(StepKind.MENU_KEY, menu_id, tries, priority), plays=self.plays + 1)
        speeches = [self._speech(greeting)] if greeting.text else []
        if miss is not None:
            speeches.append(self.phrase(_EXCUSES[miss]))
        speeches.append(self._speech(menu.prompt(self.language)))
        silence = replace(step, kind=StepKind.MENU_SILENCE)
        return Ask(tuple(speeches), menu.timeout_seconds, first_digits(menu), step, silence)

    def ask_pin(self, pin: PinAsked, *, tries: int = 0) -> Answer:
        """Ask for a VIP's PIN, for the last time when ``tries`` are nearly used up. How long it is, nobody is told."""
        step = replace(self._step(StepKind.PIN_KEYS, pin.entry_id, tries), doubt=pin.doubt.value)
        asked = self.phrase(Phrase.PIN_WRONG if tries else Phrase.PIN_ASKED)
        silence = replace(step, kind=StepKind.PIN_SILENCE)
        return Ask((asked,), PIN_SECONDS, LONGEST_PIN, step, silence, hash_ends=True)

    def rest_of_key(self, step: Step, heard: GoOnListening) -> Answer:
        """Listen on: what was pressed at ``step`` is a key, or the beginning of one."""
        listening = replace(step, kind=StepKind.MENU_KEY, pressed=heard.pressed)
        silence = replace(listening, kind=StepKind.MENU_SILENCE)
        return Ask((), NEXT_DIGIT_SECONDS, heard.digits, listening, silence)

    def ask_satisfaction(self, queue_id: str, *, tries: int = 0) -> Answer:
        """Ask for a mark after the talk; whoever presses nothing is thanked."""
        step = self._step(StepKind.RATED, queue_id, tries)
        asked, thanks = self.phrase(Phrase.SATISFACTION_ASKED), Say((self.phrase(Phrase.GOODBYE),))
        return Ask((asked,), SATISFACTION_SECONDS, 1, step, thanks)

    def confirm(self, operator_id: str) -> Answer:
        """What somebody hears who is rung and must press 1. A voicemail presses nothing, and the call goes on without it."""
        step = self._step(StepKind.CONFIRM_KEY, operator_id)
        asked = (self.phrase(Phrase.CALLEE_CONFIRM),)
        return Ask(asked, CONFIRM_SECONDS, 1, step, Say((self.phrase(Phrase.CALLEE_GONE),)))

    def ask_for_key(self, then: Step) -> Answer:
        """What somebody hears whom a call of ours has rung and who must press 1, which is read at ``then``. A voicemail
        presses nothing, and its call ends."""
        return Ask((self.phrase(Phrase.CALLEE_CONFIRM),), CONFIRM_SECONDS, 1, then, Say(()))

    def caller_gone(self, step: Step) -> Answer:
        """What somebody hears who takes a call whose caller has hung up. It is said like the question before, since not
        every provider lets a callee hear anything else."""
        done = replace(step, kind=StepKind.CONFIRM_KEY)
        return Ask((self.phrase(Phrase.CALLER_GONE),), 1, 1, done, Say(()))

    def message(self, phrase: Phrase, text: Said = NOTHING) -> Answer:
        """Say ``text``, or else ``phrase``, and hang up."""
        return Say((self._speech(text) if text.text else self.phrase(phrase),))

    def voicemail(self, greeting: Said = NOTHING) -> Answer:
        """Record a message."""
        said = self._speech(greeting) if greeting.text else self.phrase(Phrase.VOICEMAIL_GREETING)
        then = self._step(StepKind.RECORDED)
        return Record((said,), LONGEST_MESSAGE_SECONDS, then, (self.phrase(Phrase.VOICEMAIL),))

    def closed_voicemail(self, text: Said = NOTHING) -> Answer:
        """Say that the line is closed, and record a message."""
        said = (self._speech(text), self.phrase(Phrase.VOICEMAIL_GREETING))
        closed = self._speech(text) if text.text else self.phrase(Phrase.CLOSED)
        return Record(
            said if text.text else (self.phrase(Phrase.CLOSED_VOICEMAIL),),
            LONGEST_MESSAGE_SECONDS, self._step(StepKind.RECORDED), (closed,),
        )  # fmt: skip

    def phrase(self, phrase: Phrase) -> Speech:
        """One of our phrases in the caller's language."""
        return speech_of(self.plan, phrase_in(self.plan, phrase, self.language), self.language)

    def _ring(self, legs: Sequence[Leg], seconds: int, done: Step) -> Answer:
        # A callee sees who calls; where there is no number to show, the provider wants one of ours (error 13214).
        shown = self.caller_number or self.line
        return Ring(tuple(self._callee(leg) for leg in legs), shown, seconds, done, are_rung_in_turn(legs))

    def _callee(self, leg: Leg) -> Callee:
        if not leg.confirm:
            return Callee(leg.address)
        language = self.plan.lines[self.line].language if self.line in self.plan.lines else self.language
        return Callee(leg.address, replace(self._step(StepKind.CONFIRM, leg.operator_id), language=language))

    def _step(self, kind: StepKind, target: str = "", count: int = 0, priority: int = 0) -> Step:
        booth, shift = (0, 0) if self.booth is None else (1, self.booth.shift)
        # Whom the line's provider cannot ring is known at every step, and they may be many.
        not_rung = ",".join(sorted(self.not_rung - self.plan.beyond(self.line)))
        return Step(
            kind, self.line, self.began, target, count, priority, self.language, booth, shift, not_rung=not_rung
        )

    def _speech(self, said: Said) -> Speech:
        return speech_of(self.plan, said.text, said.language or self.language)


def speech_of(plan: RoutingPlan, text: str, language: str) -> Speech:
    """The one place where what a company has written becomes what is said, or the recording that stands there becomes what
    is played."""
    if (audio_id := recording_named(text)) is None:
        return Speech(text, language)
    if (recording := plan.recordings.get(audio_id)) is None:  # it has been deleted since the text was read: no silence
        return Speech(phrase_in(None, Phrase.APOLOGY, language), language)
    return Speech(recording.text, recording.language, Sound(recording.file, recording.name))


def language_of(line: Line | None) -> str:
    """The language of a line, or of a call to no line of ours."""
    return line.language if line else "en"
