"""``/rules``: their order, what they refuse, and what they keep from being deleted."""

from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made, neighbour
from tests.company.test_what_is_in_use_stays import refused
from tests.office import Office

pytestmark = pytest.mark.anyio

RULES = f"{API}/rules"
SPAIN = {"when": {"country": "ES"}, "do": {"action": "voicemail"}}


async def names(office: Office) -> list[str]:
    """The rules as they are listed, whose places have no gaps."""
    items = (await office.api.get(RULES)).json()["items"]
    assert [one["position"] for one in items] == list(range(1, len(items) + 1))
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    assert [one.name for one in plan.rules.asked] == [one["name"] for one in items]
    return [one["name"] for one in items]


async def test_a_new_rule_is_the_last_and_one_that_moves_renumbers_the_others(office: Office) -> None:
    rows = {name: await made(office, "rules", name=name, **SPAIN) for name in "abc"}
    assert await names(office) == ["a", "b", "c"]
    await made(office, "rules", name="d", position=2, **SPAIN)
    assert await names(office) == ["a", "d", "b", "c"]

    async def move(name: str, position: int | None) -> list[str]:
        answer = await office.api.patch(f"{RULES}/{rows[name]['id']}", json={"position": position})
        assert answer.is_success
        return await names(office)

    assert await move("c", 1) == ["c", "a", "d", "b"]
    assert await move("c", 3) == ["a", "d", "c", "b"]
    assert await move("a", 200) == await move("a", None) == ["d", "c", "b", "a"]
    await office.api.delete(f"{RULES}/{rows['c']['id']}")
    assert await names(office) == ["d", "b", "a"]
    moved = (await office.api.get(f"{API}/audit", params={"row_id": rows["b"]["id"]})).json()["items"]
    assert {one["act"] for one in moved} == {"add", "move"}


async def test_a_rule_is_answered_as_it_was_written(office: Office) -> None:
    queue, line = office.company.queue_id, office.company.line_id
    when = {
        "country": "es", "prefix": "+34 91", "kind": "sip", "attestation": ["A", "none"], "name": "Ann", "line_id": line,
        "hours": "closed", "calls": {"at_least": 3, "within_minutes": 10},
    }  # fmt: skip
    do = {"action": "queue", "queue_id": queue, "text": {"fr": "Bonjour."}}
    rule = await made(office, "rules", name="All of it", when=when, do=do)
    assert rule["when"] == when | {"country": "ES", "prefix": "+3491"}
    assert rule["do"] == do
    assert (rule["state"], rule["position"]) == ("active", 1)
    plain = await made(office, "rules", name="Text", when={"prefix": "+34"}, do={"action": "message", "text": "Hola."})
    assert plain["when"] == {"prefix": "+34"}
    assert plain["do"] == {"action": "message", "text": "Hola."}
    national = await made(office, "rules", name="National", when={"prefix": "0899"}, do={"action": "reject"})
    assert national["when"] == {"prefix": "+33899"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"when": {}}, "when"),
        ({"when": {"country": None}}, "when"),
        ({"when": {"country": "XX"}}, "when.country"),
        ({"when": {"prefix": "banana"}}, "when.prefix"),
        ({"when": {"kind": "number"}}, "when.kind"),
        ({"when": {"attestation": []}}, "when.attestation"),
        ({"when": {"attestation": ["D"]}}, "when.attestation.0"),
        ({"when": {"name": "\u200b"}}, "when.name"),
        ({"when": {"name": "x" * 201}}, "when.name"),
        ({"when": {"name": "\x00"}}, "when.name"),
        ({"when": {"name": "a\x00b"}}, "when.name"),
        ({"when": {"category_id": "nobody"}}, "when.category_id"),
        ({"when": {"line_id": "nobody"}}, "when.line_id"),
        ({"when": {"hours": "sometimes"}}, "when.hours"),
        ({"when": {"calls": {"at_least": 1, "within_minutes": 10}}}, "when.calls.at_least"),
        ({"when": {"calls": {"at_least": 3, "within_minutes": 99999}}}, "when.calls.within_minutes"),
        ({"when": {"calls": {"at_least": 3}}}, "when.calls.within_minutes"),
        ({"when": {"tag": "gold; silver"}}, "when.tag"),
        ({"do": {"action": "queue"}}, "do.queue_id"),
        ({"do": {"action": "queue", "queue_id": "nobody"}}, "do.queue_id"),
        ({"do": {"action": "menu"}}, "do.menu_id"),
        ({"do": {"action": "menu", "menu_id": "nobody"}}, "do.menu_id"),
        ({"do": {"action": "reject", "text": "Bye."}}, "do.text"),
        ({"do": {"action": "dance"}}, "do.action"),
        ({"do": {}}, "do.action"),
        ({"state": "asleep"}, "state"),
        ({"position": 0}, "position"),
        ({"position": 201}, "position"),
    ],
)
async def test_what_is_wrong_is_named(office: Office, change: dict[str, Any], field: str) -> None:
    answer = await office.api.post(RULES, json={"name": "x"} | SPAIN | change)
    assert fault(answer) == (422, "unprocessable", field)
    assert (await office.api.get(RULES)).json()["items"] == []


async def test_what_a_rule_names_stays(office: Office) -> None:
    queue = await made(office, "queues", name="Orders")
    menu = await made(office, "menus", name="Ventes", prompts={"fr": "x"}, keys={"9": {"kind": "repeat"}})
    category = await made(office, "categories", name="Regulars")
    line = await made(office, "lines", number=cast.SECOND_LINE, label="Second")
    when = {"category_id": category["id"], "line_id": line["id"]}
    first = await made(office, "rules", name="Q", when=when, do={"action": "queue", "queue_id": queue["id"]})
    second = await made(office, "rules", name="M", when=when, do={"action": "menu", "menu_id": menu["id"]})
    assert await refused(office, "queues", queue["id"]) == [("rules", "Q")]
    assert await refused(office, "menus", menu["id"]) == [("rules", "M")]
    assert await refused(office, "categories", category["id"]) == [("rules", "Q"), ("rules", "M")]
    assert await refused(office, "lines", line["id"]) == [("rules", "Q"), ("rules", "M")]
    for rule in (first, second):
        await office.api.delete(f"{RULES}/{rule['id']}")
    assert (await office.api.delete(f"{API}/queues/{queue['id']}")).status_code == 204


async def test_another_company_s_rules_and_rows_are_nobody_s_here(office: Office) -> None:
    mine = await made(office, "rules", name="Mine", **SPAIN)
    async with neighbour(office) as (other, _):
        assert (await other.get(RULES)).json()["items"] == []
        assert (await other.patch(f"{RULES}/{mine['id']}", json={"position": 1})).status_code == 404
        do = {"action": "queue", "queue_id": office.company.queue_id}
        stolen = await other.post(RULES, json={"name": "x", "when": {"country": "ES"}, "do": do})
        assert fault(stolen) == (422, "unprocessable", "do.queue_id")


async def test_a_cursor_that_was_made_up_is_refused(office: Office) -> None:
    for text in ("WyJ4IiwieSJd", "WyItOTk5OTk5OTk5OTk5OTk5IiwieSJd"):  # ["x","y"] and ["-999999999999999","y"]
        assert (await office.api.get(RULES, params={"cursor": text})).status_code in (200, 422)
