"""Tokens that sign the provider's webhooks."""

import json

import pytest
from sqlalchemy import text

from simulator import sign
from tests import cast
from tests.api import API, fault
from tests.office import Office

pytestmark = pytest.mark.anyio
NEW_TOKEN = "0fedcba987654321"


async def test_tokens_go_in_and_never_come_out(office: Office) -> None:
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]
    assert (account["account_sid"], account["has_token"], account["has_next_token"]) == (cast.ACCOUNT_SID, True, False)
    path = f"{API}/accounts/{account['id']}"
    changed = await office.api.patch(path, json={"next_token": "the-next-token"})
    assert changed.json()["has_next_token"] is True
    assert "the-next-token" not in changed.text + (await office.api.get(f"{API}/audit")).text
    async with office.board.sessions() as session:
        rows = (await session.scalars(text("SELECT p::text FROM plan_change p"))).all()
    assert not any("the-next-token" in row for row in rows)


async def test_a_rotated_token_signs_from_the_next_webhook_on(office: Office) -> None:
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]
    path = f"{API}/accounts/{account['id']}"

    async def accepts(token: str) -> bool:
        values = {"AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + "1" * 32, "CallStatus": "ringing"}
        values |= {"From": cast.UMA, "To": cast.LINE}
        url = cast.BASE_URL + "/twilio/voice"
        headers = {"X-Twilio-Signature": sign(token, url, list(values.items()))}
        return (await office.api.post(url, data=values, headers=headers)).status_code == 200

    await office.api.patch(path, json={"next_token": NEW_TOKEN})
    assert [await accepts(cast.AUTH_TOKEN), await accepts(NEW_TOKEN)] == [True, True]
    await office.api.patch(path, json={"token": NEW_TOKEN, "next_token": None})
    assert [await accepts(cast.AUTH_TOKEN), await accepts(NEW_TOKEN)] == [False, True]
    assert fault(await office.api.patch(path, json={"token": None})) == (422, "unprocessable", "token")
    assert fault(await office.api.patch(path, json={"account_sid": "AC1"})) == (422, "unprocessable", "account_sid")


SECOND = {"account_sid": "AC" + "e" * 32, "token": "another-token"}


async def test_a_company_may_have_several_accounts(office: Office) -> None:
    added = await office.api.post(f"{API}/accounts", json=SECOND)
    assert added.status_code == 201, added.text
    assert (added.json()["provider"], added.json()["has_token"], added.json()["warnings"]) == ("twilio", True, [])
    assert SECOND["token"] not in added.text
    await office.board.live_plan.catch_up()
    assert office.board.live_plan.accounts("twilio", SECOND["account_sid"]) == (
        (office.company.tenant, (SECOND["token"],)),
    )
    assert office.board.live_plan.accounts("another", SECOND["account_sid"]) == ()
    again = await office.api.post(f"{API}/accounts", json=SECOND)
    assert fault(again) == (409, "name-taken", "account_sid")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "nobody"}, "provider"), ({"account_sid": "AC1"}, "account_sid"), ({"token": ""}, "token"),
        ({"token": "x"}, "token"), ({"token": "aaaaaaaaaaaa"}, "token"), ({"token": "a b c d e f"}, "token"),
        ({"space": "not a host"}, "space"), ({"next_token": ""}, "next_token"),
        ({"application": "my application"}, "application"),
    ],
)  # fmt: skip
async def test_what_cannot_be_an_account_names_its_field(office: Office, body: dict[str, str], field: str) -> None:
    assert fault(await office.api.post(f"{API}/accounts", json=SECOND | body)) == (422, "unprocessable", field)


async def test_a_line_shows_its_provider_and_needs_an_account_there(office: Office) -> None:
    path = f"{API}/lines/{office.company.line_id}"
    assert (await office.api.get(path)).json()["provider"] == "twilio"
    assert fault(await office.api.patch(path, json={"provider": "nobody"})) == (422, "unprocessable", "provider")
    assert (await office.api.patch(path, json={"provider": "twilio"})).json()["provider"] == "twilio"
    assert office.board.live_plan.plan_of(office.company.tenant).lines[cast.LINE].provider == "twilio"  # type: ignore[union-attr]


async def test_the_last_account_of_a_provider_stays_while_a_line_needs_it(office: Office) -> None:
    first = (await office.api.get(f"{API}/accounts")).json()["items"][0]
    refused = await office.api.delete(f"{API}/accounts/{first['id']}")
    assert fault(refused)[:2] == (409, "in-use")
    assert [one["id"] for one in refused.json()["used_by"]] == [office.company.line_id]
    second = (await office.api.post(f"{API}/accounts", json=SECOND)).json()
    assert (await office.api.delete(f"{API}/accounts/{first['id']}")).status_code == 204
    assert office.board.live_plan.accounts("twilio", cast.ACCOUNT_SID) == ()
    assert fault(await office.api.delete(f"{API}/accounts/{second['id']}"))[:2] == (409, "in-use")
    await office.api.delete(f"{API}/lines/{office.company.line_id}")
    assert (await office.api.delete(f"{API}/accounts/{second['id']}")).status_code == 204
    assert (await office.api.get(f"{API}/accounts")).json()["items"] == []


async def test_an_account_that_cannot_be_stored_is_a_fault_of_the_field(office: Office) -> None:
    for account in ("AC\0", "\ud80f", "x" * 64, ""):
        body = SECOND | {"account_sid": account}
        content = json.dumps(body).encode()
        refused = await office.api.post(
            f"{API}/accounts", content=content, headers={"Content-Type": "application/json"}
        )
        assert fault(refused) == (422, "unprocessable", "account_sid"), account
