"""Recordings that are made by telephone: somebody is rung, speaks after a tone, and hangs up."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, Text1000


class DictationState(StrEnum):
    """Somebody is rung or speaks, or the sound is on its way; it is a recording; or nothing has come of it."""

    WAITING = "waiting"
    STORED = "stored"
    FAILED = "failed"


class Dictation(Identified, Base):
    """``name``, ``language`` and ``text`` are those of the recording that comes of it (``audio_id``); ``call_id`` is the
    provider's call in which it is spoken, empty until there is one. ``fault`` says why there is none, by its code. While it
    waits it is looked for again at ``next_try_at``."""

    __tablename__ = "dictation"
    __table_args__ = (Index("ix_dictation_waiting", "next_try_at", postgresql_where="state = 'waiting'"),)

    name: Mapped[str] = mapped_column(Text200)
    language: Mapped[str]
    text: Mapped[str] = mapped_column(Text1000)
    actor: Mapped[str]
    provider: Mapped[str]
    call_id: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(default=DictationState.WAITING.value, server_default="waiting")
    fault: Mapped[str] = mapped_column(default="", server_default="")
    audio_id: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try_at: Mapped[datetime]
