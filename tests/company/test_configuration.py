"""The whole set-up as one document: printed, compared, applied, refused with the place at fault, and kept in versions."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from app.auth.roles import Role, Scope
from app.company.configuration.edit_configuration import configuration_now
from app.company.configuration.sections import SECTIONS
from app.company.configuration.set_up import COMPANY, TEXTS
from app.edits import set_up_history
from app.plan.rows import SET_UP
from models import Company, PhraseRecord, VipEntry
from tests import cast
from tests.api import API, client, fault, key_with, made, neighbour, signed_in
from tests.company.recordings import recorded
from tests.office import Office

pytestmark = pytest.mark.anyio
PATH = f"{API}/configuration"
EMPTY = "".join(f"{section.name}: {'{}' if section.key else '[]'}\n" for section in SECTIONS) + "texts: {}\n"

_THRICE = {"at_least": 3, "within_minutes": 10}


async def document(api: httpx.AsyncClient, path: str = PATH) -> str:
    answer = await api.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/yaml")
    return answer.text


async def put(api: httpx.AsyncClient, text: str, **query: Any) -> dict[str, Any]:
    """What came of a document; it must be taken."""
    answer = await api.put(PATH, content=text.encode(), params=query, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


async def refused(office: Office, text: str) -> tuple[int, str | None, str]:
    """Status, place and sentence; and nothing was changed."""
    before, version = await document(office.api), office.board.live_plan.version
    for dry_run in (True, False):
        answer = await office.api.put(PATH, content=text.encode(), params={"dry_run": dry_run})
    assert await document(office.api) == before
    assert office.board.live_plan.version == version
    status, _code, field = fault(answer)
    return status, field, answer.json()["detail"]


async def set_up(office: Office) -> None:
    """Something in every section, each referring to what it can refer to."""
    orders = await made(office, "queues", name="Orders", announcement={"fr": "Un instant.\nBientôt: #1"}, max_waiting=3)
    olga = await made(office, "operators", name="Nina", address=cast.OLGA, queue_ids=[orders["id"]])
    keys: dict[str, Any] = {
        "1": {"kind": "queue", "id": orders["id"], "label": "Orders"},
        "2": {"kind": "operator", "id": olga["id"]},
        "*": {"kind": "message", "text": "a\u0085b: 'c' \"d\" # e"},
    }
    menu = await made(office, "menus", name="yes", prompts={"fr": "x"}, keys=keys)
    inner = await made(
        office, "menus", name="Inner", prompts={"fr": "x"}, keys={"0": {"kind": "menu", "id": menu["id"]}}
    )
    await office.api.patch(
        f"{API}/menus/{menu['id']}", json={"keys": keys | {"3": {"kind": "menu", "id": inner["id"]}}}
    )
    over = await made(
        office, "queues", name="0123", otherwise={"do": "queue", "id": orders["id"], "text": {"fr": "Bien."}}
    )
    await office.keep_hours(monday=["09:00-12:00", "22:00-06:00"], friday=["09:00-12:00"])
    await office.api.patch(
        f"{API}/lines/{office.company.line_id}",
        json={"menu_id": menu["id"], "queue_id": over["id"], "rate_per_minute": 1e-05},
    )
    await made(office, "holidays", country="FR", lines=[office.company.line_id])
    await made(office, "holidays", day="2026-12-24", name="Eve", intervals=["09:00-12:00"])
    regulars = await made(office, "categories", name="Regulars", queue_id=orders["id"], greetings={"en": "Hi"})
    when = {"hours": "open", "category_id": regulars["id"], "line_id": office.company.line_id, "calls": _THRICE}
    await made(office, "rules", name="Late", when={"kind": "withheld"}, do={"action": "reject"}, state="shadow")
    await made(office, "rules", name="First", when=when, do={"action": "queue", "queue_id": orders["id"]}, position=1)
    await office.api.put(f"{API}/texts/closed/fr", json={"text": "Fermé."})
    answer = await office.api.patch(
        f"{API}/company", json={"countries": ["DE"], "protected": [cast.CLARA], "treatments": {"voicemail_days": 10}}
    )
    assert answer.is_success


def test_every_table_of_a_set_up_has_a_section() -> None:
    """So that no edit is a version without being in its document."""
    assert {section.table for section in SECTIONS} | {Company.__tablename__, PhraseRecord.__tablename__} == SET_UP


async def test_a_document_applied_again_changes_nothing(office: Office) -> None:
    await set_up(office)
    text, version = await document(office.api), office.board.live_plan.version
    outcome = await put(office.api, text)
    assert (outcome["changes"], outcome["difference"]) == ([], "")
    assert office.board.live_plan.version == version
    assert await document(office.api) == text


async def test_a_second_company_is_set_up_from_the_first_ones_document(office: Office) -> None:
    await set_up(office)
    text = await document(office.api)
    for one in (office.company.tenant, office.company.line_id, office.company.queue_id, office.nina):
        assert one not in text
    async with neighbour(office) as (api, company):
        answer = await api.put(PATH, content=text.encode())
        assert fault(answer) == (409, "name-taken", f"lines.{cast.LINE}")
        await put(office.api, EMPTY)
        outcome = await put(api, text)
        assert {"path": "queues.Orders", "act": "add", "fields": []} in outcome["changes"]
        assert await document(api) == text
        assert outcome["version"] == (await configuration_now(office.board.sessions, company.tenant)).number
        plan = office.board.live_plan.plan_of(company.tenant)
        assert plan is not None
        assert [queue.name for _id, queue in sorted(plan.queues.items())] == ["Réception", "Orders", "0123"]
        assert len((await api.get(f"{API}/audit")).json()["items"]) > 12


async def test_a_dry_run_says_what_would_change_and_changes_nothing(office: Office) -> None:
    text, version = await document(office.api), office.board.live_plan.version
    wanted = text.replace("queues:\n", "queues:\n  Sales:\n    max_wait_seconds: 90\n")
    outcome = await put(office.api, wanted, dry_run=True)
    assert outcome["changes"] == [{"path": "queues.Sales", "act": "add", "fields": []}]
    assert "+  Sales:\n+    max_wait_seconds: 90" in outcome["difference"]
    assert outcome["dry_run"]
    assert (await document(office.api), office.board.live_plan.version) == (text, version)
    done = await put(office.api, wanted)
    assert (done["changes"], done["difference"]) == (outcome["changes"], outcome["difference"])
    assert done["version"] == outcome["version"] + 1


async def test_rows_stay_themselves(office: Office) -> None:
    """Whoever is renamed, or gets another telephone, is the same operator for everything that refers to them."""
    olga = await office.add_operator()
    await office.add_operator(cast.MARTIN, name="Martin")
    text = await document(office.api)
    renamed = text.replace("  Olga:\n", "  Olga Petrova:\n")
    assert (await put(office.api, renamed))["changes"] == [
        {"path": "operators.Olga Petrova", "act": "change", "fields": ["name"]}
    ]
    swapped = renamed.replace(cast.OLGA, "?").replace(cast.MARTIN, cast.OLGA).replace("?", cast.MARTIN)
    assert [one["fields"] for one in (await put(office.api, swapped))["changes"]] == [["address"], ["address"]]
    row = (await office.api.get(f"{API}/operators/{olga['id']}")).json()
    assert (row["name"], row["address"]) == ("Olga Petrova", cast.MARTIN)


async def test_a_name_for_a_row_of_its_own(office: Office) -> None:
    """Two operators of one name are told apart by their addresses, and a number stays a text where one is wanted."""
    await office.add_operator(name="Nina")
    text = await document(office.api)
    assert f"  Nina ({cast.OLGA}):\n    name: Nina\n" in text
    outcome = await put(
        office.api, text.replace("operators:\n", "operators:\n  Nina 3:\n    name: 007\n    address: 0639980044\n")
    )
    assert outcome["changes"][0]["path"] == "operators.007"
    assert "  '007':\n    address: '+33639980044'" in await document(office.api)


async def test_what_is_left_out(office: Office) -> None:
    """A section that is left out stays as it is, and a field has its default."""
    await set_up(office)
    await put(office.api, "queues:\n  Réception:\n  Orders:\n  '0123':\n    otherwise: {do: voicemail}\n")
    orders = (await office.api.get(f"{API}/queues", params={"q": "Orders"})).json()["items"][0]
    assert (orders["max_waiting"], orders["announcement"]) == (None, "")
    assert len((await office.api.get(f"{API}/menus")).json()["items"]) == 2


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("queues:\n  Sales:\n    max_wait_seconds: 5\n", "queues.Sales.max_wait_seconds", "(line 3)"),
        ("queues:\n  Sales:\n    max_wait_secs: 50\n", "queues.Sales.max_wait_secs", "(line 3)"),
        ("queues:\n  Sales: {name: Verkauf}\n", "queues.Sales.name", "leave it out"),
        ("queues:\n  Sales: fast\n", "queues.Sales", "wanted here"),
        ("queues: [1]\n", "queues", "wanted here"),
        ("holidays:\n  A: {country: FR}\n", "holidays", "list"),
        ("holidays:\n  - country: FR\n  - country: ZZ\n", "holidays.1.country", "(line 3)"),
        ("holidays:\n  - {day: 2026-12-24}\n  - {day: '2026-12-24'}\n", "holidays.1", "taken"),
        ("sales: {}\n", "sales", "no such section"),
        ("configuration: 2\n", "configuration", "configuration: 1"),
        ("company: {name: X}\n", "company.country", "This is needed"),
        ("company: {name: X, country: FR, time_zone: Mars/Base, language: fr}\n", "company.time_zone", "IANA"),
        ("company: {name: X, country: FR, time_zone: UTC, language: fr, treatments: {voicemail_days: 0}}\n",
         "company.treatments.voicemail_days", "Not less than 1"),
        ("texts: {closed: {xx: Zu}}\n", "texts.closed.xx", "languages"),
        ("texts:\n  shut: {fr: Fermé}\n", "texts.shut", "(line 2)"),
        ("texts:\n  closed:\n    fr: ' '\n", "texts.closed.fr", "(line 3)"),
        ("lines:\n  0199001000: {label: A}\n", "lines.0199001000", "international"),
        ("lines:\n  '+33199001000': {label: A, hours: Office}\n", "lines.+33199001000.hours", "no hours called “Office”"),
        ("lines:\n  '+33199001000': {label: A}\n  '+331990': {label: B}\n", "lines.+331990", "(line 3)"),
        ("lines:\n  '+33199001000': {label: A, provider: telnyx}\n", "lines.+33199001000.provider", "no account"),
        ("operators:\n  Eve: {address: '+33899700000'}\n", "operators.Eve.address", "ordinary number"),
        ("operators:\n  Eve: {address: '+33199001000'}\n", "operators.Eve.address", "loop"),
        ("operators:\n  Eve: {address: '+493012345678'}\n", "operators.Eve.address", "country"),
        ("operators:\n  A: {address: client:a}\n  B: {address: client:a}\n", "operators.B.address", "taken"),
        ("operators:\n  A: {address: client:a, queues: [Nowhere]}\n", "operators.A.queues.0", "“Nowhere”"),
        ("operators:\n  A: {address: client:a, available: false, presence: break}\n", "operators.A.presence", "no such"),
        ("menus:\n  A: {prompts: {fr: x}, keys: {1: {kind: queue, to: Nowhere}}}\n", "menus.A.keys.1.to", "“Nowhere”"),
        ("menus:\n  A: {prompts: {fr: x}, keys: {1: {kind: repeat, id: 01kfx3v9q2abcdefghjk}}}\n", "menus.A.keys.1.to", ""),
        ("menus:\n  A: {prompts: {fr: x}, keys: {1: {kind: jump}}}\n", "menus.A.keys.1.kind", "(line 2)"),
        ("menus:\n  A: {prompts: {fr: x}, keys: {1: {kind: hang_up}}, otherwise: {kind: menu, to: B}}\n"
         "  B: {prompts: {fr: x}, keys: {1: {kind: hang_up}}, otherwise: {kind: menu, to: A}}\n",
         "menus.A.otherwise", "circles"),
        ("queues:\n  A: {otherwise: {do: queue, to: B}}\n  B: {otherwise: {do: queue, to: A}}\n  Réception: {}\n",
         "queues.A.otherwise.to", "circles"),
        ("rules:\n  A: {when: {kind: sip}, do: {action: queue, queue: B}}\n", "rules.A.do.queue", "“B”"),
        ("rules:\n  A: {when: {kind: sip}, do: {action: reject}, position: 1}\n", "rules.A.position", "leave it out"),
        ("rules:\n  A: {when: {}, do: {action: reject}}\n", "rules.A.when", "(line 2)"),
        ("rules:\n  A: {when: {hours: shut}, do: {action: reject}}\n", "rules.A.when.hours", "(line 2)"),
        ("queues: {}\n", "queues.Réception", "Still used by Nina"),
        ("queues: {' ': {}}\n", "queues. ", "name"),
        ("queues: {\"\\0\": {}}\n", "queues.\0", "name"),
        ("queues: {A: {announcement: \"\\0\"}}\n", "queues.A.announcement", "not text"),
        ("queues: &a {}\nmenus: *a\n", "body", "Line 1"),
        ("queues: {A: {}, A: {}}\n", "body", "twice"),
        ("queues: [\n", "body", "not YAML"),
        ("- queues\n", "body", "has no sections"),
        ("", "body", "empty"),
    ],
)  # fmt: skip
async def test_a_refusal_names_the_place(office: Office, text: str, place: str, says: str) -> None:
    status, field, detail = await refused(office, text)
    assert status in {409, 422}
    assert (field, says in detail) == (place, True), detail


async def test_what_others_hold_is_not_taken_from_them(office: Office) -> None:
    """Entries limited to a line, clients of a category and a user's operator are no part of the document, and count."""
    olga = await office.add_operator()
    await office.api.post(
        f"{API}/users",
        json={"email": "o@x.org", "name": "O.", "password": "a long password", "operator_id": olga["id"]},
    )
    regulars = await office.add_category("Regulars")
    await office.add_client(category_id=regulars["id"])
    await office.add(VipEntry(match="exact", number=cast.VERA, label="Vera", lines=[office.company.line_id]))
    for text, place, who in (
        ("operators: {Nina: {address: client:nina}}\n", "operators.Olga", "O."),
        ("categories: {}\n", "categories.Regulars", "Clara"),
        ("lines: {}\n", f"lines.{cast.LINE}", "Vera"),
    ):
        status, field, detail = await refused(office, text)
        assert (status, field, who in detail) == (409, place, True)


