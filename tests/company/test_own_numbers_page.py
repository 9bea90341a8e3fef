"""The numbers of a provider's account: listed by page, and pointed here after asking."""

import pytest

from app.auth.roles import Role
from simulator import Telnyx
from tests import cast
from tests.api import API, fault, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
OTHER, ELSEWHERE = "+12125550100", "https://old.example.org/ivr?key=<b>"


async def path_of(office: Office) -> str:
    """Of the numbers of the office's account."""
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]
    return f"/settings/accounts/{account['id']}/numbers"


async def test_a_number_is_shown_asked_about_and_pointed_here(office: Office) -> None:
    office.phones.own(cast.LINE, voice_url=f"{cast.BASE_URL}/twilio/voice#rc=2&rp=all")
    other = office.phones.own(OTHER, friendly_name="New <York>", voice_url=ELSEWHERE)
    office.phones.own("+33199001002", takes_calls=False)
    path = await path_of(office)
    async with signed_in(office, Role.ADMIN) as adam:
        assert path in (await adam.get("/settings/accounts")).text
        shown = (await adam.get(path)).text
        assert "points here" in shown
        assert "takes no calls" in shown
        assert "https://old.example.org/ivr?key=&lt;b&gt;" in shown
        asked = (await adam.get(f"{path}/{other.sid}")).text
        assert "New &lt;York&gt;" in asked
        assert f"{cast.BASE_URL}/twilio/voice" in asked
        assert other.voice_url == ELSEWHERE
        nameless = await adam.post(f"{path}/{other.sid}", data={"before": ELSEWHERE, "label": " "})
        assert (nameless.status_code, 'id="label-fault"' in nameless.text) == (422, True)
        done = await adam.post(f"{path}/{other.sid}", data={"before": ELSEWHERE, "label": "New York"})
        assert done.status_code == 303, done.text
        assert "+1 212-555-0100 points here now" in (await adam.get(done.headers["location"])).text
        assert "old.example.org/ivr" in (await adam.get("/settings/audit")).text
    lines = (await office.api.get(f"{API}/lines", params={"q": "New York"})).json()["items"]
    assert [(one["number"], one["country"], one["provider"]) for one in lines] == [(OTHER, "US", "twilio")]
    assert other.voice_url == f"{cast.BASE_URL}/twilio/voice#rc=2&rp=all"
    assert other.status_callback == f"{cast.BASE_URL}/twilio/status"
    call = await office.phones.place_call(cast.UMA, OTHER)
    await office.phones.let_pass(2)
    assert not call.errors
    assert call.documents


async def test_what_somebody_else_has_changed_is_shown_again(office: Office) -> None:
    number = office.phones.own(cast.LINE, voice_url=ELSEWHERE)
    path = f"{await path_of(office)}/{number.sid}"
    async with signed_in(office, Role.ADMIN) as adam:
        number.trunk_sid = "TK0123"
        late = await adam.post(path, data={"before": ELSEWHERE})
        assert (late.status_code, "TK0123" in late.text, number.voice_url) == (409, True, ELSEWHERE)
        assert (await adam.post(path, data={"before": f"TK0123 {ELSEWHERE}"})).status_code == 303
    assert (number.trunk_sid, number.is_led_elsewhere) == ("", False)


async def test_the_providers_trouble_is_said(office: Office) -> None:
    number = office.phones.own(cast.LINE, voice_url=ELSEWHERE)
    path = await path_of(office)
    async with signed_in(office, Role.ADMIN) as adam:
        office.phones.trouble.away = True
        assert "does not answer" in (await adam.get(path)).text
        asked = await adam.post(f"{path}/{number.sid}", data={"before": ELSEWHERE})
        assert (asked.status_code, "does not answer" in asked.text) == (502, True)
        office.phones.trouble.away = False
        office.phones.auth_token = "another"
        assert "check the account" in (await adam.get(path)).text
        office.phones.auth_token = cast.AUTH_TOKEN
        assert "does not know it any more" in (await adam.get(f"{path}/PN00")).text
        assert (await adam.get(f"{path}/..%2FCalls")).status_code in (404, 422)
        account = {"account_sid": "f5586561-8ff0-4291-a51b-c7dfe4139ff9", "token": Telnyx().public_key}
        made = (await office.api.post(f"{API}/accounts", json=account | {"provider": "telnyx"})).json()
        assert "TeXML application" in (await adam.get(f"/settings/accounts/{made['id']}/numbers")).text
    assert number.voice_url == ELSEWHERE


async def test_it_is_nobody_elses_business(office: Office) -> None:
    number = office.phones.own(cast.LINE, voice_url=ELSEWHERE)
    path = await path_of(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(path)).status_code == 403
        assert (await sofia.post(f"{path}/{number.sid}", data={"before": ELSEWHERE})).status_code == 403
    async with neighbour(office) as (api, _), signed_in(office, Role.ADMIN) as adam:
        theirs = (await api.get(f"{API}/accounts")).json()["items"][0]["id"]
        assert (await adam.get(f"/settings/accounts/{theirs}/numbers")).status_code == 404
        assert (await adam.post(f"/settings/accounts/{theirs}/numbers/{number.sid}")).status_code == 404
    assert number.voice_url == ELSEWHERE


async def test_a_program_points_a_number_here(office: Office) -> None:
    number = office.phones.own(OTHER, friendly_name="New York", voice_url=ELSEWHERE)
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]["id"]
    path = f"{API}/accounts/{account}/numbers"
    (shown,) = (await office.api.get(path)).json()["items"]
    assert (shown["leads_to"], shown["points_here"], shown["line_id"]) == (ELSEWHERE, False, None)
    late = await office.api.post(f"{path}/{number.sid}/point-here", json={"before": "", "label": "New York"})
    assert fault(late) == (409, "changed-meanwhile", "before")
    nameless = await office.api.post(f"{path}/{number.sid}/point-here", json={"before": ELSEWHERE})
    assert (*fault(nameless), number.voice_url) == (422, "unprocessable", "label", ELSEWHERE)
    asked = {"before": ELSEWHERE, "label": "New York"}
    done = (await office.api.post(f"{path}/{number.sid}/point-here", json=asked)).json()
    assert (done["points_here"], number.voice_url) == (True, f"{cast.BASE_URL}/twilio/voice#rc=2&rp=all")
    assert (await office.api.get(f"{API}/lines/{done['line_id']}")).json()["label"] == "New York"
    assert (await office.api.post(f"{path}/{number.sid}/point-here", json=asked)).json() == done
    assert (await office.api.get(f"{path}/{number.sid}")).json() == done
    changes = (await office.api.get(f"{API}/audit")).json()["items"]
    assert [one["before"]["voice_url"] for one in changes if "voice_url" in (one["before"] or {})] == [ELSEWHERE]


async def test_a_program_is_told_of_the_providers_trouble(office: Office) -> None:
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]["id"]
    path = f"{API}/accounts/{account}/numbers"
    assert (await office.api.get(f"{path}/PN00")).status_code == 404
    assert (await office.api.get(f"{API}/accounts/01m00000000000000000/numbers")).status_code == 404
    office.phones.trouble.away = True
    assert (await office.api.get(path)).status_code == 503
    office.phones.trouble.away = False
    office.phones.auth_token = "another"
    assert (await office.api.get(path)).status_code == 409
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(path)).status_code == 403
    async with neighbour(office) as (api, _):
        assert (await api.get(path)).status_code == 404
