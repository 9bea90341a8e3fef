"""Two cards of one client become one, and come apart again exactly as they were."""

from typing import Any

import httpx
import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.clients.test_clients import HTML, client_of, form_of, page_of
from tests.office import Office

pytestmark = pytest.mark.anyio
SECOND = "+33639980044"


async def two_cards(office: Office) -> tuple[dict[str, Any], dict[str, Any]]:
    """Clara, and Clara again with another number."""
    category = await made(office, "categories", name="Regulars")
    clara = await made(
        office,
        "clients",
        name="Clara Martin",
        about="Chairs",
        numbers=[cast.CLARA],
        pinned_note="Call back before noon",
    )
    again = await made(
        office, "clients", name="Martin, Clara", company="Ateliers Martin", about="Tables", category="Regulars",
        numbers=[SECOND, {"number": cast.UMA, "shared": True}], language="fr", pinned_note="Speaks fast",
    )  # fmt: skip
    assert again["category_id"] == category["id"]
    return clara, again


async def merged(browser: httpx.AsyncClient, kept: str, other: str, **chosen: str) -> str:
    """The id that takes them apart."""
    answer = await browser.post(f"/clients/{kept}/merge", data={"other": other} | chosen)
    assert answer.status_code == 303, answer.text
    page = page_of(await browser.get(answer.headers["location"]))
    return page.partition('action="/clients/gone/')[2].partition("/")[0]


async def test_all_numbers_notes_and_calls_are_on_the_card_that_stays_and_undo_restores_both(office: Office) -> None:
    clara, again = await two_cards(office)
    for number in (cast.CLARA, SECOND):
        call = await office.phones.place_call(number, cast.LINE)
        await call.hang_up_after(1)
        await office.phones.let_pass(60)
    await office.settled()
    async with signed_in(office, Role.OPERATOR) as olga:
        for card, note in ((clara, "First note"), (again, "Second note")):
            await olga.post(f"/clients/{card['id']}/notes", data={"text": note})
        before = {card["id"]: page_of(await olga.get(f"/clients/{card['id']}")) for card in (clara, again)}
        assert "Possible duplicate" in before[clara["id"]]
        preview = page_of(await olga.get(f"/clients/{clara['id']}/merge?other={again['id']}"))
        for word in ("Clara Martin", "Martin, Clara", "Speaks fast", "+33 6 39 98 00 44", "Chairs\nTables"):
            assert word in preview
        assert await client_of(office, clara["id"]) == clara, "looking writes nothing"

        undo = await merged(olga, clara["id"], again["id"], pinned_note="other")
        now = await client_of(office, clara["id"])
        assert (now["name"], now["company"], now["about"]) == ("Clara Martin", "Ateliers Martin", "Chairs\nTables")
        assert (now["category"], now["language"], now["pinned_note"]) == ("Regulars", "fr", "Speaks fast")
        assert now["numbers"] == [
            {"number": cast.CLARA, "shared": False}, {"number": SECOND, "shared": False},
            {"number": cast.UMA, "shared": True},
        ]  # fmt: skip
        page = page_of(await olga.get(f"/clients/{clara['id']}"))
        assert "First note" in page
        assert "Second note" in page
        assert page.count('<a href="/calls/') == 2
        assert "Last call 24 Jul 2026, 10:01" in page_of(await olga.get("/clients"))
        assert "Last call 24 Jul 2026, 10:01" in page_of(await olga.get("/clients?sort=call"))
        moved = await olga.get(f"/clients/{again['id']}")
        assert (moved.status_code, moved.headers["location"]) == (303, f"/clients/{clara['id']}")
        assert (await office.api.get(f"{API}/clients/{again['id']}")).status_code == 404

        apart = await olga.post(f"/clients/gone/{undo}/unmerge")
        assert apart.headers["location"] == f"/clients/{clara['id']}?apart=yes"
        kept, back = await client_of(office, clara["id"]), await client_of(office, again["id"])
        assert back == again
        assert kept | {"updated_at": ""} == clara | {"updated_at": ""}
        for card, note in ((clara, "First note"), (again, "Second note")):
            page = page_of(await olga.get(f"/clients/{card['id']}"))
            assert note in page
            assert page.count('<a href="/calls/') == 1
        assert (await olga.post(f"/clients/gone/{undo}/unmerge", headers=HTML)).status_code == 404


async def test_what_was_changed_after_the_merge_stays_when_it_is_undone(office: Office) -> None:
    clara, again = await two_cards(office)
    async with signed_in(office, Role.OPERATOR) as olga:
        undo = await merged(olga, clara["id"], again["id"])
        now = await client_of(office, clara["id"])
        changed = form_of(now, about="Wardrobes", **{"number-3": "+33639980055"})
        assert (await olga.post(f"/clients/{clara['id']}/edit", data=changed)).status_code == 303
        await olga.post(f"/clients/gone/{undo}/unmerge")
    kept = await client_of(office, clara["id"])
    assert (kept["about"], kept["company"], kept["language"]) == ("Wardrobes", "", None)
    assert [one["number"] for one in kept["numbers"]] == [cast.CLARA, "+33639980055"]
    assert await client_of(office, again["id"]) == again


