"""A person in what was changed: the audit trail, and the changes by which workers follow each other's plans."""

from typing import Final

from sqlalchemy import and_, func, or_, select, update

from app.edits.personal_data import Dossier, Held, Place, among, as_held, mentions
from app.edits.without_person import Traces
from app.plan.rows import Row
from models import AuditEntry, BlacklistEntry, ClientCard, PlanChange, VipEntry

_CLIENT: Final = ClientCard.__tablename__
_LISTS: Final = (VipEntry.__tablename__, BlacklistEntry.__tablename__)


class AuditTrail:
    """Who changed what stays known; the values do not."""

    place: Place = Place.AUDIT
    tables: frozenset[str] = frozenset({AuditEntry.__tablename__})

    async def held(self, dossier: Dossier) -> list[Held]:
        """What was done to the person's cards."""
        person = dossier.person
        own = and_(AuditEntry.subject == _CLIENT, among(AuditEntry.row_id, person.client_ids))
        rows = await dossier.edit.session.scalars(
            select(AuditEntry).where(AuditEntry.tenant_id == person.tenant_id, own).order_by(AuditEntry.id)
        )
        return [as_held(row) for row in rows]

    async def erase(self, dossier: Dossier) -> int:
        """Values of the person's cards go as a whole, those of others lose what is the person's."""
        person, session = dossier.person, dossier.edit.session
        own = and_(AuditEntry.subject == _CLIENT, among(AuditEntry.row_id, person.client_ids))
        marks = person.traces.marks
        elsewhere = and_(
            AuditEntry.subject.in_((_CLIENT, *_LISTS)),
            or_(mentions(AuditEntry.before, marks), mentions(AuditEntry.after, marks)),
        )
        found = await session.scalars(
            select(AuditEntry).where(AuditEntry.tenant_id == person.tenant_id, or_(own, elsewhere))
        )
        entries = found.all()
        for entry in entries:
            is_own = entry.subject == _CLIENT and entry.row_id in person.client_ids
            if is_own:
                entry.before, entry.after = (
                    None if row is None else {"id": entry.row_id} for row in (entry.before, entry.after)
                )
            else:
                entry.before = _of_another(dossier, entry.subject, entry.before)
                entry.after = _of_another(dossier, entry.subject, entry.after)
        await session.flush()
        return len(entries)


class PlanChanges:
    """A worker that is behind hears earlier that the client is gone."""

    place: Place = Place.PLAN
    tables: frozenset[str] = frozenset({PlanChange.__tablename__})

    async def held(self, dossier: Dossier) -> list[Held]:
        """Nothing but what the audit trail has."""
        return []

    async def erase(self, dossier: Dossier) -> int:
        """Of others, an older change that tells of the person says what the newest says; a list's entry loses its name."""
        person, session = dossier.person, dossier.edit.session
        mine = PlanChange.tenant_id == person.tenant_id
        own = and_(PlanChange.subject == _CLIENT, among(PlanChange.row_id, person.client_ids))
        gone = await session.execute(
            update(PlanChange)
            .where(mine, own, func.jsonb_typeof(PlanChange.row) == "object")
            .values(row=None)
            .returning(PlanChange.version)
            .execution_options(synchronize_session=False)
        )
        changed = len(gone.all())
        subjects = PlanChange.subject.in_((_CLIENT, *_LISTS))
        others = await session.scalars(
            select(PlanChange).where(mine, subjects, mentions(PlanChange.row, person.traces.marks))
        )
        for change in others.all():
            if change.row is not None and change.subject in _LISTS:
                change.row = entry_without(person.traces, change.row)
            else:
                same = (PlanChange.subject == change.subject, PlanChange.row_id == change.row_id)
                newest = select(PlanChange.row).where(mine, *same).order_by(PlanChange.version.desc()).limit(1)
                change.row = await session.scalar(newest)
            changed += 1
        await session.flush()
        return changed


def _of_another(dossier: Dossier, subject: str, row: Row | None) -> Row | None:
    """A list's entry keeps its number and loses its name; of anything else goes what can only be the person's."""
    if row is None:
        return None
    if subject in _LISTS:
        return entry_without(dossier.person.traces, row)
    erased = dossier.person.traces.without_marks(row)
    return erased if isinstance(erased, dict) else None


def entry_without(traces: Traces, row: Row) -> Row:
    """The row of a list's entry, without the person whose number it names."""
    return row | {"label": ""} | ({"reason": traces.text(row["reason"])} if row.get("reason") else {})


PAST: Final = (AuditTrail(), PlanChanges())
