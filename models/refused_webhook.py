"""Requests that claimed to be from a company's provider and were not rightly signed."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified


class RefusedWebhook(Identified, Base):
    """What was found out about requests of one kind, which are counted: ``fault`` is a member of
    :class:`app.providers.diagnose.SignatureFault`, ``computed`` the address that we take ours for, and ``signed`` the one
    that makes the signature right, empty where none does."""

    __tablename__ = "refused_webhook"
    __table_args__ = (UniqueConstraint("tenant_id", "provider", "fault", "computed", "signed"),)

    provider: Mapped[str]
    fault: Mapped[str]
    computed: Mapped[str]
    signed: Mapped[str] = mapped_column(default="", server_default="")
    count: Mapped[int] = mapped_column(default=1, server_default="1")
    last_at: Mapped[datetime]
