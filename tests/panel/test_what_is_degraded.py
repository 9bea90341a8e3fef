"""When something does not work the panel says so in words, what it means for calls, and when it is over."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from app.panel.notices import notices_of
from app.telephone.fault import Fault
from tests import cast
from tests.api import neighbour
from tests.chaos.database_proxy import database_proxy
from tests.chaos.load import first_verb
from tests.looking import Looking, card
from tests.office import Office, open_office
from tests.served import serve
from tests.web.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio
SILENT = "The database has not responded for"


@screens
async def test_a_silent_database_is_told_while_it_is_silent_and_no_longer(
    database_url: str, data_dir: Path, browser: Browser, screen: dict[str, Any]
) -> None:
    async with (
        database_proxy(database_url) as proxy,
        open_office(proxy.url, data_dir) as office,
        serve(office) as served,
    ):
        looking = Looking(served, browser)
        page = await looking.panel(**screen)
        await page.evaluate("window.before = true")
        notices = page.locator("#notices")
        assert await notices.inner_text() == ""
        proxy.black_hole = True
        await notices.get_by_text(SILENT).wait_for()
        assert await notices.inner_text() == (
            f"{SILENT} less than a minute. Calls are still answered, with the lists as of 10:00. New cards may be late, "
            "and changes cannot be saved."
        )
        await expect(page.locator("#said")).to_contain_text(SILENT)
        assert await violations(page) == []
        assert await fits(page)
        # The notice may be drawn anew meanwhile, when more is found not to work: it is put back as often as it takes.
        await page.evaluate(
            """() => {
                const since = Date.parse(document.querySelector("#notices time").dataset.lasting) - 125000;
                const age = () => {
                    for (const one of document.querySelectorAll("#notices time"))
                        one.dataset.lasting = new Date(since).toISOString();
                };
                setInterval(age, 100);
            }"""
        )
        await notices.get_by_text(f"{SILENT} 2 min. Calls are still answered").wait_for()
        uma = "CA" + "5" * 32
        assert first_verb((await office.webhook("/twilio/voice", cast.UMA, CallSid=uma)).content) == "Enqueue"
        assert await card(page, uma).count() == 0
        proxy.black_hole = False
        await expect(notices).to_be_empty(timeout=20_000)
        await card(page, uma).wait_for(timeout=20_000)
        assert await page.evaluate("window.before"), "without a reload"
        await looking.close()
        assert looking.complaints == []


async def test_an_api_that_is_away_is_told_to_its_company_alone(office: Office) -> None:
    board, tenant = office.board, office.board.live_plan.tenant(office.company.tenant)
    board.telephones.means.reach.failed(tenant.tenant_id, "twilio", Fault.UNREACHABLE)
    degradation = office.app.state.degradation
    (notice,) = notices_of(degradation, tenant)
    assert notice.before == "The provider has taken no commands for "
    async with neighbour(office) as (_, company):
        assert notices_of(degradation, board.live_plan.tenant(company.tenant)) == []
    board.telephones.means.reach.answered(tenant.tenant_id, "twilio")
    assert notices_of(degradation, tenant) == []
