"""What colleagues are doing, on the panel."""

from itertools import pairwise
from time import monotonic

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


async def test_who_talks_is_seen_beside_the_card_at_once_and_the_list_is_not_fetched_all_the_time(
    looking: Looking,
) -> None:
    office, asked = looking.served.office, list[float]()
    olga = await office.add_operator()
    oscar = await office.add_operator(cast.OSCAR, name="Oscar")
    for telephone in (cast.OLGA, cast.OSCAR):
        office.phones.phone(telephone).answers_after(1).talks_for(600)
    await looking.served.add_person("olga@example.org", operator_id=olga["id"])
    page = await looking.panel("olga@example.org", PASSWORD)
    page.on("request", lambda one: asked.append(monotonic()) if one.url.endswith("/presence/colleagues") else None)
    calls = [await office.phones.place_call(caller, cast.LINE) for caller in (cast.UMA, cast.CLARA)]
    await office.phones.let_pass(5)
    await office.settled()
    for one in (olga, oscar):
        await page.locator(f'.colleagues [data-operator="{one["id"]}"][data-busy]').wait_for(timeout=10_000)
    for call in calls:
        await call.hang_up_after(1)
    await office.settled()
    for one in (olga, oscar):
        await page.locator(f'.colleagues [data-operator="{one["id"]}"]:not([data-busy])').wait_for(timeout=10_000)
    assert asked
    assert all(later - earlier > 1.5 for earlier, later in pairwise(asked))


async def test_an_operator_says_nothing_of_others_and_a_supervisor_does(office: Office) -> None:
    oscar = await office.add_operator(cast.OSCAR, name="Oscar")
    form = {"state": "break", "reason": "Training", "minutes": "15"}
    for role, status in ((Role.OPERATOR, 403), (Role.SUPERVISOR, 303)):
        async with signed_in(office, role) as person:
            assert (await person.post(f"/presence/{oscar['id']}", data=form)).status_code == status
            assert "Oscar" in (await person.get("/presence/colleagues")).text
    presence = (await office.api.get(f"{API}/operators/{oscar['id']}")).json()["presence"]
    assert (presence["reason"], presence["until"]) == ("Training", "2026-07-24T08:15:00Z")
