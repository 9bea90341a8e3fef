"""Every event is prepared once per worker and kind of listener, however many listen."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.language import language
from app.live.event_json import PUBLIC, event_json
from app.live.feed import FeedEvent
from app.live.frames import frame
from app.live.positions import written
from app.panel.live_card import live_card
from app.switchboard import Switchboard
from models import CallRecord

_KEPT: Final = 1000


class Listener(StrEnum):
    """People get markup, programs JSON."""

    PERSON = "person"
    PROGRAM = "program"


Key = tuple[int, Listener, str, int]


@dataclass(slots=True)
class PreparedEvents:
    """Frames by position, listener, language and plan revision: a client saved meanwhile is on a replayed card."""

    board: Switchboard
    _frames: OrderedDict[Key, asyncio.Task[bytes | None]] = field(default_factory=OrderedDict)

    async def frame_of(self, event: FeedEvent, listener: Listener) -> bytes | None:
        """The event's frame; None when this kind of listener does not see it. Raises what the database raises."""
        if event.fact.kind not in PUBLIC:
            return None
        plan = self.board.live_plan.plan_of(event.fact.tenant_id)
        # The task that prepares the frame speaks as whoever asked for it first, and is asked again only by their like.
        key = (event.position, listener, language(), plan.revision if plan else 0)
        task = self._frames.get(key)
        if task is None:
            task = self._frames[key] = asyncio.create_task(self._prepare(event, listener))
            while len(self._frames) > _KEPT:
                self._frames.popitem(last=False)
        try:
            # Shielded: a listener that leaves does not take the frame from the others.
            return await asyncio.shield(task)
        except Exception:
            self._frames.pop(key, None)
            raise

    async def _prepare(self, event: FeedEvent, listener: Listener) -> bytes | None:
        fact = event.fact
        tenant = self.board.live_plan.tenant(fact.tenant_id)
        async with self.board.sessions() as session:
            call = await session.get(CallRecord, {"tenant_id": fact.tenant_id, "call_id": fact.call_id})
            if call is None:
                return None  # reported before the call itself; it is told when that has come
            if listener is Listener.PROGRAM:
                name, data = "", event_json(fact, call, tenant)
            else:
                told = await live_card(session, fact, call, tenant)
                if told is None:
                    return None
                name, data = "live", told
        return frame(name, data, written(self.board.feed, event.position))
