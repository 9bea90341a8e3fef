"""Every state of a card without a violation and without scrolling sideways, unfolded too."""

from typing import Any

import pytest

from tests import cast
from tests.api import API
from tests.looking import Looking, card
from tests.served import PASSWORD
from tests.web.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio


@screens
async def test_the_states_of_a_card_have_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    office = looking.served.office
    operator = await office.add_operator()
    await looking.served.add_person("olga@example.org", operator_id=operator["id"])
    for name in ("Clara Fournier, switchboard", "Carl"):
        await office.add_client(cast.CLARA, name, shared=True)
    await office.add_client(cast.VERA, "Vera", pinned_note="Prefers a call back.", about=f"Brother: {cast.MARTIN}")
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    page = await looking.panel("olga@example.org", PASSWORD, reduced_motion="reduce", **screen)
    await (await office.phones.place_call(cast.UMA, cast.LINE)).ended()
    office.phones.phone(cast.OLGA).never_answers()
    for number in (cast.CLARA, cast.VERA, cast.MARTIN, "+12125550123"):
        last = await office.phones.place_call(number, cast.LINE)
        await office.phones.settle()
        await card(page, last.sid).wait_for()
    await office.settled()
    fields = [{"label": "Open invoices", "value": "x" * 200, "link": "https://crm.example.org/7"}] * 8
    assert (await office.api.put(f"{API}/calls/{last.sid}/fields", json={"fields": fields})).status_code == 200
    await card(page, last.sid).locator("dl a").nth(7).wait_for(state="attached")
    await page.locator("#calls .compact .fold").evaluate_all("all => all.forEach(one => one.click())")
    for details in await page.locator("#calls details, #today details").all():
        await details.evaluate("one => { one.open = true; }")
    await page.locator("#calls .steps").first.wait_for()
    assert await violations(page) == []
    assert await fits(page)
