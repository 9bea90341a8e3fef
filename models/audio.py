"""Recordings that callers hear in the place of a text."""

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from filters.texts import REFERENCE
from models.base import Base, Identified, Owned, Text200, Text1000, within_tenant


class AudioRecord(Identified, Base):
    """``text`` is what the recording says, in ``language`` (ISO 639-1): it is read out where the sound cannot be had.
    ``file`` names the sound, in :class:`AudioFile` and at the address where providers fetch it; nobody guesses it, and a
    sound that replaces another has another name. ``seconds`` is how long it lasts."""

    __tablename__ = "audio"
    resource = "audio"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text200)
    language: Mapped[str]
    text: Mapped[str] = mapped_column(Text1000)
    seconds: Mapped[int]
    file: Mapped[str]

    @classmethod
    def reference_to(cls, row_id: str) -> str:
        """What stands in the place of a text."""
        return REFERENCE + row_id


class AudioFile(Owned, Base):
    """The sound itself, apart from the row that every worker keeps in memory."""

    __tablename__ = "audio_file"
    __table_args__ = (within_tenant("audio_id", "audio", ondelete="CASCADE"),)

    file: Mapped[str] = mapped_column(primary_key=True)
    audio_id: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
