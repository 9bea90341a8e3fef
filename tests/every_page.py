"""Every page there is, of a office in which something has happened."""

from typing import Final

from playwright.async_api import Page

from app.auth.roles import Role
from app.web.frame import sections, settings_sections
from models import CallRecord, Rehearsal, RehearsalDifference
from tests import cast
from tests.looking import Looking

NEW = ("products", "hours", "holidays", "menus", "operators", "categories", "rules", "audio", "subscriptions")
SECOND_CARD = "+33639980044"


MOST_BYTES: Final = 110_000
MOST_MILLISECONDS: Final = 3_000
"""The promise is 300 ms on an idle machine, which docs/pages.md shows; a busy one must not fail the tests."""
HEADERS: Final = 300
MEASURE: Final = """async () => {
    const painted = await new Promise((done) => {
        const told = (list) => {
            const paint = list.getEntriesByName("first-contentful-paint")[0];
            if (paint) done(Math.round(paint.startTime));
        };
        new PerformanceObserver(told).observe({ type: "paint", buffered: true });
    });
    const own = performance.getEntriesByType("navigation")[0];
    const files = performance.getEntriesByType("resource").filter((one) => !one.name.includes("/events"));
    return { bytes: [own, ...files].reduce((sum, one) => sum + one.encodedBodySize, 0), files: files.length + 1, painted };
}"""


async def all_pages(looking: Looking) -> list[str]:
    """The addresses, in a office with people, lists, clients and calls."""
    office = looking.served.office
    await office.add_operator()
    await office.add_manager()
    await office.keep_hours()
    await office.add_vip(label="Vera Fournier", reason="Orders the whole hotel")
    await office.add_blacklisted(label="Boris", reason="Shouts")
    await office.add_blacklisted("+33162", match="prefix", label="Cold calls")
    category = await office.add_category("Regulars")
    clara = await office.add_client(
        name="Clara Martin", company="Ateliers Martin", category_id=category["id"], pinned_note="Prefers a call back.",
        about="Invoice 1042",
    )  # fmt: skip
    twin = await office.add_client(SECOND_CARD, "Martin, Clara")
    program = looking.served.program
    gone = await program.post(f"/api/v1/clients/{clara['id']}/merge", json={"other_id": twin["id"]})
    assert gone.status_code == 200, gone.text
    third = await office.add_client("+33639980055", "Clara Martyn")
    for place, state in enumerate(("active", "shadow", "off"), 1):
        rule = {"name": f"Spain {place}", "state": state, "when": {"country": "ES"}, "do": {"action": "voicemail"}}
        assert (await program.post("/api/v1/rules", json=rule)).status_code == 201
    others = await program.post("/api/v1/subscriptions", json={"name": "File", "source": "file"})
    assert others.status_code == 201, others.text
    asked = await program.post(
        "/api/v1/look-ups", json={"url": "https://crm.example.org/who-calls", "description": "CRM"}
    )
    assert asked.status_code == 201, asked.text
    calls = [await office.phones.place_call(caller, cast.LINE) for caller in (cast.CLARA, cast.BORIS, cast.UMA)]
    for call in calls:
        await call.hang_up_after(5)
    await office.phones.let_pass(10)
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    rehearsal = await rehearsed(looking, calls[0].sid)
    client = f"/clients/{clara['id']}"
    uploaded = await looking.served.program.post(
        "/api/v1/blacklist/imports", content=f"number,label\n{cast.BORIS},Boris K.\n+33639980150,New\n12,\n"
    )
    assert uploaded.status_code == 201, uploaded.text
    cards = await looking.served.program.post(
        "/api/v1/clients/imports",
        content=f"name,number,company\n,{cast.CLARA},Martin et fils\nAnna,+33639980151,\nB,12,\n",
    )
    assert cards.status_code == 201, cards.text
    about = await program.post("/api/v1/matters", json={"text": "Scratched legs", "client_id": clara["id"]})
    assert about.status_code == 201, about.text
    owned = office.phones.own(
        "+33199001077", friendly_name="Shop", voice_url="https://old.example.org/a/very/long/way/to/an/ivr"
    )
    account = (await program.get("/api/v1/accounts")).json()["items"][0]
    numbers = f"/settings/accounts/{account['id']}/numbers"
    return [
        *(section.path for section in sections(Role.ADMIN)), "/lists/blacklist", f"/calls/{calls[0].sid}",
        "/matters/new", f"/matters/{about.json()['id']}",
        "/clients/new", client, f"{client}/edit", f"{client}/merge", f"{client}/split",
        f"{client}/erase",
        f"{client}/merge?other={third['id']}",
        "/clients?q=nobody", *(section.path for section in settings_sections(Role.ADMIN)),
        f"/settings/subscriptions/{others.json()['id']}", f"/settings/look-ups/{asked.json()['id']}",
        f"/settings/queues/{office.company.queue_id}", f"/settings/queues/{office.company.queue_id}/delete",
        f"/settings/lines/{office.company.line_id}", *(f"/settings/{one}/new" for one in NEW),
        "/lists/vip/import", f"/lists/blacklist/import/{uploaded.json()['id']}",
        f"/settings/rehearsals/{rehearsal}", f"/settings/rehearsals/{rehearsal}/form",
        "/clients/import", f"/clients/import/{cards.json()['id']}", f"/clients/import/{cards.json()['id']}?kind=add",
        numbers, f"{numbers}/{owned.sid}", "/settings/audio/record",
        "/settings/texts/closed", "/live/screens", f"/live/calls/{vera.sid}",
        "/settings/configuration/versions/2",
        "/block?number=0639980077", "/clients/nobody", "/sign-in",
    ]  # fmt: skip


