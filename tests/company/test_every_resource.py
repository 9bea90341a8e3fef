"""What holds for every resource alike: add, list, find, page, read, change, delete, conflict, rights, limits."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import String

from app import routes
from app.auth.roles import Role
from app.edits.in_use import references
from app.web.resource import Resource
from models import Base
from models.base import Identified
from tests.api import API, fault, made, signed_in
from tests.company.resource_shapes import SHAPES
from tests.office import Office

pytestmark = pytest.mark.anyio

NOBODY = "01aaaaaaaaaaaaaaaaaa"
every_resource = pytest.mark.parametrize("resource", SHAPES)


async def rows_of(office: Office, resource: str) -> list[dict[str, Any]]:
    return [await made(office, resource, **body) for body in SHAPES[resource].bodies]


async def test_every_resource_with_a_post_and_a_delete_is_tried_here(office: Office) -> None:
    methods: dict[str, set[str]] = {}
    for route in iter_route_contexts(office.app.routes):
        if (route.path or "").startswith(API):
            methods.setdefault((route.path or "").split("/")[3], set()).update(route.methods or ())
    # A recording is made of a file: tests/company/test_audio.py. Sales come in files: tests/sales.
    assert {*SHAPES, "audio", "sales"} == {
        name for name, found in methods.items() if {"POST", "PATCH", "DELETE"} <= found
    }


@every_resource
async def test_a_row_is_added_read_changed_and_deleted(office: Office, resource: str) -> None:
    shape = SHAPES[resource]
    added = await office.api.post(f"{API}/{resource}", json=shape.bodies[0])
    path, row = added.headers["Location"], added.json()
    row.pop("secret", None)  # a webhook's, which is shown once
    assert (added.status_code, path) == (201, f"{API}/{resource}/{row['id']}")
    assert not set(shape.hidden) & set(row)
    read = await office.api.get(path)
    assert read.status_code == 200
    assert {**read.json(), "warnings": []} == {**row, "warnings": []}  # which are told after a change
    unchanged = (await office.api.patch(path, json={})).json()
    assert {**unchanged, "updated_at": None} == {**row, "updated_at": None}
    changed = (await office.api.patch(path, json=shape.change)).json()
    assert {**changed, "updated_at": None} == {**row, **shape.change, "updated_at": None}
    gone = await office.api.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert fault(await office.api.get(path))[:2] == (404, "not-found")


@every_resource
async def test_every_change_has_a_version_and_is_in_the_audit_trail(office: Office, resource: str) -> None:
    shape = SHAPES[resource]
    row = await made(office, resource, **shape.bodies[0])
    path = f"{API}/{resource}/{row['id']}"
    changed, gone = await office.api.patch(path, json=shape.change), await office.api.delete(path)
    trail = (await office.api.get(f"{API}/audit", params={"row_id": row["id"]})).json()["items"]
    assert [one["act"] for one in trail] == ["delete", "change", "add"]
    if resource not in {"users", "webhooks", "look-ups"}:  # which are no part of the plan
        versions = [int(answer.headers["Antichambre-Revision"]) for answer in (changed, gone)]
        assert versions[0] < versions[1] <= office.board.live_plan.version


@every_resource
async def test_rows_are_listed_in_their_order_page_by_page_and_found(office: Office, resource: str) -> None:
    rows = await rows_of(office, resource)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await office.api.get(f"{API}/{resource}", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        assert len(page["items"]) <= 2
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == sorted(set(seen), reverse=not SHAPES[resource].placed)
    assert {row["id"] for row in rows} <= set(seen)
    if q := SHAPES[resource].q:
        found = (await office.api.get(f"{API}/{resource}", params={"q": q})).json()
        assert [one["id"] for one in found["items"]] == [rows[0]["id"]]
        assert (await office.api.get(f"{API}/{resource}", params={"q": "nobody and nothing"})).json()["items"] == []


@every_resource
async def test_what_contradicts_another_row_is_a_conflict_and_leaves_nothing(office: Office, resource: str) -> None:
    shape = SHAPES[resource]
    if shape.twin is None:
        pytest.skip("two clients may have one name, and two webhooks one address")
    rows = await rows_of(office, resource)
    before = (await office.api.get(f"{API}/{resource}")).json()
    answer = await office.api.post(f"{API}/{resource}", json=shape.twin)
    assert answer.status_code == 409
    assert answer.json()["code"] in {"name-taken", "already-listed"}
    if resource != "holidays":  # a country's holidays cannot become a day
        renamed = await office.api.patch(f"{API}/{resource}/{rows[1]['id']}", json=shape.twin)
        assert renamed.status_code == 409
    assert (await office.api.get(f"{API}/{resource}")).json() == before


@every_resource
async def test_what_is_missing_unknown_or_null_is_named(office: Office, resource: str) -> None:
    shape = SHAPES[resource]
    path = f"{API}/{resource}"
    row = await made(office, resource, **shape.bodies[0])
    for name in shape.required:
        without = {key: value for key, value in shape.bodies[1].items() if key != name}
        assert fault(await office.api.post(path, json=without)) == (422, "unprocessable", name)
        assert fault(await office.api.patch(f"{path}/{row['id']}", json={name: None})) == (422, "unprocessable", name)
    for name in {"name", "label"} & set(shape.required):
        nothing_to_see = {name: "\u200b \u2800"}
        assert fault(await office.api.post(path, json=shape.bodies[1] | nothing_to_see)) == (422, "unprocessable", name)
        answer = await office.api.patch(f"{path}/{row['id']}", json=nothing_to_see)
        assert fault(answer) == (422, "unprocessable", name)
    for answer in (
        await office.api.post(path, json=shape.bodies[1] | {"mood": "good"}),
        await office.api.patch(f"{path}/{row['id']}", json={"mood": "good"}),
    ):
        assert fault(answer) == (422, "unprocessable", "mood")


@every_resource
async def test_what_is_not_there_is_not_found(office: Office, resource: str) -> None:
    for row_id in (NOBODY, "%00", "x" * 100):
        path = f"{API}/{resource}/{row_id}"
        answers = [
            await office.api.get(path), await office.api.patch(path, json=SHAPES[resource].change),
            await office.api.delete(path),
        ]  # fmt: skip
        assert [fault(answer)[:2] for answer in answers] == [(404, "not-found")] * 3


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_may_what_their_role_says_and_no_more(office: Office, role: Role) -> None:
    async with signed_in(office, role) as browser:
        for resource, shape in SHAPES.items():
            reads, writes = role.value in shape.readers, role.value in shape.writers
            listed = await browser.get(f"{API}/{resource}")
            assert listed.status_code == (200 if reads else 403), resource
            added = await browser.post(f"{API}/{resource}", json=shape.bodies[2])
            assert added.status_code == (201 if writes else 403), resource
            path = f"{API}/{resource}/{added.json()['id'] if writes else NOBODY}"
            assert (await browser.get(path)).status_code == ((200 if writes else 404) if reads else 403), resource
            assert (await browser.patch(path, json=shape.change)).status_code == (200 if writes else 403), resource
            assert (await browser.delete(path)).status_code == (204 if writes else 403), resource


def texts_of(form: type[Any]) -> Iterator[tuple[str, int | None]]:
    """The text fields of a schema with their longest length."""
    for name, info in form.model_fields.items():
        if str in (info.annotation, *get_args(info.annotation)):
            yield name, next((one.max_length for one in info.metadata if hasattr(one, "max_length")), None)


RESOURCES = [one for one in vars(routes).values() if isinstance(one, Resource)]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.model.resource)
def test_no_schema_takes_more_than_its_column_holds(resource: Resource[Any]) -> None:
    assert resource.router in routes.API
    columns = resource.model.__table__.columns
    for name, longest in texts_of(resource.form):
        if name in columns and isinstance(columns[name].type, String) and columns[name].type.length is not None:
            assert longest is not None, name
            assert longest <= columns[name].type.length, name


def test_every_reference_between_tables_is_known() -> None:
    """The tables say what they refer to; what can be deleted is looked for in all of them."""
    used: dict[str, list[str]] = {}
    for table in Base.metadata.tables:
        if users := [model.resource for model, _ in references(table, NOBODY)]:
            used[table] = users
    assert used == {
        "audio": ["categories", "lines", "menus", "texts", "queues", "rules"],
        "category": ["clients", "rules"],
        "client_field": ["clients"],
        "line": ["blacklist", "holidays", "rules", "vip"],
        "menu": ["categories", "lines", "menus", "rules"],
        "opening_hours": ["categories", "lines"],
        "script": ["categories"],
        "queue": ["categories", "lines", "menus", "operators", "queues", "rules"],
        "operator": ["clients", "users/invitations", "menus", "users"],
    }


def test_resources_are_named_once() -> None:
    names = [mapper.class_.resource for mapper in Base.registry.mappers if issubclass(mapper.class_, Identified)]
    named = [name for name in names if name]
    assert len(named) == len(set(named)) == 26
