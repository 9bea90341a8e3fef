"""The pages of every resource: what is typed is what the API has then, and whoever may not edit sees nothing."""

import re
from typing import Any

import httpx
import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, made, neighbour, signed_in
from tests.company.recordings import recorded
from tests.office import Office

pytestmark = pytest.mark.anyio

Form = dict[str, str | list[str]]
PAGES: dict[str, tuple[Form, dict[str, Any]]] = {
    "lines": (
        {"number": "01 99 00 10 77", "label": "Orders", "country": "FR", "language": "fr", "greeting_en": "Hello.",
         "greeting_fr": "Bonjour.", "rate_per_minute": "0,0085", "hours_id": ""},
        {"number": "+33199001077", "label": "Orders", "greeting": "Bonjour.", "greetings": {"en": "Hello."},
         "rate_per_minute": 0.0085, "hours_id": None, "time_zone": "Europe/Paris"},
    ),
    "hours": (
        {"name": "Nights", "day_monday": "22:00 – 06:00", "day_friday": "9:00-12:00; 14:00-18:00", "observes_holidays": ""},
        {"name": "Nights", "days": {"monday": ["22:00-06:00"], "friday": ["09:00-12:00", "14:00-18:00"]},
         "observes_holidays": False},
    ),
    "holidays": (
        {"name": "Stocktaking", "country": "", "day": "2026-12-30", "intervals": "", "lines": ["", ""]},
        {"name": "Stocktaking", "country": None, "day": "2026-12-30", "intervals": [], "lines": []},
    ),
    "menus": (
        {"name": "Reception", "prompts_fr": "Tapez 1.", "key_0": "1", "leads_0": "message", "text_0": "Merci.",
         "label_0": "Orders", "key_1": "", "leads_1": "hang_up", "key_2": "9", "leads_2": "repeat", "tries": "2",
         "leads_otherwise": "voicemail"},
        {"name": "Reception", "prompts": {"fr": "Tapez 1."}, "tries": 2, "timeout_seconds": 5,
         "keys": {"1": {"kind": "message", "id": None, "text": "Merci.", "label": "Orders"},
                  "9": {"kind": "repeat", "id": None, "text": "", "label": ""}},
         "otherwise": {"kind": "voicemail", "id": None, "text": "", "label": ""}},
    ),
    "operators": (
        {"name": "Oscar", "address": "06 39 98 00 92", "position": "3", "ring_seconds": "15", "confirm": ["", "1"],
         "management": "", "quiet_hours": "", "queue_ids": ""},
        {"name": "Oscar", "address": "+33639980092", "position": 3, "ring_seconds": 15, "confirm": True,
         "management": False, "quiet_hours": None, "queue_ids": []},
    ),
    "categories": (
        {"name": "Regulars", "priority": "40", "treatment": "", "ignores_hours": "1", "greeting_fr": "Ravis.",
         "greeting_ru": "Рады."},
        {"name": "Regulars", "priority": 40, "treatment": None, "ignores_hours": True, "greeting": "Ravis.",
         "greetings": {"ru": "Рады."}, "queue_id": None, "hours_id": None},
    ),
    "rules": (
        {"name": "Spaniards", "state": "shadow", "when.country": "es", "when.attestation": ["", "A", "none"],
         "when.calls.at_least": "3", "when.calls.within_minutes": "10", "when.hours": "closed", "do.action": "message",
         "do.text_fr": "Un moment.", "do.text_es": "Un momento."},
        {"name": "Spaniards", "state": "shadow", "position": 1,
         "when": {"country": "ES", "attestation": ["A", "none"], "hours": "closed",
                  "calls": {"at_least": 3, "within_minutes": 10}},
         "do": {"action": "message", "text": {"fr": "Un moment.", "es": "Un momento."}}},
    ),
    "subscriptions": (
        {"name": "Spam", "source": "url", "state": "active", "treatment": "busy", "url": "https://example.org/list.csv",
         "country": "fr", "api_key": "", "min_votes": "4"},
        {"name": "Spam", "source": "url", "state": "active", "treatment": "busy", "url": "https://example.org/list.csv",
         "country": "FR", "entries": 0, "would_have_blocked": 0, "has_api_key": False},
    ),
}  # fmt: skip
every_resource = pytest.mark.parametrize("resource", PAGES)


