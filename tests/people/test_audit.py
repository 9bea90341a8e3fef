"""Every change leaves who and what behind."""

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_every_change_leaves_who_and_what_behind(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        entry = (await sofia.post(f"{API}/vip", json={"number": cast.VERA, "label": "Vera"})).json()
        await sofia.patch(f"{API}/vip/{entry['id']}", json={"label": "Véra"})
        await sofia.delete(f"{API}/vip/{entry['id']}")
    trail = (await office.api.get(f"{API}/audit", params={"row_id": entry["id"]})).json()["items"]
    assert [(one["act"], one["subject"]) for one in trail] == [
        ("delete", "vip_entry"), ("change", "vip_entry"), ("add", "vip_entry"),
    ]  # fmt: skip
    assert {one["actor"] for one in trail} == {"user:supervisor@people.example"}
    assert (trail[1]["before"]["label"], trail[1]["after"]["label"]) == ("Vera", "Véra")
    await made(office, "queues", name="Orders")
    assert len((await office.api.get(f"{API}/audit", params={"subject": "queue"})).json()["items"]) == 2


async def test_a_refused_change_leaves_nothing_behind(office: Office) -> None:
    before = (await office.api.get(f"{API}/audit")).json()["items"]
    version = office.board.live_plan.version
    await office.api.post(f"{API}/vip", json={"number": "banana"})
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"queue_id": "01aaaaaaaaaaaaaaaaaa"})
    assert (await office.api.get(f"{API}/audit")).json()["items"] == before
    assert office.board.live_plan.version == version
