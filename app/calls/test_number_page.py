"""``/test``: what would happen to a call, why, and what the caller would hear. Its address holds the whole question."""

import json
import shlex
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from app.answering.build_answers import AnswerBuilder, Told
from app.auth.require import Board, Who, allowed
from app.auth.rights import READS_LISTS
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Unprocessable
from app.base.language import day_in_words
from app.base.language import gettext as _
from app.base.problems.company import CompanyFault
from app.calls.explain_call import Asked, asked, earlier_calls_of
from app.event_log.stored_decision import as_stored
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.providers.capabilities import Capabilities, degrade
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.action_words import action_words, reason_title
from app.words.answers import AnswerReader
from app.words.attestation_words import attestation_words
from app.words.problems import problem_words
from app.words.told_decision import tell_decision
from app.words.unserved_words import unserved_words
from filters.attestation import Attestation
from routing.actions import Queue
from routing.hours import Calendar
from routing.plan import RoutingPlan
from routing.unserved import unserved_line

# It is a question, although people may take it for an act: who may read may ask it.
router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=READS_LISTS))])

_SUNDAY: Final = 6
_DAYS_AHEAD: Final = 400

Number = Annotated[str, Query(max_length=limits.CALLER)]


@router.get("/test")
async def number_tested(
    request: Request, board: Board, who: Who, to: Number = "", at: Annotated[str, Query(max_length=64)] = "",
    attestation: Annotated[str, Query(max_length=10)] = "none", pick: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:  # fmt: skip
    """The form, and, once a caller is asked for, the answer. ``pick`` is one of the quick choices of the moment."""
    tenant = await tenant_of(board, who)
    plan = tenant.plan
    if plan is None:
        raise NotFound(CompanyFault.NO_PLAN)
    caller = request.query_params.get("from")
    held = partial(board.open_calls.held_so_far, who.tenant_id)
    lines = sorted(plan.lines.values(), key=lambda line: line.number)
    to = to or (lines[0].number if lines else "")
    line = plan.lines.get(to)
    zone = line.zone if line else zone_of_company(tenant)
    picks = _picks(plan.calendar_of(line) if line else plan.calendar, board.clock().astimezone(zone))
    if pick:
        at = dict(picks).get(pick, "")
    problem, answer = None, None
    if caller is not None:
        try:
            locked = board.open_calls.pin_attempts.locked(who.tenant_id, board.clock())
            answer = asked(
                plan,
                _plus(caller),
                to,
                at or None,
                attestation,
                board.clock(),
                held,
                locked,
                "",
                earlier_calls_of(board, plan),
            )
        except Unprocessable as error:
            problem = problem_words(error)
    return await draw_in_frame(
        request, board, who, "test_number/page.html", 422 if problem else 200, caller=caller or "", to=to, at=at,
        attestation=attestation, lines=lines, zone=zone, picks=picks, problem=problem, attestations=_ATTESTATIONS,
        attestation_words=attestation_words, day_words=_day_words, answer=_told(answer, tenant, board) if answer else None,
        curl=_curl(board, _plus(caller), to, at, attestation) if answer and caller is not None else "",
    )  # fmt: skip


_ATTESTATIONS: Final = (
    Attestation.NONE, Attestation.FULL, Attestation.PARTIAL, Attestation.GATEWAY, Attestation.FAILED,
)  # fmt: skip


def _told(answer: Asked, tenant: TenantRows, board: Switchboard) -> dict[str, object]:
    plan = tenant.plan
    decision = as_stored(answer.decision)
    return {
        "decision": tell_decision(decision), "action": action_words(decision, plan),
        "reason": reason_title(decision.reason.code),
        "heard": _heard(answer, plan) if plan else [],
        "warnings": [unserved_words(one) for one in unserved_line(plan, answer.call.to)] if plan else [],
        "at": answer.at, "number": answer.call.caller.number,
        "kind": answer.call.caller.kind.value, "attestation": answer.call.attestation,
    }  # fmt: skip


def _heard(answer: Asked, plan: RoutingPlan) -> list[str]:
    """What the first answer does, as far as the provider can do it; for a queue also what is played there."""
    call, decision = answer.call, answer.decision
    build = AnswerBuilder(
        plan, call.to, int(answer.at.timestamp()), decision.language, call.caller.number, not_rung=call.not_rung
    )
    reader = AnswerReader(plan)
    heard = reader.steps(degrade(build.action(decision.action), _capabilities(plan, call.to)))
    if isinstance(decision.action, Queue):
        heard.append(_("While waiting, repeatedly:"))
        heard += reader.steps(build.hold(decision.action.queue_id, Told()))
    return heard


def _capabilities(plan: RoutingPlan, called: str) -> Capabilities:
    line = plan.lines.get(called) or next(iter(plan.lines.values()), None)
    return PROVIDERS[line.provider].capabilities if line else Capabilities()


def _picks(calendar: Calendar, local: datetime) -> list[tuple[str, str]]:
    """Quick choices of the moment, by name: the line's clock as a date-time field writes it, empty for now."""
    sunday = local.date() + timedelta(days=(_SUNDAY - local.weekday()) % 7 or 7)
    picks = [("now", ""), ("sunday", f"{sunday}T03:00")]
    if holiday := _next_holiday(calendar, local.date()):
        picks.append(("holiday", f"{holiday}T10:00"))
    return picks


def _next_holiday(calendar: Calendar, today: date) -> date | None:
    days = {*calendar.holidays, *calendar.closed_days} - set(calendar.open_days)
    last = today + timedelta(days=_DAYS_AHEAD)
    return min((day for day in days if today < day <= last), default=None)


def _day_words(moment: str) -> str:
    return day_in_words(date.fromisoformat(moment[:10]), "d MMM")


def _plus(text: str) -> str:
    """A plus that was not written as %2B arrives as a space."""
    return f"+{text.strip()}" if text.startswith(" ") and text.strip()[:1].isdigit() else text


def _curl(board: Switchboard, caller: str, to: str, at: str, attestation: str) -> str:
    body = {"from": caller, "to": to, "attestation": attestation} | ({"at": at} if at else {})
    return " ".join((
        "curl", "-X POST", shlex.quote(f"{board.settings.base_url}/api/v1/explain"),
        "-H 'Authorization: Bearer YOUR_API_KEY'", "-H 'Content-Type: application/json'",
        "-d", shlex.quote(json.dumps(body, ensure_ascii=False)),
    ))  # fmt: skip
