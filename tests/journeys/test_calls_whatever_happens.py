"""Whole calls over HTTP, whatever happens: callers of every kind who press keys and hang up when they like, operators who
answer, decline, go on breaks and talk, entries that come and go, an API that is away, another worker that offers. The
queues' own model is in :mod:`tests.journeys.test_queues_whatever_happens`; here the documents are carried out."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest

from app.auth.roles import Role
from app.plan.phrases import DEFAULTS
from models import BlacklistEntry
from routing.actions import Phrase
from routing.step import StepKind, decode, split_owner
from simulator import Call
from simulator.documents import Document
from simulator.heard import ConnectedTo, Event, HungUp, LeftQueue, Queued
from simulator.line import Line
from simulator.transcript import transcript
from tests import cast
from tests.api import API, signed_in
from tests.journeys.offering import offering
from tests.office import Office

pytestmark = pytest.mark.anyio

TELEPHONES: Final = {name: f"+3363998060{k}" for k, name in enumerate(("Olga", "Oscar", "Nadia", "Paul"))}
MARTIN: Final = "+33639980610"
VIPS: Final = [cast.VERA, "+33639980701", "+33639980702"]
BLACKLISTED: Final = [cast.BORIS, "+33639980801", "+33639980802"]
BLOCKABLE: Final = [f"+3363998090{k}" for k in range(6)]
ORDINARY: Final = [cast.UMA, cast.CLARA, "anonymous", *BLOCKABLE]
KEYS: Final = ["1", "2", "9", "*", "#", "0", "1#"]
STEPS: Final = 70


@dataclass(slots=True)
class Afternoon:
    """One office, and everybody who calls it until the receiver is put down."""

    office: Office
    dice: random.Random
    operators: dict[str, str]
    queues: list[str]
    hands: dict[str, httpx.AsyncClient]
    blocked: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    let_off: set[str] = field(default_factory=set)
    let_off_entries: dict[str, str] = field(default_factory=dict)

    async def somebody_calls(self) -> None:
        caller = self.dice.choice([*VIPS, *BLACKLISTED, *ORDINARY, *ORDINARY])
        attestation = self.dice.choice([None, None, "A", "C", "failed"])
        self.calls.append(await self.office.phones.place_call(caller, cast.LINE, attestation=attestation))

    async def somebody_presses_a_key(self) -> None:
        if listening := [call for call in self.calls if not call.is_over and call.keypad.listening]:
            self.dice.choice(listening).keypad.press(self.dice.choice(KEYS))

    async def somebody_hangs_up(self) -> None:
        if going_on := [call for call in self.calls if not call.is_over]:
            await self.dice.choice(going_on).hang_up()

    async def a_telephone_is_put_otherwise(self) -> None:
        phone = self.office.phones.phone(self.dice.choice([*TELEPHONES.values(), MARTIN]))
        how = self.dice.choice(["answers", "answers", "answers", "never", "busy", "fails"])
        if how == "answers":
            phone.answers_after(self.dice.choice([0, 1, 4, 12])).talks_for(self.dice.choice([3, 20, 90]))
        else:
            {"never": phone.never_answers, "busy": phone.busy, "fails": phone.fails}[how]()

    async def somebody_comes_or_goes(self) -> None:
        state = self.dice.choice(["available", "available", "break", "offline"])
        operator = self.dice.choice([one for name, one in self.operators.items() if name != "Paul"])
        set_to = await self.office.api.put(f"{API}/operators/{operator}/presence", json={"state": state})
        assert set_to.status_code == 200, set_to.text

    async def the_api_goes_or_comes_back(self) -> None:
        self.office.phones.trouble.away = not self.office.phones.trouble.away

    async def somebody_is_let_off(self) -> None:
        if self.let_off_entries:
            number, entry_id = self.let_off_entries.popitem()
            async with self.office.edit() as edit:
                key = {"tenant_id": self.office.company.tenant, "id": entry_id}
                await edit.record_deleted(await edit.session.get_one(BlacklistEntry, key))
            self.let_off.add(number)

    async def somebody_is_sent_on(self) -> None:
        if talking := [call for call in self.calls if call.connected_to and not call.is_over]:
            operator, queue = self.dice.choice([*self.operators.values()]), self.dice.choice(self.queues)
            to = self.dice.choice([{"operator_id": operator}, {"operator_id": operator}, {"queue_id": queue}])
            await self.ask(self.office.api, self.dice.choice(talking), "transfer", {"to": to})

    async def somebody_asks_a_colleague_first(self) -> None:
        names = {address: name for name, address in TELEPHONES.items()}
        if talking := [call for call in self.calls if call.connected_to in names and not call.is_over]:
            call = self.dice.choice(talking)
            word = {"to": {"operator_id": self.dice.choice([*self.operators.values()])}, "word_first": True}
            await self.ask(self.hands[names[call.connected_to or ""]], call, "transfer", word)

    async def a_word_has_been_spoken(self) -> None:
        how = self.dice.choice(["transfer/complete", "transfer/back"])
        for call in [call for call in self.calls if not call.is_over]:
            await self.ask(self.office.api, call, how, None)

    async def somebody_takes_a_call(self) -> None:
        if going_on := [call for call in self.calls if not call.is_over]:
            await self.ask(self.hands[self.dice.choice([*self.operators])], self.dice.choice(going_on), "take", None)

    async def somebody_who_waits_is_blocked(self) -> None:
        waiting = [call for call in self.calls if call.caller in BLOCKABLE and not call.is_over and is_in_a_queue(call)]
        if waiting and len(self.blocked) < 2:
            call = self.dice.choice(waiting)
            if await self.ask(self.office.api, call, "block", {}) == 201:
                self.blocked.add(call.caller)

    async def ask(self, who: httpx.AsyncClient, call: Call, what: str, body: dict[str, Any] | None) -> int:
        await self.office.settled()
        answer = await who.post(f"{API}/calls/{call.sid}/{what}", json=body)
        assert answer.status_code in {200, 201, 204, 403, 404, 409, 422, 503}, answer.text
        return answer.status_code

    async def another_worker_offers(self) -> None:
        self.office.board.offers_turn.is_mine = not self.office.board.offers_turn.is_mine

    async def go_on(self) -> None:
        """One thing after another; after each, time passes second by second, and what must hold is looked at."""
        things: list[Callable[[], Awaitable[None]]] = [
            *[self.somebody_calls] * 6, *[self.somebody_presses_a_key] * 6, *[self.a_telephone_is_put_otherwise] * 4,
            *[self.somebody_comes_or_goes] * 3, *[self.somebody_hangs_up] * 2, self.the_api_goes_or_comes_back,
            self.somebody_is_let_off, self.another_worker_offers, *[self.somebody_is_sent_on] * 3,
            *[self.somebody_takes_a_call] * 2, *[self.somebody_asks_a_colleague_first] * 2, self.a_word_has_been_spoken,
            self.somebody_who_waits_is_blocked,
        ]  # fmt: skip
        for _ in range(STEPS):
            await self.dice.choice(things)()
            for _ in range(self.dice.choice([1, 1, 2, 8])):
                await self.office.phones.let_pass(1)
                self.nobody_has_two_telephones_or_two_calls()

    async def come_to_an_end(self) -> None:
        """Three more call, all is well again, everybody picks up, and whoever still waits is served."""
        for caller in (cast.VERA, cast.UMA, cast.CLARA):
            self.calls.append(await self.office.phones.place_call(caller, cast.LINE))
        self.office.phones.trouble.away, self.office.board.offers_turn.is_mine = False, True
        for address in (*TELEPHONES.values(), MARTIN):
            self.office.phones.phone(address).answers_after(1).talks_for(5).presses("1")
        for operator in self.operators.values():
            await self.office.api.put(f"{API}/operators/{operator}/presence", json={"state": "available"})
        for _ in range(600):
            await self.office.phones.let_pass(1)
            self.nobody_has_two_telephones_or_two_calls()
        still = [call for call in self.calls if not call.is_over and not self.is_kept_out(call)]
        assert not still, [str(call) for call in still]
        for call in self.calls:
            if not call.is_over:
                await call.hang_up()

    def is_kept_out(self, call: Line) -> bool:
        return call.caller in self.blocked or (call.caller in BLACKLISTED and call.caller not in self.let_off)

    def nobody_has_two_telephones_or_two_calls(self) -> None:
        legs = [leg for call in self.office.phones.calls.values() for leg in call.legs if not leg.is_over]
        rung = Counter(leg.to for leg in legs)
        assert not {address: count for address, count in rung.items() if count > 1}


def is_in_a_queue(call: Call) -> bool:
    """Whether nobody is rung for it at this moment."""
    moves = [event for event in call.heard if isinstance(event, Queued | LeftQueue)]
    return bool(moves) and isinstance(moves[-1], Queued)


@asynccontextmanager
async def open_afternoon(office: Office, dice: random.Random) -> AsyncIterator[Afternoon]:
    """Two queues, four operators of whom Paul never leaves his desk, a manager, a menu of two keys; VIPs and blacklisted
    callers."""
    await office.send_nina_home()
    orders = await office.add_queue("Orders")
    queues = [office.company.queue_id, orders["id"]]
    for queue_id in queues:
        rules = {"ring": dice.choice(["all", "longest_idle", "in_order"]), "offer_callback_after_seconds": 40}
        changed = await office.api.patch(f"{API}/queues/{queue_id}", json=rules)
        assert changed.status_code == 200, changed.text
    served = [queues, queues[:1], queues[1:], queues]
    operators = {
        name: (await office.add_operator(address, name=name, queue_ids=of, position=k))["id"]
        for k, ((name, address), of) in enumerate(zip(TELEPHONES.items(), served, strict=True))
    }
    await office.add_manager(MARTIN, ring_seconds=8)
    for address in (*TELEPHONES.values(), MARTIN):
        office.phones.phone(address).accepts_several = True  # it is we who must not ring it twice
    keys = {"1": {"kind": "queue", "id": queues[0]}, "2": {"kind": "queue", "id": queues[1]}}
    menu = await office.add_menu("Accueil", keys, otherwise={"kind": "queue", "id": queues[0]})
    await office.change_line(menu_id=menu["id"])
    for number in VIPS:
        await office.add_vip(number)
    async with AsyncExitStack() as stack:
        hands = {
            name: await stack.enter_async_context(signed_in(office, Role.OPERATOR, one))
            for name, one in operators.items()
        }
        afternoon = Afternoon(office, dice, operators, queues, hands)
        for number in BLACKLISTED:
            entry = await office.add_blacklisted(number)
            if number != cast.BORIS:
                afternoon.let_off_entries[number] = entry["id"]
        yield afternoon


def steps_in(document: Document, key: bytes) -> set[StepKind]:
    """Where a document may lead."""
    elements = [] if document.root is None else list(document.root.iter())
    named = [value for element in elements for value in (*element.attrib.values(), element.text or "")]
    urls = [value for value in named if "/step/" in value]
    return {decode(split_owner(url.rpartition("/")[2])[1], key).kind for url in urls}


def is_sent_away(call: Call) -> bool:
    """We hung up, and the caller had not asked to be called back."""
    by_us = any(isinstance(event, HungUp) and event.by != "caller" for event in call.heard)
    return by_us and DEFAULTS[Phrase.CALLBACK_TAKEN]["fr"] not in call.said()


@pytest.mark.parametrize("seed", [1, 2, 3, 13])
async def test_whatever_happens_callers_end_where_they_belong(office: Office, seed: int) -> None:
    async with open_afternoon(office, random.Random(seed)) as afternoon:
        await live_through(afternoon)


async def live_through(afternoon: Afternoon) -> None:
    office = afternoon.office
    connected: list[Line] = []
    wrong: list[str] = []

    def look(line: Line, event: Event) -> None:
        if isinstance(event, ConnectedTo):
            connected.append(line)
            if afternoon.is_kept_out(line):
                wrong.append(f"{line.caller} is connected")

    def read(line: Line, document: Document) -> None:
        if line.caller in VIPS and StepKind.FAKE_QUEUE in steps_in(document, office.board.step_key):
            wrong.append(f"{line.caller} is in the fake queue")

    office.phones.on_event(look)
    office.phones.on_document(read)
    async with offering(office):
        await afternoon.go_on()
        await afternoon.come_to_an_end()
    assert not wrong
    assert [error for call in afternoon.calls for error in call.errors] == []
    assert len({line.sid for line in connected}) >= 3, "the last three at least"
    sent_away = [call for call in afternoon.calls if not afternoon.is_kept_out(call) and is_sent_away(call)]
    assert not [transcript(call) for call in sent_away if call not in connected]
