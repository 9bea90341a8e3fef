"""The page of look-ups, and the card in a browser."""

import asyncio
import re
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from app.auth.roles import Role
from app.look_ups import ask_callers
from tests import cast
from tests.api import API, neighbour, signed_in
from tests.look_ups.asking import PATH, allow_private, ask_all, calling, look_up, looked_up, worker
from tests.look_ups.program import TIER, Program
from tests.looking import Looking, card, is_live
from tests.office import Office
from tests.web.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio
PAGE = "/settings/look-ups"
FORM = {
    "url": "https://crm.example.org/who-calls", "description": "CRM", "token": "t0ken", "timeout_seconds": "3",
    "cache_seconds": "60", "enabled": ["", "1"],
}  # fmt: skip
ROOT = Path(__file__).parents[2]


async def test_adam_adds_changes_and_deletes_a_look_up(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        added = await adam.post(PAGE, data=FORM)
        assert (added.status_code, added.headers["cache-control"]) == (201, "no-store")
        secret = re.search(r'value="(whsec_[^"]+)"', added.text)
        assert secret is not None
        (one,) = (await office.api.get(PATH)).json()["items"]
        assert (one["url"], one["has_token"], one["timeout_seconds"], one["cache_seconds"], one["enabled"]) == (
            FORM["url"], True, 3, 60, True
        )  # fmt: skip
        page = (await adam.get(f"{PAGE}/{one['id']}")).text
        assert (secret[1] in page, "t0ken" in page, "It has not been asked yet." in page) == (False, False, True)
        off = FORM | {"enabled": "", "token": "", "cache_seconds": "0"}
        assert (await adam.post(f"{PAGE}/{one['id']}", data=off)).status_code == 303
        after = (await office.api.get(f"{PATH}/{one['id']}")).json()
        assert (after["has_token"], after["enabled"], after["cache_seconds"]) == (True, False, 0)
        assert (await adam.post(f"{PAGE}/{one['id']}", data=off | {"no_token": ["", "1"]})).status_code == 303
        assert (await office.api.get(f"{PATH}/{one['id']}")).json()["has_token"] is False
        assert "CRM" in (await adam.get(f"{PAGE}/{one['id']}/delete")).text
        assert (await adam.post(f"{PAGE}/{one['id']}/delete")).headers["location"] == f"{PAGE}?deleted=1"
        assert (await adam.get(f"{PAGE}/{one['id']}")).status_code == 404


REFUSED = [
    ({"url": "http://10.0.0.1/x"}, "url"), ({"url": ""}, "url"), ({"timeout_seconds": "6"}, "timeout_seconds"),
    ({"timeout_seconds": "soon"}, "timeout_seconds"), ({"cache_seconds": "86401"}, "cache_seconds"),
    ({"token": "two words"}, "token"),
]  # fmt: skip


async def test_what_is_refused_is_said_beside_the_field(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        for typed, field in REFUSED:
            answer = await adam.post(PAGE, data=FORM | typed)
            assert (answer.status_code, f'id="{field}-fault"' in answer.text) == (422, True), typed
            assert ("CRM" in answer.text, 'value="t0ken"' in answer.text) == (True, False)
        assert (await office.api.get(PATH)).json()["items"] == []
        await adam.post(PAGE, data=FORM)
        (one,) = (await office.api.get(PATH)).json()["items"]
        moved = await adam.post(f"{PAGE}/{one['id']}", data=FORM | {"url": "https://other.example.org/", "token": ""})
        assert (moved.status_code, 'id="token-fault"' in moved.text) == (422, True)
        asked = await adam.post(f"{PAGE}/{one['id']}/ask", data={"number": "nobody"})
        assert (asked.status_code, 'id="number-fault"' in asked.text) == (422, True)


async def test_ask_now_tells_the_answer_and_what_went_wrong(office: Office, program: Program) -> None:
    allow_private(office)
    one = await look_up(office, program, description="CRM")
    async with signed_in(office, Role.ADMIN) as adam:
        page = await adam.post(f"{PAGE}/{one['id']}/ask", data={"number": "06 39 98 00 12"})
        assert ("Gold" in page.text, "It answered 200." in page.text) == (True, True)
        program.status = 500
        page = await adam.post(f"{PAGE}/{one['id']}/ask", data={"number": cast.CLARA})
        assert ("Gold" in page.text, "The program answered 500." in page.text) == (False, True)
        assert "The program answered 500." in (await adam.get(PAGE)).text
        program.status, program.content = 200, b'{"fields": []}'
        page = await adam.post(f"{PAGE}/{one['id']}/ask", data={"number": cast.CLARA})
        assert "The program says nothing about this number." in page.text


async def test_nobody_else_has_any_business_there(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(PAGE)).status_code == 403
        assert (await sofia.post(PAGE, data=FORM)).status_code == 403
    async with neighbour(office) as (theirs, _), signed_in(office, Role.ADMIN) as adam:
        made = (await theirs.post(PATH, json={"url": "https://theirs.example.org/x"})).json()
        for path in ("", "/delete"):
            assert (await adam.get(f"{PAGE}/{made['id']}{path}")).status_code == 404
        for path in ("", "/delete", "/ask"):
            data = FORM | {"number": cast.CLARA}
            assert (await adam.post(f"{PAGE}/{made['id']}{path}", data=data)).status_code == 404


async def test_the_example_of_the_documentation_works(office: Office) -> None:
    """Fifteen lines of Python, run as they stand there."""
    allow_private(office)
    text = (ROOT / "docs" / "rest-api.md").read_text()
    (source,) = re.findall(r"```python\n(.*?)```", text.partition("## Look-ups")[2], re.S)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    one = (await office.api.post(PATH, json={"url": f"http://127.0.0.1:{port}/"})).json()
    source = source.replace("whsec_…", one["secret"]).replace("8080", str(port))
    running = await asyncio.create_subprocess_exec(sys.executable, "-c", source, stderr=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(20):
            while (asked := await office.api.post(f"{PATH}/{one['id']}/ask", json={"number": "+33639980012"})).json()[
                "fault"
            ] == "no_connection":
                await asyncio.sleep(0.1)
        assert asked.json()["fields"] == [TIER | {"link": "https://crm.example.org/7"}]
        sid = await calling(office, cast.UMA)
        await ask_all(office)
        assert await looked_up(office, sid) == []
        assert (await office.api.get(f"{PATH}/{one['id']}")).json()["last_answer"]["status"] == 200
    finally:
        running.kill()
        await running.wait()


async def test_an_open_panel_shows_the_answer_at_once(
    looking: Looking, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_callers, "SECONDS_APART", 0)
    office = allow_private(looking.served.office)
    program.waits = 0.3
    await look_up(office, program)
    page = await looking.panel()
    await is_live(page)
    by = worker(office)
    running = asyncio.create_task(by.run())
    try:
        call = await office.phones.place_call(cast.UMA, cast.LINE)
        mine = card(page, call.sid)
        await mine.wait_for()
        link = mine.get_by_role("link", name="Gold")
        await link.wait_for()
        assert await link.get_attribute("href") == TIER["link"]
        assert (await office.api.get(f"{API}/calls/{call.sid}/fields")).json()["looked_up"] == [TIER]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        by.turn.drop()


@screens
async def test_the_page_in_a_browser(looking: Looking, program: Program, screen: dict[str, Any]) -> None:
    allow_private(looking.served.office)
    program.says(TIER, {"label": "Empty", "value": ""})
    page = await looking.panel(**screen)
    await page.goto(PAGE)
    await page.get_by_label("Address").fill(program.url)
    await page.get_by_label("What it is for").fill("CRM")
    await page.get_by_role("button", name="Add").click()
    await page.get_by_role("heading", name="Secret").wait_for()
    assert (await violations(page), await fits(page)) == ([], True)
    await page.get_by_role("link", name="CRM").click()
    await page.get_by_label("Number", exact=True).fill(cast.CLARA)
    await page.get_by_role("button", name="Ask now").click()
    await page.get_by_role("link", name="Gold").wait_for()
    await page.get_by_text("It answered 200.").wait_for()
    assert (await violations(page), await fits(page)) == ([], True)
    assert program.asked[-1].asks["caller"]["number"] == cast.CLARA
