"""People who sign in."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Owned, Text200, within_tenant


class UserAccount(Identified, Base):
    """``role`` is operator, supervisor or admin. ``password_hash`` is argon2id. ``operator_id`` is who they are on the
    phone, if they take calls. ``language`` and ``theme`` (light or dark) are how they see pages, None as the browser
    asks."""

    __tablename__ = "user_account"
    resource = "users"
    __table_args__ = (within_tenant("operator_id", "operator", ondelete="RESTRICT"),)

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text200)
    role: Mapped[str]
    password_hash: Mapped[str]
    operator_id: Mapped[str | None]
    language: Mapped[str | None]
    theme: Mapped[str | None]
    disabled_at: Mapped[datetime | None]


class SignInSession(Owned, Base):
    """A server-side session. Only the SHA-256 of the cookie's secret is stored."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.id"], ondelete="CASCADE"
        ),
    )

    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