async def test_secrets_are_never_in_it(office: Office) -> None:
    """Whatever is planted where secrets are: tokens, PINs, passwords, keys, and people of the lists."""
    await set_up(office)
    await office.api.post(f"{API}/vip", json={"number": cast.VERA, "label": "canary-label", "pin": "739155"})
    await office.api.post(f"{API}/users", json={"email": "canary@x.org", "name": "C", "password": "canary password"})
    account = {
        "account_sid": "AC" + "c" * 32,
        "token": "canary-token",
        "api_token": "canary-api",
        "next_token": "canary-next",
    }
    assert (await office.api.post(f"{API}/accounts", json=account)).status_code == 201
    await office.add_client(cast.CLARA, "canary-client")
    key = await key_with(office, Scope.READ)
    versions = (await office.api.get(f"{PATH}/versions")).text
    for text in (await document(office.api), await document(office.api, f"{PATH}/versions/1"), versions):
        for secret in ("canary", "739155", cast.AUTH_TOKEN, cast.VERA, key, office.company.api_key, cast.ADAM_PASSWORD):
            assert secret not in text


async def test_every_way_of_editing_makes_a_version(office: Office) -> None:
    """And what is no set-up makes none: entries, clients, somebody's break."""
    first = (await office.api.get(f"{PATH}/versions")).json()["items"][0]
    queue = await made(office, "queues", name="Orders")
    await office.api.patch(f"{API}/queues/{queue['id']}", json={"max_waiting": 5})
    await office.api.patch(f"{API}/queues/{queue['id']}", json={"max_waiting": 5})
    await office.add_vip()
    await office.add_client()
    await office.api.put(f"{API}/operators/{office.nina}/presence", json={"state": "break"})
    by_hand = await office.api.put(f"{API}/lines/{office.company.line_id}/by-hand", json={"state": "closed"})
    assert by_hand.is_success
    await put(office.api, (await document(office.api)).replace("max_waiting: 5", "max_waiting: 6"))
    await office.api.delete(f"{API}/queues/{queue['id']}")
    versions = (await office.api.get(f"{PATH}/versions")).json()["items"]
    told = [(one["number"] - first["number"], one["actor"], one["changes"]) for one in versions]
    assert told[:4] == [
        (4, "key:setup", [{"path": "queues.Orders", "act": "delete", "fields": []}]),
        (3, "key:setup", [{"path": "queues.Orders", "act": "change", "fields": ["max_waiting"]}]),
        (2, "key:setup", [{"path": "queues.Orders", "act": "change", "fields": ["max_waiting"]}]),
        (1, "key:setup", [{"path": "queues.Orders", "act": "add", "fields": []}]),
    ]
    assert versions[4] == first


