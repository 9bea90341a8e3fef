"""Read plans, and changes of plans, from the database."""

from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import selectinload

from app.plan.rows import SUBJECTS, Row, as_row
from app.plan.tenant_rows import TenantRows
from models import ClientCard, Company, PlanChange, PlanVersion


@dataclass(frozen=True, slots=True)
class Change:
    """One version: ``row`` is the whole new row of ``subject``, None when it is gone."""

    version: int
    tenant_id: str
    subject: str
    row_id: str
    row: Row | None


async def load_all(engine: AsyncEngine) -> tuple[int, dict[str, TenantRows]]:
    """Every tenant's rows and the version that they stand for, seen in one snapshot. The indexes are built, the plans
    are not."""
    async with AsyncSession(engine) as session:
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        version = await session.scalar(select(PlanVersion.version)) or 0
        tenants: dict[str, TenantRows] = {}
        for company_id in (await session.scalars(select(Company.id))).all():
            tenants[company_id] = TenantRows(company_id)
        for subject, model in SUBJECTS.items():
            query = select(model)
            if model is ClientCard:
                query = query.options(selectinload(ClientCard.numbers))
            for record in (await session.scalars(query)).all():
                row = as_row(record)
                tenants[row.get("tenant_id") or row["id"]].rows[subject][row["id"]] = row
    for tenant in tenants.values():
        tenant.index_lists()
    return version, tenants


async def changes_after(engine: AsyncEngine, version: int) -> list[Change]:
    """The changes newer than ``version``, in order and without a gap: versions are given under a row lock."""
    async with AsyncSession(engine) as session:
        found = await session.scalars(
            select(PlanChange).where(PlanChange.version > version).order_by(PlanChange.version)
        )
        return [Change(one.version, one.tenant_id, one.subject, one.row_id, one.row) for one in found]
