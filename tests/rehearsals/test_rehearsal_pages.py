"""*What would change?*: every form of the settings tells what its change would have done, and changes nothing."""

import asyncio
import html
import re

import httpx
import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, made, neighbour, signed_in
from tests.company.test_settings_pages import PAGES
from tests.office import Office
from tests.rehearsals.test_rehearsals import BLOCK_UMA, PATH, SPAIN, calls_from, everything, rehearsed

pytestmark = pytest.mark.anyio

RULE = {
    "name": "Spaniards <b>",
    "when.country": "ES",
    "do.action": "voicemail",
    "do.text_fr": "Un moment, s'il vous plaît.",
}
LIST = "/settings/rehearsals"


async def ended(browser: httpx.AsyncClient, answer: httpx.Response) -> tuple[str, str]:
    """The address of the rehearsal that a form has begun, and its page once it has ended."""
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    assert path.startswith(f"{LIST}/")
    async with asyncio.timeout(60):
        while "Look again" in (page := (await browser.get(path)).text):
            await asyncio.sleep(0.1)
    return path, page


async def test_a_form_tells_which_calls_would_have_gone_elsewhere_and_changes_nothing(office: Office) -> None:
    await calls_from(office, SPAIN, cast.UMA, SPAIN)
    before = await everything(office)
    async with signed_in(office, Role.ADMIN) as adam:
        form = (await adam.get("/settings/rules/new")).text
        assert 'formaction="/settings/rules/new/rehearse"' in form
        path, page = await ended(adam, await adam.post("/settings/rules/new/rehearse", data=RULE))
        assert await everything(office) == before
        assert "2 of 3 calls would have gone elsewhere" in page
        assert "Nothing has been changed." in page
        assert "Rules: add “Spaniards &lt;b&gt;”" in page
        assert page.count("Can leave a message") == 2
        assert page.count('class="card difference"') == 2
        calls = re.findall(r'href="(/calls/[^"]+)" aria-describedby', page)
        assert len(calls) == 2
        for call in calls:
            assert (await adam.get(call)).status_code == 200
        # What was typed is there again, and is saved from there.
        again = html.unescape((await adam.get(f"{path}/form")).text)
        assert f'href="{path}/form"' in page
        assert all(typed in again for typed in RULE.values())
        assert 'action="/settings/rules/new"' in again
        assert "Rules: add" in (await adam.get(LIST)).text
        assert (await adam.post("/settings/rules/new", data=RULE)).status_code == 303


async def test_changing_and_deleting_are_rehearsed_too(office: Office) -> None:
    rule = await made(office, "rules", name="R", when={"country": "ES"}, do={"action": "voicemail"})
    await calls_from(office, SPAIN)
    row = f"/settings/rules/{rule['id']}"
    async with signed_in(office, Role.ADMIN) as adam:
        same, page = await ended(adam, await adam.post(f"{row}/rehearse", data=RULE | {"name": "New name"}))
        assert "0 of 1 calls would have gone elsewhere" in page
        assert "Rules: change “R”" in page
        assert "New name" in (await adam.get(f"{same}/form")).text
        assert f'formaction="{row}/delete/rehearse"' in (await adam.get(f"{row}/delete")).text
        _, page = await ended(adam, await adam.post(f"{row}/delete/rehearse"))
        assert "1 of 1 calls would have gone elsewhere" in page
        assert "Rules: delete “R”" in page
        assert f'href="{row}/delete"' in page
        assert (await office.api.get(f"{API}/rules/{rule['id']}")).json() == rule
        await office.api.delete(f"{API}/rules/{rule['id']}")
        assert (await adam.get(f"{same}/form")).status_code == 404
        for gone in (f"{row}/rehearse", f"{row}/delete/rehearse"):
            assert (await adam.post(gone, data=RULE)).status_code == 404