async def test_each_version_is_the_document_as_of_then_and_can_be_gone_back_to(office: Office) -> None:
    documents = {1: await document(office.api)}
    queue = await made(office, "queues", name="Orders")
    documents[2] = await document(office.api)
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"queue_id": queue["id"]})
    documents[3] = await document(office.api)
    await put(office.api, EMPTY)
    documents[4] = await document(office.api)
    for number, text in documents.items():
        assert await document(office.api, f"{PATH}/versions/{number}") == text
    difference = await office.api.get(f"{PATH}/versions/3/difference")
    assert "+    queue: Orders" in difference.text.split("\n")
    assert "-  Orders: {}" in (await office.api.get(f"{PATH}/versions/4/difference", params={"since": 2})).text
    looked = (await office.api.post(f"{PATH}/versions/3/restore", params={"dry_run": True})).json()
    assert await document(office.api) == documents[4]
    back = await office.api.post(f"{PATH}/versions/3/restore")
    assert back.status_code == 200, back.text
    assert back.json()["difference"] == looked["difference"]
    assert await document(office.api) == documents[3]
    assert (await office.api.get(f"{API}/queues/{queue['id']}")).status_code == 200, "the past still belongs to it"
    newest = (await office.api.get(f"{PATH}/versions")).json()["items"][0]
    assert (newest["number"], newest["occasion"]) == (5, "back to 3")
    assert (await put(office.api, documents[3]))["version"] == 5
    assert fault(await office.api.get(f"{PATH}/versions/77"))[0] == 404


