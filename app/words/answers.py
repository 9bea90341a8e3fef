"""What an answer does, as steps that everybody can read: a line for each thing that happens."""

from dataclasses import dataclass

from babel import Locale

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
    Speech,
    Wait,
)
from app.base.language import gettext as _
from app.base.language import language, ngettext
from app.base.xml_text import xml_text
from app.words.number_words import grouped
from routing.actions import RejectReason
from routing.plan import RoutingPlan
from routing.step import Step, StepKind


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """Tells the answers of one company's calls."""

    plan: RoutingPlan

    def steps(self, answer: Answer) -> list[str]:
        """What the answer does, one thing after the other."""
        match answer:
            case Ring():
                return self._ring(answer)
            case Hold():
                return _hold(answer)
            case Wait():
                said = _said(answer.greeting)
                return [*said, _("Puts the call into the queue “%(queue)s”", queue=answer.queue)]
            case Fetch():
                return [_("Connects with whoever waits in “%(queue)s”", queue=answer.queue)]
            case Ask():
                return _ask(answer)
            case Say():
                return [*_all_said(answer.speeches), _("Hangs up")]
            case Record():
                records = ngettext(
                    "Records a message of at most %(num)s second", "Records a message of at most %(num)s seconds",
                    answer.seconds,
                )  # fmt: skip
                return [*_all_said(answer.speeches), records]
            case Reject():
                return _reject(answer)
            case HangUp():
                return [_("Hangs up")]
            case Leave():
                return [_("Takes the call out of the queue to ring an operator")]
            case GoOn():
                return [_goes_on(answer.step)]
            case Nothing():
                return [_("Nothing more to do")]

    def name_of(self, address: str) -> str:
        """The operator at an address, else the address."""
        operator = self.plan.operator_at(address.partition("?")[0])
        return operator.leg.name if operator is not None else grouped(address)

    def _ring(self, ring: Ring) -> list[str]:
        who = ", ".join(self.name_of(one.address) for one in ring.callees)
        seconds = ring.seconds
        if any(one.confirm for one in ring.callees):
            rings = ngettext(
                "Rings %(who)s for %(num)s second and asks for a key press",
                "Rings %(who)s for %(num)s seconds and asks for a key press",
                seconds,
                who=who,
            )
        else:
            rings = ngettext("Rings %(who)s for %(num)s second", "Rings %(who)s for %(num)s seconds", seconds, who=who)
        steps = [*_all_said(ring.before), rings]
        return steps if ring.then is not None else [*steps, *_all_said(ring.after), _("Hangs up")]


def _hold(hold: Hold) -> list[str]:
    steps = [*_said(hold.speech), *_said(hold.told), *_said(hold.offer)]
    match hold.by:
        case HoldBy.ROUNDS:
            steps.append(_("Plays the hold music"))
        case HoldBy.EARLY_MEDIA:
            steps.append(_("Plays the hold music, without picking up"))
        case HoldBy.UNATTENDED:
            steps.append(_("Leaves the call in a queue that nobody serves"))
    return steps if hold.again is None else [*steps, _goes_on(hold.again)]


def _ask(ask: Ask) -> list[str]:
    listens = ngettext("Waits %(num)s second for a key", "Waits %(num)s seconds for a key", ask.seconds)
    steps = [*_all_said(ask.speeches), listens]
    if isinstance(ask.silence, Step):
        return [*steps, _goes_on(ask.silence)]
    return [*steps, _("If no key is pressed:"), *_all_said(ask.silence.speeches), _("Hangs up")]


def _reject(reject: Reject) -> list[str]:
    seconds = reject.after_seconds
    waits = [ngettext("Waits %(num)s second", "Waits %(num)s seconds", seconds)] if seconds else []
    busy = reject.reason is RejectReason.BUSY
    return [*waits, _("Rejects the call: busy") if busy else _("Rejects the call")]


def _goes_on(step: Step) -> str:
    match step.kind:
        case StepKind.FAKE_QUEUE:
            return _("Again: round %(round)s", round=step.count + 1)
        case StepKind.MENU_SILENCE:
            return _("No key pressed: asks what to do next")
        case _:
            return _("Asks what to do next")


def _said(speech: Speech | None) -> list[str]:
    if speech is not None and speech.sound is not None:
        return [_("Plays “%(name)s”", name=speech.sound.name)]
    if speech is None or not (text := xml_text(speech.text)):
        return []
    return [_("Says “%(text)s” in %(language)s", text=text, language=_spoken_language(speech.language))]


def _all_said(speeches: tuple[Speech, ...]) -> list[str]:
    return [line for speech in speeches for line in _said(speech)]


def _spoken_language(code: str) -> str:
    return str(Locale(language()).languages.get(code, code))
