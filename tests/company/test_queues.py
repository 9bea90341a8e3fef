"""Queues: how they ring, how long they let callers wait, and where they send them."""

import pytest

from tests import cast
from tests.api import API, fault, made, neighbour
from tests.office import Office

pytestmark = pytest.mark.anyio

RULES = {
    "ring": "longest_idle", "ring_seconds": 15, "wrap_up_seconds": 30, "max_wait_seconds": 120, "max_waiting": 5,
    "otherwise": {"do": "message", "text": {"fr": "Écrivez-nous."}},
}  # fmt: skip


async def test_a_queue_has_rules_and_a_new_one_has_none_that_anybody_would_notice(office: Office) -> None:
    plain = await made(office, "queues", name="Plain")
    assert {name: plain[name] for name in RULES} == {
        "ring": "all", "ring_seconds": None, "wrap_up_seconds": 0, "max_wait_seconds": None, "max_waiting": None,
        "otherwise": {"do": "message", "id": None, "number": None, "text": {}},
    }  # fmt: skip
    orders = await made(office, "queues", name="Orders", **RULES)
    assert orders["otherwise"]["text"] == {"fr": "Écrivez-nous."}
    assert {name: orders[name] for name in RULES if name != "otherwise"} == {
        name: value for name, value in RULES.items() if name != "otherwise"
    }


async def test_an_announcement_is_given_by_language_or_in_the_company_s(office: Office) -> None:
    texts = {"fr": "Un instant.", "en": "One moment."}
    assert (await made(office, "queues", name="By language", announcement=texts))["announcement"] == texts
    alone = await made(office, "queues", name="Alone", announcement="Un instant.", announcements={"en": "One moment."})
    assert (alone["announcement"], alone["announcements"]) == ("Un instant.", {"en": "One moment."})
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    assert [queue.announcement for queue in plan.queues.values() if queue.announcement] == [texts, texts]


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"ring": "nobody"}, "ring"), ({"ring_seconds": 4}, "ring_seconds"), ({"max_waiting": 0}, "max_waiting"),
        ({"max_wait_seconds": 9}, "max_wait_seconds"), ({"wrap_up_seconds": -1}, "wrap_up_seconds"),
        ({"otherwise": {"do": "sing"}}, "otherwise.do"), ({"otherwise": {"do": "queue"}}, "otherwise.id"),
        ({"otherwise": {"do": "queue", "id": "nobodys"}}, "otherwise.id"),
        ({"otherwise": {"do": "number"}}, "otherwise.number"),
        ({"otherwise": {"do": "number", "number": cast.LINE}}, "otherwise.number"),
        ({"otherwise": {"do": "number", "number": "+870773111632"}}, "otherwise.number"),
        ({"otherwise": {"do": "number", "number": "+4915112345678"}}, "otherwise.number"),
        ({"otherwise": {"text": {"de": "Hallo"}}}, "otherwise.text.de"),
    ],
)  # fmt: skip
async def test_rules_that_make_no_sense_or_cost_money_are_refused(
    office: Office, rules: dict[str, object], field: str
) -> None:
    response = await office.api.post(f"{API}/queues", json={"name": "Orders", **rules})
    assert fault(response)[0] == 422
    assert field in response.text


async def test_a_number_is_read_like_an_operator_s(office: Office) -> None:
    queue = await made(office, "queues", name="Orders", otherwise={"do": "number", "number": "06 39 98 00 11"})
    assert queue["otherwise"]["number"] == cast.OLGA


async def test_queues_that_would_send_callers_round_in_circles_are_refused(office: Office) -> None:
    first = await made(office, "queues", name="First")
    second = await made(office, "queues", name="Second", otherwise={"do": "queue", "id": first["id"]})
    for one, other in ((first, second), (first, first)):
        otherwise = {"do": "queue", "id": other["id"]}
        response = await office.api.patch(f"{API}/queues/{one['id']}", json={"otherwise": otherwise})
        assert fault(response) == (422, "unprocessable", "otherwise.id")


async def test_a_queue_to_which_another_sends_its_callers_is_in_use(office: Office) -> None:
    first = await made(office, "queues", name="First")
    await made(office, "queues", name="Second", otherwise={"do": "queue", "id": first["id"]})
    refused = await office.api.delete(f"{API}/queues/{first['id']}")
    assert refused.status_code == 409
    assert [one["name"] for one in refused.json()["used_by"]] == ["Second"]


async def test_who_waits_is_told_in_the_order_in_which_they_are_served(office: Office) -> None:
    path = f"{API}/queues/{office.company.queue_id}/waiting"
    assert (await office.api.get(path)).json() == {"items": []}
    await office.send_nina_home()
    olga = await office.add_operator(ring_seconds=60)
    await office.add_manager(ring_seconds=5)
    await office.add_vip(cast.VERA)
    clara = await office.add_client()
    calls = []
    for caller in (cast.UMA, cast.CLARA, cast.VERA):
        calls.append(await office.phones.place_call(caller, cast.LINE))
        await office.phones.let_pass(6)
    await office.settled()
    waiting = (await office.api.get(path)).json()["items"]
    assert [(one["from"], one["class"], one["position"]) for one in waiting] == [
        (cast.VERA, "vip", 1), (cast.UMA, "ordinary", 2), (cast.CLARA, "ordinary", 3),
    ]  # fmt: skip
    assert [one["client_id"] for one in waiting] == [None, None, clara["id"]]
    assert [one["call_id"] for one in waiting] == [calls[2].sid, calls[0].sid, calls[1].sid]
    assert [one["offered_to"] for one in waiting].count([olga["id"]]) == 1
    for call in calls:
        await call.hang_up()
    await office.settled()
    assert (await office.api.get(path)).json() == {"items": []}
    async with neighbour(office) as (other, _):
        assert (await other.get(path)).status_code == 404