async def test_only_the_last_versions_are_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up_history, "KEPT_VERSIONS", 3)
    for number in range(4):
        await made(office, "queues", name=f"Queue {number}")
    versions = (await office.api.get(f"{PATH}/versions")).json()["items"]
    assert [one["number"] for one in versions] == [5, 4, 3]
    assert "Queue 1" in await document(office.api, f"{PATH}/versions/3")
    assert fault(await office.api.get(f"{PATH}/versions/2"))[0] == 404


async def test_nobody_overwrites_what_they_have_not_seen(office: Office) -> None:
    answer = await office.api.get(PATH)
    seen = answer.headers["Antichambre-Configuration-Version"]
    await made(office, "queues", name="Meanwhile")
    refusal = await office.api.put(PATH, content=answer.content, params={"version": seen})
    assert fault(refusal)[:2] == (409, "changed-meanwhile")
    assert "Meanwhile" in await document(office.api)


async def test_two_who_apply_at_once_follow_each_other(office: Office) -> None:
    text = await document(office.api)
    texts = [
        text.replace("queues:\n", f"queues:\n  Q{number}:\n    max_waiting: {number + 1}\n") for number in range(4)
    ]
    await asyncio.gather(*(put(office.api, one) for one in texts))
    newest = (await document(office.api)).count("  Q")
    assert newest == 1, "each takes away what the one before had added"


