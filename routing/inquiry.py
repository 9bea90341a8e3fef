"""One call while it is being decided: what the questions look at, what they leave for each other, and what comes out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from filters.caller import Caller, look_up
from filters.category import Category
from filters.texts import NOTHING, Said, said_in
from routing.actions import Action
from routing.call import IncomingCall
from routing.findings import Finding, Question
from routing.hours import Opening
from routing.plan import Line, RoutingPlan
from routing.reasons import Reason, ReasonCode


class Answer(NamedTuple):
    """What a question says that decides the call."""

    action: Action
    code: ReasonCode
    finding: Finding


class Decision(NamedTuple):
    """What happens to a call, why, and in ``trace`` what every question found that was asked on the way; the last one
    decided. ``language`` is the caller's (ISO 639-1), ``revision`` the plan's, and ``line`` None when the called number is
    none of ours."""

    action: Action
    reason: Reason
    caller: Caller
    trace: tuple[Finding, ...]
    revision: int
    language: str
    line: Line | None


@dataclass(slots=True)
class Inquiry:
    """What a question may look at, and what it may leave for the later ones: ``protected``, ``priority``, ``greeting``,
    ``ignores_hours``, and ``hours_id``, the hours that count in the place of the line's; ``left_out``, the questions that
    are not asked of this caller; and ``reason``, which then stands whatever decides."""

    call: IncomingCall
    plan: RoutingPlan
    now: datetime
    called: Line | None
    caller: Caller
    protected: bool = False
    priority: int = 0
    greeting: Said = NOTHING
    ignores_hours: bool = False
    hours_id: str | None = None
    left_out: frozenset[Question] = frozenset()
    reason: Reason | None = None
    trace: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, call: IncomingCall, plan: RoutingPlan, now: datetime, caller: Caller | None) -> "Inquiry":
        """Begin: find the called line, and look the caller up who was not looked up yet."""
        line = plan.lines.get(call.to)
        if caller is None:
            caller = look_up(call.caller, plan.lists, line.id if line else "", now)
        inquiry = cls(call, plan, now, line, caller)
        if line is not None and line.greeting:
            inquiry.greeting = said_in(line.greeting, inquiry.language)
        return inquiry

    @property
    def line(self) -> Line:
        """The called line, for every question after the first, which answers calls to no line of ours."""
        if self.called is None:
            raise LookupError(Question.WHOSE_LINE)
        return self.called

    @property
    def queue_id(self) -> str | None:
        """The queue in which somebody waits who skips the menu: the line's, else the company's first."""
        return self.plan.default_queue_id(self.line)

    @property
    def category(self) -> Category | None:
        """The known client's category, if its rule still exists."""
        return self.plan.categories.get(self.caller.category_id or "")

    @property
    def language(self) -> str:
        """The one known client's language, else the line's."""
        client = self.caller.client
        own = client.language if client else None
        return own or (self.called.language if self.called else "en")

    def opening(self) -> Opening | None:
        """Whether the line is open for the caller; None when it keeps no hours."""
        return self.plan.opening_of(self.line, self.now, self.hours_id)

    def decided_by(self, answer: Answer) -> Decision:
        """The decision that ``answer`` makes."""
        action, code, finding = answer
        trace = (*self.trace, finding)
        reason = self.reason or Reason(code, finding)
        return Decision(action, reason, self.caller, trace, self.plan.revision, self.language, self.called)
