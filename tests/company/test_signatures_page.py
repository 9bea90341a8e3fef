"""The signature doctor: what an admin sees of requests that were refused."""

from urllib.parse import urlencode

import pytest

from app.auth.roles import Role
from app.company.refused_webhooks import keep_refused, refused_webhooks
from app.providers.twiml.signature import signature
from tests import cast
from tests.api import neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
PAGE = "/settings/signatures"
THEIRS = "https://tel.example.org"


async def sent(office: Office, base_url: str, token: str = cast.AUTH_TOKEN, **fields: str) -> int:
    """The status of a call's webhook that was signed for ``base_url``, after it was looked into."""
    form = {"AccountSid": cast.ACCOUNT_SID, "CallSid": "CA1", "From": cast.UMA, "To": cast.LINE} | fields
    claimed = signature(f"{base_url}/twilio/voice", [*form.items()], token)
    headers = {
        "X-Twilio-Signature": claimed, "Host": "tel.example.org", "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    answer = await office.api.post(f"{THEIRS}/twilio/voice", content=urlencode(form), headers=headers)
    await office.phones.let_pass(2)
    while office.board.refused:
        await keep_refused(office.board, office.board.refused.popleft())
    return answer.status_code


async def test_the_address_that_the_provider_signed_is_shown_beside_ours(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        assert "No call has come in yet" in (await adam.get(PAGE)).text
        assert [await sent(office, THEIRS) for _ in range(3)] == [403, 403, 403]
        page = (await adam.get(PAGE)).text
        assert f"ANTICHAMBRE_PUBLIC_BASE_URL={THEIRS}" in page
        assert "3 requests refused" in page
        await office.phones.let_pass(60)
        assert "<Enqueue" in (await office.webhook("/twilio/voice", cast.UMA)).text
        await office.settled()
        after = (await adam.get(PAGE)).text
    assert "The last call came in rightly signed" in after
    assert "has come in since" in after


async def test_another_token_is_said_to_be_one(office: Office) -> None:
    assert await sent(office, THEIRS, "another-token-of-theirs") == 403
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get(PAGE)).text
    assert "made with another token" in page
    assert "another-token-of-theirs" not in page


async def test_strangers_fill_nothing_up_and_no_other_company_learns_of_it(office: Office) -> None:
    for number in range(30):
        await sent(office, f"https://{number}.example.org", AccountSid="AC" + "9" * 32)
    assert await refused_webhooks(office.board, office.company.tenant, office.clock.now()) == []
    await sent(office, THEIRS)
    async with neighbour(office) as (_, theirs):
        assert await refused_webhooks(office.board, theirs.tenant, office.clock.now()) == []
    assert len(await refused_webhooks(office.board, office.company.tenant, office.clock.now())) == 1
