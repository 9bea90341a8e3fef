"""Running documents on a line: verb after verb, document after document."""

from __future__ import annotations

import enum
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from simulator.documents import Document
from simulator.errors import SCHEMA, TOO_MANY_REDIRECTS, TwimlError
from simulator.go_to import GoTo
from simulator.line import Line

MAX_SAME_INSTANT_REDIRECTS = 10
MAX_SAME_INSTANT_DOCUMENTS = 100
_CANNOT_DIAL_FROM_A_DIALLED_LEG = 13201


class Stop(enum.Enum):
    """Why a line's documents came to an end."""

    RAN_OUT = "no verb was left"
    HANG_UP = "<Hangup>"
    REJECT = "<Reject>"
    LEAVE = "<Leave>"


Outcome = GoTo | Stop | None
"""What a verb leads to; None is the next verb."""


class Place(enum.Enum):
    """Where documents run, and which verbs Twilio allows there; other providers' grammars say where they differ."""

    CALL = (
        "caller",
        frozenset(["Say", "Play", "Pause", "Gather", "Dial", "Enqueue", "Redirect", "Reject", "Hangup", "Record"]),
    )
    WAIT = ("wait", frozenset(["Say", "Play", "Pause", "Hangup", "Redirect", "Leave", "Gather"]))
    WHISPER = ("callee", frozenset(["Say", "Play", "Pause", "Gather", "Hangup", "Redirect"]))
    QUEUE_WHISPER = ("queue whisper", frozenset(["Say", "Play", "Pause", "Redirect"]))

    def __init__(self, leg: str, verbs: frozenset[str]) -> None:
        self.leg = leg
        self.verbs = verbs


@dataclass(frozen=True)
class Step:
    """One verb about to run: on which line, in which document and where."""

    line: Line
    verb: ET.Element
    document: Document
    execution: Execution

    def url(self, attribute: str) -> str | None:
        """The attribute as an absolute URL, resolved against the document's own."""
        value = self.verb.get(attribute)
        return None if value is None else self.resolve(value)

    def resolve(self, url: str) -> str:
        return urljoin(self.document.url, url)

    def number(self, attribute: str, default: int) -> int:
        return int(self.verb.get(attribute, default))

    def says_true(self, attribute: str) -> bool:
        return self.verb.get(attribute) == "true"


Verb = Callable[[Step], Awaitable[Outcome]]


class Execution:
    """Runs documents in one place on one line.

    `parameters` are sent with every document fetched here (a queue's position, for instance).
    """

    def __init__(
        self,
        line: Line,
        place: Place,
        verbs: Mapping[str, Verb],
        parameters: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        self.line = line
        self.place = place
        self.verbs = verbs
        self.parameters = parameters or dict
        self._redirects = 0
        self._documents = 0
        self._waited = -1.0

    def elsewhere(self, place: Place, parameters: Callable[[], Mapping[str, str]] | None = None) -> Execution:
        """The same line and verbs, in another place."""
        return Execution(self.line, place, self.verbs, parameters)

    def on(self, line: Line, place: Place) -> Execution:
        """The same verbs for another line."""
        return Execution(line, place, self.verbs)

    async def run(self, start: GoTo | Document) -> Stop:
        """Run until no verb is left or one of them ends it. Raises TwimlError and interruptions."""
        following = start
        while True:
            document = await self.fetch(following) if isinstance(following, GoTo) else following
            outcome = await self._run_document(document)
            if not isinstance(outcome, GoTo):
                return outcome or Stop.RAN_OUT
            following = outcome

    async def fetch(self, where: GoTo) -> Document:
        """Fetch the next document, unless too many were fetched without any telephone time passing."""
        self._documents = self._documents + 1 if self.line.waited == self._waited else 1
        self._waited = self.line.waited
        if self._documents > MAX_SAME_INSTANT_DOCUMENTS:
            raise TwimlError(
                None, f"more than {MAX_SAME_INSTANT_DOCUMENTS} documents that take no time: a loop", where.url
            )
        extra = {**self.parameters(), **where.extra}
        return await self.line.fetch(where.url, where.method, extra, self.place.leg)

    async def _run_document(self, document: Document) -> Outcome:
        self.line.check()
        if document.root is None:
            return await self._play_the_answer(document)
        self._check_place(document)
        for verb in document.root:
            self._count_redirects(verb, document)
            step = Step(self.line, verb, document, self)
            outcome = await self.verbs[verb.tag](step)
            self.line.verbs_run += 1
            if outcome is not None:
                return outcome
        return None

    async def _play_the_answer(self, document: Document) -> Outcome:
        """An audio file in a document's place is played, and that is all (Twilio docs: voice/twiml)."""
        play = ET.Element("Play")
        play.text = document.url
        return await self.verbs["Play"](Step(self.line, play, document, self))

    def _check_place(self, document: Document) -> None:
        places = self.line.company.provider.grammar.places
        allowed = places.get(self.place.leg, self.place.verbs)
        for verb in document.root if document.root is not None else ():
            if verb.tag not in allowed:
                whisper = self.place is Place.WHISPER and verb.tag == "Dial"
                code = _CANNOT_DIAL_FROM_A_DIALLED_LEG if whisper else SCHEMA
                raise TwimlError(code, f"<{verb.tag}> is not allowed in a {self.place.leg} document", document.url)

    def _count_redirects(self, verb: ET.Element, document: Document) -> None:
        self._redirects = self._redirects + 1 if verb.tag == "Redirect" else 0
        if self._redirects > MAX_SAME_INSTANT_REDIRECTS:
            raise TwimlError(
                TOO_MANY_REDIRECTS,
                f"more than {MAX_SAME_INSTANT_REDIRECTS} <Redirect>s in a row with nothing between",
                document.url,
            )
