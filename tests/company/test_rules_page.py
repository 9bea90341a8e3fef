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
        a, b, c = ids.values()
        buttons = re.findall(r'name="(before|after)" value="(\w+)" aria-label="Move “(\w)” (up|down)"', page)
        assert buttons == [
            ("after", b, "a", "down"), ("before", a, "b", "up"), ("after", c, "b", "down"), ("before", b, "c", "up")
        ]  # fmt: skip
        moved = await adam.post(f"{PAGE}/{c}/move", data={"before": a})
        assert (moved.status_code, moved.headers["location"]) == (303, f"{PAGE}?moved=1#rule-{c}")
        assert await names(office) == ["c", "a", "b"]
        assert "Moved." in (await adam.get(f"{PAGE}?moved=1")).text
        # By a list that is not so any more: “up” never moves a rule down, and what has gone is no place.
        for stale in ({"before": b}, {"before": c}, {"after": "nobody"}, {"before": "a\0"}, {}):
            answer = await adam.post(f"{PAGE}/{c}/move", data=stale)
            assert (answer.status_code, answer.headers["location"]) == (303, PAGE), stale
        assert await names(office) == ["c", "a", "b"]
        await adam.post(f"{PAGE}/{c}/move", data={"after": a})
        assert await names(office) == ["a", "c", "b"]
        assert (await adam.post(f"{PAGE}/nobody/move", data={"before": a})).status_code == 404
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.post(f"{PAGE}/{b}/move", data={"before": a})).status_code == 403


async def test_a_rule_that_others_have_moved_is_still_the_rule_that_was_looked_at(office: Office) -> None:
    ids = [(await made(office, "rules", name=name, **SPAIN))["id"] for name in "abc"]
    path = f"{PAGE}/{ids[2]}"
    async with signed_in(office, Role.ADMIN) as adam:
        form = dict(re.findall(r'name="(seen|place_was|position)"[^>]* value="([^"]*)"', (await adam.get(path)).text))
        assert (form["place_was"], form["position"]) == ("3", "3")
        await office.api.delete(f"{API}/rules/{ids[0]}")
        await office.api.patch(f"{API}/rules/{ids[2]}", json={"position": 1})
        typed = {"name": "d", "when.country": "ES", "do.action": SPAIN["do"]["action"], "state": "active"}
        assert (await adam.post(path, data=typed | form)).status_code == 303
        assert await names(office) == ["d", "b"]
        assert (await adam.post(path, data=typed | {"place_was": "1", "position": "2"})).status_code == 303
        assert await names(office) == ["b", "d"]


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
