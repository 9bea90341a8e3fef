"""What has happened with a client, newest first: small entries of one shape, from several sources. A new source is a
function in :data:`SOURCES`; the page draws what it returns by :file:`templates/clients/moment.html`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.language import gettext as _
from app.calls.call_notes import notes_of as notes_of_calls
from app.calls.call_outcome import outcome_of
from app.calls.merged_clients import ids_known_as
from app.calls.missed_calls import Shown, shown_as
from app.calls.whose_call import left_to_number
from app.clients.client_notes import notes_of
from app.event_log.records import BOOTH
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.words.card_words import card_field_words
from app.words.list_words import act_words
from app.words.matter_words import matter_kind_words, matter_state_words, matter_text
from models import AuditEntry, CallRecord, Matter

SHOWN: Final = 60
_OF_EACH: Final = 40
_NO_NEWS: Final = frozenset({"updated_at", "created_at", "id", "tenant_id"})


class Kind(StrEnum):
    """What an entry is about; the page has a mark for each."""

    CALL = "call"
    NOTE = "note"
    CHANGE = "change"
    MATTER = "matter"


@dataclass(frozen=True, slots=True)
class Moment:
    """``title`` is one line and ``text`` what was written; ``by`` is the actor (see :class:`models.AuditEntry`). ``href``
    leads to more; ``note_id`` is that of a note that whoever looks may remove."""

    at: datetime
    kind: Kind
    title: str = ""
    text: str = ""
    by: str = ""
    href: str = ""
    note_id: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose timeline, and for whom: ``judges`` is whether they may see who is a VIP or blacklisted, ``actor`` who
    they are."""

    session: AsyncSession
    tenant: TenantRows
    client: Row
    judges: bool
    actor: str


Source = Callable[[Asked], Awaitable[Sequence[Moment]]]


async def timeline_of(asked: Asked) -> list[Moment]:
    """The newest moments of all sources."""
    found = [moment for source in SOURCES for moment in await source(asked)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


async def _calls(asked: Asked) -> Sequence[Moment]:
    """The newest calls that are theirs (:mod:`app.calls.whose_call`), or left to a number that is theirs alone. Calls from
    the phone booth are nobody's."""
    own = [one["number"] for one in asked.client["numbers"] if not one["shared"]]
    tenant_id = asked.tenant.tenant_id
    query = (
        select(CallRecord)
        .where(
            CallRecord.tenant_id == tenant_id,
            CallRecord.provider != BOOTH,
            or_(
                CallRecord.client_id.in_(ids_known_as(tenant_id, asked.client["id"])),
                and_(CallRecord.caller_number.in_(own), left_to_number(CallRecord)),
            ),
        )
        .order_by(CallRecord.started_at.desc())
        .limit(_OF_EACH)
    )
    calls = (await asked.session.scalars(query)).all()
    notes = await notes_of_calls(asked.session, tenant_id, [one.call_id for one in calls])
    return [
        Moment(
            one.started_at, Kind.CALL, _outcome(one, asked), note.note if (note := notes.get(one.call_id)) else "",
            href=f"/calls/{one.call_id}",
        )
        for one in calls
    ]  # fmt: skip


def _outcome(call: CallRecord, asked: Asked) -> str:
    """Operators see what was done, never on which list somebody stood."""
    if shown_as(call) is Shown.HIDDEN and not asked.judges:
        return _("Not put through")
    return outcome_of(call, asked.tenant)


async def _notes(asked: Asked) -> Sequence[Moment]:
    return [
        Moment(
            one.created_at, Kind.NOTE, text=one.text, by=one.author,
            note_id=one.id if asked.judges or one.author == asked.actor else "",
        )
        for one in await notes_of(asked.session, asked.tenant.tenant_id, asked.client["id"])
    ]  # fmt: skip


async def _changes(asked: Asked) -> Sequence[Moment]:
    """Who changed the card, and what of it; not to what."""
    mine = (
        AuditEntry.tenant_id == asked.tenant.tenant_id, AuditEntry.subject == "client",
        AuditEntry.row_id == asked.client["id"],
    )  # fmt: skip
    entries = await asked.session.scalars(
        select(AuditEntry).where(*mine).order_by(AuditEntry.id.desc()).limit(_OF_EACH)
    )
    moments = []
    for one in entries:
        before, after = one.before or {}, one.after or {}
        changed = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
        hidden = _NO_NEWS if asked.judges else _NO_NEWS | {"standing"}
        named = [card_field_words(name) for name in changed if name not in hidden] if before and after else []
        moments.append(Moment(one.at, Kind.CHANGE, act_words(one.act, {}), ", ".join(named), one.actor))
    return moments


async def _matters(asked: Asked) -> Sequence[Moment]:
    """Complaints, questions and orders, by when they were opened, with how far they have come."""
    mine = (
        Matter.tenant_id == asked.tenant.tenant_id,
        Matter.client_id.in_(ids_known_as(asked.tenant.tenant_id, asked.client["id"])),
    )
    matters = await asked.session.scalars(select(Matter).where(*mine).order_by(Matter.id.desc()).limit(_OF_EACH))
    return [
        Moment(
            one.opened_at, Kind.MATTER, f"{matter_kind_words(one.kind)} · {matter_state_words(one.state)}",
            matter_text(one.text, one.satisfaction), one.opened_by, href=f"/matters/{one.id}",
        )
        for one in matters
    ]  # fmt: skip


SOURCES: Final[tuple[Source, ...]] = (_calls, _notes, _changes, _matters)
"""Where moments come from."""
