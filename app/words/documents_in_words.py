"""What the service answers, as steps that everybody can read: a title for each document, and a line for each verb."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from babel import Locale

from app.base.language import gettext as _
from app.base.language import language, ngettext
from app.words.number_words import grouped
from routing.plan import RoutingPlan
from routing.step import Step, StepForged, StepKind, decode
from simulator import Document

_STEP: Final = "/twilio/step/"


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Reads the documents of one company's calls."""

    plan: RoutingPlan
    step_key: bytes

    def title(self, document: Document) -> str:
        """Why the service was asked."""
        path = urlsplit(document.url).path
        step = self._step(document.url)
        if step is None:
            return _("The first answer was of no use; the fallback") if "fallback" in path else _("The call comes in")
        return self._of_step(step, document)

    def steps(self, document: Document) -> list[str]:
        """What the document does, verb by verb."""
        if document.root is None:
            return []
        words: list[str] = []
        asked = False
        for verb in document.root:
            if asked and verb.tag != "Redirect":
                words.append(_("Without a key it goes on:"))
            words += self._verb(verb)
            asked = verb.tag == "Gather"
        return words or [_("Nothing more to do")]

    def name_of(self, address: str) -> str:
        """The operator at an address, else the address."""
        legs = (one.leg for one in self.plan.operators.values())
        bare = address.partition("?")[0]
        return next((leg.name for leg in legs if leg.address == bare), grouped(address))

    def _step(self, url: str) -> Step | None:
        token = urlsplit(url).path.partition(_STEP)[2]
        try:
            return decode(token, self.step_key) if token else None
        except StepForged:
            return None

    def _of_step(self, step: Step, document: Document) -> str:
        digits = document.parameters.get("Digits", "")
        operator = self.plan.operators.get(step.target)
        name = operator.leg.name if operator else ""
        match step.kind:
            case StepKind.FAKE_QUEUE:
                return _("Fake queue, round %(round)s", round=step.count + 1)
            case StepKind.MENU_KEY:
                return _("Key %(key)s in the menu “%(menu)s”", key=digits, menu=self._menu(step.target))
            case StepKind.MENU_SILENCE:
                return _("No key in the menu “%(menu)s”", menu=self._menu(step.target))
            case StepKind.CONFIRM:
                return _("%(name)s picks up and is asked", name=name)
            case StepKind.CONFIRM_KEY:
                return _("%(name)s pressed %(key)s", name=name, key=digits or "–")
            case StepKind.WAIT:
                return _("Waiting in the queue “%(queue)s”", queue=self._queue(step.target))
            case StepKind.LEFT_QUEUE:
                if document.leg == "after":
                    return _("The queue “%(queue)s” is told that the call is over", queue=self._queue(step.target))
                return _("First in the queue, and somebody is free")
            case _:
                if document.leg == "after" or document.parameters.get("DialBridged") == "true":
                    return _("The talk is over")
                return _("Nobody took the call")

    def _verb(self, verb: ET.Element) -> list[str]:
        text = "".join(verb.itertext()).strip()
        match verb.tag:
            case "Say":
                spoken = spoken_language(verb.get("language", ""))
                return [_("Says “%(text)s” in %(language)s", text=text, language=spoken)]
            case "Play":
                return [_("Plays the hold music")] if "hold-music" in text else [_("Plays %(file)s", file=text)]
            case "Pause":
                seconds = int(verb.get("length", 1))
                return [ngettext("Waits %(num)s second", "Waits %(num)s seconds", seconds)]
            case "Gather":
                seconds = int(verb.get("timeout", 5))
                listens = ngettext(
                    "Listens for a key, %(num)s second longer", "Listens for a key, %(num)s seconds longer", seconds
                )
                return [line for child in verb for line in self._verb(child)] + [listens]
            case "Dial":
                return [self._dial(verb)]
            case "Enqueue":
                return [_("Puts the call into the queue “%(queue)s”", queue=text)]
            case "Leave":
                return [_("Takes the call out of the queue, to ring somebody")]
            case "Redirect":
                return self._goes_on(text)
            case "Reject":
                busy = verb.get("reason") == "busy"
                return [_("Refuses the call: busy") if busy else _("Refuses the call")]
            case "Hangup":
                return [_("Hangs up")]
            case _:
                return [f"<{verb.tag}>"]

    def _dial(self, dial: ET.Element) -> str:
        addresses = [("client:" if noun.tag == "Client" else "") + "".join(noun.itertext()).strip() for noun in dial]
        who = ", ".join(self.name_of(address) for address in addresses)
        seconds = int(dial.get("timeout", 30))
        if any(noun.get("url") for noun in dial):
            return ngettext(
                "Rings %(who)s for %(num)s second and asks for a key press",
                "Rings %(who)s for %(num)s seconds and asks for a key press",
                seconds,
                who=who,
            )
        return ngettext("Rings %(who)s for %(num)s second", "Rings %(who)s for %(num)s seconds", seconds, who=who)

    def _goes_on(self, url: str) -> list[str]:
        step = self._step(url)
        if step is None:
            return [_("Goes on with another document")]
        if step.kind is StepKind.FAKE_QUEUE:
            return [_("And again: round %(round)s", round=step.count + 1)]
        if step.kind is StepKind.MENU_SILENCE:
            return [_("Without a key: asks what to do next")]
        return [_("Goes on with another document")]

    def _menu(self, menu_id: str) -> str:
        menu = self.plan.menus.get(menu_id)
        return menu.name if menu else menu_id

    def _queue(self, queue_id: str) -> str:
        queue = self.plan.queues.get(queue_id)
        return queue.name if queue else queue_id


def spoken_language(tag: str) -> str:
    """``fr-FR`` as people call it."""
    code = tag.partition("-")[0] or "en"
    return str(Locale(language()).languages.get(code, tag))


def twiml_for_reading(text: str) -> str:
    """The document with line breaks; as it came when it is no XML."""
    try:
        lines = minidom.parseString(text).toprettyxml(indent="  ").splitlines()[1:]  # noqa: S318  # our own answers
    except ExpatError:
        return text
    return "\n".join(line for line in lines if line.strip())
