"""The client card: everything that an operator sees about one call, ready to be drawn. Nothing here is markup."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from app.clients.caller_history import CallerHistory
from app.clients.number_words import grouped, language_name
from app.clients.who_is_calling import WhoIsCalling, who_is_calling
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from filters.caller_id import CallerKind
from models import CallRecord
from routing.actions import Connect, FakeQueue, Menu, Queue, RingOut
from routing.lifecycle import CallState, Outcome
from routing.reasons import ReasonCode

_CARDS = frozenset({Connect.name, Queue.name, Menu.name})
_OUTCOMES = {Outcome.BUSY: "Busy", Outcome.FAILED: "Failed", Outcome.LOST: "End not reported"}
_HEARD = {"message": "Heard an announcement", "voicemail": "Voicemail", "reject": "Refused"}


class Shown(StrEnum):
    """Where a call is shown: as a card, only as a line of the day, or to nobody but supervisors."""

    CARD = "card"
    LINE = "line"
    HIDDEN = "hidden"


def shown_as(call: CallRecord) -> Shown:
    """Blacklisted calls pop for nobody, whatever is done to them."""
    if call.reason_code == ReasonCode.BLACKLISTED or call.action in (FakeQueue.name, RingOut.name):
        return Shown.HIDDEN
    return Shown.CARD if call.action in _CARDS else Shown.LINE


@dataclass(frozen=True, slots=True)
class PastCall:
    """One earlier call in words."""

    when: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Card:
    """``since`` is when the present state began; ``asks_who`` is whether the short form for a new caller is shown."""

    call_id: str
    state: CallState
    who: WhoIsCalling
    number: str
    line: str
    menu_choice: str
    language: str
    stage: str
    since: datetime
    clock: str
    missed: bool
    outcome: str
    last_calls: tuple[PastCall, ...]
    this_month: int
    missed_today: int
    why: str
    trace: tuple[dict[str, Any], ...]
    asks_who: bool

    @property
    def title(self) -> str:
        """For the browser's tab."""
        star = "★ " if self.who.tone == "vip" else ""
        return f"{star}{self.who.name}"

    @property
    def sentence(self) -> str:
        """For screen readers, at most a dozen words."""
        company = self.who.beside if self.who.tone in ("vip", "client") else ""
        parts = (self.who.badge.strip("★? "), self.who.name, company, f"on {self.line}", "ringing")
        return ", ".join(part for part in parts if part) + "."


def build_card(call: CallRecord, tenant: TenantRows, history: CallerHistory, rings: str = "") -> Card:
    """The card of ``call`` by what the tenant knows now. ``rings`` is the operator whose phone rings, if known."""
    zone = zone_of(call, tenant)
    clients = clients_of(call, tenant)
    who = who_is_calling(call, clients, tenant.rows["category"])
    if call.reason_code == ReasonCode.VIP_UNCONFIRMED:
        history = CallerHistory()
    state = CallState(call.state)
    decision, line = call.decision, call.decision["line"]
    return Card(
        call_id=call.call_id,
        state=state,
        who=who,
        number=grouped(call.caller_number) if call.caller_number else "",
        line=(line["label"] if line else "") or grouped(call.line_number),
        menu_choice=call.menu_choice or "",
        language=language_name(decision["language"]),
        stage=_stage(call, tenant, rings),
        since=call.ended_at or call.answered_at or call.started_at,
        clock=f"{call.started_at.astimezone(zone):%H:%M}",
        missed=state is CallState.ENDED and call.answered_at is None and shown_as(call) is Shown.CARD,
        outcome=outcome_of(call, tenant),
        last_calls=tuple(_past(one, call, tenant, zone) for one in history.last),
        this_month=history.this_month,
        missed_today=history.missed_today,
        why=decision["reason"]["text"],
        trace=tuple(decision["trace"]),
        asks_who=who.tone == "new",
    )


def clients_of(call: CallRecord, tenant: TenantRows) -> tuple[Row, ...]:
    """The clients who use the caller's number now."""
    if call.caller_kind != CallerKind.NUMBER or call.caller_number is None:
        return ()
    rows = tenant.rows["client"]
    found = tenant.lists.clients.by_number.get(call.caller_number, ())
    return tuple(rows[client.id] for client in found if client.id in rows)


def zone_of(call: CallRecord, tenant: TenantRows) -> ZoneInfo:
    """The time zone of the called line, else the company's."""
    line = tenant.plan.lines.get(call.line_number) if tenant.plan else None
    return line.zone if line else zone_of_company(tenant)


def zone_of_company(tenant: TenantRows) -> ZoneInfo:
    """The company's time zone."""
    return ZoneInfo(tenant.rows["company"][tenant.tenant_id]["time_zone"])


def outcome_of(call: CallRecord, tenant: TenantRows) -> str:
    """How the call went, in words: ``4:10 · Olga``, ``Missed``, ``Blacklist → fake queue``."""
    if shown_as(call) is Shown.HIDDEN:
        return f"⊘ Blacklist → {call.action.replace('_', ' ')}"
    if call.answered_at is not None:
        ended = call.ended_at or call.last_seen_at
        seconds = max(0, int((ended - call.answered_at).total_seconds()))
        by = operator_name(call.answered_by, tenant)
        return f"{seconds // 60}:{seconds % 60:02}" + (f" · {by}" if by else "")
    if call.state != CallState.ENDED:
        return "In progress"
    if call.outcome in _OUTCOMES:
        return _OUTCOMES[Outcome(call.outcome)]
    return _HEARD.get(call.action, "Missed")


def operator_name(operator_id: str | None, tenant: TenantRows) -> str:
    """The operator's name; empty when nobody of that id is left."""
    row = tenant.rows["operator"].get(operator_id or "")
    return row["name"] if row else ""


def _stage(call: CallRecord, tenant: TenantRows, rings: str) -> str:
    match call.state:
        case CallState.ANSWERED:
            by = operator_name(call.answered_by, tenant)
            return f"in call · {by}" if by else "in call"
        case CallState.ENDED:
            return "ended"
        case _:
            by = operator_name(rings, tenant)
            return f"ringing · {by}" if by else "ringing"


def _past(earlier: CallRecord, call: CallRecord, tenant: TenantRows, zone: ZoneInfo) -> PastCall:
    then, now = earlier.started_at.astimezone(zone), call.started_at.astimezone(zone)
    days = (now.date() - then.date()).days
    day = {0: "today", 1: "yesterday"}.get(days) or f"{then.day} {then:%b}" + (f" {then.year}" if days > 300 else "")
    # Operators see what was done, never on which list somebody stood.
    outcome = "Not put through" if shown_as(earlier) is Shown.HIDDEN else outcome_of(earlier, tenant)
    return PastCall(f"{day} {then:%H:%M}", outcome)
