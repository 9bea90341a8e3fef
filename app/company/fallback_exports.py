"""Which fallback documents were taken away, and whether they still say what the company's plan says."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import NotFound, Unprocessable
from app.base.problems.company import CompanyFault
from app.base.problems.fallback import OutOfDate
from app.company.fallback_document import Said, changes_since, fingerprint
from app.plan import build_plan
from app.plan.rows import as_row
from app.providers.registry import PROVIDERS
from filters.number import NumberUnreadable, read_number
from models import AuditEntry, Company, FallbackExport, LineRecord, OpeningHours, OperatorRecord, PhraseRecord
from routing.plan import Line, RoutingPlan, countries_of


@dataclass(frozen=True, slots=True)
class FallbackState:
    """A line's document as it would be exported now, and when one was exported last. ``why`` says what has changed
    since; it is out of date when something has, or when none was exported."""

    line: Line
    document: str
    said: Said
    exported_at: datetime | None
    exported_by: str | None
    why: list[OutOfDate]

    @property
    def out_of_date(self) -> bool:
        """Whether the provider's console should get a new one."""
        return bool(self.why)


async def fallback_states(session: AsyncSession, company_id: str) -> list[FallbackState]:
    """Every line of the company, the oldest first."""
    company = await session.get_one(Company, company_id)
    plan = await _plan(session, company)
    newest = await session.scalars(
        select(FallbackExport)
        .where(FallbackExport.tenant_id == company_id)
        .ext(distinct_on(FallbackExport.line_id))
        .order_by(FallbackExport.line_id, FallbackExport.exported_at.desc(), FallbackExport.id.desc())
    )
    exports = {export.line_id: export for export in newest.all()}
    return [_state(plan, line, exports.get(line.id)) for line in plan.lines.values()]


async def fallback_state(session: AsyncSession, company_id: str, line: str | None) -> FallbackState:
    """The line with this id or number; without one, the oldest line. Raises :class:`Problem`."""
    states = await fallback_states(session, company_id)
    if not states:
        raise NotFound(CompanyFault.NO_LINE_YET)
    if line is None:
        return states[0]
    company = await session.get_one(Company, company_id)
    try:
        number = read_number(line, company.country)
    except NumberUnreadable:
        number = line
    for state in states:
        if line == state.line.id or number == state.line.number:
            return state
    raise Unprocessable(CompanyFault.UNKNOWN_LINE, field="line")


async def export_fallback(
    session: AsyncSession, company: Company, line: str | None, actor: str, now: datetime
) -> FallbackState:
    """Record that the line's document is taken away by ``actor`` now (UTC), and return it. Raises
    :class:`Problem`."""
    state = await fallback_state(session, company.id, line)
    export = FallbackExport(
        tenant_id=company.id, line_id=state.line.id, exported_at=now, exported_by=actor,
        fingerprint=fingerprint(state.document), said=state.said.as_json(),
    )  # fmt: skip
    session.add(export)
    await session.flush()
    session.add(
        AuditEntry(
            tenant_id=company.id, actor=actor, act="export", subject=FallbackExport.__tablename__, row_id=export.id,
            after={"line": state.line.number, "fingerprint": export.fingerprint},
        )
    )  # fmt: skip
    await session.flush()
    return FallbackState(state.line, state.document, state.said, now, actor, [])


def _state(plan: RoutingPlan, line: Line, export: FallbackExport | None) -> FallbackState:
    said = Said.of_line(plan, line)
    why = [OutOfDate.NEVER_EXPORTED] if export is None else changes_since(export.said, said)
    return FallbackState(
        line, said.document(line.number, PROVIDERS[line.provider]), said, export.exported_at if export else None,
        export.exported_by if export else None, why,
    )  # fmt: skip


async def _plan(session: AsyncSession, company: Company) -> RoutingPlan:
    """As much of the company's plan as the documents are made of."""

    async def rows(model: type[LineRecord | OperatorRecord | OpeningHours | PhraseRecord]) -> list[dict[str, object]]:
        records = await session.scalars(select(model).where(model.tenant_id == company.id).order_by(model.id))
        return [as_row(record) for record in records.all()]

    lines = [build_plan.line(row) for row in await rows(LineRecord)]
    operators = [build_plan.operator(row, ZoneInfo(company.time_zone)) for row in await rows(OperatorRecord)]
    hours = [build_plan.week_hours(row) for row in await rows(OpeningHours)]
    return RoutingPlan(
        tenant_id=company.id, company=company.name, revision=0, lines={line.number: line for line in lines},
        operators={one.leg.operator_id: one for one in operators}, hours={week.id: week for week in hours},
        phrases=build_plan.phrases(await rows(PhraseRecord)),
        countries=countries_of(lines, build_plan.treatments(as_row(company))),
    )  # fmt: skip
