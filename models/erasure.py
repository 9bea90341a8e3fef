"""People who were erased, without a word about who they were."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from models.base import Base, Identified


class Erasure(Identified, Base):
    """``report`` is how many records were erased at each place. ``digests`` are those of the person's numbers, keyed by the
    installation's secret, so that what a worker had still on its disk then is recognised when it comes."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_erased_at", "erased_at"),)

    erased_at: Mapped[datetime]
    actor: Mapped[str]
    client_id: Mapped[str]
    digests: Mapped[list[str]]
    report: Mapped[dict[str, Any]]
