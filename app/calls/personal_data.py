"""What calls tell of a person: they stay for the counts, and are nobody's."""

from collections.abc import Callable, Collection
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, any_, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.calls.whose_call import left_to_number
from app.edits.personal_data import Dossier, Held, OfOthers, Person, Place, Rows, among, mentions
from app.edits.without_person import without_client, written_forms
from app.event_log.records import BOOTH, Payload
from filters.caller_id import CallerKind
from models import CallDraft, CallerMemory, CallEvent, CallNote, CallRecord, CardFields, FakeQueueStay
from routing.lifecycle import CallState


async def calls_of_person(
    session: AsyncSession, tenant_id: str, client_ids: frozenset[str], numbers: frozenset[str]
) -> frozenset[str]:
    """The ids of the calls that are theirs (:mod:`app.calls.whose_call`), and of those from their numbers of which only
    the number tells."""
    theirs = (
        and_(among(CallRecord.caller_number, numbers), left_to_number(CallRecord)),
        among(CallRecord.client_id, client_ids),
    )
    found: set[str] = set()
    for condition in theirs:  # one after the other, so that each has its index
        found |= set(
            await session.scalars(select(CallRecord.call_id).where(CallRecord.tenant_id == tenant_id, condition))
        )
    return frozenset(found)


async def is_on_the_line(session: AsyncSession, person: Person) -> bool:
    """Whether one of their calls, or of those from their numbers, still goes on; those of the booth do not count."""
    going_on = select(CallRecord.call_id).where(
        CallRecord.tenant_id == person.tenant_id, CallRecord.state != CallState.ENDED, CallRecord.provider != BOOTH,
        or_(among(CallRecord.call_id, person.call_ids), among(CallRecord.caller_number, person.numbers)),
    )  # fmt: skip
    return await session.scalar(going_on.limit(1)) is not None


def of_their_calls(
    call_id: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
) -> Callable[[Person], ColumnElement[bool]]:
    """The condition that a row is about one of a person's calls."""
    return lambda person: among(call_id, person.call_ids)


_BY_NOBODY: Final[Held] = {
    "caller_kind": CallerKind.UNAVAILABLE.value, "caller_number": None, "caller_name": "", "caller_address": "",
    "forwarded_from": "",
}  # fmt: skip
"""What a call tells of its caller once they are erased."""


class Calls:
    """Their records: when, how long, by which line and what became of them stays; who called does not."""

    place: Place = Place.CALLS
    tables: frozenset[str] = frozenset({CallRecord.__tablename__})
    _rows: Final = Rows(Place.CALLS, CallRecord, of_their_calls(CallRecord.call_id))

    async def held(self, dossier: Dossier) -> list[Held]:
        """The calls with their decisions."""
        return await self._rows.held(dossier)

    async def erase(self, dossier: Dossier) -> int:
        """Columns and decision lose the person."""
        person, session = dossier.person, dossier.edit.session
        mine = CallRecord.tenant_id == person.tenant_id
        query = select(CallRecord.call_id, CallRecord.decision).where(mine, among(CallRecord.call_id, person.call_ids))
        found = (await session.execute(query)).all()
        for call_id, decision in found:
            await session.execute(
                update(CallRecord)
                .where(mine, CallRecord.call_id == call_id)
                .values(_BY_NOBODY | {"client_id": None, "decision": person.traces.erased(decision)})
                .execution_options(synchronize_session=False)
            )
        return len(found)


class Events:
    """The event log: payloads lose the person, the events stay in their order."""

    place: Place = Place.CALL_EVENTS
    tables: frozenset[str] = frozenset({CallEvent.__tablename__})
    _rows: Final = Rows(Place.CALL_EVENTS, CallEvent, of_their_calls(CallEvent.call_id), hidden=("event_id",))

    async def held(self, dossier: Dossier) -> list[Held]:
        """What was told of their calls."""
        return await self._rows.held(dossier)

    async def erase(self, dossier: Dossier) -> int:
        """How many of the events told something."""
        person = dossier.person
        return await _erase_from_events(dossier, person.call_ids, lambda _, payload: person.traces.erased(payload))


async def _erase_from_events(
    dossier: Dossier, call_ids: Collection[str], erased: Callable[[str, Payload], object]
) -> int:
    """Events of these calls become what ``erased`` makes of a call's id and a payload; how many were changed."""
    session, count = dossier.edit.session, 0
    query = select(CallEvent.position, CallEvent.call_id, CallEvent.payload).where(
        CallEvent.tenant_id == dossier.person.tenant_id, among(CallEvent.call_id, call_ids)
    )
    for position, call_id, payload in (await session.execute(query)).all():
        if (left := erased(call_id, payload)) != payload:
            await session.execute(
                update(CallEvent)
                .where(CallEvent.position == position)
                .values(payload=left)
                .execution_options(synchronize_session=False)
            )
            count += 1
    return count