async def rehearsed(looking: Looking, call_id: str) -> str:
    """The id of a rehearsal that has ended, as its process would have left it: that takes seconds to start."""
    office = looking.served.office
    async with office.board.sessions() as session, session.begin():
        call = await session.get_one(CallRecord, {"tenant_id": office.company.tenant, "call_id": call_id})
        mine = {"tenant_id": office.company.tenant}
        one = Rehearsal(
            **mine, actor=cast.ADAM_EMAIL, days=30, state="done", calls=2, of=2, different=1, not_recorded=1,
            page="/settings/rules/new", act="add", name="Spain", typed={"name": ["Spain"], "when.country": ["ES"]},
        )  # fmt: skip
        session.add(one)
        await session.flush()
        same = {"before": call.decision, "after": call.decision}
        session.add(RehearsalDifference(**mine, rehearsal_id=one.id, place=0, call_id=call_id, **same))
        return one.id


async def signed_in(looking: Looking, **context: object) -> Page:
    """A browser in which Adam has signed in; it is on no page that matters."""
    page = await looking.page(**context)
    await page.goto("/sign-in?next=/settings/me")
    await page.locator("#email").fill(cast.ADAM_EMAIL)
    await page.locator("#password").fill(cast.ADAM_PASSWORD)
    await page.locator("#password").press("Enter")
    await page.wait_for_url("**/settings/me")
    return page


async def opened(page: Page, path: str) -> None:
    """Go there; a page of the navigation must be one."""
    answer = await page.goto(path)
    assert answer is not None
    assert answer.status == (404 if path == "/clients/nobody" else 200), f"{path}: {answer.status}"


async def too_heavy(page: Page, path: str) -> list[str]:
    """What is wrong with the weight of the page that was just opened, and with how long it took until it was painted."""
    seen = await page.evaluate(MEASURE)
    weight = seen["bytes"] + HEADERS * seen["files"]
    wrong = [f"{path}: {weight} bytes"] if weight > MOST_BYTES else []
    return wrong + ([f"{path}: {seen['painted']} ms"] if seen["painted"] > MOST_MILLISECONDS else [])
