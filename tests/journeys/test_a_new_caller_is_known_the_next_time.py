"""The whole promise of the card, with the real process: a stranger calls, Olga fills the short form in, the service is
killed and started again, and Mia sees who it is before she picks up."""

import json
import secrets
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from simulator import sign
from tests import cast
from tests.cli.test_cli import SETUP
from tests.command import run_command
from tests.looking import card, is_live
from tests.service import Service, running_service

pytestmark = pytest.mark.anyio


async def report(service: Service, path: str, call_id: str, status: str, caller: str = cast.UMA) -> str:
    """What the provider says of a call; our answer."""
    values = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": call_id, "CallStatus": status, "From": caller, "To": cast.LINE,
    }  # fmt: skip
    url = f"{service.base_url}/twilio/{path}"
    async with httpx.AsyncClient(timeout=20) as provider:
        signature = sign(cast.AUTH_TOKEN, url, list(values.items()))
        answer = await provider.post(url, data=values, headers={"X-Twilio-Signature": signature})
    assert answer.is_success, answer.text
    return answer.text


async def invited(browser: Browser, service: Service, api_key: str, name: str) -> Page:
    """An operator who has just followed the link of an invitation, at a panel of their own."""
    email = f"{name.lower()}@example.org"
    async with httpx.AsyncClient(base_url=service.base_url, headers={"Authorization": f"Bearer {api_key}"}) as program:
        made = await program.post("/api/v1/users/invitations", json={"email": email, "name": name, "role": "operator"})
        assert made.status_code == 201, made.text
    page = await (await browser.new_context(base_url=service.base_url, reduced_motion="reduce")).new_page()
    await page.goto(made.json()["link"])
    password = secrets.token_urlsafe(16)
    for field in await page.locator("input[type=password]").all():
        await field.fill(password)
    await page.locator("main form button[type=submit]").click()
    await page.goto("/")
    await is_live(page)
    return page


async def test_what_olga_wrote_down_is_on_mias_card_after_the_service_was_killed(
    database_url: str, data_dir: Path, browser: Browser
) -> None:
    async with running_service(data_dir, database_url) as service:
        api_key = json.loads(run_command(*SETUP, env=service.env).stdout)["api_key"]
        olga = await invited(browser, service, api_key, "Olga")
        first, second = ("CA" + secrets.token_hex(16) for _ in range(2))
        await report(service, "voice", first, "ringing")
        form = card(olga, first)
        await form.get_by_label("Name").fill("Uma Thuring")
        await form.get_by_label("What is it about?").fill("Quote for 40 chairs")
        await form.get_by_role("button", name="Save card").click()
        await olga.locator(f'#calls article.client[data-call="{first}"]').wait_for()
        await report(service, "status", first, "completed")
        await service.kill()
        await service.start()
        mia = await invited(browser, service, api_key, "Mia")
        await report(service, "voice", second, "ringing")
        for page in (mia, olga):  # Olga's page has found its way back by itself
            known = card(page, second)
            await known.wait_for()
            assert await known.locator(".name").inner_text() == "Uma Thuring"
            assert "Quote for 40 chairs" in await known.inner_text()
            assert await known.locator("form.caller").count() == 0
        for page in (mia, olga):
            await page.context.close()
