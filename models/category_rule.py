"""Client categories and their rules."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, Text1000, refers_to, within_tenant


class CategoryRule(Identified, Base):
    """See :class:`filters.category.Category` for the meaning of the columns. ``greeting`` is in the company's language,
    ``greetings`` has others by theirs. The rest is for the card: ``word`` says what to do, in ``colour``;
    ``required_treatment`` more of it, ``guidance`` how to open, what to avoid and what may be offered."""

    __tablename__ = "category"
    resource = "categories"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        within_tenant("queue_id", "queue"),
        within_tenant("menu_id", "menu"),
        within_tenant("hours_id", "opening_hours"),
        within_tenant("script_id", "script"),
    )

    name: Mapped[str] = mapped_column(Text200)
    queue_id: Mapped[str | None]
    menu_id: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    greeting: Mapped[str] = mapped_column(Text1000, default="", server_default="", info=refers_to("audio"))
    greetings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}", info=refers_to("audio"))
    treatment: Mapped[str | None]
    ignores_hours: Mapped[bool] = mapped_column(default=False, server_default="false")
    hours_id: Mapped[str | None]
    responsible_first: Mapped[bool] = mapped_column(default=False, server_default="false")
    colour: Mapped[str] = mapped_column(default="", server_default="")
    word: Mapped[str] = mapped_column(Text200, default="", server_default="")
    required_treatment: Mapped[str] = mapped_column(Text1000, default="", server_default="")
    guidance: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    script_id: Mapped[str | None]


class ScriptRecord(Identified, Base):
    """What to say in a conversation, step by step: ``steps`` by language, each a ``title`` and a ``text``."""

    __tablename__ = "script"
    resource = "scripts"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text200)
    steps: Mapped[dict[str, Any]]
