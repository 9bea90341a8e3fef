"""``/settings/audit``: who changed what and when, with what it was before and what it is since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base import limits
from app.plan.rows import Row
from app.plan.zones import zone_of_company
from app.web.frame import draw_in_frame
from app.web.paging import Part, page_after, read_page
from app.web.resource_pages import settings_router
from app.words.audit_words import audited_act_words, subject_words, value_words
from models import AuditEntry

PATH: Final = "/settings/audit"
_ON_A_PAGE: Final = 50
_NO_NEWS: Final = frozenset({"id", "tenant_id", "created_at", "updated_at"})

router = settings_router()


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """A field, in words before and after; empty where there was, or is, none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """One change."""

    at: datetime
    actor: str
    act: str
    subject: str
    name: str
    fields: list[FieldChanged]


@router.get(PATH)
async def audit_page(
    request: Request, board: Board, who: Who,
    subject: Annotated[str, Query(pattern=r"^[a-z_]{0,40}$")] = "",
    after: Annotated[str, Query(max_length=limits.CURSOR)] = "",
) -> HTMLResponse:  # fmt: skip
    """The changes, the newest first; ``subject`` is the table to which they are narrowed."""
    query = select(AuditEntry).where(AuditEntry.tenant_id == who.tenant_id)
    subjects = select(AuditEntry.subject).where(AuditEntry.tenant_id == who.tenant_id).distinct()
    if subject:
        query = query.where(AuditEntry.subject == subject)
    async with board.sessions() as session:
        page = await read_page(session, page_after(after, _ON_A_PAGE), Part(query, (AuditEntry.id,)))
        there = sorted((await session.scalars(subjects)).all())
    return await draw_in_frame(
        request, board, who, "settings_audit/page.html", changes=[_seen(row[0]) for row in page.items], after=page.after,
        subject=subject, subjects=[(one, subject_words(one)) for one in there],
        zone=zone_of_company(await tenant_of(board, who)),
    )  # fmt: skip


def _seen(entry: AuditEntry) -> ChangeSeen:
    before, after = entry.before or {}, entry.after or {}
    return ChangeSeen(
        entry.at, entry.actor, audited_act_words(entry.act), subject_words(entry.subject), _name(after or before),
        [
            FieldChanged(name, value_words(before.get(name)), value_words(after.get(name)))
            for name in dict.fromkeys((*before, *after))
            if name not in _NO_NEWS and before.get(name) != after.get(name)
        ],
    )  # fmt: skip


def _name(row: Row) -> str:
    """What people call the row that was changed."""
    for name in ("label", "name", "email", "number", "account_sid"):
        if isinstance(text := row.get(name), str) and text:
            return text
    return ""
