"""A company of three lines in three countries and two time zones is set up by somebody who opens nothing but pages; its
document, its lists and its clients, taken to an empty database by pages too, make one that decides every call alike."""

import random
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from app.base.database import create_engine
from app.calls.explain_call import explain_call
from app.plan.load_plan import load_all
from app.plan.number_builder import NumberBuilder
from app.words.action_words import action_words
from app.words.told_decision import tell_decision
from filters.attestation import Attestation
from routing.plan import RoutingPlan
from tests.audio.sound_files import tone
from tests.conftest import TEMPLATE, _database_from
from tests.service import running_service

pytestmark = pytest.mark.anyio
PARIS, MADRID, NEW_YORK = "+33199001000", "+34910123456", "+12125550100"
LINES = PARIS, MADRID, NEW_YORK
VIPS = [f"+3363998{number:04}" for number in range(100, 120)]
UNWANTED = [f"+3363999{number:04}" for number in range(5000)]
CLIENTS = [f"+3363997{number:04}" for number in range(200)]
CATEGORIES = ("Wholesale", "Retail", "Press", "Debtors", "On call")
CALLS = 1000
PASSWORD = "a long password of hers"
Typed = str | bool | Sequence[str]
"""What goes into a field: a text; of a list, the words of what is chosen; whether a box is ticked; of several boxes, the
words beside those to tick."""


async def fill(page: Page, fields: dict[str, Typed]) -> None:
    """Fill in a form's fields, by name, as people do."""
    for name, typed in fields.items():
        field = page.locator(f'main [name="{name}"]:not([type="hidden"])')
        if isinstance(typed, bool):
            await field.set_checked(typed)
        elif not isinstance(typed, str):
            await page.evaluate(
                "name => document.querySelectorAll(`main [name='${name}']`).forEach(one => one.checked = false)", name
            )
            for one in typed:
                await page.locator(f'main label:has([name="{name}"])', has_text=re.compile(rf"^\s*{one}\s*$")).check()
        elif await field.evaluate("field => field.localName") == "select":
            await field.select_option(label=typed)
        else:
            await field.fill(typed)


async def save(page: Page, path: str, fields: dict[str, Typed]) -> None:
    """Open a form, fill it in, and save it; what the page says is wrong fails the test."""
    await page.goto(path)
    await fill(page, fields)
    async with page.expect_navigation():
        await page.locator("main form .btn.go").first.click()
    told = await page.locator("main .wrong").all_text_contents()
    assert "saved=1" in page.url, (path, told)


async def add(page: Page, resource: str, **fields: Typed) -> None:
    """A new row of a resource."""
    await save(page, f"/settings/{resource}/new", fields)


async def change(page: Page, resource: str, called: str, **fields: Typed) -> None:
    """Find a row in its list by what it is called there, and change it."""
    await page.goto(f"/settings/{resource}")
    path = await page.get_by_role("link", name=called, exact=True).get_attribute("href")
    assert path is not None
    await save(page, path, fields)


async def bring_in(page: Page, home: str, content: bytes, name: str, changes: int) -> None:
    """Import a file that makes so many changes, by its preview."""
    await page.goto(f"{home}/import")
    await page.get_by_label("File", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    await page.get_by_role("button", name="Preview").click()
    await page.get_by_role("button", name=f"Apply {changes} changes").click()
    await expect(page.get_by_role("button", name="Undo the import")).to_be_visible()


async def fetched(page: Page, path: str, link: str) -> bytes:
    """What a link of a page downloads."""
    await page.goto(path)
    async with page.expect_download() as download:
        await page.get_by_role("link", name=link, exact=True).click()
    return Path(await (await download.value).path()).read_bytes()


@asynccontextmanager
async def first_run(data_dir: Path, database_url: str, browser: Browser, wrong: list[str]) -> AsyncIterator[Page]:
    """A service on an empty database, with its first admin and first line, made by the address that it prints."""
    async with running_service(data_dir, database_url) as service:
        found = re.search(r"http\S+/setup\?token=\S+", (data_dir / "service.log").read_text())
        assert found is not None
        profile = await browser.new_context(base_url=service.base_url, locale="en-GB", reduced_motion="reduce")
        page = await profile.new_page()
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        await page.goto(found[0])
        await fill(page, {
            "company": "Atelier Uma", "language": "English", "country": "France", "time_zone": "Europe/Paris",
            "line": "01 99 00 10 00", "admin_email": "uma@example.org", "admin_password": PASSWORD,
        })  # fmt: skip
        await page.get_by_role("button", name="Go on").click()
        await page.wait_for_url("**/setup/address")
        yield page
        await profile.close()


async def record(page: Page) -> None:
    """A recording, uploaded."""
    await page.goto("/settings/audio/new")
    sound = tone("WAV", seconds=1, rate=8000)
    await page.locator("main [name=file]").set_input_files(
        {"name": "way.wav", "mimeType": "audio/wav", "buffer": sound}
    )
    await fill(page, {"name": "The way to us", "language": "Français", "text": "Rue de la Paix, au fond de la cour."})
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("main .done")).to_be_visible()


