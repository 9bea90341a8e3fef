"""Telnyx signs bodies and times: what was signed once is good for five minutes, one account and Telnyx's addresses."""

import base64
from urllib.parse import urlencode

import pytest

from tests import cast
from tests.journeys.carriers import CARRIERS, TELNYX, carried
from tests.office import Office

pytestmark = pytest.mark.anyio
CARRIER = CARRIERS["telnyx"]


def signed(office: Office, account: str = CARRIER.account) -> tuple[bytes, dict[str, str]]:
    """Vera's first webhook, as Telnyx would sign it now."""
    facts = {
        "AccountSid": account,
        "CallSid": "v3:" + "a" * 54,
        "CallStatus": "ringing",
        "From": cast.VERA,
        "To": cast.LINE,
    }
    body, timestamp = urlencode(facts).encode(), str(int(office.clock.now().timestamp()))
    signature = TELNYX.private_key.sign(timestamp.encode() + b"|" + body)
    headers = {"telnyx-timestamp": timestamp, "telnyx-signature-ed25519": base64.b64encode(signature).decode()}
    return body, headers | {"content-type": "application/x-www-form-urlencoded"}


async def test_a_request_is_good_for_five_minutes(office: Office) -> None:
    async with carried(office, CARRIER):
        body, headers = signed(office)
        assert (await office.api.post("/telnyx/voice", content=body, headers=headers)).status_code == 200
        await office.phones.let_pass(301)
        assert (await office.api.post("/telnyx/voice", content=body, headers=headers)).status_code == 403


async def test_it_is_good_for_nobody_else(office: Office) -> None:
    async with carried(office, CARRIER):
        body, headers = signed(office)
        for path in ("/twilio/voice", "/telnyx/step/forged"):
            assert (await office.api.post(path, content=body, headers=headers)).status_code == 403, path
        body, headers = signed(office, cast.ACCOUNT_SID)
        assert (await office.api.post("/telnyx/voice", content=body, headers=headers)).status_code == 403
        query = body.decode()
        assert (await office.api.get(f"/telnyx/voice?{query}", headers=headers)).status_code == 403
