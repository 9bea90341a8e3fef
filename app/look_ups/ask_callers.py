"""Ask who calls, for the cards of calls that have just been decided. One worker of all does it, by the event log; how long
that takes is nothing to any call."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from app.base.one_of_all import OneOfAll
from app.calls.missed_calls import Shown, shown_as
from app.edits.tell_panels import tell_panels
from app.event_log.feed import PAGE
from app.event_log.records import BOOTH, FactKind
from app.look_ups.ask import Asker, Question
from app.look_ups.keep_answer import RESTS_AFTER, is_still_theirs, keep_answer, note_asked
from app.plan.clients_calling import clients_of
from app.switchboard import Switchboard
from models import CallRecord, LookUpAnswer, LookUpRecord
from routing.lifecycle import CallState

AT_ONCE: Final = 4
"""Questions to one program."""
SECONDS_APART: Final = 0.25
"""From one question to the next, of each of these four: sixteen a second to one program, however many people call."""
_WAITING: Final = 50
"""Questions to one program that wait for their turn; of more than that the oldest are dropped."""
KEPT: Final = timedelta(days=1)
"""An answer, after it holds no more: the card for which it was asked is gone by then."""
_SWEEP_SECONDS: Final = 3600.0
_TOO_LATE: Final = timedelta(seconds=30)
"""After the call came in: somebody talks with the caller by then."""
_ROUND_SECONDS: Final = 1.0
_BREATH_SECONDS: Final = 0.02
"""Between two looks into the log while calls come in one after the other."""
_FAR_BEHIND: Final = 5000
"""Events after which it is quicker to see who calls now."""
_DECIDED: Final = frozenset({FactKind.INCOMING, FactKind.REDECIDED})

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class AskLookUps:
    """``turn`` says whether it is this worker that asks. ``_position`` is how far the event log was looked through, None
    before the first look; ``_look_ups`` are those that are switched on, by id; ``_waiting`` what is still to be asked of
    each, ``_asking`` the numbers about which each is asked now."""

    board: Switchboard
    turn: OneOfAll
    asker: Asker
    _position: int | None = None
    _look_ups: dict[str, LookUpRecord] = field(default_factory=dict)
    _waiting: dict[str, deque[Question]] = field(default_factory=dict)
    _asking: dict[str, set[str]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Ask for ever."""
        loop = asyncio.get_running_loop()
        turn_at, sweep_at, is_mine = loop.time(), loop.time(), False
        try:
            while True:
                try:
                    if loop.time() >= turn_at:
                        turn_at = loop.time() + _ROUND_SECONDS
                        if is_mine := await self.turn.ask():
                            await self.read_look_ups()
                        else:
                            self._position = None
                        if is_mine and loop.time() >= sweep_at:
                            sweep_at = loop.time() + _SWEEP_SECONDS
                            await self.sweep()
                    if is_mine:
                        await self.look()
                except (SQLAlchemyError, OSError, TimeoutError) as error:
                    log.warning("look_ups.wait", error=type(error).__name__)
                    turn_at = loop.time() + _ROUND_SECONDS
                    await asyncio.sleep(_ROUND_SECONDS)
                except Exception:
                    log.exception("look_ups.failed")
                    await asyncio.sleep(_ROUND_SECONDS)
                await asyncio.sleep(_BREATH_SECONDS)
                patience = max(0.0, turn_at - loop.time())
                if is_mine and self._look_ups and self._position is not None:
                    await self.board.feed.wait_for_news(self._position, patience)
                else:
                    await asyncio.sleep(patience)
        finally:
            for task in self._tasks:
                task.cancel()
            await self.asker.close()

    async def round(self) -> None:
        """One look, by what is switched on now."""
        await self.read_look_ups()
        await self.look()

    async def settled(self) -> None:
        """Wait until everything that was begun is done."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def sweep(self) -> None:
        """Forget answers that no card shows any more: they are about people."""
        holds = func.make_interval(0, 0, 0, 0, 0, 0, LookUpRecord.cache_seconds)
        over = (
            LookUpRecord.tenant_id == LookUpAnswer.tenant_id, LookUpRecord.id == LookUpAnswer.look_up_id,
            LookUpAnswer.asked_at + holds < self.board.clock() - KEPT,
        )  # fmt: skip
        async with self.board.sessions() as session, session.begin():
            await session.execute(delete(LookUpAnswer).where(*over))

    async def read_look_ups(self) -> None:
        """Which there are, and how they are."""
        async with self.board.sessions() as session:
            rows = await session.scalars(select(LookUpRecord).where(LookUpRecord.enabled).order_by(LookUpRecord.id))
            self._look_ups = {one.id: one for one in rows}

    async def look(self) -> None:
        """See who has called since the last look, or who calls now at the first one, and begin to ask."""
        newest, begin = self.board.feed.position, self._position
        if not self.board.feed.epoch:
            return  # the log is not taken up yet
        if begin is not None and newest - begin > _FAR_BEHIND:
            begin = None
        by_tenant: dict[str, list[LookUpRecord]] = {}
        for look_up in self._look_ups.values():
            by_tenant.setdefault(look_up.tenant_id, []).append(look_up)
        for tenant_id, look_ups in by_tenant.items():
            if tenant_id not in self.board.live_plan.tenants:
                continue  # set up a moment ago
            came = None if begin is None else await self._who_came(tenant_id, begin, newest)
            if came is None or came:
                await self._consider(tenant_id, look_ups, came)
        self._position = newest

    async def _who_came(self, tenant_id: str, begin: int, newest: int) -> list[str]:
        """The ids of the last calls that were decided meanwhile."""
        came = deque[str](maxlen=_WAITING)
        while begin < newest:
            events = await self.board.feed.after(begin, tenant_id)
            came.extend(one.fact.call_id for one in events if one.fact.kind in _DECIDED)
            if len(events) < PAGE:
                break
            begin = events[-1].position
        return list(dict.fromkeys(came))

    async def _consider(self, tenant_id: str, look_ups: Sequence[LookUpRecord], came: Sequence[str] | None) -> None:
        now = self.board.clock()
        running = (
            select(CallRecord)
            .where(
                CallRecord.tenant_id == tenant_id, CallRecord.state != CallState.ENDED, CallRecord.provider != BOOTH,
                CallRecord.started_at > now - _TOO_LATE, CallRecord.caller_number.is_not(None),
            )
            .order_by(CallRecord.started_at.desc())
            .limit(_WAITING)
        )  # fmt: skip
        if came is not None:
            running = running.where(CallRecord.call_id.in_(came))
        async with self.board.sessions() as session:
            calls = [one for one in await session.scalars(running) if shown_as(one) is Shown.CARD]
            numbers = {one.caller_number for one in calls if one.caller_number}
            if not numbers:
                return
            query = select(LookUpAnswer.look_up_id, LookUpAnswer.number, LookUpAnswer.asked_at).where(
                LookUpAnswer.tenant_id == tenant_id, LookUpAnswer.number.in_(numbers)
            )
            answered = {(row.look_up_id, row.number): row.asked_at for row in await session.execute(query)}
        for look_up in look_ups:
            holds = timedelta(seconds=look_up.cache_seconds)
            for call in reversed(calls):
                question = self._question_about(call)
                asked_at = answered.get((look_up.id, question.number))
                if asked_at is None or asked_at < call.started_at - holds:
                    self._begin(look_up, question)

    def _question_about(self, call: CallRecord) -> Question:
        tenant = self.board.live_plan.tenant(call.tenant_id)
        clients = clients_of(call, tenant)
        line = tenant.plan.lines.get(call.line_number) if tenant.plan is not None else None
        return Question(
            number=call.caller_number or "", name=call.caller_name, call_id=call.call_id,
            client_id=clients[0]["id"] if len(clients) == 1 else None, line_id=call.line_id, line_number=call.line_number,
            line_label=line.label if line is not None else "", called_at=call.started_at,
        )  # fmt: skip

    def _begin(self, look_up: LookUpRecord, question: Question) -> None:
        """Ask as soon as one of the program's turns is free; once, however often somebody calls meanwhile."""
        waiting = self._waiting.setdefault(look_up.id, deque(maxlen=_WAITING))
        asking = self._asking.setdefault(look_up.id, set())
        if question.number in asking or any(one.number == question.number for one in waiting):
            return
        waiting.append(question)
        busy = sum(task.get_name() == look_up.id for task in self._tasks)
        if busy < (AT_ONCE if look_up.failures < RESTS_AFTER else 1):
            task = asyncio.create_task(self._ask_one_by_one(look_up.id), name=look_up.id)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask_one_by_one(self, look_up_id: str) -> None:
        loop = asyncio.get_running_loop()
        waiting = self._waiting[look_up_id]
        while waiting:
            question, began = waiting.popleft(), loop.time()
            look_up = self._look_ups.get(look_up_id)
            if look_up is None:
                waiting.clear()
                return
            if look_up.rests_until is not None and look_up.rests_until > self.board.clock():
                waiting.clear()  # nobody waits for it: cards do without
                return
            if question.called_at is not None and question.called_at < self.board.clock() - _TOO_LATE:
                continue
            self._asking[look_up_id].add(question.number)
            try:
                await self._ask(look_up, question)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("look_up.not_kept", look_up=look_up_id, error=type(error).__name__)
            except Exception:
                log.exception("look_up.failed", look_up=look_up_id)
            finally:
                self._asking[look_up_id].discard(question.number)
            await asyncio.sleep(max(0.0, SECONDS_APART - (loop.time() - began)))

    async def _ask(self, look_up: LookUpRecord, question: Question) -> None:
        asked = await self.asker.ask(look_up, question)
        now, tenant_id = self.board.clock(), look_up.tenant_id
        calls: Sequence[CallRecord] = ()
        async with self.board.sessions() as session, session.begin():
            is_kept = asked.answer is not None and await is_still_theirs(session, tenant_id, question)
            record = await note_asked(session, look_up, asked, now)
            if record is None:
                return
            if look_up.id in self._look_ups:
                self._look_ups[look_up.id] = record
            if asked.answer is not None and is_kept and record.enabled:
                await keep_answer(session, record, question.number, asked.answer, now)
                running = CallRecord.caller_number == question.number, CallRecord.state != CallState.ENDED
                calls = (
                    await session.scalars(select(CallRecord).where(CallRecord.tenant_id == tenant_id, *running))
                ).all()
        if record.rests_until is not None:
            log.warning("look_up.rests", look_up=look_up.id, fault=asked.fault)
        if asked.answer is not None and asked.answer.fields:
            await tell_panels(self.board, calls)
