"""When a company took the static fallback document of a line away, and what it said then."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from models.base import Base, Identified, within_tenant


class FallbackExport(Identified, Base):
    """``said`` is what the document was made of (see :class:`app.company.fallback_document.Said`), and ``fingerprint`` the
    SHA-256 of its text; ``exported_by`` as in the audit trail."""

    __tablename__ = "fallback_export"
    __table_args__ = (
        within_tenant("line_id", "line", ondelete="CASCADE"),
        Index("ix_fallback_export_line", "tenant_id", "line_id", "exported_at"),
    )

    line_id: Mapped[str]
    exported_at: Mapped[datetime]
    exported_by: Mapped[str]
    fingerprint: Mapped[str]
    said: Mapped[dict[str, Any]]
