"""The page of lists of others."""

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, made, neighbour, signed_in
from tests.office import Office
from tests.rehearsals.test_rehearsal_pages import ended
from tests.subscriptions.test_subscriptions import ARCEP, DEMARCHEUR, PATH, SPAM, call, change, read, subscribed

pytestmark = pytest.mark.anyio
PAGE = "/settings/subscriptions"


async def test_adam_sees_what_a_list_would_have_done(office: Office) -> None:
    one = await subscribed(office, **ARCEP)
    await call(office, DEMARCHEUR)
    await office.settled()
    async with signed_in(office, Role.ADMIN) as adam:
        for page in (await adam.get(PAGE), await adam.get(f"{PAGE}/{one['id']}")):
            assert "17 numbers" in page.text
            assert "It would have blocked 1 call." in page.text
            assert "It has blocked" not in page.text
            assert "Renewed" in page.text
        assert (await adam.post(f"{PAGE}/{one['id']}/renew")).headers["location"] == f"{PAGE}/{one['id']}"
        await change(office, one, state="active")
        await call(office, DEMARCHEUR)
        await office.settled()
        assert "It has blocked 1 call." in (await adam.get(PAGE)).text


async def test_what_it_would_change_is_told_before_it_blocks(office: Office) -> None:
    one = await subscribed(office, **ARCEP)
    await call(office, DEMARCHEUR)
    await call(office, cast.UMA)
    await office.settled()
    async with signed_in(office, Role.ADMIN) as adam:
        form = {"name": "Démarchage", "state": "active", "treatment": "", "country": ""}
        _, page = await ended(adam, await adam.post(f"{PAGE}/{one['id']}/rehearse", data=form))
        assert "1 of 2 calls would have gone elsewhere" in page
    assert (await read(office, one))["state"] == "shadow"


async def test_a_file_that_is_hard_to_believe_asks_first(office: Office) -> None:
    one = await made(office, "subscriptions", name="File", source="file")
    path = f"{PAGE}/{one['id']}"
    async with signed_in(office, Role.ADMIN) as adam:
        first = await adam.post(f"{path}/file", files={"file": ("l.txt", "\n".join(SPAM).encode())})
        assert first.headers["location"] == f"{path}?saved=1"
        many = "\n".join(f"+3363990{place:04}" for place in range(500)).encode()
        asked = await adam.post(f"{path}/file", files={"file": ("l.txt", many)})
        assert asked.status_code == 409
        assert 'name="confirmed"' in asked.text
        assert (await read(office, one))["entries"] == len(SPAM)
        taken = await adam.post(f"{path}/file", files={"file": ("l.txt", many)}, data={"confirmed": "1"})
        assert taken.status_code == 303
        assert (await read(office, one))["entries"] == 500
        assert (await adam.post(f"{path}/file", data={"confirmed": "1"})).status_code == 422
        assert (await adam.post(f"{path}/renew")).status_code == 409


async def test_a_key_is_never_shown_nor_kept_with_a_rehearsal(office: Office) -> None:
    form = {"name": "P", "source": "phoneblock", "state": "shadow", "api_key": "pbt_secret", "url": "http://x"}
    async with signed_in(office, Role.ADMIN) as adam:
        refused = await adam.post(f"{PAGE}/new", data=form)
        assert refused.status_code == 422
        assert "pbt_secret" not in refused.text
        added = await adam.post(f"{PAGE}/new", data=form | {"url": ""})
        path = added.headers["location"].removesuffix("?saved=1")
        assert "pbt_secret" not in (await adam.get(path)).text
        kept = await adam.post(path, data=form | {"api_key": "", "url": "", "name": "Q"})
        assert kept.status_code == 303
        row = (await office.api.get(f"{PATH}/{path.rsplit('/', 1)[1]}")).json()
        assert (row["name"], row["has_api_key"]) == ("Q", True)
        path, _ = await ended(adam, await adam.post(f"{path}/rehearse", data=form | {"url": ""}))
        assert "pbt_secret" not in (await adam.get(f"{path}/form")).text
        trail = (await office.api.get(f"{API}/audit")).text
        assert "pbt_secret" not in trail
        assert "sealed" not in trail


async def test_nobody_else(office: Office) -> None:
    one = await subscribed(office, **ARCEP)
    async with neighbour(office) as (theirs, _), signed_in(office, Role.ADMIN) as adam:
        other = (await theirs.post(PATH, json=ARCEP)).json()
        for path in ("", "/delete"):
            assert (await adam.get(f"{PAGE}/{other['id']}{path}")).status_code == 404
        for path in ("", "/delete", "/renew"):
            assert (await adam.post(f"{PAGE}/{other['id']}{path}")).status_code == 404
        assert (await adam.post(f"{PAGE}/{other['id']}/file", files={"file": ("x", b"y")})).status_code == 404
        assert (await adam.get(f"{PAGE}/{one['id']}")).status_code == 200