async def set_up(page: Page) -> None:
    """Everything but lists and clients."""
    await record(page)
    week = {
        f"day_{day}": "09:00-12:00, 14:00-18:00" for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
    }
    await add(page, "hours", name="Office", **week, day_saturday="10:00-12:00")
    await add(page, "hours", name="Shop", **week | {"day_friday": "09:00-17:00"}, observes_holidays=False)
    await change(page, "queues", "Reception", name="Sales", ring="everybody who is free", max_waiting="20")
    await add(
        page, "queues", name="Workshop", ring="one after the other, by position", max_wait_seconds="300",
        do="goes to another queue", other="Sales", announcement_en="Please wait.", announcement_es="Espere, por favor.",
    )  # fmt: skip
    for place, name in enumerate(("Olga", "Pia", "Karim", "Lea", "Mehdi", "Nora")):
        served = [("Sales",), ("Workshop",), ("Sales", "Workshop")][place % 3]
        await add(page, "operators", name=name, address=f"06 39 98 09 0{place}", position=str(place), queue_ids=served)
    await add(page, "operators", name="Martin", address="06 39 98 09 10", management=True, queue_ids=())
    await add(
        page, "menus", name="Orders", prompts_en="For a new order, press 1. For one on its way, press 2.",
        prompts_fr="Pour une commande, tapez 1. Pour une livraison, tapez 2.",
        prompts_es="Para un pedido, pulse 1. Para una entrega, pulse 2.",
        key_0="1", leads_0="Sales", label_0="New order", key_1="2", leads_1="Workshop", label_1="On its way",
        key_2="9", leads_2="hear the menu again",
    )  # fmt: skip
    await add(
        page, "menus", name="Reception", prompts_en="For orders, press 1. For the way here, press 2.",
        prompts_fr="Pour une commande, tapez 1. Pour venir, tapez 2.", prompts_es="Para pedidos, pulse 1.",
        key_0="1", leads_0="Orders", key_1="2", leads_1="hear a message", text_1_audio="▶ The way to us", label_1="The way",
        key_2="3", leads_2="Olga", leads_otherwise="Sales",
    )  # fmt: skip
    await change(
        page, "lines", "Main line", label="Paris", hours_id="Office", menu_id="Reception", queue_id="Sales",
        greeting_en="Welcome.", greeting_fr="Bienvenue.", greeting_es="Bienvenidos.",
    )  # fmt: skip
    await add(
        page, "lines", number="910 12 34 56", label="Madrid", country="ES", language="Español", hours_id="Office",
        menu_id="Reception", queue_id="Sales", closed_treatment="hear a message and can leave one",
    )  # fmt: skip
    await add(
        page, "lines", number="(212) 555-0100", label="New York", country="US", time_zone="America/New_York",
        language="English", hours_id="Shop", menu_id="Orders", queue_id="Workshop", closed_text_en="We are closed.",
    )  # fmt: skip
    for country, line in (("FR", "Paris"), ("ES", "Madrid"), ("US", "New York")):
        await add(page, "holidays", country=country, lines=(line,))
    received: list[dict[str, Typed]] = [
        {"queue_id": "Workshop", "priority": "40"}, {"menu_id": "Orders"}, {"treatment": "can leave a message"},
        {"treatment": "hear a message, and nothing else", "greeting_en": "Please write to us."},
        {"ignores_hours": True, "priority": "90"},
    ]  # fmt: skip
    for name, fields in zip(CATEGORIES, received, strict=True):
        await add(page, "categories", name=name, **fields)
    await save(page, "/settings/rules/new", {
        "name": "Spain at once", "when.country": "ES", "do.action": "goes to the queue “…”", "do.queue_id": "Workshop",
    })  # fmt: skip
    await save(page, "/settings/company", {"blacklist": "fake queue (held, never answered)", "protected": CLIENTS[7]})
    await save(page, "/settings/texts/hold", {"text_en": "You are in good hands."})


