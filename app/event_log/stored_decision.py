"""A decision as it is stored with its call: codes and values, no prose. Words are made of it in :mod:`app.words`, in the
language of whoever reads.

``version`` is 2. What release 0.1 stored had none, and is read by :mod:`app.event_log.decision_of_0_1`.
"""

from dataclasses import MISSING, fields
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from filters.caller_id import CallerKind
from filters.entries import Treatment
from filters.list_entry import Idle
from filters.matches import Match, MatchSource
from filters.pattern import Pattern, PatternKind
from filters.vip import Doubt
from routing.actions import Action, Connect, FakeQueue, Menu, Message, Queue, Reject, RingOut, Voicemail
from routing.findings import Finding, Found, Question
from routing.hours import Opening, OpeningKind
from routing.inquiry import Decision
from routing.plan import Line
from routing.reasons import ReasonCode

VERSION: Final = 2
UNREADABLE: Final = 0
"""The version of a decision that this release cannot read: it has neither action nor findings."""
_ACTIONS: Final[dict[str, type[Action]]] = {
    one.name: one for one in (Connect, Queue, FakeQueue, RingOut, Menu, Message, Voicemail, Reject)
}


class StoredCaller(Struct, frozen=True, omit_defaults=True):
    """Who called: :class:`filters.caller_id.CallerId`, whose kind is mostly a number."""

    kind: CallerKind = CallerKind.NUMBER
    value: str = ""
    names: str = ""
    plain: bool = True

    @property
    def address(self) -> str:
        """What identifies a caller beside a number or without one: a SIP address, a browser client, a short code."""
        return "" if self.kind is CallerKind.NUMBER else self.value

    @property
    def number(self) -> str | None:
        """The number that the lists were asked for."""
        return self.value if self.kind is CallerKind.NUMBER else self.names or None


class StoredMatch(Struct, frozen=True, omit_defaults=True):
    """:class:`filters.matches.Match`; ``deciding`` is whether it is the most specific of both lists that counts."""

    list: MatchSource
    entry: str
    number: str
    kind: PatternKind = PatternKind.EXACT
    to: str | None = None
    label: str = ""
    reason: str = ""
    idle: Idle | None = None
    expires_at: datetime | None = None
    treatment: Treatment | None = None
    of_client: bool = False
    of_subscription: bool = False
    deciding: bool = False

    @property
    def pattern(self) -> Pattern:
        """What the entry names."""
        return Pattern(self.kind, self.number, self.to)


class StoredOpening(Struct, frozen=True, omit_defaults=True):
    """:class:`routing.hours.Opening`; ``opens_at`` and ``until`` have the offset from UTC that the line's place has then."""

    kind: OpeningKind
    weekday: int
    minute: int
    name: str = ""
    opens_at: datetime | None = None
    until: datetime | None = None


class StoredFinding(Struct, frozen=True, omit_defaults=True):
    """:class:`routing.findings.Finding`; ``entry`` is the id of one of the decision's matches."""

    found: Found
    entry: str = ""
    tie: bool = False
    doubt: Doubt | None = None
    opening: StoredOpening | None = None
    name: str = ""
    priority: int = 0
    does: str = ""
    target: str = ""

    @property
    def question(self) -> Question:
        """The question that found it."""
        return self.found.question

    @property
    def matched(self) -> bool:
        """Whether it changes anything for the call."""
        return self.found.matched


class OldWords(NamedTuple):
    """What a question found, in the English that release 0.1 stored."""

    question: Question
    matched: bool
    text: str


class StoredReason(Struct, frozen=True, omit_defaults=True):
    """Why. ``finding`` is None when it is what the last question found."""

    code: ReasonCode
    finding: Found | StoredFinding | OldWords | None = None


class StoredLine(Struct, frozen=True, omit_defaults=True):
    """The called line as it was; release 0.1 stored no number of it."""

    id: str
    label: str = ""
    number: str = ""


class StoredClient(Struct, frozen=True):
    """The one client who used the number."""

    id: str
    name: str