@every_resource
async def test_adam_adds_changes_and_deletes_by_page(office: Office, resource: str) -> None:
    page, (form, fields) = f"/settings/{resource}", PAGES[resource]
    async with signed_in(office, Role.ADMIN) as adam:
        assert (await adam.get(f"{page}/new")).status_code == 200
        added = await adam.post(f"{page}/new", data=form)
        assert added.status_code == 303
        path = added.headers["location"].removesuffix("?saved=1")
        row_id = path.rsplit("/", 1)[1]
        stored = (await office.api.get(f"{API}/{resource}/{row_id}")).json()
        assert {name: stored[name] for name in fields} == fields
        shown = (await adam.get(path)).text
        again = await adam.post(path, data=form | {"label": "Other", "name": "Other"})
        assert again.headers["location"] == f"{path}?saved=1"
        assert "Saved." in (await adam.get(f"{path}?saved=1")).text
        changed = (await office.api.get(f"{API}/{resource}/{row_id}")).json()
        named = "label" if "label" in stored else "name"
        assert changed == stored | {named: "Other"}
        assert "Other" in (await adam.get(page)).text
        assert shown != (await adam.get(path)).text
        assert "Other" in (await adam.get(f"{path}/delete")).text
        assert (await office.api.get(f"{API}/{resource}/{row_id}")).status_code == 200, "asking deletes nothing"
        assert (await adam.post(f"{path}/delete")).headers["location"] == f"{page}?deleted=1"
        assert "Deleted." in (await adam.get(f"{page}?deleted=1")).text
        assert (await adam.get(path)).status_code == 404
        assert (await adam.post(f"{path}/delete")).status_code == 404


@pytest.mark.parametrize(
    ("resource", "typed", "field"),
    [
        ("lines", {"number": "12"}, "number"),
        ("lines", {"rate_per_minute": "cheap"}, "rate_per_minute"),
        ("lines", {"time_zone": "Mars/Base"}, "time_zone"),
        ("hours", {"day_tuesday": "noon"}, "day_tuesday"),
        ("hours", {"day_monday": "09:00-12:00, 11:00-13:00"}, "day_monday"),
        ("holidays", {"day": "", "country": "XX"}, "country"),
        ("holidays", {"day": ""}, "day"),
        ("menus", {"leads_0": "message", "text_0": ""}, "keys-1-text"),
        ("menus", {"leads_0": "queue:nobody"}, "keys-1-id"),
        ("menus", {"key_1": "1", "leads_1": "hang_up"}, "keys-1"),
        ("menus", {"key_1": "2", "leads_1": ""}, "keys-2"),
        ("menus", {"tries": "many"}, "tries"),
        ("operators", {"address": "0899 000 000"}, "address"),
        ("operators", {"quiet_hours": "night"}, "quiet_hours"),
        ("categories", {"priority": "101"}, "priority"),
        ("categories", {"name": " "}, "name"),
        ("rules", {"when.country": "XX"}, "when-country"),
        ("rules", {"when.prefix": "abc"}, "when-prefix"),
        ("rules", {"when.calls.at_least": "many"}, "when-calls-at_least"),
        ("rules", {"when.calls.within_minutes": ""}, "when-calls-within_minutes"),
        ("rules", {"when.kind": "loud"}, "when-kind"),
        ("rules", {"do.action": "queue", "do.queue_id": ""}, "do-queue_id"),
        ("rules", {"do.action": "menu", "do.menu_id": "nobody"}, "do-menu_id"),
        ("rules", {"do.action": "reject"}, "do-text"),
        ("rules", {"position": "0"}, "position"),
        ("subscriptions", {"url": "http://10.0.0.1/"}, "url"),
        ("subscriptions", {"country": "XX"}, "country"),
        ("subscriptions", {"source": "phoneblock", "url": ""}, "api_key"),
        ("subscriptions", {"source": "phoneblock", "api_key": "k", "min_votes": "0"}, "min_votes"),
    ],
)
async def test_what_is_refused_is_said_beside_the_field_and_keeps_what_was_typed(
    office: Office, resource: str, typed: Form, field: str
) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post(f"/settings/{resource}/new", data=PAGES[resource][0] | typed)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    kept = [
        text
        for text in (PAGES[resource][0] | typed).values()
        if isinstance(text, str) and len(text) > 4 and "nobody" not in text
    ]
    assert all(text.replace("'", "&#39;") in answer.text for text in kept)


