"""From an action to the document that carries it out, with the URLs where the call goes on."""

from dataclasses import dataclass, replace

from app.answering.booth_ticket import BoothTicket
from app.audio import HOLD_MUSIC
from app.plan.phrases import phrase_in
from app.providers import twiml
from app.providers.twiml import Speech
from routing.actions import (
    Action,
    Connect,
    FakeQueue,
    Leg,
    Menu,
    Message,
    Phrase,
    Queue,
    Reject,
    RingOut,
    Voicemail,
)
from routing.fake_queue import next_round
from routing.menu import Miss
from routing.plan import Line, RoutingPlan
from routing.step import Step, StepKind, encode


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders for one call. ``line`` is the called number as received, ``began`` the call's start in epoch seconds,
    ``caller_number`` the caller's E.164 number if there is one, ``booth`` the ticket of a call from the phone booth."""

    plan: RoutingPlan | None
    base_url: str
    step_key: bytes
    line: str
    began: int
    language: str
    caller_number: str | None
    booth: BoothTicket | None = None

    def action(self, action: Action) -> str:
        """The first document of ``action``."""
        match action:
            case Connect():
                return self.leg(action.legs, 0, action.queue_id, action.priority)
            case Queue():
                return self.queue(action.queue_id, action.priority, greeting=action.greeting)
            case FakeQueue():
                return self.fake_queue(0, 0, action.cap_seconds)
            case Menu():
                return self.menu(action.menu_id, priority=action.priority, greeting=action.greeting)
            case Message():
                return twiml.message(self._speech(action.text) if action.text else self.phrase(action.phrase))
            case Voicemail():
                return twiml.message(self._speech(action.text) if action.text else self.phrase(Phrase.VOICEMAIL))
            case RingOut():
                return twiml.ring_then_reject(action.seconds)
            case Reject():
                return twiml.reject(action.reason)

    def leg(self, legs: tuple[Leg, ...], index: int, queue_id: str | None, priority: int) -> str:
        """Ring ``legs[index]``; past the end, wait at the front of the queue."""
        if index < len(legs):
            done = self._step(StepKind.LEG_DONE, queue_id or "", index, priority)
            return self._dial((legs[index],), legs[index].ring_seconds, done)
        if queue_id is not None:
            return self.queue(queue_id, priority)
        return twiml.message(self.phrase(Phrase.APOLOGY))

    def operators(self, legs: list[Leg], step: Step) -> str:
        """Ring every free operator of a queue at once; ``step`` is where the call goes on when nobody answers."""
        return self._dial(legs, max((leg.ring_seconds for leg in legs), default=20), step)

    def queue(self, queue_id: str, priority: int, *, count: int = 0, greeting: str = "") -> str:
        """Wait in a queue, for the ``count``-th time after operators were rung in vain."""
        step = self._step(StepKind.WAIT, queue_id, count, priority)
        left = replace(step, kind=StepKind.LEFT_QUEUE)
        speech = self._speech(greeting) if greeting else None
        queue = self.plan.queues.get(queue_id) if self.plan else None
        return twiml.enqueue(speech, queue.name if queue else queue_id, self.url(step), self.url(left))

    def hold(self, queue_id: str, *, announce: bool, part: int | None = None) -> str:
        """A while of music for a caller who waits for an operator: a round, or only its ``part`` (from 0) when the
        caller's turn may come any moment."""
        queue = self.plan.queues.get(queue_id) if self.plan else None
        own = queue.announcement if queue else ""
        speech = self._speech(own) if own else self.phrase(Phrase.HOLD)
        music = self.music_url if part is None else f"{self.base_url}/audio/hold-music-{part + 1}.wav"
        return twiml.wait(speech if announce else None, music)

    def fake_queue(self, rounds: int, waited_seconds: float, cap_seconds: int) -> str:
        """A round of the fake queue, or the end of it. Nothing but music, a sentence and the next round is built here."""
        round_ = next_round(waited_seconds, cap_seconds, rounds)
        if round_ is None:
            return twiml.hang_up()
        following = self._step(StepKind.FAKE_QUEUE, count=rounds + 1)
        phrase = Phrase.PLEASE_HOLD if rounds == 0 else Phrase.HOLD
        speech = self.phrase(phrase) if round_.announce else None
        return twiml.hold_round(speech, self.music_url, self.url(following))

    def menu(
        self, menu_id: str, *, tries: int = 0, priority: int = 0, greeting: str = "", miss: Miss | None = None
    ) -> str:
        """Play a menu; ``miss`` tells why it is played again."""
        menu = self.plan.menus[menu_id] if self.plan else None
        if menu is None:
            return twiml.message(self.phrase(Phrase.APOLOGY))
        step = self._step(StepKind.MENU_KEY, menu_id, tries, priority)
        excuse = {Miss.SILENCE: Phrase.MENU_NO_INPUT, Miss.WRONG_KEY: Phrase.MENU_WRONG_KEY}
        speeches = [self._speech(greeting)] if greeting else []
        if miss is not None:
            speeches.append(self.phrase(excuse[miss]))
        speeches.append(self._speech(menu.prompt(self.language)))
        silence = replace(step, kind=StepKind.MENU_SILENCE)
        digits = max((len(key) for key in menu.keys), default=1)
        return twiml.menu(speeches, menu.timeout_seconds, digits, self.url(step), self.url(silence))

    def confirm(self, operator_id: str) -> str:
        """What a callee hears who must press 1."""
        step = self._step(StepKind.CONFIRM_KEY, operator_id)
        return twiml.confirm(self.phrase(Phrase.CALLEE_CONFIRM), self.phrase(Phrase.CALLEE_GONE), self.url(step))

    def message(self, phrase: Phrase, text: str = "") -> str:
        """Say ``text``, or else ``phrase``, and hang up."""
        return twiml.message(self._speech(text) if text else self.phrase(phrase))

    def phrase(self, phrase: Phrase) -> Speech:
        """One of our phrases in the caller's language."""
        return Speech(phrase_in(self.plan, phrase, self.language), self.language)

    @property
    def music_url(self) -> str:
        """Where the provider fetches the hold music; the file's name carries no secret and never changes."""
        return f"{self.base_url}/audio/{HOLD_MUSIC.name}"

    def url(self, step: Step) -> str:
        """The URL of ``step``."""
        return f"{self.base_url}/twilio/step/{encode(step, self.step_key)}"

    def _dial(self, legs: tuple[Leg, ...] | list[Leg], ring_seconds: int, done: Step) -> str:
        # A callee sees who calls; where there is no number to show, the provider wants one of ours (error 13214).
        language = self.plan.lines[self.line].language if self.plan and self.line in self.plan.lines else self.language
        return twiml.dial(
            legs,
            caller_id=self.caller_number or self.line,
            ring_seconds=ring_seconds,
            done_url=self.url(done),
            status_url=f"{self.base_url}/twilio/status",
            confirm_url=lambda leg: self.url(replace(self._step(StepKind.CONFIRM, leg.operator_id), language=language)),
        )

    def _step(self, kind: StepKind, target: str = "", count: int = 0, priority: int = 0) -> Step:
        booth, shift = (0, 0) if self.booth is None else (1, self.booth.shift)
        return Step(kind, self.line, self.began, target, count, priority, self.language, booth, shift)

    def _speech(self, text: str) -> Speech:
        return Speech(text, self.language)


def language_of(line: Line | None) -> str:
    """The language of a line, or of a call to no line of ours."""
    return line.language if line else "en"
