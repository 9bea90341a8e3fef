"""The board and its form, without a script; what stands of them on the panel, the card and the client's page."""

from datetime import timedelta

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


def column(page: str, state: str) -> str:
    return page.partition(f'data-column="{state}"')[2].partition("</section>")[0]


async def test_a_card_goes_from_column_to_column_and_back(office: Office) -> None:
    clara = await office.add_client(name="Clara <b>Martin</b>")
    matter = await made(office, "matters", client_id=clara["id"], text="Chairs <script>", kind="complaint")
    async with signed_in(office, Role.OPERATOR) as olga:
        page = (await olga.get("/matters")).text
        assert "Clara &lt;b&gt;Martin" in column(page, "registered")
        assert "Chairs &lt;script&gt;" in column(page, "registered")
        for state in ("examined", "cause_removed", "closed", "cause_removed"):
            answer = await olga.post(f"/matters/{matter['id']}/move", data={"state": state})
            assert (answer.status_code, answer.headers["Location"]) == (303, f"/matters#matter-{matter['id']}")
            page = (await olga.get("/matters")).text
            assert f"matter-{matter['id']}" in column(page, state)
            assert page.count(f'id="matter-{matter["id"]}"') == 1
        assert (await olga.post(f"/matters/{matter['id']}/move", data={"state": "gone"})).status_code == 422
        assert (await olga.post("/matters/nobody/move", data={"state": "closed"})).status_code == 404


async def test_whoever_takes_it_has_it(office: Office) -> None:
    operator = await office.add_operator()
    matter = await made(office, "matters", text="Chairs")
    async with signed_in(office, Role.OPERATOR, operator["id"]) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        for show, seen in (("mine", False), ("free", True), ("late", False), ("nonsense", True)):
            assert (matter["id"] in (await olga.get(f"/matters?show={show}")).text) is seen, show
        answer = await olga.post(f"/matters/{matter['id']}/take", data={"show": "free"})
        assert answer.headers["Location"] == f"/matters?show=free#matter-{matter['id']}"
        assert matter["id"] in (await olga.get("/matters?show=mine")).text
        assert matter["id"] not in (await sofia.get("/matters?show=mine")).text
        await sofia.post(f"/matters/{matter['id']}/take")
        stored = (await office.api.get(f"{API}/matters/{matter['id']}")).json()
        assert (stored["owner_id"], stored["taken_by"]) == (None, "user:supervisor@people.example")


async def test_the_form_opens_it_for_whoever_called_and_says_what_is_missing(office: Office) -> None:
    clara = await office.add_client(name="Clara Martin")
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await call.hang_up_after(5)
    await office.settled()
    async with signed_in(office, Role.OPERATOR) as olga:
        assert f"/matters/new?call={call.sid}" in (await olga.get(f"/calls/{call.sid}")).text
        form = (await olga.get(f"/matters/new?call={call.sid}")).text
        assert "Clara Martin" in form
        fields = {"call_id": call.sid, "client_id": clara["id"], "kind": "complaint", "due_at": "2026-08-01T10:00"}
        refused = await olga.post("/matters/new", data=fields | {"text": " "})
        assert refused.status_code == 422
        assert "Write in a sentence what it is about." in refused.text
        assert 'value="2026-08-01T10:00"' in refused.text
        assert (await olga.post("/matters/new", data=fields | {"text": "x", "due_at": "soon"})).status_code == 422
        made_ = await olga.post("/matters/new", data=fields | {"text": "Scratched\r\nlegs"})
        assert made_.status_code == 303, made_.text
        (matter,) = (await office.api.get(f"{API}/matters?call_id={call.sid}")).json()["items"]
        assert (matter["client_id"], matter["kind"], matter["text"]) == (clara["id"], "complaint", "Scratched\nlegs")
        assert matter["due_at"].startswith("2026-08-01T08:00")
        assert "Scratched" in (await olga.get(f"/clients/{clara['id']}")).text


async def test_whoever_saves_second_is_told_and_keeps_what_was_typed(office: Office) -> None:
    matter = await made(office, "matters", text="Chairs")
    address = f"/matters/{matter['id']}"
    async with signed_in(office, Role.OPERATOR) as olga:
        seen = (await olga.get(address)).text.partition('name="as_of" value="')[2].partition('"')[0]
        first = {"text": "Chairs and tables", "lesson": "Pack better", "state": "closed", "as_of": seen}
        saved = await olga.post(address, data=first)
        assert (saved.status_code, saved.headers["Location"]) == (303, f"{address}?saved=yes")
        second = await olga.post(address, data={"text": "Mine", "as_of": seen})
        assert second.status_code == 409
        assert "Mine" in second.text
        assert "Save again" in second.text
        again = second.text.partition('name="as_of" value="')[2].partition('"')[0]
        assert (await olga.post(address, data={"text": "Mine", "as_of": again})).status_code == 303
        page = (await olga.get(address)).text
        assert "Settled" in page
        assert "Pack better" in page
        assert (await olga.get("/matters/nobody")).status_code == 404


async def test_what_is_overdue_is_on_its_owner_s_panel_and_nobody_s_on_the_supervisor_s(office: Office) -> None:
    operator, other = await office.add_operator(), await office.add_manager()
    soon = (office.clock.now() + timedelta(minutes=5)).isoformat()
    hers = await made(office, "matters", text="Her chairs", due_at=soon, owner_id=operator["id"])
    theirs = await made(office, "matters", text="Other tables", due_at=soon, owner_id=other["id"])
    free = await made(office, "matters", text="Free shelves", due_at=soon)
    async with signed_in(office, Role.OPERATOR, operator["id"]) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        assert hers["id"] not in (await olga.get("/")).text
        await office.clock.sleep(360)
        for page in ((await olga.get("/")).text, (await olga.get("/matters/todo")).text):
            assert (hers["id"] in page, theirs["id"] in page, free["id"] in page) == (True, False, False)
        page = (await sofia.get("/")).text
        assert (hers["id"] in page, theirs["id"] in page, free["id"] in page) == (False, False, True)
        await olga.post(f"/matters/{hers['id']}/move", data={"state": "closed"})
        assert hers["id"] not in (await olga.get("/")).text


async def test_the_card_of_a_call_shows_what_is_open_one_line_each(office: Office) -> None:
    clara = await office.add_client(name="Clara Martin")
    matter = await made(office, "matters", client_id=clara["id"], text="Scratched legs", kind="complaint")
    settled = await made(office, "matters", client_id=clara["id"], text="Old tables", state="closed")
    operator = await office.add_operator()
    await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    async with signed_in(office, Role.OPERATOR, operator["id"]) as olga:
        panel = (await olga.get("/")).text
        assert f"/matters/{matter['id']}" in panel
        assert "Scratched legs" in panel
        assert settled["id"] not in panel


async def test_a_board_with_many_tells_how_many_more(office: Office) -> None:
    for place in range(62):
        await made(office, "matters", text=f"Number {place}")
    async with signed_in(office, Role.OPERATOR) as olga:
        page = (await olga.get("/matters")).text
    assert column(page, "registered").count("data-matter=") == 60
    assert "2 more" in column(page, "registered")
