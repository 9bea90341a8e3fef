"""Whoever waits, waits for somebody; and when that has become untrue, hears so within a minute."""

import pytest

from app.plan.phrases import DEFAULTS
from models import CategoryRule, OperatorRecord
from routing.actions import Phrase
from simulator import Call
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio

NOBODY, CLOSED = DEFAULTS[Phrase.NOBODY_SERVES]["fr"], DEFAULTS[Phrase.CLOSED]["fr"]


@pytest.fixture(autouse=True)
async def nobody_else_serves(office: Office) -> None:
    """Nobody but whom a test adds."""
    await office.send_nina_home()


async def change_operator(office: Office, operator_id: str, **fields: object) -> None:
    """Give an operator other values."""
    async with office.edit() as edit:
        operator = await edit.session.get_one(OperatorRecord, {"tenant_id": office.company.tenant, "id": operator_id})
        for name, value in fields.items():
            setattr(operator, name, value)
        await edit.record_changed(operator, None)


async def waiting(office: Office, caller: str = cast.UMA) -> Call:
    """A caller who waits while Olga does not answer."""
    call = await office.phones.place_call(caller, cast.LINE)
    await office.phones.let_pass(25)
    assert call.position_in_queue == 1
    return call


async def reason_of(office: Office, call: Call) -> str:
    await office.settled()
    code: str = (await office.api.get(f"/api/v1/calls/{call.sid}")).json()["decision"]["reason"]["code"]
    return code


@pytest.mark.parametrize("away", [False, True])
async def test_nobody_is_put_into_a_queue_that_nobody_serves(office: Office, away: bool) -> None:
    if away:
        await office.add_operator(available=False)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.said() == NOBODY
    assert call.answered_seconds < 20
    assert await reason_of(office, call) == "nobody_serves"


async def test_a_vip_without_anybody_hears_so_and_is_a_missed_vip(office: Office) -> None:
    await office.add_vip()
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.said() == NOBODY
    assert await reason_of(office, call) == "vip"


async def test_a_vip_rings_management_though_nobody_serves_the_queue(office: Office) -> None:
    await office.add_manager()
    await office.add_vip()
    office.phones.phone(cast.MARTIN).answers_after(3).talks_for(20)
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.connected_to == cast.MARTIN


async def test_a_vip_whose_manager_does_not_answer_hears_that_nobody_can(office: Office) -> None:
    await office.add_manager(ring_seconds=10)
    await office.add_vip()
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.said() == NOBODY


@pytest.mark.parametrize("what", ["break", "deleted", "another queue"])
async def test_whoever_waits_hears_within_a_minute_that_the_last_operator_has_gone(office: Office, what: str) -> None:
    olga = await office.add_operator()
    call = await waiting(office)
    if what == "deleted":
        await office.api.delete(f"/api/v1/operators/{olga['id']}")
    else:
        left: dict[str, object] = {"available": False} if what == "break" else {"queue_ids": []}
        await change_operator(office, olga["id"], **left)
    await office.phones.let_pass(60)
    assert NOBODY in call.said()
    await call.ended()
    assert call.errors == []


async def test_whoever_waits_hears_within_a_minute_that_the_line_has_closed(office: Office) -> None:
    await office.add_operator()
    await office.keep_hours(friday=["09:00-10:01"])
    call = await waiting(office)
    await office.phones.let_pass(35 + 60)
    assert CLOSED in call.said()
    await call.ended()
    assert call.errors == []


async def test_who_is_being_rung_when_the_line_closes_is_finished_first(office: Office) -> None:
    await office.add_operator()
    await office.keep_hours(friday=["09:00-10:01"])
    await office.phones.let_pass(50)
    office.phones.phone(cast.OLGA).answers_after(18).talks_for(300)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA


