"""Menus that lead somewhere."""

from typing import Any

import pytest

from app.auth.roles import Role
from models import OperatorRecord
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

REPEAT = {"kind": "repeat"}


async def menu(office: Office, name: str, **fields: Any) -> dict[str, Any]:
    return await made(office, "menus", **({"name": name, "prompts": {"fr": "Tapez."}, "keys": {"9": REPEAT}} | fields))


async def test_a_menu_is_played_from_the_next_call_on(office: Office) -> None:
    orders = {"kind": "queue", "id": office.company.queue_id, "label": "Commandes"}
    made_ = await menu(
        office, "Accueil", prompts={"fr": "Pour une commande, tapez 1."}, keys={"1": orders, "9": REPEAT}
    )
    assert made_["keys"]["1"] == orders | {"text": ""}
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"menu_id": made_["id"]})
    assert "Pour une commande" in (await office.webhook("/twilio/voice", cast.UMA)).text
    changed = await office.api.patch(f"{API}/menus/{made_['id']}", json={"prompts": {"fr": "Tapez 1 ou 9."}})
    assert changed.json()["keys"] == made_["keys"]
    assert "Tapez 1 ou 9." in (await office.webhook("/twilio/voice", cast.UMA)).text


async def test_keys_may_lead_round_but_silence_must_come_to_an_end(office: Office) -> None:
    first = await menu(office, "Accueil")
    second = await menu(
        office, "Ventes", keys={"0": {"kind": "menu", "id": first["id"]}}, otherwise={"kind": "menu", "id": first["id"]}
    )
    to_second = {"kind": "menu", "id": second["id"]}
    path = f"{API}/menus/{first['id']}"
    assert (
        await office.api.patch(path, json={"keys": {"1": to_second, "0": {"kind": "menu", "id": first["id"]}}})
    ).is_success
    looping = await office.api.patch(path, json={"otherwise": to_second})
    assert fault(looping) == (422, "unprocessable", "otherwise")
    assert "Accueil → Ventes → Accueil" in looping.json()["detail"]
    itself = await office.api.patch(path, json={"otherwise": {"kind": "menu", "id": first["id"]}})
    assert fault(itself) == (422, "unprocessable", "otherwise")
    assert (await office.api.get(path)).json()["otherwise"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"keys": {"12345": REPEAT}}, "keys"),
        ({"keys": {"A": REPEAT}}, "keys"),
        ({"keys": {}}, "keys"),
        ({"keys": {"1": {"kind": "teleport"}}}, "keys.1.kind"),
        ({"keys": {"1": {"kind": "queue"}}}, "keys.1.id"),
        ({"keys": {"1": {"kind": "queue", "id": "01aaaaaaaaaaaaaaaaaa"}}}, "keys.1.id"),
        ({"keys": {"1": {"kind": "operator", "id": "01aaaaaaaaaaaaaaaaaa"}}}, "keys.1.id"),
        ({"keys": {"1": {"kind": "hang_up", "id": "01aaaaaaaaaaaaaaaaaa"}}}, "keys.1.id"),
        ({"keys": {"1": {"kind": "message", "text": " "}}}, "keys.1.text"),
        ({"otherwise": REPEAT}, "otherwise"),
        ({"prompts": {"xx": "?"}}, "prompts"),
        ({"prompts": {"fr": "  "}}, "prompts"),
        ({"prompts": {}}, "prompts"),
        ({"prompts": {"fr": "a\0"}}, "prompts.fr"),
        ({"tries": 0}, "tries"),
        ({"timeout_seconds": 61}, "timeout_seconds"),
    ],
)
async def test_menus_that_lead_nowhere_name_the_field(office: Office, body: dict[str, Any], field: str) -> None:
    whole = {"name": "Accueil", "prompts": {"fr": "Tapez."}, "keys": {"9": REPEAT}} | body
    status, code, named = fault(await office.api.post(f"{API}/menus", json=whole))
    assert (status, code) == (422, "unprocessable")
    assert named is not None
    assert named == field or named.startswith(f"{field}.")


async def test_nobody_becomes_management_while_a_key_rings_them(office: Office) -> None:
    olga = await office.add_operator()
    rings = await menu(office, "Accueil", keys={"1": {"kind": "operator", "id": olga["id"]}})
    path = f"{API}/operators/{olga['id']}"
    refused = await office.api.patch(path, json={"management": True})
    assert fault(refused) == (422, "unprocessable", "management")
    assert "Accueil" in refused.json()["detail"]
    async with office.edit() as edit:  # as it could be before that was refused
        record = await edit.session.get_one(OperatorRecord, {"tenant_id": office.company.tenant, "id": olga["id"]})
        record.management = True
        await edit.record_changed(record, None)
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get(f"/settings/menus/{rings['id']}")).text
    assert f'value="operator:{olga["id"]}" selected' in page
    assert "Management is not rung by keys." in page
