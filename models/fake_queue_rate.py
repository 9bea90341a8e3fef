"""What an answered minute costs, as it was entered in the course of time."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class FakeQueueRate(Base):
    """A rate that holds ``since`` it was entered, for calls that begin from then on; what was before keeps its own.

    ``line_id`` is empty for the company's, and the rate of a line that is there no more stays for its calls. As in
    :class:`models.LineRecord` and the treatments of :class:`models.Company`, ``per_minute``, ``increment`` (seconds) and
    ``currency`` (ISO 4217) that are None or empty are the next one's: the company's, or the usual.
    """

    __tablename__ = "fake_queue_rate"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True)
    line_id: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    per_minute: Mapped[float | None]
    increment: Mapped[int | None]
    currency: Mapped[str] = mapped_column(default="", server_default="")
