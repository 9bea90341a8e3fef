"""Lists and objects inside a row: a change takes them in the form in which a new row does."""

from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made
from tests.company.resource_shapes import SHAPES
from tests.office import Office

pytestmark = pytest.mark.anyio

NESTED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("clients", {"numbers": [{"number": "+33612345223"}]}, {"numbers": [{"number": "+33612345223", "shared": False}]}),
    ("clients", {"numbers": ["06 12 34 52 23"]}, {"numbers": [{"number": "+33612345223", "shared": False}]}),
    (
        "clients",
        {"numbers": [{"number": cast.UMA, "shared": True}, cast.CLARA]},
        {"numbers": [{"number": cast.UMA, "shared": True}, {"number": cast.CLARA, "shared": False}]},
    ),
    ("clients", {"numbers": []}, {"numbers": []}),
    ("hours", {"days": {"friday": ["09:00-12:00"], "monday": []}}, {"days": {"friday": ["09:00-12:00"]}}),
    ("menus", {"prompts": {"es": "Pulse 9."}}, {"prompts": {"es": "Pulse 9."}}),
    ("menus", {"otherwise": {"kind": "message", "text": "Au revoir."}}, {}),
    ("menus", {"keys": {"12": {"kind": "message", "text": "Bonjour."}, "#": {"kind": "repeat"}}}, {}),
    ("menus", {"otherwise": None}, {"otherwise": None}),
    ("operators", {"queue_ids": []}, {"queue_ids": []}),
    ("vip", {"lines": [cast.LINE]}, {}),
    ("vip", {"lines": [], "expires_at": "2026-12-31T18:00:00Z"}, {"lines": []}),
    ("blacklist", {"lines": [cast.LINE], "treatment": None}, {"treatment": None}),
    (
        "holidays",
        {"country": None, "subdivision": None, "day": "2026-12-26", "intervals": ["09:00-12:00"]},
        {"intervals": ["09:00-12:00"]},
    ),
    ("lines", {"country": None, "time_zone": "", "language": ""}, {"country": "FR", "time_zone": "Europe/Paris"}),
]


@pytest.mark.parametrize(("resource", "change", "expected"), NESTED)
async def test_a_change_takes_what_a_new_row_takes(
    office: Office, resource: str, change: dict[str, Any], expected: dict[str, Any]
) -> None:
    row = await made(office, resource, **SHAPES[resource].bodies[0])
    path = f"{API}/{resource}/{row['id']}"
    changed = await office.api.patch(path, json=change)
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in expected} == expected
    again = await office.api.patch(path, json=change)
    assert again.status_code == 200
    read = (await office.api.get(path)).json()
    assert {name: read[name] for name in change} == {name: changed.json()[name] for name in change}


async def test_a_key_that_cannot_be_is_named_like_any_field(office: Office) -> None:
    for resource, field, change in (
        ("menus", "keys.x", {"keys": {"x": {"kind": "repeat"}}}),
        ("menus", "prompts.de", {"prompts": {"de": "Hallo."}}),
        ("menus", "keys.1.id", {"keys": {"1": {"kind": "queue", "id": 1}}}),
        ("hours", "days.lundi", {"days": {"lundi": []}}),
    ):
        body: dict[str, Any] = {**SHAPES[resource].bodies[0], **change}
        assert fault(await office.api.post(f"{API}/{resource}", json=body)) == (422, "unprocessable", field)


async def test_the_choices_of_a_company_are_changed_one_by_one(office: Office) -> None:
    changed = await office.api.patch(
        f"{API}/company", json={"treatments": {"withheld": "ordinary"}, "protected": ["01 99 00 10 05"]}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["protected"] == ["+33199001005"]
    assert changed.json()["treatments"]["fake_queue_cap_seconds"] == 1800