async def test_a_vip_and_a_client_received_at_any_hour_stay_on_through_closing(office: Office) -> None:
    await office.add_operator(ring_seconds=5)
    await office.add_vip()
    always: CategoryRule = await office.add_category("Garde", queue_id=office.company.queue_id, ignores_hours=True)  # type: ignore[assignment]
    await office.add_client(category_id=always["id"])  # type: ignore[index]
    await office.keep_hours(friday=["09:00-10:01"])
    calls = [await office.phones.place_call(caller, cast.LINE) for caller in (cast.VERA, cast.CLARA)]
    await office.phones.let_pass(400)
    assert [CLOSED in call.said() for call in calls] == [False, False]
    for call in calls:
        await call.hang_up()
        assert call.errors == []


async def test_the_wait_has_an_end_and_it_is_told(office: Office) -> None:
    await office.add_operator()
    await office.api.patch("/api/v1/company", json={"treatments": {"longest_wait_seconds": 120}})
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert DEFAULTS[Phrase.WAITED_TOO_LONG]["fr"] in call.said()
    assert 120 <= call.answered_seconds <= 200


async def test_an_operator_who_declines_is_left_alone_for_a_while(office: Office) -> None:
    await office.add_operator()
    office.phones.phone(cast.OLGA).busy()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(55)
    rung = [leg for leg in call.documents if leg.root is not None and leg.root.find("Dial") is not None]
    assert len(rung) == 1
    await office.phones.let_pass(60)
    rung = [leg for leg in call.documents if leg.root is not None and leg.root.find("Dial") is not None]
    assert len(rung) == 2
    await call.hang_up()


async def test_an_operator_of_two_queues_is_rung_for_one_caller_at_a_time(office: Office) -> None:
    second = await office.add_queue("Second")
    await office.add_operator(queue_ids=[office.company.queue_id, second["id"]])
    gold = await office.add_category("Gold", queue_id=second["id"])
    await office.add_client(category_id=gold["id"])
    calls = [await office.phones.place_call(caller, cast.LINE) for caller in (cast.UMA, cast.CLARA)]
    await office.phones.let_pass(12)
    rung = [any(one.root is not None and one.root.find("Dial") is not None for one in call.documents) for call in calls]
    assert sorted(rung) == [False, True]
    for call in calls:
        await call.hang_up()
        assert call.errors == []


async def test_an_overflow_by_what_the_queue_says(office: Office) -> None:
    """Too long a wait leads to the other queue, and whoever is one too many goes there at once; a VIP stays."""
    await office.add_operator(ring_seconds=60)
    oscar = await office.add_queue("Second")
    await office.add_operator(cast.OSCAR, name="Oscar", queue_ids=[oscar["id"]])
    rules = {"max_wait_seconds": 60, "max_waiting": 1, "otherwise": {"do": "queue", "id": oscar["id"]}}
    first = f"/api/v1/queues/{office.company.queue_id}"
    assert (await office.api.patch(first, json=rules)).status_code == 200
    office.phones.phone(cast.OSCAR).answers_after(5).talks_for(300)
    stays = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(20)
    sent_on = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(25)
    assert sent_on.connected_to == cast.OSCAR
    await sent_on.hang_up()
    await office.phones.let_pass(70)
    assert stays.connected_to == cast.OSCAR
    assert stays.errors == sent_on.errors == []
    await stays.hang_up()


@pytest.mark.parametrize("otherwise", [{"do": "number", "number": cast.MARTIN}, {"text": {"fr": "Écrivez-nous."}}])
async def test_a_queue_that_nobody_serves_rings_a_number_or_says_its_own_words(
    office: Office, otherwise: dict[str, object]
) -> None:
    await office.api.patch(f"/api/v1/queues/{office.company.queue_id}", json={"otherwise": otherwise})
    office.phones.phone(cast.MARTIN).answers_after(5).talks_for(20)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    if "number" in otherwise:
        assert call.connected_to == cast.MARTIN
    else:
        assert call.said() == "Écrivez-nous."
