"""Every state of a card without a violation and without scrolling sideways, unfolded too."""

from typing import Any

import pytest

from tests import cast
from tests.panel.looking import Looking, card
from tests.panel.served import PASSWORD
from tests.panel.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio


@screens
async def test_the_states_of_a_card_have_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    house = looking.served.house
    operator = await house.add_operator()
    await looking.served.add_person("olga@example.org", operator_id=operator["id"])
    for name in ("Clara Fournier, switchboard", "Carl"):
        await house.add_client(cast.CLARA, name, shared=True)
    await house.add_client(cast.VERA, "Vera", pinned_note="Prefers a call back.", about=f"Brother: {cast.MARTIN}")
    house.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    page = await looking.panel("olga@example.org", PASSWORD, reduced_motion="reduce", **screen)
    await (await house.phones.place_call(cast.UMA, cast.LINE)).ended()
    house.phones.phone(cast.OLGA).never_answers()
    for number in (cast.CLARA, cast.VERA, cast.MARTIN, "+12125550123"):
        last = await house.phones.place_call(number, cast.LINE)
        await house.phones.settle()
        await card(page, last.sid).wait_for()
    for details in await page.locator("#calls details, #today details").all():
        await details.evaluate("one => { one.open = true; }")
    await page.locator("#calls .steps").first.wait_for()
    assert await violations(page) == []
    assert await fits(page)