async def test_calls_are_decided_by_the_merged_card_at_once(office: Office) -> None:
    clara, again = await two_cards(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        await sofia.post(f"/clients/{clara['id']}/edit", data=form_of(clara, standing="vip"))
        await office.add_manager()
        undo = await merged(sofia, clara["id"], again["id"])
        call = await office.phones.place_call(SECOND, cast.LINE)
        await office.phones.settle()
        await office.settled()
        shown = (await office.api.get(f"{API}/calls/{call.sid}")).json()
        assert shown["reason"]["code"] == "vip"
        await sofia.post(f"/clients/gone/{undo}/unmerge")
        call = await office.phones.place_call(SECOND, cast.LINE)
        await office.phones.settle()
        await office.settled()
        shown = (await office.api.get(f"{API}/calls/{call.sid}")).json()
        assert shown["reason"]["code"] != "vip"


async def test_merges_one_after_the_other_come_apart_in_turn(office: Office) -> None:
    clara, again = await two_cards(office)
    third = await made(office, "clients", name="C. Martin", numbers=["+33639980066"])
    async with signed_in(office, Role.OPERATOR) as olga:
        await olga.post(f"/clients/{third['id']}/notes", data={"text": "Third note"})
        first = await merged(olga, again["id"], third["id"])
        second = await merged(olga, clara["id"], again["id"])
        assert "Third note" in page_of(await olga.get(f"/clients/{clara['id']}"))
        refused = await olga.post(f"/clients/gone/{first}/unmerge", headers=HTML)
        assert refused.status_code == 404, "the card that it went into is gone itself"
        await olga.post(f"/clients/gone/{second}/unmerge")
        await olga.post(f"/clients/gone/{first}/unmerge")
    assert await client_of(office, third["id"]) == third
    assert (await client_of(office, again["id"]))["numbers"] == again["numbers"]


async def test_a_vip_is_merged_by_a_supervisor_only_and_never_into_the_blacklist(office: Office) -> None:
    clara, again = await two_cards(office)
    vip = await made(office, "clients", name="Vera", standing="vip", numbers=[cast.VERA])
    await office.add_blacklisted(SECOND)
    async with signed_in(office, Role.OPERATOR) as olga:
        assert "Only supervisors can merge" in page_of(
            await olga.get(f"/clients/{clara['id']}/merge?other={vip['id']}")
        )
        told = await olga.post(f"/clients/{clara['id']}/merge", data={"other": vip["id"]}, headers=HTML)
        assert told.status_code == 403
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        told = await sofia.post(f"/clients/{vip['id']}/merge", data={"other": again["id"]}, headers=HTML)
        assert told.status_code == 409
        assert "blacklist" in told.text
        assert (
            await sofia.post(f"/clients/{clara['id']}/merge", data={"other": clara["id"]}, headers=HTML)
        ).status_code == 422
    assert await client_of(office, vip["id"]) == vip
    assert await client_of(office, again["id"]) == again, "a merge that is refused has done nothing"


async def test_twenty_numbers_are_the_most_that_a_card_can_take(office: Office) -> None:
    numbers = [f"+336399801{n:02}" for n in range(24)]
    clara = await made(office, "clients", name="Clara", numbers=numbers[:12])
    other = await made(office, "clients", name="Clara", numbers=numbers[12:])
    async with signed_in(office, Role.OPERATOR) as olga:
        page = page_of(await olga.get(f"/clients/{clara['id']}/merge?other={other['id']}"))
        assert "too many numbers" in page
        assert ">Merge</button>" not in page
        told = await olga.post(f"/clients/{clara['id']}/merge", data={"other": other["id"]}, headers=HTML)
        assert told.status_code == 422


async def test_programs_merge_and_delete_with_undo_too(office: Office) -> None:
    clara, again = await two_cards(office)
    path = f"{API}/clients/{clara['id']}"
    answer = await office.api.post(f"{path}/merge", json={"other_id": again["id"], "take": ["name"]})
    assert answer.status_code == 200
    assert answer.json()["name"] == "Martin, Clara"
    undo = answer.headers["Antichambre-Undo"]
    back = await office.api.post(f"{API}/clients/{undo}/unmerge")
    assert back.json() == again
    assert fault(await office.api.post(f"{API}/clients/{undo}/unmerge")) == (404, "not-found", None)
    wrong = await office.api.post(f"{path}/merge", json={"other_id": again["id"], "take": ["numbers"]})
    assert fault(wrong) == (422, "unprocessable", "take")
    deleted = await office.api.delete(path)
    before = await office.api.get(path)
    assert before.status_code == 404
    restored = await office.api.post(f"{API}/clients/{deleted.headers['Antichambre-Undo']}/restore")
    assert restored.json()["numbers"] == clara["numbers"]


async def test_a_shared_number_of_either_stays_shared(office: Office) -> None:
    one = await made(office, "clients", name="One", numbers=[{"number": cast.CLARA, "shared": True}])
    other = await office.add_client(cast.CLARA, "Other", shared=False)
    answer = await office.api.post(f"{API}/clients/{one['id']}/merge", json={"other_id": other["id"]})
    assert answer.json()["numbers"] == [{"number": cast.CLARA, "shared": True}]
