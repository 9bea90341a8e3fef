"""The asking of the questions: what is known while they are asked, the trace they leave, and the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from filters.caller import Caller
from filters.category import Category
from routing.actions import Action
from routing.call import IncomingCall
from routing.hours import Calendar, Opening, WeekHours
from routing.plan import Line, RoutingPlan
from routing.reasons import Reason, ReasonCode


class TraceLine(NamedTuple):
    """One question: its name, what was found, whether it matched and whether it decided."""

    question: str
    found: str
    matched: bool = False
    decided: bool = False


Asked = tuple[str, str, bool, bool]
"""A trace line's values: while a call is being decided nobody reads them by name."""


class Decision(NamedTuple):
    """What happens to a call, why, and everything that was ``asked`` on the way. ``language`` is the caller's."""

    action: Action
    reason: Reason
    caller: Caller
    asked: tuple[Asked, ...]
    revision: int
    language: str
    line: Line | None

    @property
    def trace(self) -> tuple[TraceLine, ...]:
        """What was asked, line by line."""
        return tuple(map(TraceLine._make, self.asked))


@dataclass(slots=True)
class Inquiry:
    """One call being decided. Questions read it, may colour ``priority``, ``greeting``, ``protected`` and
    ``ignores_hours`` for the later ones, and answer through :meth:`decide` or :meth:`note`."""

    call: IncomingCall
    plan: RoutingPlan
    now: datetime
    line: Line | None
    caller: Caller
    opening_at: Callable[[datetime, ZoneInfo, WeekHours, Calendar], Opening]
    protected: bool = False
    priority: int = 0
    greeting: str = ""
    ignores_hours: bool = False
    asked: list[Asked] = field(default_factory=list)
    asking: str = ""

    def __post_init__(self) -> None:
        self.greeting = self.line.greeting if self.line else ""

    @property
    def required_line(self) -> Line:
        """The line, for every question after the first."""
        if self.line is None:
            raise LookupError("the question about the line comes first")
        return self.line

    @property
    def category(self) -> Category | None:
        """The known client's category, if its rule still exists."""
        return self.plan.categories.get(self.caller.category_id or "")

    @property
    def language(self) -> str:
        """The one known client's language, else the line's."""
        client = self.caller.client
        own = client.language if client else None
        return own or (self.line.language if self.line else "en")

    def opening(self) -> Opening | None:
        """Whether the line is open; None when it keeps no hours."""
        line = self.required_line
        week = self.plan.hours.get(line.hours_id or "")
        if week is None:
            return None
        # It is the same for every call of a minute, and opening hours know no seconds.
        minute = self.now.replace(second=0, microsecond=0)
        if (known := self.plan.openings.get((line.zone.key, week.id))) is not None and known[0] == minute:
            return known[1]
        opening = self.opening_at(minute, line.zone, week, self.plan.calendar)
        self.plan.openings[line.zone.key, week.id] = minute, opening
        return opening

    def note(self, found: str, *, matched: bool = False) -> Decision | None:
        """Leave a trace line and go on to the next question: no answer, always None."""
        self.asked.append((self.asking, found, matched, False))
        return None

    def decide(self, action: Action, code: ReasonCode, why: str, found: str = "") -> Decision:
        """Answer: the call is decided by the question at hand."""
        self.asked.append((self.asking, found or why, True, True))
        return Decision(
            action, Reason(code, why), self.caller, tuple(self.asked), self.plan.revision, self.language, self.line
        )

    def ask_in_order(self, questions: Sequence[Callable[["Inquiry"], Decision | None]]) -> Decision:
        """Ask until one answers; the last question always does."""
        for question in questions:
            self.asking = question.__name__
            if (answer := question(self)) is not None:
                return answer
        raise LookupError("the last question must answer")

    def received_in_the_ordinary_way(
        self, questions: Sequence[Callable[["Inquiry"], Decision | None]], code: ReasonCode, why: str
    ) -> Decision:
        """Answer with what the remaining ``questions`` say, under the reason ``code``."""
        self.note(f"{why} Received like everybody else", matched=True)
        ordinary = self.ask_in_order(questions)
        return ordinary._replace(reason=Reason(code, f"{why} Received like everybody else: {ordinary.reason.text}"))
