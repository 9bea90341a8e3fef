"""How far the providers' lists of calls have been compared with ours."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Owned


class CallListCheck(Owned, Base):
    """``provider`` is its name; every call that began before ``checked_until`` is recorded here."""

    __tablename__ = "call_list_check"

    provider: Mapped[str] = mapped_column(primary_key=True)
    checked_until: Mapped[datetime]
