"""The second factor of people."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned


class SecondFactor(Owned, Base):
    """The secret that a person's authenticator app shares with us, encrypted. It counts from when
    :attr:`models.UserAccount.second_factor_at` is set. ``last_step`` is the half minute (of 1970) of the last code that was
    taken: neither it nor an earlier one is taken again. ``wrong`` counts wrong codes since the last right one."""

    __tablename__ = "second_factor"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.id"], ondelete="CASCADE"
        ),
    )

    user_id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    wrong: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]


class RecoveryCode(Owned, Base):
    """A code for when the authenticator is lost; deleted when it is used. ``code_hash`` is keyed with the installation's
    secret: the code is short enough to be written down."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.id"], ondelete="CASCADE"
        ),
    )

    user_id: Mapped[str] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)
