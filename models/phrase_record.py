"""The company's own wording of what callers hear."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identified, Text1000, refers_to


class PhraseRecord(Identified, Base):
    """``phrase`` is one of :class:`routing.actions.Phrase`, ``language`` ISO 639-1."""

    __tablename__ = "phrase"
    resource = "texts"
    __table_args__ = (UniqueConstraint("tenant_id", "phrase", "language"),)

    phrase: Mapped[str]
    language: Mapped[str]
    text: Mapped[str] = mapped_column(Text1000, info=refers_to("audio"))
