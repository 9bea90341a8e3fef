"""Links that let somebody in once: an invitation, and a new password."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text200, within_tenant


class Invitation(Identified, Base):
    """Somebody who may make an account of their own with these rights; the row is gone when they have, or when the
    invitation is taken back. ``secret_hash`` is the SHA-256 of what stands in the link. ``mail`` is what became of the
    e-mail: off, sending, sent, failed."""

    __tablename__ = "invitation"
    resource = "users/invitations"
    __table_args__ = (within_tenant("operator_id", "operator", ondelete="RESTRICT"),)

    email: Mapped[str]
    name: Mapped[str] = mapped_column(Text200, default="", server_default="")
    role: Mapped[str]
    operator_id: Mapped[str | None]
    language: Mapped[str | None]
    may_block: Mapped[bool] = mapped_column(default=True, server_default=true())
    secret_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    mail: Mapped[str] = mapped_column(default="off", server_default="off")


class PasswordReset(Identified, Base):
    """A link by which a person chooses a new password. Using one deletes all of that person's."""

    __tablename__ = "password_reset"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.id"], ondelete="CASCADE"
        ),
    )

    user_id: Mapped[str] = mapped_column(index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
