"""A decision told in the reader's language: what pages show and what the REST API answers. Part of the public contract."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final, Literal

import msgspec
from typing_extensions import TypedDict

from app.base.language import gettext as _
from app.event_log.stored_decision import OldWords, StoredDecision, StoredFinding, StoredMatch
from app.words.entry_words import entry_words
from app.words.finding_words import finding_words, question_words, tie_words
from app.words.match_words import idle_words
from app.words.unserved_words import SetUpWarning, warn_of_unserved
from models.list_name import ListName
from routing.actions import Action
from routing.findings import Found, Question
from routing.plan import RoutingPlan
from routing.unserved import unserved_line


@dataclass(frozen=True, slots=True)
class ToldReason:
    """``code`` is stable, ``text`` one sentence or two for a person."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One question. ``question`` and ``found`` are stable codes; ``title`` and ``text`` say both to a person. ``found`` is
    ``old_words`` for a call that release 0.1 decided."""

    question: str
    found: str
    matched: bool
    decided: bool
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ToldMatch:
    """An entry of ``list`` (or the card of a client, or a list of others) that names the number. ``idle`` is the code of
    why it does not count, ``idle_because`` says it; ``names`` says what the entry names."""

    list: str
    entry: str
    match: str
    number: str
    to: str | None
    names: str
    label: str
    reason: str
    specificity: int
    counts: bool
    idle: str | None
    idle_because: str | None
    of_client: bool
    of_subscription: bool
    deciding: bool


class ToldLeg(TypedDict):
    """Somebody who is rung: ``ring_seconds`` long; with ``confirm`` they press 1 to take the call."""

    operator_id: str
    name: str
    address: str
    ring_seconds: int
    confirm: bool


class ToldPin(TypedDict):
    """The VIP entry whose PIN is asked for, and the code of what is doubtful about the number."""

    entry_id: str
    doubt: str


class ToldDetail(TypedDict, total=False):
    """The values of the action: ``connect`` has ``legs``, ``queue_id`` and ``priority``; ``queue`` has ``queue_id``,
    ``priority`` and ``greeting``; ``menu`` ``menu_id``, ``greeting`` and ``priority``; ``message`` ``phrase`` and ``text``;
    ``voicemail`` ``text``; ``fake_queue`` ``cap_seconds``, ``ring_out`` ``seconds``, ``reject`` ``reason``. ``spoken_in`` is
    the language of what is said, where that is not the caller's. Only where it is so, ``connect`` has ``urgent`` (who is
    rung if the caller says that it is) or ``at_desk`` (a queue's operators are rung, not a VIP's chain), ``queue`` a ``pin``
    that is asked for first, ``voicemail`` ``closed``, and ``fake_queue`` the ``rule_id`` of the rule that holds the
    caller."""

    legs: list[ToldLeg]
    urgent: list[ToldLeg]
    queue_id: str | None
    priority: int
    greeting: str
    pin: ToldPin
    spoken_in: str
    menu_id: str
    phrase: str
    text: str
    closed: bool
    at_desk: bool
    rule_id: str
    cap_seconds: int
    seconds: int
    reason: str


@dataclass(frozen=True, slots=True)
class ToldCaller:
    """``address`` is what identifies a caller beside a number or without one."""

    kind: str
    number: str | None
    address: str


@dataclass(frozen=True, slots=True)
class ToldLine:
    """The called line as it was."""

    id: str
    label: str
    number: str


@dataclass(frozen=True, slots=True)
class ToldClient:
    """The one client who used the number."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """``detail`` are the action's own fields; ``language`` is the caller's; ``as_of`` is set where the call was decided as
    of another moment than its own."""

    action: str
    detail: ToldDetail
    reason: ToldReason
    matches: list[ToldMatch]
    trace: list[ToldStep]
    revision: int
    language: str
    caller: ToldCaller
    line: ToldLine | None
    client: ToldClient | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTest(ToldDecision):
    """The decision about a call that might come. ``warnings`` say where callers of the line would meet nobody, also when
    this one would not."""

    warnings: list[SetUpWarning]


def tell_test(decision: StoredDecision, plan: RoutingPlan) -> ToldTest | ToldDecision:
    """The decision about a call that might come, in the present language: the very same as that of the call when it comes,
    unless there is something to warn of."""
    told = tell_decision(decision)
    warnings = [warn_of_unserved(one) for one in unserved_line(plan, decision.line.number)] if decision.line else []
    if not warnings:
        return told
    return ToldTest(*(getattr(told, one.name) for one in fields(told)), warnings=warnings)


def tell_decision(decision: StoredDecision) -> ToldDecision:
    """The decision in the present language."""
    caller, line, client = decision.caller, decision.line, decision.client
    return ToldDecision(
        decision.action_name,
        _detail(decision.action),
        ToldReason(decision.reason.code.value, tell_reason(decision)),
        [_match(one) for one in decision.matches],
        _steps(decision),
        decision.revision,
        decision.language,
        ToldCaller(caller.kind.value, caller.number, caller.address),
        ToldLine(line.id, line.label, line.number) if line else None,
        ToldClient(client.id, client.name) if client else None,
        decision.as_of,
    )


_SELDOM: Final[tuple[Literal["urgent", "pin", "closed", "at_desk", "rule_id"], ...]] = (
    "urgent", "pin", "closed", "at_desk", "rule_id",
)  # fmt: skip
"""Values that only few actions have, and that are told only of those."""


def _detail(action: Action | None) -> ToldDetail:
    if action is None:
        return {}
    told: ToldDetail = msgspec.json.decode(msgspec.json.encode(action))  # with what is as usual, too
    for name in _SELDOM:
        if name in told and not told[name]:
            del told[name]
    return told


def without_blacklist(decision: ToldDecision) -> ToldDecision:
    """The same for somebody who may not read the blacklist: neither its entries nor what was found on it. As on the pages,
    see ``decision/trace.html``."""
    return replace(
        decision,
        matches=[one for one in decision.matches if one.list != ListName.BLACKLIST],
        trace=[_unsaid(one) if _tells_of_blacklist(one) else one for one in decision.trace],
    )


def _tells_of_blacklist(step: ToldStep) -> bool:
    return step.question == Question.BLACKLIST and step.found != Found.NOT_BLACKLISTED and not step.decided


def _unsaid(step: ToldStep) -> ToldStep:
    return replace(step, text=_("asked, but did not decide"))


def tell_reason(decision: StoredDecision) -> str:
    """Why the call went where it went. Where the reason is not what decided, both are told: ``The caller withholds the
    number. The line's queue “Sales”.``"""
    reason = decision.reason_finding
    if reason is None:
        return _("This version of Antichambre cannot read the stored decision. Update this server to see it.")
    decided = decision.findings[-1]
    text = finding_words(reason, decision)
    if isinstance(reason, StoredFinding) and reason != decided:
        return f"{text} {finding_words(decided, decision)}"
    return text


def _steps(decision: StoredDecision) -> list[ToldStep]:
    findings = decision.findings
    return [
        ToldStep(
            one.question.value, one.found.value if isinstance(one, StoredFinding) else "old_words", one.matched,
            one is findings[-1], question_words(one.question), _text(one, decision),
        )
        for one in findings
    ]  # fmt: skip


def _text(finding: StoredFinding | OldWords, decision: StoredDecision) -> str:
    text = finding_words(finding, decision)
    return f"{text} {tie_words()}" if isinstance(finding, StoredFinding) and finding.tie else text


def _match(match: StoredMatch) -> ToldMatch:
    return ToldMatch(
        match.list.value, match.entry, match.kind.value, match.number, match.to, entry_words(match.pattern).names,
        match.label, match.reason, match.pattern.specificity, match.idle is None,
        match.idle.value if match.idle else None, idle_words(match) or None, match.of_client, match.of_subscription,
        match.deciding,
    )  # fmt: skip