async def test_who_may(office: Office) -> None:
    text = await document(office.api)
    abroad = text.replace("  language: fr\n", "  language: fr\n  countries: [US]\n", 1)
    for scopes, status in ((Scope.READ,), 403), ((Scope.READ, Scope.WRITE), 200):
        async with client(office, Authorization=f"Bearer {await key_with(office, *scopes)}") as api:
            assert (await api.get(PATH)).status_code == 200
            assert (await api.put(PATH, content=text.encode())).status_code == status
            assert (await api.put(PATH, content=abroad.encode())).status_code == 403
    assert await document(office.api) == text
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        async with signed_in(office, role) as browser:
            for path in ("", "/versions", "/versions/1"):
                assert (await browser.get(PATH + path)).status_code == 403
            assert (await browser.put(PATH, content=text.encode())).status_code == 403
            assert (await browser.post(f"{PATH}/versions/1/restore")).status_code == 403


async def test_two_companies_have_their_own_versions(office: Office) -> None:
    async with neighbour(office) as (api, _company):
        await api.post(f"{API}/queues", json={"name": "Theirs"})
        assert "Theirs" not in await document(office.api)
        assert [one["number"] for one in (await office.api.get(f"{PATH}/versions")).json()["items"]] == [1]
        assert fault(await office.api.get(f"{PATH}/versions/2"))[0] == 404
        assert "Theirs" in await document(api, f"{PATH}/versions/2")


