"""The company's account at a telephony provider."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified


class ProviderAccount(Identified, Base):
    """Tokens are encrypted at rest: what signs the provider's requests, or verifies them. ``next_token`` is accepted too,
    while the provider's console is being rotated. Another company may have entered the same account; whoever has the right
    token gets its calls. ``api_token`` opens the provider's REST API where the first token does not. ``space`` is part of
    the provider's own address where it has spaces. ``application`` is the id of what new calls are placed by, where the
    provider wants one."""

    __tablename__ = "provider_account"
    resource = "accounts"
    __table_args__ = (UniqueConstraint("tenant_id", "provider", "account_sid"),)

    provider: Mapped[str] = mapped_column(default="twilio", server_default="twilio")
    account_sid: Mapped[str] = mapped_column()
    token: Mapped[str]
    next_token: Mapped[str | None]
    api_token: Mapped[str | None]
    space: Mapped[str | None]
    application: Mapped[str | None]