async def fill_lists(page: Page) -> None:
    """VIPs typed into their page; the blacklist and the clients from files."""
    await page.goto("/lists/vip")
    await page.locator("#lines").fill("\n".join(f"{number} Guest {place}" for place, number in enumerate(VIPS)))
    await page.get_by_role("button", name="Add to the VIP list").click()
    await expect(page.get_by_text("20 entries were added.")).to_be_visible()
    numbers = "number,label,treatment\n" + "".join(
        f"{number},Caller {place},{'busy' if place % 10 == 0 else ''}\n" for place, number in enumerate(UNWANTED)
    )
    await bring_in(page, "/lists/blacklist", numbers.encode(), "unwanted.csv", len(UNWANTED))
    cards = "name,number,category,language\n" + "".join(
        f"Client {place},{number},{CATEGORIES[place % 5]},{('fr', 'es', 'en')[place % 3]}\n"
        for place, number in enumerate(CLIENTS)
    )
    await bring_in(page, "/clients", cards.encode(), "clients.csv", len(CLIENTS))


async def plan_in(database_url: str, data_dir: Path, now: datetime) -> RoutingPlan:
    """The plan as a worker would load it."""
    engine = create_engine(database_url)
    _stands_for, tenants = await load_all(engine, NumberBuilder(database_url, data_dir))
    await engine.dispose()
    (tenant,) = tenants.values()
    tenant.rebuild(0, now)
    assert tenant.plan is not None
    return tenant.plan


def decided(plan: RoutingPlan, caller: str, line: str, attestation: Attestation, at: datetime) -> tuple[object, ...]:
    """What becomes of a call, in words: ids are each company's own."""
    decision = explain_call(plan, caller, line, None, attestation.value, at)
    told = tell_decision(decision)
    trace = [(one.question, one.found, one.text) for one in told.trace]
    return action_words(decision, plan), told.reason.code, told.reason.text, trace


async def test_set_up_by_pages_and_taken_elsewhere(data_dir: Path, database_url: str, browser: Browser) -> None:
    wrong: list[str] = []
    here, there = data_dir / "here", data_dir / "there"
    here.mkdir()
    there.mkdir()
    async with first_run(here, database_url, browser, wrong) as page:
        await set_up(page)
        await fill_lists(page)
        document = await fetched(page, "/settings/configuration", "Download")
        files = [await fetched(page, home, "CSV") for home in ("/lists/vip", "/lists/blacklist", "/clients")]
    async with _database_from(TEMPLATE) as other_url:
        async with first_run(there, other_url, browser, wrong) as page:
            await record(page)
            await page.goto("/settings/configuration")
            await page.locator("#document").fill(document.decode())
            await page.get_by_role("button", name="Compare").click()
            await page.get_by_role("button", name="Apply", exact=True).click()
            await expect(page.locator("main .done")).to_be_visible()
            assert await fetched(page, "/settings/configuration", "Download") == document
            homes = ("/lists/vip", "/lists/blacklist", "/clients")
            for home, content, count in zip(homes, files, (20, 5000, 200), strict=True):
                await bring_in(page, home, content, "list.csv", count)
        now = datetime(2026, 7, 24, tzinfo=UTC)
        first, second = await plan_in(database_url, here, now), await plan_in(other_url, there, now)
    dice = random.Random(1907)
    callers = [
        *VIPS,
        *UNWANTED[:60],
        *CLIENTS[:60],
        "anonymous",
        "",
        "+34611223344",
        "+4930123456",
        "sip:eve@example.org",
    ]
    categories = 5 + 8  # its own, and those that every company begins with
    assert (len(first.lines), len(first.queues), len(first.menus), len(first.categories)) == (3, 2, 2, categories)
    assert len({line.zone for line in first.lines.values()}) == 2
    reasons = set()
    for _call in range(CALLS):
        call = (
            dice.choice(callers), dice.choice(LINES), dice.choice([*Attestation]),
            now + timedelta(minutes=dice.randrange(525_600 // 2)),
        )  # fmt: skip
        one = decided(first, *call)
        assert decided(second, *call) == one, call
        reasons.add(one[1])
    assert {"vip", "blacklisted", "category", "closed", "menu", "rule", "withheld"} <= {*map(str, reasons)}
    assert wrong == []