class CallsOfOthers(OfOthers):
    """Calls of others from numbers that are or were the person's: they stay, but do not name the person any more, nor tell a
    number that was theirs alone. None is handed out."""

    place: Place = Place.CALLS

    async def erase(self, dossier: Dossier) -> int:
        """Decisions and events lose what is the person's."""
        person, session = dossier.person, dossier.edit.session
        ids = sorted(person.client_ids)
        columns = (CallRecord.call_id, CallRecord.caller_number, CallRecord.decision)
        others = (
            CallRecord.tenant_id == person.tenant_id,
            ~among(CallRecord.call_id, person.call_ids),
            or_(
                among(CallRecord.caller_number, person.numbers),
                and_(among(CallRecord.caller_number, person.shared_numbers), self._name_them(person, ids)),
            ),
        )
        found = (await session.execute(select(*columns).where(*others))).all()
        for call_id, number, decision in found:
            values: Held = {"decision": without_client(decision, ids, person.traces)}
            if number in person.numbers:
                values = _BY_NOBODY | {"decision": person.traces.erased(decision)}
            await session.execute(
                update(CallRecord)
                .where(CallRecord.tenant_id == person.tenant_id, CallRecord.call_id == call_id)
                .values(values)
                .execution_options(synchronize_session=False)
            )
        theirs = {call_id for call_id, number, _ in found if number in person.numbers}

        def erased(call_id: str, payload: Payload) -> object:
            if call_id in theirs:  # the number goes too
                return person.traces.erased(payload)
            return without_client(payload, person.client_ids, person.traces)

        await _erase_from_events(dossier, [call_id for call_id, _, _ in found], erased)
        return len(found)

    def _name_them(self, person: Person, ids: list[str]) -> ColumnElement[bool]:
        """In the decision that counts, or in an earlier one."""
        events = (CallEvent.tenant_id == person.tenant_id, CallEvent.call_id == CallRecord.call_id)
        return or_(
            mentions(CallRecord.decision, ids),
            select(CallEvent.position).where(*events, mentions(CallEvent.payload, ids)).exists(),
        )


class Forwarded(OfOthers):
    """Calls of others that came by way of one of the person's telephones: they stay as they are, but for its number. Whose
    calls they are is nobody's business but the callers', so none is handed out."""

    place: Place = Place.CALLS

    async def erase(self, dossier: Dossier) -> int:
        """The number goes from the calls and their events, however the network has written it."""
        person, session = dossier.person, dossier.edit.session
        if not (written := written_forms(person.numbers)):
            return 0
        by = func.split_part(func.split_part(CallRecord.forwarded_from, "@", 1), ";", 1)
        digits = func.regexp_replace(by, "[^0-9]", "", "g")
        found = await session.scalars(
            update(CallRecord)
            .where(
                CallRecord.tenant_id == person.tenant_id, CallRecord.forwarded_from != "",
                digits == any_(cast(sorted(written), ARRAY(Text))),
            )
            .values(forwarded_from="")
            .returning(CallRecord.call_id)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        calls = found.all()
        await session.execute(
            update(CallEvent)
            .where(CallEvent.tenant_id == person.tenant_id, among(CallEvent.call_id, calls))
            .where(CallEvent.payload["call"].has_key("forwarded_from"))
            .values(payload=func.jsonb_set(CallEvent.payload, ["call", "forwarded_from"], cast('""', JSONB)))
            .execution_options(synchronize_session=False)
        )
        return len(calls)


def _remembered(person: Person) -> ColumnElement[bool]:
    return or_(among(CallerMemory.client_id, person.client_ids), among(CallerMemory.number, person.numbers))


def _held_in_the_fake_queue(person: Person) -> ColumnElement[bool]:
    return or_(among(FakeQueueStay.caller_number, person.numbers), among(FakeQueueStay.call_id, person.call_ids))


OF_CALLS: Final = (
    Rows(Place.DRAFTS, CallDraft, of_their_calls(CallDraft.call_id)),
    Rows(Place.CARD_FIELDS, CardFields, of_their_calls(CardFields.call_id)),
    Rows(Place.MEMORIES, CallerMemory, _remembered),
    Rows(Place.CALL_NOTES, CallNote, of_their_calls(CallNote.call_id), {"note": "", "client_id": None}),
    Rows(Place.FAKE_QUEUE, FakeQueueStay, _held_in_the_fake_queue, {"caller_number": None}),
    Events(),
    Calls(),
    CallsOfOthers(),
    Forwarded(),
)