async def test_what_is_in_use_says_by_whom_and_leads_there(office: Office) -> None:
    menu = await made(office, "menus", name="Reception", prompts={"fr": "Tapez 1."}, keys={"1": {"kind": "repeat"}})
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"menu_id": menu["id"]})
    async with signed_in(office, Role.ADMIN) as adam:
        asked = (await adam.get(f"/settings/menus/{menu['id']}/delete")).text
        assert f'href="/settings/lines/{office.company.line_id}"' in asked
        assert 'action="/settings/menus' not in asked
        refused = await adam.post(f"/settings/menus/{menu['id']}/delete")
    assert refused.status_code == 409
    assert f'href="/settings/lines/{office.company.line_id}"' in refused.text


async def test_whoever_is_in_the_way_has_a_name_a_kind_and_a_page(office: Office) -> None:
    olga = await office.add_operator()
    person = {"email": "olga@example.org", "operator_id": olga["id"]}
    account = await made(office, "users", **person, name="Olga Petit", password="olga's password")
    await made(office, "users/invitations", **person | {"email": "new@example.org"})
    line = await made(office, "lines", number=cast.SECOND_LINE, label="Second")
    await office.add_blacklisted(cast.BORIS, label="", lines=[line["id"]])
    async with signed_in(office, Role.ADMIN) as adam:
        adam.headers["Accept-Language"] = "fr"
        asked = (await adam.get(f"/settings/operators/{olga['id']}/delete")).text
        for shown in (f'href="/settings/people/{account["id"]}"', "Olga Petit", "Personnes", "new@example.org"):
            assert shown in asked, shown
        assert "users" not in asked.partition("<main")[2]
        refused = await adam.post(f"/settings/lines/{line['id']}/delete")
        assert (refused.status_code, 'href="/lists/blacklist/' in refused.text) == (409, True)
        assert f"{cast.BORIS} (Liste noire)" in refused.text


async def test_a_loop_of_menus_is_refused_with_its_path(office: Office) -> None:
    silent = {"prompts_fr": "…", "key_0": "9", "leads_0": "repeat"}
    async with signed_in(office, Role.ADMIN) as adam:
        made_one = await adam.post("/settings/menus/new", data=silent | {"name": "One"})
        first = made_one.headers["location"].removesuffix("?saved=1")
        first_id = first.rsplit("/", 1)[1]
        made_two = await adam.post(
            "/settings/menus/new", data=silent | {"name": "Two", "leads_otherwise": f"menu:{first_id}"}
        )
        second_id = made_two.headers["location"].removesuffix("?saved=1").rsplit("/", 1)[1]
        refused = await adam.post(first, data=silent | {"name": "One", "leads_otherwise": f"menu:{second_id}"})
    assert refused.status_code == 422
    assert "One" in refused.text
    assert "Two" in refused.text


async def test_a_menu_is_drawn_once_however_many_keys_lead_there(office: Office) -> None:
    below = {"kind": "queue", "id": office.company.queue_id}
    for name in ("Deep", "Deeper", "Deepest", "Top"):
        menu = await made(
            office, "menus", name=name, prompts={"fr": "Tapez."}, keys={"1": below, "2": below, "3": below}
        )
        below = {"kind": "menu", "id": menu["id"]}
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"menu_id": menu["id"]})
    async with signed_in(office, Role.ADMIN) as adam:
        for path in ("/settings", f"/settings/menus/{menu['id']}"):
            page = (await adam.get(path)).text
            assert (page.count("<kbd>3</kbd>"), page.count("see above")) == (4, 6), path
            assert f'<a href="/settings/queues/{office.company.queue_id}"><bdi>Queue “' in page
        assert (await adam.get("/settings/menus")).text.count("see above") == 9


async def test_a_key_plays_a_recording_in_place_of_words(office: Office) -> None:
    typed = {"name": "Way", "prompts_fr": "Tapez 1.", "key_0": "1", "leads_0": "message", "text_0": ""}
    async with signed_in(office, Role.ADMIN) as adam:
        assert "text_0_audio" not in (await adam.get("/settings/menus/new")).text
        sound = await recorded(office.api, name="The way")
        assert "text_0_audio" in (await adam.get("/settings/menus/new")).text
        made = await adam.post("/settings/menus/new", data=typed | {"text_0_audio": f"audio:{sound['id']}"})
        shown = (await adam.get(made.headers["location"])).text
        assert f'value="audio:{sound["id"]}" selected' in shown
        assert 'id="text_0" name="text_0" value=""' in shown
        assert "▶ The way" in (await adam.get("/settings/menus")).text
        again = await adam.post(made.headers["location"].partition("?")[0], data=typed | {"text_0": "Rue de la Paix"})
        assert 'value="Rue de la Paix"' in (await adam.get(again.headers["location"])).text
        gone = await adam.post("/settings/menus/new", data=typed | {"text_0_audio": "audio:01kfx3v9q2abcdefghjk"})
    assert gone.status_code == 422
    assert 'id="keys-1-text-fault"' in gone.text


