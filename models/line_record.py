"""A company's lines (DIDs)."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, Text1000, passing, refers_to, within_tenant


class LineRecord(Identified, Base):
    """``number`` is E.164; ``provider`` carries it. Two companies may enter the same number: whose call it is, the account
    tells that signs it, so nobody can keep the owner out. ``greeting`` and ``closed_text`` are in the line's
    language, ``greetings`` and ``closed_texts`` have others by theirs. ``closed_treatment`` is a
    :class:`routing.plan.ClosedTreatment`. ``rate_per_minute`` is what the provider bills
    for an answered minute, in the company's currency, by steps of ``billing_increment_seconds``; None for the
    company's."""

    __tablename__ = "line"
    resource = "lines"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        within_tenant("hours_id", "opening_hours"),
        within_tenant("menu_id", "menu"),
        within_tenant("queue_id", "queue"),
    )

    number: Mapped[str]
    provider: Mapped[str] = mapped_column(default="twilio", server_default="twilio")
    label: Mapped[str] = mapped_column(Text200)
    country: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str]
    greeting: Mapped[str] = mapped_column(Text1000, default="", server_default="", info=refers_to("audio"))
    closed_text: Mapped[str] = mapped_column(Text1000, default="", server_default="", info=refers_to("audio"))
    closed_treatment: Mapped[str] = mapped_column(default="message", server_default="message")
    greetings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}", info=refers_to("audio"))
    closed_texts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}", info=refers_to("audio"))
    hours_id: Mapped[str | None]
    menu_id: Mapped[str | None]
    queue_id: Mapped[str | None]
    rate_per_minute: Mapped[float | None]
    billing_increment_seconds: Mapped[int | None]
    by_hand: Mapped[str | None] = mapped_column(info=passing())
    by_hand_until: Mapped[datetime | None] = mapped_column(info=passing())
