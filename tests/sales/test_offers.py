"""What else to offer, as the card and the client's page say it."""

import pytest
from playwright.async_api import expect

from app.auth.roles import Role
from tests import cast
from tests.api import API, neighbour, signed_in
from tests.looking import Looking, card
from tests.office import Office
from tests.served import PASSWORD

pytestmark = pytest.mark.anyio
CALL = "CA" + "4" * 32
OFFER = f"/calls/{CALL}/offer"


async def pie_for(office: Office, **client: str) -> tuple[str, str]:
    """Clara, who has not bought anything, and a pie that is meant for such clients: their ids."""
    clara = await office.add_client(**client)
    made = await office.api.post(f"{API}/products", json={"name": "Pie <b>", "segments": ["potential"]})
    assert made.status_code == 201, made.text
    return clara["id"], made.json()["id"]


async def state_of(office: Office, client_id: str) -> tuple[str, str | None]:
    (one,) = (await office.api.get(f"{API}/clients/{client_id}/products")).json()["items"]
    return one["state"], one["at"]


async def test_the_cards_line_is_answered_and_taken_back(office: Office) -> None:
    clara, pie = await pie_for(office)
    await office.webhook("/twilio/voice", cast.CLARA, CallSid=CALL)
    await office.settled()
    async with signed_in(office, Role.OPERATOR) as olga:
        line = await olga.get(OFFER)
        assert line.status_code == 200
        assert "Pie &lt;b&gt;" in line.text
        said = await olga.post(OFFER, data={"product": pie, "state": "refused"})
        assert said.status_code == 200, said.text
        assert await state_of(office, clara) == ("refused", "2026-07-24")
        assert 'name="state" value="not_yet"' in said.text
        assert (await olga.get(OFFER)).text.strip() == "", "nothing else is meant for her"
        back = await olga.post(OFFER, data={"product": pie, "state": "not_yet"})
        assert "Pie &lt;b&gt;" in back.text, "the line is there again"
        before = {"product": pie, "state": "offered", "since": "2026-05-02"}
        assert "Pie &lt;b&gt;" in (await olga.post(OFFER, data=before)).text
        assert await state_of(office, clara) == ("offered", "2026-05-02")
        again = await olga.post(OFFER, data={"product": pie, "state": "offered"})
        assert 'name="since" value="2026-05-02"' in again.text, "what was said before is what an undo says"
        for wrong in ({"product": pie}, {"product": pie, "state": "sold"}, before | {"since": "0001-01-01"}):
            assert (await olga.post(OFFER, data=wrong)).status_code == 422, wrong
        for gone in ("nobody", "\0", "x" * 26):
            assert (await olga.post(OFFER, data={"product": gone, "state": "offered"})).status_code == 404
    early = {"product_id": pie, "state": "has", "at": "0001-01-01T00:00:00+14:00"}
    assert (await office.api.put(f"{API}/clients/{clara}/products", json=early)).status_code == 422


async def test_nobody_known_is_offered_anything(office: Office) -> None:
    clara, pie = await pie_for(office)
    await office.webhook("/twilio/voice", cast.UMA, CallSid=CALL)
    await office.settled()
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(OFFER)).text == ""
        assert (await olga.post(OFFER, data={"product": pie, "state": "offered"})).status_code == 409
        async with neighbour(office) as (api, _company):
            theirs = (await api.post(f"{API}/products", json={"name": "Cake", "segments": ["potential"]})).json()["id"]
        said = await olga.post(f"/clients/{clara}/offer", data={"product": theirs, "state": "offered"})
        assert said.status_code == 404, "a product of another company"


async def test_the_clients_page_says_the_same(office: Office) -> None:
    clara, pie = await pie_for(office)
    path = f"/clients/{clara}"
    async with signed_in(office, Role.OPERATOR) as olga:
        page = (await olga.get(path)).text
        assert "What else to offer:" in page
        assert (await olga.post(f"{path}/offer", data={"product": pie, "state": "offered"})).status_code == 303
        assert await state_of(office, clara) == ("offered", "2026-07-24")
        page = (await olga.get(path)).text
        assert "What else to offer:" not in page
        assert "Pie &lt;b&gt;" in page
        assert (await olga.post("/clients/nobody/offer", data={"product": pie, "state": "offered"})).status_code == 404
        assert (await olga.post(f"{path}/offer", data={"product": "nobody", "state": "has"})).status_code == 404


async def test_the_line_on_a_live_card(looking: Looking) -> None:
    office = looking.served.office
    clara, _pie = await pie_for(office)
    operator = await office.add_operator()
    await looking.served.add_person("olga@example.org", operator_id=operator["id"])
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(600)
    page = await looking.panel("olga@example.org", PASSWORD)
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    popped = card(page, call.sid)
    line = popped.locator('[data-part="offer"]')
    await expect(line).to_contain_text("What else to offer: Pie <b>")
    await line.get_by_role("button", name="Refused").click()
    await expect(line.get_by_role("status")).to_contain_text("Pie <b>: Refused")
    assert (await state_of(office, clara))[0] == "refused"
    await line.get_by_role("button", name="Undo").click()
    await expect(line.get_by_role("button", name="Offered")).to_be_visible()
    assert (await state_of(office, clara))[0] == "not_yet"
    assert not looking.complaints
