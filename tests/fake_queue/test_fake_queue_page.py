"""The page of the fake queue: supervisors see it and let callers go, admins set limits, ladder and rate."""

import pytest

from app.auth.roles import Role
from app.providers.billing import Billed
from app.providers.registry import PROVIDERS
from filters.list_entry import Treatment
from tests import cast
from tests.api import API, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

PATH = "/settings/fake-queue"
FORM = {
    "call_minutes": "10", "at_once": "3", "number_minutes": "", "line_minutes": "60", "month_minutes": "600",
    "second": "ring_out", "third": "reject", "fourth": "", "rate": "0,0085", "increment": "60", "currency": "eur",
}  # fmt: skip


async def test_operators_do_not_see_it_and_supervisors_do(office: Office) -> None:
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await olga.get(PATH)).status_code == 403
        assert PATH not in (await olga.get("/settings/me")).text
        page = await sofia.get(PATH)
        assert page.status_code == 200
        assert "Nobody is held." in page.text
        assert 'name="month_minutes"' not in page.text, "limits are for admins"
        assert PATH in (await sofia.get("/settings/me")).text
        assert (await sofia.post(PATH, data=FORM)).status_code == 403


async def test_what_an_admin_types_is_what_counts(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        saved = await adam.post(PATH, data=FORM)
        assert saved.status_code == 303, saved.text
        found = (await office.api.get(f"{API}/fake-queue")).json()
        assert found["ladder"] == ["fake_queue", "ring_out", "reject"]
        assert found["caps"] == {
            "call_seconds": 600, "at_once": 3, "number_minutes": None, "line_minutes": 60, "month_minutes": 600,
        }  # fmt: skip
        assert (found["currency"], found["rates"]) == (
            "EUR", [{"line": None, "per_minute": 0.0085, "increment_seconds": 60}],
        )  # fmt: skip
        page = (await adam.get(PATH)).text
        assert 'value="0.0085"' in page
        assert '<option value="ring_out" selected>' in page


@pytest.mark.parametrize(
    ("field", "typed"), [("rate", "cheap"), ("at_once", "-1"), ("month_minutes", "1.5"), ("currency", "euros"),
    ("second", "voicemail"), ("second", "allow")],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_and_stays_in_the_form(office: Office, field: str, typed: str) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post(PATH, data=FORM | {field: typed})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert f'value="{FORM["line_minutes"]}"' in answer.text
    assert (await office.api.get(f"{API}/fake-queue")).json()["caps"]["at_once"] == 20


async def test_a_line_gets_a_rate_of_its_own_and_loses_it(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        for rate, expected in (("0.02", [None, cast.LINE]), ("", [None])):
            answer = await adam.post(f"{PATH}/lines", data={"line": office.company.line_id, "rate": rate})
            assert answer.status_code == 303, answer.text
            rates = (await office.api.get(f"{API}/fake-queue")).json()["rates"]
            assert [one["line"] for one in rates] == expected


async def test_a_supervisor_releases_and_hangs_up_on_the_page(office: Office) -> None:
    await office.add_operator()
    await office.add_blacklisted()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    first = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert f'data-fake="{first.sid}"' in (await sofia.get(PATH)).text
        assert (await sofia.post(f"/fake-queue/{first.sid}/release")).status_code == 303
        await office.phones.let_pass(45)
        assert first.connected_to == cast.OLGA
        await first.ended()
        second = await office.phones.place_call(cast.BORIS, cast.LINE)
        await office.settled()
        assert (await sofia.post(f"/fake-queue/{second.sid}/hang-up")).status_code == 303
        await second.ended()
        assert second.answered_seconds <= 45
        await office.settled()
        assert "data-fake" not in (await sofia.get(PATH)).text
        assert (await sofia.post(f"/fake-queue/{second.sid}/release")).status_code == 409
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.post("/fake-queue/hang-up")).status_code == 403
    async with signed_in(office, Role.ADMIN) as adam:
        story = (await adam.get(f"/calls/{first.sid}")).text
    assert "Released from the fake queue" in story
    assert "supervisor@people.example" in story


def test_every_provider_says_of_every_treatment_whether_it_bills_it_and_where_that_stands() -> None:
    for provider in PROVIDERS.values():
        assert provider.billing.keys() == set(Treatment) - {Treatment.ALLOW}
        for treatment, fact in provider.billing.items():
            assert fact.source.startswith("https://"), (provider.name, treatment)
        assert provider.billing[Treatment.FAKE_QUEUE].billed is Billed.YES
    assert PROVIDERS["twilio"].billing[Treatment.RING_OUT].billed is Billed.UNKNOWN
