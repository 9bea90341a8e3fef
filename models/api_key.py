"""Keys for programs."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200


class ApiKey(Identified, Base):
    """``secret_hash`` is the SHA-256 of the key, which is shown once. ``hint`` is its first characters."""

    __tablename__ = "api_key"
    resource = "api-keys"

    name: Mapped[str] = mapped_column(Text200)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
