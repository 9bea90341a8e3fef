"""The page of webhooks."""

import re

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
PAGE = "/settings/webhooks"
FORM = {"url": "https://crm.example.org/hook", "description": "CRM", "events": ["", "call.ended"], "enabled": ["", "1"]}


async def test_adam_adds_changes_and_deletes_a_webhook(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        added = await adam.post(PAGE, data=FORM)
        assert (added.status_code, added.headers["cache-control"]) == (201, "no-store")
        secret = re.search(r'value="(whsec_[^"]+)"', added.text)
        assert secret is not None
        (hook,) = (await office.api.get(f"{API}/webhooks")).json()["items"]
        assert (hook["url"], hook["events"], hook["enabled"]) == (FORM["url"], ["call.ended"], True)
        page = (await adam.get(f"{PAGE}/{hook['id']}")).text
        assert secret[1] not in page
        assert "Nothing has happened yet" in page
        off = FORM | {"enabled": "", "events": ["", "*", "call.ended"]}
        assert (await adam.post(f"{PAGE}/{hook['id']}", data=off)).status_code == 303
        after = (await office.api.get(f"{API}/webhooks/{hook['id']}")).json()
        assert (after["events"], after["enabled"]) == (["*"], False)
        assert "CRM" in (await adam.get(f"{PAGE}/{hook['id']}/delete")).text
        assert (await adam.post(f"{PAGE}/{hook['id']}/delete")).headers["location"] == f"{PAGE}?deleted=1"
        assert (await adam.get(f"{PAGE}/{hook['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"url": "http://10.0.0.1/x"}, "url"),
        ({"url": ""}, "url"),
        ({"events": ["nonsense"]}, "events"),
        ({"events": ""}, "events"),
    ],
)
async def test_what_is_refused_is_said_beside_the_field(office: Office, typed: dict[str, object], field: str) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post(PAGE, data=FORM | typed)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert "CRM" in answer.text
    assert (await office.api.get(f"{API}/webhooks")).json()["items"] == []


async def test_nobody_else_has_any_business_there(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(PAGE)).status_code == 403
        assert (await sofia.post(PAGE, data=FORM)).status_code == 403
    async with neighbour(office) as (theirs, _), signed_in(office, Role.ADMIN) as adam:
        made = (await theirs.post(f"{API}/webhooks", json={"url": f"https://{cast.UMA[1:]}.example.org/x"})).json()
        for path in ("", "/delete"):
            assert (await adam.get(f"{PAGE}/{made['id']}{path}")).status_code == 404
        assert (await adam.post(f"{PAGE}/{made['id']}", data=FORM)).status_code == 404
        assert (await adam.post(f"{PAGE}/{made['id']}/delete")).status_code == 404
