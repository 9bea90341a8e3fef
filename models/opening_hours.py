"""Opening hours and the days that differ from them."""

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, refers_to


class OpeningHours(Identified, Base):
    """``days`` maps ``monday`` … ``sunday`` to intervals such as ``["09:00-12:00", "14:00-18:00"]``."""

    __tablename__ = "opening_hours"
    resource = "hours"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text200)
    days: Mapped[dict[str, Any]]
    observes_holidays: Mapped[bool] = mapped_column(default=True, server_default="true")


class HolidayRecord(Identified, Base):
    """Either a whole country's holidays (``country``, optionally ``subdivision``, both as the ``holidays`` library names
    them) or one day: closed, or open at ``intervals``. ``lines`` are the ids of the lines that keep it, empty for all."""

    __tablename__ = "holiday"
    resource = "holidays"
    __table_args__ = (
        UniqueConstraint("tenant_id", "country", "subdivision", "day", "lines", postgresql_nulls_not_distinct=True),
    )

    name: Mapped[str] = mapped_column(Text200, default="", server_default="")
    country: Mapped[str | None]
    subdivision: Mapped[str | None]
    day: Mapped[date | None]
    intervals: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    lines: Mapped[list[str]] = mapped_column(default=list, server_default="[]", info=refers_to("line"))
