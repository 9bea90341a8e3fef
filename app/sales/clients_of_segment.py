"""Which clients are of a segment."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from models import ClientCard, ClientSegment
from models.segment import LifeCycle


@dataclass(frozen=True, slots=True)
class SegmentWanted:
    """Clients of a class by revenue (``abc``), of a steadiness (``xyz``), at a ``stage``; empty: of any."""

    abc: str = ""
    xyz: str = ""
    stage: str = ""

    def __bool__(self) -> bool:
        return bool(self.abc or self.xyz or self.stage)


def of_segment(tenant_id: str, wanted: SegmentWanted) -> list[ColumnElement[bool]]:
    """Conditions of a query of :class:`ClientCard`. Whoever has no sales is potential, and of no class."""
    row = aliased(ClientSegment)
    mine = exists().where(row.tenant_id == tenant_id, row.client_id == ClientCard.id).correlate(ClientCard)
    found: list[ColumnElement[bool]] = []
    if wanted.abc:
        found.append(mine.where(row.abc == wanted.abc))
    if wanted.xyz:
        found.append(mine.where(row.xyz == wanted.xyz))
    if wanted.stage == LifeCycle.POTENTIAL:
        found.append(~mine.where(row.life_cycle != wanted.stage))
    elif wanted.stage:
        found.append(mine.where(row.life_cycle == wanted.stage))
    return found