class StoredDecision(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What happened to a call, why, and what each question found. A finding without values is written as its code alone.

    ``action_name`` and ``detail`` are the action's name and those of its fields that are not as usual; ``as_of`` is set
    where the call was decided as of another moment than its own (the phone booth).
    """

    version: int
    caller: StoredCaller
    action_name: str = msgspec.field(name="action")
    detail: dict[str, object]
    reason: StoredReason
    trace: tuple[Found | StoredFinding | OldWords, ...]
    revision: int
    language: str
    matches: tuple[StoredMatch, ...] = ()
    line: StoredLine | None = None
    client: StoredClient | None = None
    as_of: datetime | None = None

    @property
    def action(self) -> Action | None:
        """What happened to the call; None when this release cannot read it."""
        if self.version == UNREADABLE:
            return None
        action: Action = msgspec.convert(self.detail, _ACTIONS[self.action_name])
        return action

    @property
    def findings(self) -> tuple[StoredFinding | OldWords, ...]:
        """What the questions found, in the order in which they were asked. The last one decided."""
        return tuple(_whole(one) for one in self.trace)

    @property
    def reason_finding(self) -> StoredFinding | OldWords | None:
        """What the reason's code stands for; None when this release cannot read it."""
        if self.reason.finding is not None:
            return _whole(self.reason.finding)
        return _whole(self.trace[-1]) if self.trace else None


def as_stored(decision: Decision, as_of: datetime | None = None) -> StoredDecision:
    """``decision`` as it is stored."""
    caller, line, winner = decision.caller, decision.line, decision.caller.winner
    client, reason = caller.client, decision.reason
    return StoredDecision(
        version=VERSION,
        caller=StoredCaller(*caller.caller_id),
        action_name=decision.action.name,
        detail=_detail(decision.action),
        reason=StoredReason(
            reason.code, None if reason.finding is decision.trace[-1] else _finding(reason.finding, line)
        ),
        trace=tuple([_finding(one, line) for one in decision.trace]),
        revision=decision.revision,
        language=decision.language,
        matches=tuple([_match(one, winner) for one in caller.matches]) if caller.matches else (),
        line=StoredLine(line.id, line.label, line.number) if line else None,
        client=StoredClient(client.id, client.name) if client else None,
        as_of=as_of,
    )


@lru_cache(maxsize=4096)
def _detail(action: Action) -> dict[str, object]:
    """The fields that are not as usual. Shared by all who get the action, so nobody may change it."""
    values = ((one.name, getattr(action, one.name), one.default) for one in fields(action))
    unusual = {name: value for name, value, default in values if default is MISSING or value != default}
    as_read: dict[str, object] = msgspec.json.decode(msgspec.json.encode(unusual))
    return as_read


def _finding(finding: Finding, line: Line | None) -> Found | StoredFinding:
    found, entry, tie, doubt, opening, name, priority, does, target = finding
    if entry is None and opening is None and not name:
        return found
    return StoredFinding(
        found, entry.entry_id if entry else "", tie, doubt,
        stored_opening(opening, line.zone) if opening and line else None, name, priority, does, target,
    )  # fmt: skip


def stored_opening(opening: Opening, zone: ZoneInfo) -> StoredOpening:
    """Whether a line in ``zone`` is open, with the moment when it opens again."""
    opens_at = None if opening.open else opening.opens_at
    return StoredOpening(
        opening.kind, opening.weekday, opening.minute, opening.name, opens_at.astimezone(zone) if opens_at else None,
        opening.until.astimezone(zone) if opening.until else None,
    )  # fmt: skip


def _match(match: Match, winner: Match | None) -> StoredMatch:
    pattern = match.pattern
    return StoredMatch(
        match.source, match.entry_id, pattern.number, pattern.kind, pattern.to, match.label, match.reason, match.idle,
        match.expires_at, match.treatment, match.of_client, match.of_subscription, match is winner,
    )  # fmt: skip


def _whole(finding: Found | StoredFinding | OldWords) -> StoredFinding | OldWords:
    return StoredFinding(finding) if isinstance(finding, Found) else finding
