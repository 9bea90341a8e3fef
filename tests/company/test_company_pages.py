"""The company at a glance, its own page, and its accounts."""

import html
import re

import pytest

from app.auth.roles import Role
from app.web.frame import settings_sections
from tests import cast
from tests.api import API, made, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
NEW_TOKEN = "0123456789abcdef0123456789abcdef"


async def test_adam_sees_at_a_glance_where_a_call_goes_and_what_is_missing(office: Office) -> None:
    await office.keep_hours(sunday=["09:00-10:00"])
    menu = await made(
        office, "menus", name="Reception", prompts={"fr": "…"},
        keys={"1": {"kind": "queue", "id": office.company.queue_id, "label": "Orders"}, "2": {"kind": "voicemail"}},
    )  # fmt: skip
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"menu_id": menu["id"]})
    (nina,) = (await office.api.get(f"{API}/operators")).json()["items"]
    await office.api.patch(f"{API}/operators/{nina['id']}", json={"queue_ids": [], "available": False})
    async with signed_in(office, Role.ADMIN) as adam:
        alone = (await adam.get("/settings")).text
        assert "No operator serves the queue" in alone
        assert "Nobody is rung for VIPs" in alone
        await office.add_manager()
        await office.add_operator()
        page = (await adam.get("/settings")).text
    assert "No operator serves the queue" not in page
    assert "Nobody is rung for VIPs" not in page
    for told in ("closed on", "Reception", "Orders", "leave a message", "Martin", "Olga", "hears a message"):
        assert told in page


async def test_a_rule_and_a_category_that_lead_to_nobody_are_warned_of(office: Office) -> None:
    orders = await made(office, "queues", name="Orders")
    to_orders = {"action": "queue", "queue_id": orders["id"]}
    await made(office, "rules", name="French", when={"country": "FR"}, do=to_orders)
    await made(office, "rules", name="Watched", state="shadow", when={"country": "FR"}, do=to_orders)
    await made(office, "categories", name="Gold", queue_id=orders["id"])
    what = "No operator serves the queue “Orders”."
    rule = f"{what} Callers whom the rule “French” sends there hear that nobody can answer."
    category = f"{what} Clients of the category “Gold” hear that nobody can answer."
    told = (await office.api.post(f"{API}/explain", json={"from": cast.UMA, "to": cast.LINE})).json()
    assert [one["text"] for one in told["warnings"]] == [category, rule]
    async with signed_in(office, Role.ADMIN) as adam:
        for path, warnings in (("", (category, rule)), ("/rules", (rule,)), ("/categories", (category,))):
            page = (await adam.get(f"/settings{path}")).text
            assert re.findall(r'<p class="amiss"[^>]*>(No [^<]+)<', page) == [*warnings], path


async def test_the_drawing_says_what_is_so_on_this_line(office: Office) -> None:
    ends = await made(
        office, "menus", name="Reception", prompts={"fr": "…"}, keys={"1": {"kind": "hang_up"}},
        otherwise={"kind": "hang_up"},
    )  # fmt: skip
    line = f"{API}/lines/{office.company.line_id}"
    await office.api.patch(line, json={"menu_id": ends["id"]})
    await made(office, "rules", name="French", when={"country": "FR"}, do={"action": "voicemail"})
    await office.api.patch(f"{API}/company", json={"treatments": {"blacklist": "reject"}})
    await office.api.put(f"{line}/by-hand", json={"state": "closed"})
    async with signed_in(office, Role.ADMIN) as adam:
        page, lines = [(await adam.get(path)).text for path in ("/settings", "/settings/lines")]
    told = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "There is no manager, so the operators are rung: Nina" in told
    assert "Blacklisted callers, unless their entry says otherwise: refused" in told
    assert "Caller from France: can leave a message" in told
    assert "closed by hand" in told
    assert "always open" not in told
    assert "Réception" not in told  # neither a key nor silence leads to the queue
    assert "closed by hand</span>" in lines
    assert "never closed" not in lines


async def test_settings_stand_in_groups_of_which_one_is_open(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        glance = (await adam.get("/settings")).text
        assert all(f'href="{section.path}"' in glance for section in settings_sections(Role.ADMIN))
        page = (await adam.get("/settings/queues/new")).text
        nav = page[page.index('<nav class="places"') : page.index("</nav>", page.index('<nav class="places"'))]
        assert '<a href="/settings/lines" aria-current="true">Calls</a>' in nav
        assert '<a href="/settings/queues" aria-current="page">Queues</a>' in nav
        assert "/settings/webhooks" not in nav
        assert nav.count("aria-current") == 2
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = (await sofia.get("/settings/fake-queue")).text
        assert 'href="/settings/me"' in page
        assert "/settings/lines" not in page
    async with signed_in(office, Role.OPERATOR) as olga:
        assert '<nav class="places"' not in (await olga.get("/settings/me")).text


async def test_treatments_are_told_with_what_they_cost_and_what_holds(office: Office) -> None:
    await office.add_blacklisted(treatment="busy")
    await office.api.patch(
        f"{API}/company",
        json={
            "treatments": {"withheld": "reject", "fake_queue_at_once": 7, "ladder": ["fake_queue", "reject", "busy"]}
        },
    )
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get("/settings/treatments")).text
        assert page.count('<tr><th scope="row">') >= 7
        assert "Billed by Twilio" in page
        assert "SignalWire" not in page
        assert "are refused" in page
        assert "<td>7</td>" in page
        assert "fake queue (held, never answered) → refused → busy tone" in page
        assert 'href="/settings/company#callers"' in page
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get("/settings/treatments")).status_code == 403


