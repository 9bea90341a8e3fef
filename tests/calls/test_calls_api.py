"""Calls in the API: listed, filtered, paged."""

import pytest

from tests import cast
from tests.api import API
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_calls_are_listed_newest_first_with_their_reasons(office: Office) -> None:
    await office.add_vip()
    ids: list[str] = []
    for caller in (cast.VERA, cast.UMA, "anonymous"):
        ids.append("CA" + f"{len(ids):032x}")
        await office.webhook("/twilio/voice", caller, CallSid=ids[-1], CallerName="Ann")
        await office.clock.sleep(1)
    await office.settled()
    first = (await office.api.get(f"{API}/calls", params={"limit": 2})).json()
    rest = (await office.api.get(f"{API}/calls", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next_cursor"] is None
    vera = rest["items"][0]
    assert (vera["reason"]["code"], vera["caller"]["number"], vera["state"]) == ("vip", cast.VERA, "ringing")
    assert "decision" not in vera
    one = (await office.api.get(f"{API}/calls/{ids[0]}")).json()
    assert one["decision"]["trace"][-1]["decided"] is True
    for params, count in (
        ({"number": "06 39 98 00 01"}, 1), ({"reason": "vip"}, 1), ({"state": "ended"}, 0), ({"q": "ann"}, 3),
        ({"q": "3998"}, 2), ({"until": vera["started_at"]}, 0), ({"since": vera["started_at"]}, 3),
        ({"since": "0001-01-01T00:00:00+14:00", "until": "9999-12-31T23:59:59-12:00"}, 3),
    ):  # fmt: skip
        assert len((await office.api.get(f"{API}/calls", params=params)).json()["items"]) == count, params
    assert (await office.api.get(f"{API}/calls/CA{'f' * 32}")).status_code == 404


async def test_calls_of_one_moment_are_paged_too(office: Office) -> None:
    for number in range(5):
        await office.webhook("/twilio/voice", cast.UMA, CallSid="CA" + f"{number:032x}")
    await office.settled()
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (
            await office.api.get(f"{API}/calls", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["CA" + f"{number:032x}" for number in (4, 3, 2, 1, 0)]