async def test_every_form_has_the_button_and_every_refusal_of_saving(office: Office) -> None:
    menu = await made(office, "menus", name="Reception", prompts={"fr": "Tapez 1."}, keys={"1": {"kind": "repeat"}})
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"menu_id": menu["id"]})
    async with signed_in(office, Role.ADMIN) as adam:
        for resource in PAGES:
            form = (await adam.get(f"/settings/{resource}/new")).text
            assert f'formaction="/settings/{resource}/new/rehearse"' in form
        assert 'rehearse"' not in (await adam.get("/settings/audio/new")).text
        holiday, _fields = PAGES["holidays"]
        _, page = await ended(adam, await adam.post("/settings/holidays/new/rehearse", data=holiday))
        assert "There was no call in the last 30 days." in page
        assert (await office.api.get(f"{API}/holidays")).json()["items"] == []
        refused = await adam.post("/settings/rules/new/rehearse", data=RULE | {"when.country": "XX"})
        assert refused.status_code == 422
        assert 'id="when-country-fault"' in refused.text
        assert "Un moment" in refused.text
        in_use = await adam.post(f"/settings/menus/{menu['id']}/delete/rehearse")
        assert in_use.status_code == 409
        assert f'href="/settings/lines/{office.company.line_id}"' in in_use.text
        unstorable = {"extra\0": "x", "extra": "a\0b", "csrf_token": "secret"}
        path, _ = await ended(adam, await adam.post("/settings/rules/new/rehearse", data=RULE | unstorable))
        assert (await adam.get(f"{path}/form")).status_code == 200


async def test_the_companys_form_has_it_too(office: Office) -> None:
    await calls_from(office, "anonymous", cast.UMA)
    before = await everything(office)
    async with signed_in(office, Role.ADMIN) as adam:
        assert 'formaction="/settings/company/rehearse"' in (await adam.get("/settings/company")).text
        typed = {"name": "Maison Vera", "withheld": "reject", "unavailable": "reject"}
        path, page = await ended(adam, await adam.post("/settings/company/rehearse", data=typed))
        assert await everything(office) == before
        assert "1 of 2 calls would have gone elsewhere" in page
        assert "Company: change “Maison Vera”" in page
        again = (await adam.get(f"{path}/form")).text
        assert 'value="reject" selected' in again
        assert 'action="/settings/company"' in again
        refused = await adam.post("/settings/company/rehearse", data={"country": "XX"})
        assert (refused.status_code, 'id="country-fault"' in refused.text) == (422, True)


async def test_one_at_a_time_keeps_what_was_typed(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        first = await adam.post("/settings/rules/new/rehearse", data=RULE)
        second = await adam.post("/settings/rules/new/rehearse", data=RULE)
        assert second.status_code == 409
        assert "under way" in second.text
        assert "Un moment" in second.text
        await ended(adam, first)


async def test_it_is_the_admins_business_and_each_company_s_own(office: Office) -> None:
    told = await rehearsed(office.api, BLOCK_UMA)
    async with signed_in(office, Role.ADMIN) as adam:
        assert "Changes by the REST API" in (await adam.get(LIST)).text
        page = await adam.get(f"{LIST}/{told['id']}")
        assert page.status_code == 200
        assert "Back to the form" not in page.text
        assert (await adam.get(f"{LIST}/{told['id']}/form")).status_code == 404
        assert (await adam.get(f"{LIST}/{told['id']}?after=nonsense")).status_code == 422
        for nobody in ("nobody", "%00"):
            assert (await adam.get(f"{LIST}/{nobody}")).status_code == 404
            assert (await adam.get(f"{LIST}/{nobody}/form")).status_code == 404
        async with neighbour(office) as (theirs, _):
            begun = await theirs.post(PATH, json={"changes": [BLOCK_UMA]})
            their_id = begun.json()["id"]
            assert (await adam.get(f"{LIST}/{their_id}")).status_code == 404
            assert their_id not in (await adam.get(LIST)).text
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(LIST)).status_code == 403
        assert (await sofia.get(f"{LIST}/{told['id']}")).status_code == 403
        assert (await sofia.post("/settings/rules/new/rehearse", data=RULE)).status_code == 403
