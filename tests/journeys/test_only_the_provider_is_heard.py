"""Webhooks without the right signature over the configured address are nobody's."""

import pytest
from sqlalchemy import select

from models import ProviderAccount
from simulator import sign
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/status", "/twilio/fallback", "/twilio/step/x"])
async def test_an_unsigned_webhook_is_403_without_a_word(office: Office, path: str) -> None:
    values = {"AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + "1" * 32, "From": cast.VERA, "To": cast.LINE}
    for signature in ("", "bm9wZQ==", "é"):
        headers = {b"X-Twilio-Signature": signature.encode()}
        refused = await office.api.post(path, data=values, headers=headers)
        assert refused.status_code == 403
        assert refused.content == b""


async def test_other_methods_are_told_which_there_are(office: Office) -> None:
    answer = await office.api.put("/twilio/voice")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_a_rotated_token_is_accepted_beside_the_old_one(office: Office) -> None:
    async with office.edit() as edit:
        account = (await edit.session.scalars(select(ProviderAccount))).one()
        account.next_token = office.board.secret_box.encrypt("the next token")
        await edit.record_changed(account, None)
    values = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + "2" * 32, "CallStatus": "ringing", "From": cast.UMA,
        "To": cast.LINE,
    }  # fmt: skip
    url = f"{cast.BASE_URL}/twilio/voice"
    for token, status in (("the next token", 200), (cast.AUTH_TOKEN, 200), ("another", 403)):
        headers = {"X-Twilio-Signature": sign(token, url, list(values.items()))}
        assert (await office.api.post("/twilio/voice", data=values, headers=headers)).status_code == status


async def test_forwarded_headers_are_never_believed(office: Office) -> None:
    values = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + "3" * 32, "CallStatus": "ringing", "From": cast.UMA,
        "To": cast.LINE,
    }  # fmt: skip
    signature = sign(cast.AUTH_TOKEN, "https://evil.example/twilio/voice", list(values.items()))
    headers = {
        "X-Twilio-Signature": signature, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example;proto=https", "Host": "evil.example",
    }  # fmt: skip
    assert (await office.api.post("/twilio/voice", data=values, headers=headers)).status_code == 403
