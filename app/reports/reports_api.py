"""``/reports/calls``: what the calls of some days come to, as JSON or as a table for a spreadsheet."""

import csv
import io
from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import BaseModel, Field

from app.auth.require import Board, Who
from app.auth.rights import JUDGES
from app.auth.tenant import tenant_of
from app.lists.files.formula_guard import guarded
from app.plan.zones import zone_of_company
from app.reports.asked_for import AskedFor
from app.reports.call_report import SERVICE_LEVEL_SECONDS, By, Figures, Group, call_report, total
from app.reports.group_words import by_words, group_words
from app.web.resource import resource

router = resource("reports", "What the calls of some days come to.", read=JUDGES, write=JUDGES)

DayQuery = Annotated[
    str, Query(max_length=40, examples=["2026-07-01"], description="A day of the company; the last 30 when left out.")
]
COLUMNS = (
    "calls", "answered", "abandoned", "missed_vips", "average_wait_seconds", "longest_wait_seconds", "service_level",
    "blocked", "other",
)  # fmt: skip


class FiguresOut(BaseModel):
    """What some calls come to. Every call is answered, abandoned, blocked or other."""

    calls: int
    answered: int
    abandoned: int = Field(description="Missed: the caller wanted somebody and gave up, or met nobody.")
    missed_vips: int
    average_wait_seconds: float | None = Field(
        description="Of answered and abandoned callers; null where nobody waited."
    )
    longest_wait_seconds: int
    service_level: float | None = Field(
        description="The share of answered and abandoned callers who were answered within `service_level_seconds`."
    )
    blocked: int = Field(description="By the blacklist, or for too many calls at once. Not counted as unanswered.")
    other: int = Field(description="Heard an announcement, was refused, or still goes on.")


class GroupOut(FiguresOut):
    """The calls of one day, hour, queue and so on."""

    key: str = Field(description="The day, the hour, an id or a reason's code; empty for calls without one.")
    label: str = Field(description="In words.")


class ReportOut(BaseModel):
    """A report."""

    first: date = Field(alias="from")
    last: date = Field(alias="to", description="Included.")
    by: By
    time_zone: str
    service_level_seconds: int
    items: list[GroupOut]
    total: FiguresOut


@router.get("/calls", response_model=ReportOut, responses={200: {"content": {"text/csv": {}}}})
async def report_calls(
    board: Board, who: Who, first: Annotated[DayQuery, Query(alias="from")] = "",
    last: Annotated[DayQuery, Query(alias="to", description="Included; today when left out.")] = "", by: By = By.DAY,
    within: Annotated[int, Query(ge=1, le=3600, description="Seconds of the service level.")] = SERVICE_LEVEL_SECONDS,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> ReportOut | Response:  # fmt: skip
    """Calls, answered, abandoned, missed VIPs, waits, service level and blocked ones of some days, both included, grouped.
    Days and hours are the company's; days of 23 and 25 hours count as they are."""
    tenant = await tenant_of(board, who)
    zone = zone_of_company(tenant)
    asked = AskedFor.read(first, last, by, board.clock(), zone)
    async with board.sessions() as session:
        groups = await call_report(session, who.tenant_id, by, asked.period(zone), zone, within)
    labels = {group.key: group_words(by, group.key, tenant) for group in groups}
    if form == "csv":
        return as_file(asked, groups, labels)
    shown = [{"key": group.key, "label": labels[group.key], **_figures(group.figures)} for group in groups]
    return ReportOut.model_validate(
        {
            "from": asked.first, "to": asked.last, "by": by, "time_zone": zone.key, "service_level_seconds": within,
            "items": shown, "total": _figures(total(groups)),
        }
    )  # fmt: skip


def as_file(asked: AskedFor, groups: list[Group], labels: dict[str, str]) -> Response:
    """The report as CSV, whose cells no spreadsheet carries out."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["key", guarded(by_words(asked.by)), *COLUMNS])
    for group in groups:
        figures = _figures(group.figures)
        writer.writerow([guarded(group.key), guarded(labels[group.key]), *(figures[name] for name in COLUMNS)])
    name = f"calls-by-{asked.by}-{asked.first}-{asked.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _figures(figures: Figures) -> dict[str, float | int | None]:
    average, level = figures.average_wait, figures.service_level
    return {
        "calls": figures.calls, "answered": figures.answered, "abandoned": figures.abandoned,
        "missed_vips": figures.missed_vips, "average_wait_seconds": None if average is None else round(average, 1),
        "longest_wait_seconds": round(figures.longest_wait),
        "service_level": None if level is None else round(level, 4), "blocked": figures.blocked, "other": figures.other,
    }  # fmt: skip