async def test_what_is_too_large_or_no_text(office: Office) -> None:
    assert (await office.api.put(PATH, content=b"a: " + b"x" * (1024 * 1024))).status_code == 413
    assert fault(await office.api.put(PATH, content=b"a: \xff"))[0] == 422


async def test_rules_are_asked_in_the_order_of_the_document(office: Office) -> None:
    await set_up(office)
    text = await document(office.api)
    assert text.index("  First:") < text.index("  Late:")
    begin, first, late = text.index("  First:"), text.index("  First:"), text.index("  Late:")
    moved = text[:begin] + "  New: {when: {kind: sip}, do: {action: reject}}\n" + text[late:] + text[first:late]
    await put(office.api, moved)
    rules = (await office.api.get(f"{API}/rules")).json()["items"]
    assert [(one["name"], one["position"]) for one in rules] == [("New", 1), ("Late", 2), ("First", 3)]
    await put(office.api, text)
    assert await document(office.api) == text


async def test_recordings_are_named(office: Office) -> None:
    """By their names, like everything; and one that another company does not have is refused there with its place."""
    hello = await recorded(office.api, name="Hello there")
    line = f"{API}/lines/{office.company.line_id}"
    await office.api.patch(line, json={"greeting": hello["reference"], "greetings": {"en": hello["reference"]}})
    await office.api.put(f"{API}/texts/closed/fr", json={"text": hello["reference"]})
    text = await document(office.api)
    assert (text.count("audio:Hello there"), hello["id"] in text) == (3, False)
    assert (await put(office.api, text))["changes"] == []
    await put(office.api, EMPTY)
    await put(office.api, text)
    assert await document(office.api) == text
    assert (await office.api.get(f"{API}/lines")).json()["items"][0]["greeting"] == hello["reference"]
    async with neighbour(office) as (api, _company):
        answer = await api.put(PATH, content=text.encode())
        assert fault(answer) == (422, "unprocessable", "texts.closed.fr")


async def test_an_order_is_kept(office: Office) -> None:
    """The document has rows by age, which decides where nothing else does."""
    names = [f"Q{number:02}" for number in range(30, 0, -1)]
    await put(office.api, "queues:\n  Réception: {}\n" + "".join(f"  {name}: {{}}\n" for name in names))
    text = await document(office.api)
    assert [line.strip() for line in text.splitlines() if line.startswith("  Q")] == [f"{name}: {{}}" for name in names]
    assert json.loads(json.dumps(text)) == text
    assert f"{COMPANY}:" in text
    assert f"{TEXTS}: {{}}" in text


async def test_in_another_language_the_texts_of_a_document_are_as_it_says(office: Office) -> None:
    gold = await made(office, "categories", name="Gold", greeting="Bonjour.")
    await put(office.api, (await document(office.api)).replace("language: fr", "language: en"))
    stored = (await office.api.get(f"{API}/categories/{gold['id']}")).json()
    assert (stored["greeting"], stored["greetings"]) == ("Bonjour.", {})
    company = f"{API}/company"
    assert (await office.api.get(company)).json()["language"] == "en"
