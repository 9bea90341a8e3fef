"""An office whose line is carried by any of the providers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from simulator import PhoneCompany, SignalWire, Telnyx, Twilio
from simulator import Provider as Simulated
from tests import cast
from tests.api import API
from tests.office import Office


class Carrier(NamedTuple):
    """An account at a provider. ``key`` is what is given to us, ``simulated`` who sends the calls; ``lacks`` are the
    codes of what we say that it cannot do."""

    name: str
    account: str
    key: str
    simulated: Simulated
    lacks: tuple[str, ...] = ()


TELNYX = Telnyx(ignores={"answerOnBridge", "sequential"})
"""For an account that lacks what was documented last."""

CARRIERS = {
    one.name: one
    for one in (
        Carrier("twilio", cast.ACCOUNT_SID, cast.AUTH_TOKEN, Twilio()),
        Carrier(
            "signalwire", "f5586561-8ff0-4291-a51b-c7dfe4139ff9", "PSK_0123456789abcdef", SignalWire("PSK_0123456789abcdef"),
            ("no_browser_phones", "no_ringing_out", "no_ringing_in_turn", "sip_rung_apart", "no_attestation"),
        ),
        Carrier(
            "telnyx", "cb6cfbbc-eb00-41af-a3f3-0d7b32009e4b", TELNYX.public_key, TELNYX,
            ("no_browser_phones", "no_ringing_out", "no_ringing_in_turn", "no_voicemail", "no_word_first",
             "no_phone_booth"),
        ),
    )
}  # fmt: skip


@asynccontextmanager
async def carried(office: Office, carrier: Carrier) -> AsyncIterator[PhoneCompany]:
    """The telephone company that rings ``office``; its line is the carrier's from now on."""
    if carrier.name != "twilio":  # whose account every office has
        account = {"provider": carrier.name, "account_sid": carrier.account, "token": carrier.key}
        added = await office.api.post(f"{API}/accounts", json=account)
        assert added.status_code == 201, added.text
        assert tuple(one["code"] for one in added.json()["warnings"]) == carrier.lacks
        assert all(one["text"] for one in added.json()["warnings"])
        await office.change_line(provider=carrier.name)
    async with PhoneCompany(
        cast.BASE_URL, carrier.account, "an API token", clock=office.clock, transport=office.transport,
        provider=carrier.simulated,
    ) if carrier.name != "twilio" else PhoneCompany(
        cast.BASE_URL, carrier.account, carrier.key, clock=office.clock, transport=office.transport
    ) as phones:  # fmt: skip
        yield phones
