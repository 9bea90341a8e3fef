"""*Settings → Rules*: what each says, in its order, which buttons change."""

import re

import pytest

from app.auth.roles import Role
from tests.api import API, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

PAGE = "/settings/rules"
SPAIN = {"when": {"country": "ES"}, "do": {"action": "voicemail"}}


async def names(office: Office) -> list[str]:
    return [one["name"] for one in (await office.api.get(f"{API}/rules")).json()["items"]]


async def test_the_list_says_what_each_rule_does_and_whether_it_decides(office: Office) -> None:
    queue = office.company.queue_id
    await made(office, "rules", name="One", when={"country": "ES", "hours": "closed"}, do={"action": "voicemail"})
    await made(
        office, "rules", name="<b>Two", state="shadow", when={"prefix": "+3491"},
        do={"action": "queue", "queue_id": queue},
    )  # fmt: skip
    await made(office, "rules", name="Three", state="off", when={"kind": "sip"}, do={"action": "reject"})
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get(PAGE)).text
    assert re.findall(r'href="/settings/rules/\w+"><bdi>([^<]*)</bdi>', page) == ["One", "&lt;b&gt;Two", "Three"]
    assert re.findall(r'class="badge rule-state">([^<]*)<', page) == ["active", "only watched", "off"]
    assert "Caller from Spain, closed: can leave a message" in page
    assert "goes to the queue “" in page
    assert "SIP address: is rejected" in page
    assert page.count("It decides nothing.") == 1


async def test_buttons_move_a_rule_and_say_so(office: Office) -> None:
    ids = {name: (await made(office, "rules", name=name, **SPAIN))["id"] for name in "abc"}
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get(PAGE)).text
        places = re.findall(r'name="position" value="(\d)" aria-label="Move “(\w)” (up|down)"', page)
        assert places == [("2", "a", "down"), ("1", "b", "up"), ("3", "b", "down"), ("2", "c", "up")]
        moved = await adam.post(f"{PAGE}/{ids['c']}/move", data={"position": "1"})
        assert (moved.status_code, moved.headers["location"]) == (303, f"{PAGE}?moved=1#rule-{ids['c']}")
        assert await names(office) == ["c", "a", "b"]
        assert "Moved." in (await adam.get(f"{PAGE}?moved=1")).text
        for place in ("", "0", "-1", "many", "9" * 30, "201"):
            answer = await adam.post(f"{PAGE}/{ids['c']}/move", data={"position": place})
            assert (answer.status_code, answer.headers["location"]) == (303, PAGE), place
        assert await names(office) == ["c", "a", "b"]
        assert (await adam.post(f"{PAGE}/nobody/move", data={"position": "1"})).status_code == 404
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.post(f"{PAGE}/{ids['b']}/move", data={"position": "1"})).status_code == 403


async def test_a_form_opens_with_what_the_api_stored(office: Office) -> None:
    when = {"name": "Ann", "line_id": office.company.line_id, "calls": {"at_least": 3, "within_minutes": 9}}
    rule = await made(office, "rules", name="R", when=when, do={"action": "message", "text": "Bonjour."})
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get(f"{PAGE}/{rule['id']}")).text
    assert re.search(r'name="do\.text_fr"[^>]*>Bonjour\.<', page)
    assert re.search(r'name="when\.calls\.at_least"[^>]* value="3"', page)
    assert re.search(r'name="when\.name" value="Ann"', page)
    assert f'<option value="{office.company.line_id}" selected>' in page


async def test_a_choice_that_the_action_has_no_use_for_counts_for_nothing(office: Office) -> None:
    typed = {"name": "R", "when.hours": "closed", "do.action": "reject", "do.queue_id": office.company.queue_id}
    async with signed_in(office, Role.ADMIN) as adam:
        assert (await adam.post(f"{PAGE}/new", data=typed)).status_code == 303
        everybody = await adam.post(f"{PAGE}/new", data={"name": "R", "do.action": "reject"})
    (rule,) = (await office.api.get(f"{API}/rules")).json()["items"]
    assert rule["do"] == {"action": "reject"}
    assert everybody.status_code == 422
    assert 'id="when-fault"' in everybody.text