@every_resource
async def test_supervisors_and_other_companies_have_no_business_there(office: Office, resource: str) -> None:
    page = f"/settings/{resource}"
    async with signed_in(office, Role.ADMIN) as adam:
        added = await adam.post(f"{page}/new", data=PAGES[resource][0])
        path = added.headers["location"].removesuffix("?saved=1")
        async with signed_in(office, Role.SUPERVISOR) as sofia:
            for one in (page, f"{page}/new", path, f"{path}/delete"):
                assert (await sofia.get(one)).status_code == 403
            for one in (f"{page}/new", path, f"{path}/delete"):
                assert (await sofia.post(one, data=PAGES[resource][0])).status_code == 403
        async with neighbour(office) as (theirs, _):
            row = (await theirs.get(f"{API}/{resource}")).json()["items"]
            for one in row[:1]:
                assert (await adam.get(f"{page}/{one['id']}")).status_code == 404
                assert (await adam.post(f"{page}/{one['id']}/delete")).status_code == 404


async def test_the_next_twelve_months_show_what_is_closed(office: Office) -> None:
    await made(office, "holidays", country="FR", name="")
    await made(office, "holidays", day="2027-01-09", intervals=["09:00-12:00"], name="Sales")
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get("/settings/holidays")).text
        assert 'class="closed">25<' in page
        assert 'class="open">9<' in page
        country = page.partition('href="/settings/holidays/')[2].partition('"')[0]
        assert "subdivision" in (await adam.get(f"/settings/holidays/{country}")).text


async def test_the_form_of_a_line_shows_callers_where_it_leads(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        path = f"/settings/lines/{office.company.line_id}"
        await adam.post(path, data={"greeting_fr": "Bienvenue chez nous."})
    assert "Bienvenue chez nous." in (await office.webhook("/twilio/voice", cast.UMA)).text


async def test_a_change_by_somebody_else_is_not_taken_back_unseen(office: Office) -> None:
    """Two tabs, two admins: the second is told, keeps what was typed, and may save it knowingly."""
    row = await made(office, "hours", name="Office", days={"monday": ["09:00-12:00"]})
    path = f"/settings/hours/{row['id']}"
    async with signed_in(office, Role.ADMIN) as adam:
        seen = {"seen": _seen(await adam.get(path))}
        typed = {"name": "Office", "day_monday": "09:00-12:00"}
        wrong = await adam.post(path, data=typed | seen | {"day_sunday": "ten"})
        assert (wrong.status_code, _seen(wrong)) == (422, seen["seen"])
        assert (await adam.post(path, data=typed | seen | {"day_saturday": "10:00-12:00"})).status_code == 303
        late = await adam.post(path, data=typed | seen | {"day_sunday": "10:00-11:00"})
        assert (late.status_code, 'value="10:00-11:00"' in late.text) == (409, True)
        days = (await office.api.get(f"{API}/hours/{row['id']}")).json()["days"]
        assert days == {"monday": ["09:00-12:00"], "saturday": ["10:00-12:00"]}
        again = await adam.post(path, data=typed | {"seen": _seen(late), "day_sunday": "10:00-11:00"})
        assert again.status_code == 303


@pytest.mark.parametrize("resource", PAGES)
async def test_a_form_that_is_saved_as_it_was_drawn_is_not_taken_for_old(office: Office, resource: str) -> None:
    form, _stored = PAGES[resource]
    async with signed_in(office, Role.ADMIN) as adam:
        added = await adam.post(f"/settings/{resource}/new", data=form)
        path = added.headers["location"].partition("?")[0]
        seen = _seen(await adam.get(path))
        assert (await adam.post(path, data=form | {"seen": seen})).status_code == 303


def _seen(answer: httpx.Response) -> str:
    found = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert found is not None
    return found[1]
