"""Every event is read once per worker and drawn once for all who stand alike, however many listen."""

import asyncio
from collections import OrderedDict
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.language import language
from app.base.reader_zone import reader_zone_name
from app.calls.concerned import concerned_by
from app.calls.dossier import Dossier, dossier_of
from app.calls.seat import Seat, Viewer, seat_of
from app.event_log.feed import FeedEvent
from app.event_log.positions import written
from app.event_log.records import CALLBACK_KINDS, CLIENT_KINDS, PUBLIC, CallFact, FactKind
from app.panel.channel.event_json import callback_event_json, clients_json, event_json, presence_json
from app.panel.channel.frames import frame
from app.panel.live_card import live_card
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from models import Callback, CallRecord

_KEPT: Final = 1000
_FOR_PEOPLE: Final = (PUBLIC - CLIENT_KINDS) | {FactKind.NOTED}


@dataclass(frozen=True, slots=True)
class _Read:
    """What an event is about, and whom it concerns. A call-back may have no call, and has no dossier then."""

    dossier: Dossier | None
    tenant: TenantRows
    concerned: Set[str] = frozenset()
    callback: Callback | None = None


@dataclass(slots=True)
class PreparedEvents:
    """What was read by position and plan revision: a client saved meanwhile is on a replayed card. Frames by these, and by
    language, zone and seat; for programs there is one."""

    board: Switchboard
    _read: OrderedDict[tuple[int, int], asyncio.Task[_Read | None]] = field(default_factory=OrderedDict)
    _frames: OrderedDict[tuple[int, int, str, Seat | None], bytes | None] = field(default_factory=OrderedDict)

    async def frame_of(self, event: FeedEvent, viewer: Viewer | None) -> bytes | None:
        """The event's frame for ``viewer`` (None: a program, which gets JSON); None when they see nothing of it. Raises
        what the database raises."""
        if event.fact.kind is FactKind.PRESENCE_CHANGED:
            name, data = ("presence", event.fact.payload) if viewer else ("", presence_json(event.fact))
            return frame(name, data, written(self.board.feed, event.position))
        if event.fact.kind not in (_FOR_PEOPLE if viewer else PUBLIC):
            return None
        if event.fact.kind in CLIENT_KINDS:
            data = clients_json(event.fact, self.board.live_plan.tenant(event.fact.tenant_id))
            return frame("", data, written(self.board.feed, event.position))
        if event.fact.kind is FactKind.VOICEMAIL_RECEIVED and event.fact.payload["unheard"]:
            return None  # a blacklisted caller's: nobody is told
        plan = self.board.live_plan.plan_of(event.fact.tenant_id)
        revision = plan.revision if plan else 0
        read = await self._read_once(event, revision)
        if read is None:
            return None  # reported before the call itself; it is told when that has come
        seat = seat_of(viewer, read.dossier, read.concerned) if viewer and read.dossier else None
        reader = f"{language()} {reader_zone_name()}" if viewer else ""
        key = (event.position, revision, reader, seat)
        if key not in self._frames:
            self._frames[key] = self._draw(event, read, seat, for_people=viewer is not None)
            while len(self._frames) > _KEPT:
                self._frames.popitem(last=False)
        return self._frames[key]

    async def told(self, event: FeedEvent) -> dict[str, object] | None:
        """What a program is told of the event; None if nothing. Raises what the database raises."""
        fact = event.fact
        if fact.kind is FactKind.PRESENCE_CHANGED:
            return presence_json(fact)
        if fact.kind in CLIENT_KINDS:
            return clients_json(fact, self.board.live_plan.tenant(fact.tenant_id))
        if fact.kind not in PUBLIC or (fact.kind is FactKind.VOICEMAIL_RECEIVED and fact.payload["unheard"]):
            return None
        plan = self.board.live_plan.plan_of(fact.tenant_id)
        read = await self._read_once(event, plan.revision if plan else 0)
        return _for_programs(fact, read) if read is not None else None

    async def _read_once(self, event: FeedEvent, revision: int) -> _Read | None:
        key = (event.position, revision)
        task = self._read.get(key)
        if task is None:
            task = self._read[key] = asyncio.create_task(self._read_event(event))
            while len(self._read) > _KEPT:
                self._read.popitem(last=False)
        try:
            # Shielded: a listener that leaves does not take it from the others.
            return await asyncio.shield(task)
        except Exception:
            self._read.pop(key, None)
            raise

    async def _read_event(self, event: FeedEvent) -> _Read | None:
        fact = event.fact
        tenant = self.board.live_plan.tenant(fact.tenant_id)
        ringing = self.board.open_calls.ringing(fact.tenant_id, fact.call_id)
        async with self.board.sessions() as session:
            callback = await _callback_of(session, fact)
            if fact.kind in CALLBACK_KINDS and callback is None:
                return None
            call_id = callback.call_id or "" if callback is not None else fact.call_id
            call = await session.get(CallRecord, {"tenant_id": fact.tenant_id, "call_id": call_id})
            if call is None:
                return None if callback is None else _Read(None, tenant, callback=callback)
            dossier = await dossier_of(session, call, tenant, self.board.clock(), ringing)
        concerned = concerned_by(call, tenant.plan, ringing.phones) if tenant.plan else frozenset[str]()
        return _Read(dossier, tenant, concerned, callback)

    def _draw(self, event: FeedEvent, read: _Read, seat: Seat | None, *, for_people: bool) -> bytes | None:
        data = self._for_people(event.fact, read, seat) if for_people else _for_programs(event.fact, read)
        if data is None:
            return None
        return frame("live" if for_people else "", data, written(self.board.feed, event.position))

    def _for_people(self, fact: CallFact, read: _Read, seat: Seat | None) -> dict[str, object] | None:
        """Lists of call-backs are fetched anew by the pages that show one; a call's own line is drawn with it."""
        told = None
        if read.dossier is not None and seat is not None:
            told = live_card(fact, read.dossier, read.tenant, seat, self.board.clock())
        if fact.kind in CALLBACK_KINDS:
            return (told or {"swap": "none"}) | {"callbacks": True}
        if fact.kind is FactKind.VOICEMAIL_RECEIVED:
            return (told or {"swap": "none"}) | {"voicemails": True}
        return told


def _for_programs(fact: CallFact, read: _Read) -> dict[str, object] | None:
    call = read.dossier.call if read.dossier is not None else None
    if read.callback is not None:
        return callback_event_json(fact, read.callback, call, read.tenant)
    return event_json(fact, call, read.tenant) if call is not None else None


async def _callback_of(session: AsyncSession, fact: CallFact) -> Callback | None:
    """The call-back that a fact is about. One that a caller has just asked for is found by its call."""
    if fact.kind not in CALLBACK_KINDS:
        return None
    if callback_id := fact.payload.get("callback_id"):
        return await session.get(Callback, {"tenant_id": fact.tenant_id, "id": callback_id})
    mine = (Callback.tenant_id == fact.tenant_id, Callback.call_id == fact.call_id)
    return (await session.scalars(select(Callback).where(*mine).limit(1))).one_or_none()
