"""People who sign in."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Owned, Text200, new_id, within_tenant


class UserAccount(Identified, Base):
    """``role`` is operator, supervisor or admin. ``password_hash`` is argon2id. ``operator_id`` is who they are on the
    phone, if they take calls. ``language`` and ``theme`` (light or dark) are how they see pages, None as the browser
    asks. ``may_block`` is the right to block callers. ``second_factor_at`` is since when a code is asked for at the
    sign-in, None: it is not."""

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
    may_block: Mapped[bool] = mapped_column(default=True, server_default=true())
    second_factor_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]


class SignInSession(Owned, Base):
    """A server-side session. Only the SHA-256 of the cookie's secret is stored; ``id`` names it to people. ``browser`` is
    what it said to be (``Firefox on Linux``), ``address`` where it came from, both empty when not known."""

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
    id: Mapped[str] = mapped_column(default=new_id)
    browser: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str] = mapped_column(default="", server_default="")
