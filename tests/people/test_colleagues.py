"""What colleagues are doing, on the panel."""

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, signed_in
from tests.looking import Looking
from tests.office import Office
from tests.served import PASSWORD
from tests.web.test_everybody_can_use_it import SCREENS, fits, violations

pytestmark = pytest.mark.anyio


async def test_one_s_own_presence_has_a_reason_and_an_end_and_colleagues_see_it_at_once(looking: Looking) -> None:
    served = looking.served
    olga = await served.office.add_operator()
    oscar = await served.office.add_operator(cast.OSCAR, name="Oscar")
    await served.add_person("olga@example.org", operator_id=olga["id"])
    page = await looking.panel("olga@example.org", PASSWORD)
    supervisor = await looking.panel(**SCREENS[3])
    assert await page.locator(".colleagues summary").count() == 1, "only one's own"
    await page.locator(".colleagues summary").click()
    assert await violations(page) == []
    await page.get_by_label("Presence").select_option("On a break")
    await page.get_by_label("Reason").fill("Lunch")
    await page.get_by_label("For how long").select_option("30 minutes")
    await page.locator(".colleagues").get_by_role("button", name="Set").click()
    for seen_by in (page, supervisor):
        mine = seen_by.locator(f'.colleagues [data-operator="{olga["id"]}"][data-presence="break"]')
        await mine.wait_for()
        assert "Lunch" in await mine.inner_text()
    await page.locator('#presence[data-available="no"]').wait_for()
    await served.program.put(f"{API}/operators/{oscar['id']}/presence", json={"state": "offline"})
    await page.locator(f'.colleagues [data-operator="{oscar["id"]}"][data-presence="offline"]').wait_for()
    assert await violations(supervisor) == []
    assert await fits(supervisor)


async def test_an_operator_says_nothing_of_others_and_a_supervisor_does(office: Office) -> None:
    oscar = await office.add_operator(cast.OSCAR, name="Oscar")
    form = {"state": "break", "reason": "Training", "minutes": "15"}
    for role, status in ((Role.OPERATOR, 403), (Role.SUPERVISOR, 303)):
        async with signed_in(office, role) as person:
            assert (await person.post(f"/presence/{oscar['id']}", data=form)).status_code == status
            assert "Oscar" in (await person.get("/presence/colleagues")).text
    presence = (await office.api.get(f"{API}/operators/{oscar['id']}")).json()["presence"]
    assert (presence["reason"], presence["until"]) == ("Training", "2026-07-24T08:15:00Z")
