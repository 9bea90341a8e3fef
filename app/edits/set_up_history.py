"""Every edit of what a company is set up with is a version of its configuration, whoever made it and by whatever way."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.plan.rows import SET_UP, Row, set_up_part
from models import ConfigurationVersion

KEPT_VERSIONS: Final = 1000
"""Of one company; older ones are forgotten."""


class SetUpChange(NamedTuple):
    """A row of ``subject`` (a table's name) without what is not set up by anybody; None where it was not, or is no more."""

    subject: str
    row_id: str
    before: Row | None
    after: Row | None


def set_up_change(subject: str, row_id: str, before: Row | None, after: Row | None) -> SetUpChange | None:
    """What a change of one row means for the set-up; None if nothing, as when an operator takes a break."""
    if subject not in SET_UP:
        return None
    was, becomes = (None if row is None else set_up_part(subject, row) for row in (before, after))
    return SetUpChange(subject, row_id, was, becomes) if was != becomes else None


async def keep_version(
    session: AsyncSession, tenant_id: str, actor: str, occasion: str, plan_version: int, changes: Sequence[SetUpChange]
) -> None:
    """Keep what one edit has changed as the company's next version; nothing happens without ``changes``. The lock under
    which versions of the plan are given is held, so numbers follow each other."""
    if not changes:
        return
    mine = ConfigurationVersion.tenant_id == tenant_id
    number = (await session.scalar(select(func.max(ConfigurationVersion.number)).where(mine)) or 0) + 1
    session.add(
        ConfigurationVersion(
            tenant_id=tenant_id, number=number, actor=actor, occasion=occasion, plan_version=plan_version,
            changes=[
                {"subject": one.subject, "id": one.row_id, "before": one.before, "after": one.after} for one in changes
            ],
        )
    )  # fmt: skip
    await session.execute(
        delete(ConfigurationVersion).where(mine, ConfigurationVersion.number <= number - KEPT_VERSIONS)
    )
