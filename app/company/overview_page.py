"""``/settings``: the whole company at a glance. Where a call to each line goes, step by step, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.company.menus_page import Branch, Outline
from app.event_log.stored_decision import stored_opening
from app.plan.tenant_rows import TenantRows
from app.web.frame import draw_in_frame
from app.web.resource_pages import settings_router
from app.words.line_words import closed_words
from app.words.list_words import treatment_words
from app.words.number_words import grouped
from app.words.opening_words import opening_words
from app.words.overflow_words import overflow_words
from app.words.rule_words import rule_words
from app.words.unserved_words import unserved_words, warnings_about
from filters.list_entry import Treatment
from models import MenuRecord, OpeningHours
from routing.fake_queue import Cap, below
from routing.plan import Line, RoutingPlan, Service
from routing.rules import Rule, RuleState
from routing.unserved import queues_of, unserved_line, unserved_lines

_RULES_SHOWN: Final = 5

router = settings_router()


@dataclass(frozen=True, slots=True)
class QueueReached:
    """A queue that callers of a line come to, who serves it, and what follows when nobody answers."""

    id: str
    name: str
    operators: list[str]
    is_served: bool
    otherwise: str


@dataclass(frozen=True, slots=True)
class LineWay:
    """Where a call to a line goes. ``hours_id`` and ``menu_id`` lead to their pages; ``missing`` are sentences. ``rules``
    are the first that may decide, and ``more_rules`` how many others there are. ``queues`` are all that a caller may come
    to, through the menu or without one."""

    id: str
    label: str
    number: str
    greeted: bool
    blacklisted: str
    rules: list[str]
    more_rules: int
    hours_id: str | None
    hours: str
    is_open: bool
    now: str
    closed: str
    menu_id: str | None
    menu: str
    branches: list[Branch]
    queues: list[QueueReached]
    missing: list[str]


@router.get("/settings")
async def overview(request: Request, board: Board, who: Who) -> HTMLResponse:
    """The page."""
    tenant = await tenant_of(board, who)
    plan, now = tenant.plan, board.clock()
    outline = Outline(tenant)
    rules = [(one.when.line_id, rule_words(one, plan)) for one in _deciding(plan)] if plan else []
    ways = [_way(tenant, outline, plan, line, now, rules) for line in _in_order(plan)] if plan else []
    return await draw_in_frame(
        request, board, who, "settings_overview/page.html", ways=ways,
        vips=[leg.name for leg in plan.vip_chain()] if plan else [],
        has_queue=bool(plan and plan.queues),
        is_managed=any(one.management for one in plan.operators.values()) if plan else False,
        warnings=_warnings(plan) if plan else [],
    )  # fmt: skip


def _warnings(plan: RoutingPlan) -> list[str]:
    """What is no line's own: those stand with their lines."""
    of_some = [unserved_words(one) for one in unserved_lines(plan) if not one.line]
    return of_some + [one.text for one in warnings_about(plan) if one.code != "nobody_serves"]


def _in_order(plan: RoutingPlan) -> Sequence[Line]:
    return sorted(plan.lines.values(), key=lambda one: one.number)


def _deciding(plan: RoutingPlan) -> list[Rule]:
    return [one for one in plan.rules.asked if one.state is RuleState.ACTIVE]


def _way(
    tenant: TenantRows, outline: Outline, plan: RoutingPlan, line: Line, now: datetime, rules: Sequence[tuple[str, str]]
) -> LineWay:  # fmt: skip
    opening = plan.opening_of(line, now)
    asked = [words for line_id, words in rules if line_id in ("", line.id)]
    blocked = plan.treatments.blacklist
    if blocked is Treatment.FAKE_QUEUE and line.toll_free:
        blocked = below(plan.treatments.ladder, Cap.TOLL_FREE)
    menu = tenant.rows[MenuRecord.__tablename__].get(line.menu_id or "")
    week = plan.hours.get(line.hours_id or "")
    hours = tenant.rows[OpeningHours.__tablename__][week.id]["name"] if week else ""
    return LineWay(
        id=line.id,
        label=line.label,
        number=grouped(line.number),
        greeted=bool(line.greeting),
        blacklisted=treatment_words(blocked),
        rules=asked[:_RULES_SHOWN],
        more_rules=max(0, len(asked) - _RULES_SHOWN),
        hours_id=week.id if week else None,
        hours=hours,
        is_open=opening is None or opening.open,
        now=opening_words(stored_opening(opening, line.zone)) if opening else "",
        closed=closed_words(line.closed_treatment) if opening else "",
        menu_id=menu["id"] if menu else None,
        menu=menu["name"] if menu else "",
        branches=outline.of(menu) if menu else [],
        queues=[
            one for queue_id in dict.fromkeys(queues_of(plan, line)) if (one := _queue(plan, queue_id)) is not None
        ],
        missing=[unserved_words(one) for one in unserved_line(plan, line.number) if one.line],
    )


def _queue(plan: RoutingPlan, queue_id: str | None) -> QueueReached | None:
    queue = plan.queues.get(queue_id or "")
    if queue is None:
        return None
    serve = sorted((one for one in plan.operators.values() if queue.id in one.queue_ids), key=lambda one: one.position)
    return QueueReached(
        queue.id, queue.name, [one.leg.name for one in serve], plan.service_of(queue.id) is Service.SERVED,
        overflow_words(plan.overflow_of(queue.id), plan),
    )  # fmt: skip
