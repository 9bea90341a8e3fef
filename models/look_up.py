"""Look-ups: programs that are asked who calls, and what they have answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Owned, Text200, Text1000, within_tenant


class AnswerFault(StrEnum):
    """Why asking has brought nothing."""

    TIMEOUT = "timeout"
    NO_CONNECTION = "no_connection"
    PRIVATE_TARGET = "private_target"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105 -- what went wrong, and no secret


class LookUpRecord(Identified):
    """``sealed`` is the secret that signs, ``sealed_token`` what the program wants to see, both encrypted. An answer holds
    for ``cache_seconds``. ``last_*`` are of the last time that it was asked: the answer's status, and a
    :class:`AnswerFault` where there is nothing to show. ``failures`` are in a row; until ``rests_until`` it is not asked."""

    __tablename__ = "look_up"
    resource = "look-ups"

    url: Mapped[str] = mapped_column(Text1000)
    description: Mapped[str] = mapped_column(Text200, default="", server_default="")
    sealed: Mapped[str]
    sealed_token: Mapped[str | None]
    timeout_seconds: Mapped[int] = mapped_column(default=2, server_default="2")
    cache_seconds: Mapped[int] = mapped_column(default=300, server_default="300")
    enabled: Mapped[bool] = mapped_column(default=True, server_default="true")
    last_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_fault: Mapped[str | None]
    last_milliseconds: Mapped[int | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    rests_until: Mapped[datetime | None]


class LookUpAnswer(Owned, Base):
    """What a program has last said about ``number`` (E.164), at ``asked_at``: ``fields`` in their order, each with
    ``label``, ``value`` and ``link`` (empty: none). None of them: it knows nothing."""

    __tablename__ = "look_up_answer"
    __table_args__ = (
        within_tenant("look_up_id", "look_up", ondelete="CASCADE"),
        Index("ix_look_up_answer_asked", "asked_at"),
    )

    number: Mapped[str] = mapped_column(primary_key=True)
    look_up_id: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    asked_at: Mapped[datetime]
