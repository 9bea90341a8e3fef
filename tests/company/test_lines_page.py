"""The pages of the lines: what callers get while one is closed."""

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
PAGE = "/settings/lines"


async def test_admins_choose_what_a_closed_line_does_from_the_next_call_on(office: Office) -> None:
    await office.keep_hours(sunday=["09:00-10:00"])
    path = f"{PAGE}/{office.company.line_id}"
    async with signed_in(office, Role.ADMIN) as adam:
        assert "While it is closed, callers hear a message." in (await adam.get(PAGE)).text
        typed = {"closed_treatment": "voicemail", "closed_text_fr": " Fermé. ", "closed_text_en": "Closed."}
        saved = await adam.post(path, data=typed)
        assert (saved.status_code, saved.headers["location"]) == (303, path + "?saved=1")
        page = (await adam.get(path + "?saved=1")).text
        assert "Fermé." in page
        assert "Closed." in page
        assert "callers hear a message and can leave one" in (await adam.get(PAGE)).text
    line = (await office.api.get(f"{API}/lines/{office.company.line_id}")).json()
    assert (line["closed_treatment"], line["closed_text"], line["closed_texts"]) == (
        "voicemail", "Fermé.", {"en": "Closed."},
    )  # fmt: skip
    answer = (await office.webhook("/twilio/voice", cast.UMA)).text
    assert "<Record" in answer
    assert "Fermé." in answer


async def test_what_is_refused_is_said_and_keeps_what_was_typed(office: Office) -> None:
    path = f"{PAGE}/{office.company.line_id}"
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post(path, data={"closed_treatment": "fake_queue", "closed_text_fr": "Gardé."})
        assert answer.status_code == 422
        assert 'id="closed_treatment-fault"' in answer.text
        assert "Gardé." in answer.text
        long = await adam.post(path, data={"closed_treatment": "message", "closed_text_fr": "x" * 1001})
        assert long.status_code == 422
        assert 'id="closed_text-fault"' in long.text


@pytest.mark.parametrize(
    ("rate", "shown"), [(0.00005, "0.00005"), (0.012345678, "0.012345678"), (100, "100"), (0, "0")]
)
async def test_a_rate_is_shown_to_the_last_digit_and_saved_as_it_was(office: Office, rate: float, shown: str) -> None:
    path, api = f"/settings/lines/{office.company.line_id}", f"{API}/lines/{office.company.line_id}"
    await office.api.patch(api, json={"rate_per_minute": rate})
    async with signed_in(office, Role.ADMIN) as adam:
        assert f'value="{shown}"' in (await adam.get(path)).text
        assert (await adam.post(path, data={"rate_per_minute": shown})).status_code == 303
    assert (await office.api.get(api)).json()["rate_per_minute"] == rate


async def test_the_rest_of_the_line_stays_as_it_is(office: Office) -> None:
    path = f"{API}/lines/{office.company.line_id}"
    before = (await office.api.get(path)).json()
    async with signed_in(office, Role.ADMIN) as adam:
        await adam.post(f"{PAGE}/{office.company.line_id}", data={"closed_treatment": "voicemail"})
    assert (await office.api.get(path)).json() == before | {"closed_treatment": "voicemail"}


async def test_supervisors_and_other_companies_have_no_business_there(office: Office) -> None:
    path = f"{PAGE}/{office.company.line_id}"
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(path)).status_code == 403
        assert (await sofia.post(path, data={"closed_treatment": "voicemail"})).status_code == 403
    async with signed_in(office, Role.ADMIN) as adam, neighbour(office) as (_, theirs):
        assert (await adam.get(f"{PAGE}/{theirs.line_id}")).status_code == 404
