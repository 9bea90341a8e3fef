"""Messages that callers have left."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified


class VoicemailState(StrEnum):
    """Where the sound is: still at the provider, in our storage, or nowhere any more."""

    WAITING = "waiting"
    STORED = "stored"
    LOST = "lost"


class VoicemailRecord(Identified, Base):
    """``recording`` is the provider's id; the sound is a file in the data folder, named by ``id``. ``unheard_of``: it is a
    blacklisted caller's, so nobody is told of it. While it waits it is fetched again at ``next_try_at``."""

    __tablename__ = "voicemail"
    resource = "voicemails"
    __table_args__ = (
        UniqueConstraint("tenant_id", "recording"),
        Index("ix_voicemail_waiting", "next_try_at", postgresql_where="state = 'waiting'"),
        Index("ix_voicemail_received", "tenant_id", "received_at"),
    )

    call_id: Mapped[str]
    provider: Mapped[str]
    recording: Mapped[str]
    seconds: Mapped[int]
    received_at: Mapped[datetime]
    unheard_of: Mapped[bool] = mapped_column(default=False, server_default="false")
    state: Mapped[str] = mapped_column(default=VoicemailState.WAITING.value, server_default="waiting")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    heard_by: Mapped[str | None]