async def test_a_company_without_a_line_is_shown_the_way(office: Office) -> None:
    assert (await office.api.delete(f"{API}/lines/{office.company.line_id}")).status_code == 204
    async with signed_in(office, Role.ADMIN) as adam:
        assert 'href="/settings/lines/new"' in (await adam.get("/settings")).text


async def test_adam_changes_the_company_by_page(office: Office) -> None:
    form = {
        "name": "Maison Vera", "country": "FR", "time_zone": "Europe/Paris", "language": "fr", "blacklist": "busy",
        "withheld": "message", "unavailable": "ordinary", "vip_policy": "attested", "longest_wait_seconds": "600",
        "voicemail_days": "10", "rate_per_minute": "0,0085", "billing_increment_seconds": "60", "currency": "EUR",
        "protected": "01 99 00 10 11\r\n\r\n+33199001012", "countries": "de, CH",
    }  # fmt: skip
    async with signed_in(office, Role.ADMIN) as adam:
        saved = await adam.post("/settings/company", data=form)
        assert saved.headers["location"] == "/settings/company?saved=1"
        page = (await adam.get("/settings/company?saved=1")).text
        assert "CH DE" in page
        assert "+33199001012" in page
    company = (await office.api.get(f"{API}/company")).json()
    assert (company["protected"], company["countries"]) == (["+33199001011", "+33199001012"], ["CH", "DE"])
    chosen = company["treatments"]
    assert (chosen["blacklist"], chosen["withheld"], chosen["vip_policy"]) == ("busy", "message", "attested")
    assert (chosen["rate_per_minute"], chosen["longest_wait_seconds"], chosen["voicemail_days"]) == (0.0085, 600, 10)
    await office.add_blacklisted()
    assert "<Reject" in (await office.webhook("/twilio/voice", cast.BORIS)).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone"), ({"longest_wait_seconds": "5"}, "longest_wait_seconds"),
        ({"protected": "12\n13"}, "protected"), ({"countries": "ZZ"}, "countries"), ({"currency": "euro"}, "currency"),
        ({"rate_per_minute": "cheap"}, "rate_per_minute"), ({"voicemail_days": "many"}, "voicemail_days"),
        ({"withheld": "shout"}, "withheld"),
    ],
)  # fmt: skip
async def test_what_is_refused_is_said_beside_the_field(office: Office, typed: dict[str, str], field: str) -> None:
    before = (await office.api.get(f"{API}/company")).json()
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post("/settings/company", data=typed)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert (await office.api.get(f"{API}/company")).json() == before


async def test_an_account_is_added_changed_and_deleted_by_page_and_its_keys_never_come_out(office: Office) -> None:
    form = {
        "provider": "signalwire",
        "account_sid": "0a1b2c3d-1111-2222-3333-444455556666",
        "token": "PSK_secret_of_theirs",
    }
    async with signed_in(office, Role.ADMIN) as adam:
        first = (await adam.get("/settings/accounts")).text
        assert cast.ACCOUNT_SID in first
        assert "/twilio/voice" in first
        assert cast.AUTH_TOKEN not in first
        assert (await adam.post("/settings/accounts", data=form)).headers["location"] == "/settings/accounts?saved=1"
        accounts = (await office.api.get(f"{API}/accounts")).json()["items"]
        added = next(one for one in accounts if one["provider"] == "signalwire")
        changed = await adam.post(
            f"/settings/accounts/{added['id']}", data={"space": "example", "api_token": "PT_other", "token": ""}
        )
        assert changed.status_code == 303
        page = (await adam.get("/settings/accounts")).text
        assert "example" in page
        assert "PT_other" not in page
        assert "PSK_secret_of_theirs" not in page
        after = (await office.api.get(f"{API}/accounts/{added['id']}")).json()
        assert (after["has_api_token"], after["has_token"], after["space"]) == (True, True, "example")
        assert "?" in (await adam.get(f"/settings/accounts/{added['id']}/delete")).text
        gone = await adam.post(f"/settings/accounts/{added['id']}/delete")
        assert gone.headers["location"] == "/settings/accounts?deleted=1"
        only = next(one for one in accounts if one["provider"] == "twilio")
        refused = await adam.post(f"/settings/accounts/{only['id']}/delete")
    assert refused.status_code == 409
    assert "Ligne principale" in refused.text


async def test_a_token_is_rotated_by_page(office: Office) -> None:
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]
    path = f"/settings/accounts/{account['id']}"
    async with signed_in(office, Role.ADMIN) as adam:
        await adam.post(path, data={"next_token": NEW_TOKEN})
        assert "A second token is accepted" in (await adam.get("/settings/accounts")).text
        await adam.post(path, data={"end_rotation": "1"})
    after = (await office.api.get(f"{API}/accounts/{account['id']}")).json()
    assert (after["has_token"], after["has_next_token"]) == (True, False)


@pytest.mark.parametrize(
    "path", ["/settings", "/settings/company", "/settings/accounts", "/settings/api-keys", "/settings/audit"]
)
async def test_supervisors_have_no_business_there(office: Office, path: str) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(path)).status_code == 403
        assert (await sofia.post(path, data={"name": "Mine"})).status_code in {403, 405}


async def test_another_companys_account_is_nobodys_here(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam, neighbour(office) as (theirs, _):
        account = (await theirs.get(f"{API}/accounts")).json()["items"][0]
        path = f"/settings/accounts/{account['id']}"
        assert (await adam.get(f"{path}/delete")).status_code == 404
        assert (await adam.post(path, data={"token": NEW_TOKEN})).status_code == 404
        assert (await adam.post(f"{path}/delete")).status_code == 404
