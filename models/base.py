"""What all tables share: naming of constraints, ids, time stamps and tenant ownership."""

import secrets
import time
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, MetaData, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """A new row id: 10 characters of milliseconds and 10 of randomness (ULID without its capitals), so that ids sort by
    age and can be paged through."""
    stamp = int(time.time() * 1000)
    return "".join(_CROCKFORD[stamp >> shift & 31] for shift in range(45, -5, -5)) + "".join(
        secrets.choice(_CROCKFORD) for _ in range(10)
    )


class Base(DeclarativeBase):
    """Constraint names are fixed so that migrations can name what they change."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: JSONB,
    }


class Owned:
    """A row of one tenant."""

    tenant_id: Mapped[str] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True)


class Identified(Owned, Base):
    """A tenant's row with an id of its own. ``resource`` is what the API calls these rows, for those that it has."""

    __abstract__ = True
    resource: ClassVar[str] = ""

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def reference_to(cls, row_id: str) -> str:
        """How other rows refer to the row of this id."""
        return row_id


def within_tenant(column: str, table: str, *, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    """A foreign key to ``table`` that cannot leave the tenant. RESTRICT: what is in use is not deleted."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete)


def refers_to(*tables: str) -> dict[str, Any]:
    """The ``info`` of a JSON column that holds ids of rows of ``tables``, at whatever depth. A column with a foreign key
    says the same by its key."""
    return {"refers_to": tables}


def keyed_by(*tables: str) -> dict[str, Any]:
    """The ``info`` of a JSON column whose keys are ids of rows of ``tables``."""
    return {"keyed_by": tables}


def passing() -> dict[str, Any]:
    """The ``info`` of a column that says how things are at the moment, and is no part of what a company is set up with."""
    return {"passing": True}


def sparse(empty: object = None) -> dict[str, object]:
    """The ``info`` of a column that most rows leave ``empty``: :func:`app.plan.rows.as_row` leaves it out where it is so,
    because every worker has all rows in memory."""
    return {"empty": empty}


Text200 = String(200)
Text1000 = String(1000)
