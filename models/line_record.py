"""A company's lines (DIDs)."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, Text1000, within_tenant


class LineRecord(Identified, Base):
    """``number`` is E.164 and belongs to one company only; ``provider`` carries it."""

    __tablename__ = "line"
    resource = "lines"
    __table_args__ = (
        within_tenant("hours_id", "opening_hours"),
        within_tenant("menu_id", "menu"),
        within_tenant("queue_id", "queue"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[str] = mapped_column(default="twilio", server_default="twilio")
    label: Mapped[str] = mapped_column(Text200)
    country: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str]
    greeting: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    closed_text: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    hours_id: Mapped[str | None]
    menu_id: Mapped[str | None]
    queue_id: Mapped[str | None]
