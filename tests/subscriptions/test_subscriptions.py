"""Lists of others: only watched at first, renewed daily, and never stronger than the company's own word."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.auth.roles import Role
from app.base import limits
from app.base.one_of_all import OneOfAll
from app.plan.subscribed_files import subscribed_path, sweep_subscribed
from app.subscriptions import fetch, renew
from app.subscriptions.renew import PAUSES, absurdity
from app.subscriptions.renew_daily import RenewSubscriptions
from models import SubscriptionPart, SubscriptionRecord
from models.subscription import RenewalFault
from simulator.phoneblock import PhoneBlock, serving_phoneblock
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
from tests.office import Office, open_office
from tests.subscriptions.web_server import WebServer, serving

pytestmark = pytest.mark.anyio
PATH = f"{API}/subscriptions"
SPAM = [f"+3363998{place:04}" for place in range(200, 212)]
ARCEP = {"name": "Démarchage", "source": "arcep"}
DEMARCHEUR = "+33162123456"


@pytest.fixture
def office(office: Office) -> Office:
    """One that may fetch lists from this machine."""
    office.board.settings = office.board.settings.model_copy(update={"allow_private_targets": True})
    return office


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with serving() as server:
        server.content = "\n".join(SPAM).encode()
        yield server


async def renew_due(office: Office) -> None:
    """What the worker does that has the turn."""
    worker = RenewSubscriptions(office.board, OneOfAll(office.database_url, 7))
    await worker.round()
    await worker.settled()


async def read(office: Office, one: dict[str, Any]) -> dict[str, Any]:
    answer = await office.api.get(f"{PATH}/{one['id']}")
    assert answer.status_code == 200, answer.text
    row: dict[str, Any] = answer.json()
    return row


async def subscribed(office: Office, **fields: Any) -> dict[str, Any]:
    """A new subscription, renewed once."""
    one = await made(office, "subscriptions", **fields)
    await renew_due(office)
    return await read(office, one)


async def change(office: Office, one: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await office.api.patch(f"{PATH}/{one['id']}", json=fields)
    assert answer.status_code == 200, answer.text
    row: dict[str, Any] = answer.json()
    return row


async def explained(office: Office, caller: str) -> dict[str, Any]:
    answer = await office.api.post(f"{API}/explain", json={"from": caller, "to": cast.LINE})
    assert answer.status_code == 200, answer.text
    decision: dict[str, Any] = answer.json()
    return decision


async def call(office: Office, caller: str) -> None:
    ringing = await office.phones.place_call(caller, cast.LINE)
    await ringing.hang_up_after(3)
    await office.phones.let_pass(5)


def found(decision: dict[str, Any]) -> list[str]:
    return [step["found"] for step in decision["trace"]]


async def test_a_new_list_blocks_nobody_and_counts_whom_it_would(office: Office) -> None:
    one = await subscribed(office, **ARCEP)
    assert (one["state"], one["entries"], one["would_have_blocked"]) == ("shadow", 17, 0)
    assert one["renewed_at"]
    decision = await explained(office, DEMARCHEUR)
    assert decision["reason"]["code"] == "default"
    step = next(step for step in decision["trace"] if step["found"] == "would_be_blacklisted")
    assert "Démarchage" in step["text"]
    (match,) = decision["matches"]
    assert (match["entry"], match["of_subscription"], match["counts"], match["idle"]) == (
        one["id"], True, False, "shadow",
    )  # fmt: skip
    await call(office, DEMARCHEUR)
    await call(office, DEMARCHEUR)
    await call(office, cast.CLARA)
    await office.settled()
    seen = await read(office, one)
    assert (seen["would_have_blocked"], seen["blocked"]) == (2, 0)

    changed = await change(office, one, state="active", treatment="busy")
    assert (changed["would_have_blocked"], changed["state"]) == (2, "active")
    decision = await explained(office, DEMARCHEUR)
    assert (decision["action"], decision["reason"]["code"]) == ("reject", "blacklisted")
    assert "Démarchage" in decision["reason"]["text"]
    await call(office, DEMARCHEUR)
    await office.settled()
    (listed,) = (await office.api.get(PATH)).json()["items"]
    assert (listed["would_have_blocked"], listed["blocked"]) == (2, 1)

    await change(office, one, state="off")
    assert (await explained(office, DEMARCHEUR))["matches"] == []


async def test_the_companys_own_word_comes_first(office: Office, web: WebServer) -> None:
    """A VIP by a prefix that is wider than the number on the list of others."""
    await subscribed(office, name="Spam", source="url", url=web.url, state="active", treatment="busy")
    assert (await explained(office, SPAM[0]))["reason"]["code"] == "blacklisted"
    await office.add_vip(SPAM[0][:9], match="prefix")
    await office.add_manager()
    assert (await explained(office, SPAM[0]))["reason"]["code"] == "vip"


async def test_every_one_of_the_companys_words_by_itself(office: Office, web: WebServer) -> None:
    await subscribed(office, name="Spam", source="url", url=web.url, state="active", treatment="busy")
    exception, client, own, protected, nobody = SPAM[1:6]
    await office.add_blacklisted(exception, treatment="allow")
    await office.add_client(client, name="Clara")
    await office.add_blacklisted(own, treatment="reject", label="Own")
    await office.add_operator(protected)
    assert "exception" in found(await explained(office, exception))
    decision = await explained(office, client)
    assert decision["reason"]["code"] == "default"
    assert {match["idle"] for match in decision["matches"] if match["of_subscription"]} == {"own_word"}
    decision = await explained(office, own)
    assert [match["label"] for match in decision["matches"] if match["deciding"]] == ["Own"]
    assert "blacklisted_but_protected" in found(await explained(office, protected))
    assert (await explained(office, nobody))["reason"]["code"] == "blacklisted"


async def test_a_caller_blocked_by_others_is_let_through_in_one_act(office: Office, web: WebServer) -> None:
    await subscribed(office, name="Spam", source="url", url=web.url, state="active", treatment="busy")
    ringing = await office.phones.place_call(SPAM[0], cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = (await sofia.get("/calls")).text
        assert "Spam" in page
        assert (await sofia.post(f"/calls/{ringing.sid}/allow")).status_code in (200, 303)
    assert "exception" in found(await explained(office, SPAM[0]))


async def test_what_has_not_changed_is_not_fetched_again(office: Office, web: WebServer) -> None:
    web.etag = "one"
    one = await subscribed(office, name="Spam", source="url", url=web.url)
    assert "if-none-match" not in web.requests[0]
    due = one["next_try_at"]
    await renew_due(office)
    assert len(web.requests) == 1, "it is not due"
    await office.phones.let_pass(25 * 3600)
    await renew_due(office)
    again = await read(office, one)
    assert web.requests[1]["if-none-match"] == '"one"'
    assert (again["entries"], again["fault"]) == (len(SPAM), None)
    assert again["renewed_at"] > one["renewed_at"]
    assert again["next_try_at"] > due


async def test_a_failed_renewal_keeps_what_is_there_and_waits_longer_each_time(
    office: Office, web: WebServer
) -> None:  # fmt: skip
    one = await subscribed(office, name="Spam", source="url", url=web.url, state="active")
    web.status = 503
    await office.phones.let_pass(25 * 3600)
    for pause in PAUSES[:3]:
        await renew_due(office)
        asked = len(web.requests)
        seen = await read(office, one)
        assert (seen["fault"], seen["entries"]) == ("refused", len(SPAM))
        assert "503" in seen["detail"]
        await office.phones.let_pass(pause.total_seconds() - 1)
        await renew_due(office)
        assert len(web.requests) == asked, "too early"
        await office.phones.let_pass(2)
    assert (await explained(office, SPAM[0]))["reason"]["code"] == "blacklisted"
    web.status, web.content = 200, SPAM[1].encode() + b"\n" + SPAM[2].encode()
    await renew_due(office)
    seen = await read(office, one)
    assert (seen["fault"], seen["detail"], seen["entries"]) == (None, None, 2)
    assert (await explained(office, SPAM[0]))["reason"]["code"] == "default"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (0, 0, RenewalFault.EMPTY), (500, 0, RenewalFault.EMPTY), (0, 1_000_000, None), (500, 5000, None),
        (500, 5001, RenewalFault.GROWN), (500, 50, None), (500, 49, RenewalFault.SHRUNK), (3, 90, None),
        (3, 101, RenewalFault.GROWN), (1, 1, None),
    ],
)  # fmt: skip
def test_what_is_hard_to_believe(before: int, after: int, why: RenewalFault | None) -> None:
    assert absurdity(before, after) is why


async def test_a_list_that_is_hard_to_believe_waits_for_an_admin(office: Office, web: WebServer) -> None:
    one = await subscribed(office, name="Spam", source="url", url=web.url, state="active")
    for content, fault_of_it in ((b"<html>Please sign in</html>", "unreadable"), (b"Please sign in\n", "empty")):
        web.content = content
        seen = (await office.api.post(f"{PATH}/{one['id']}/renew")).json()
        assert (seen["fault"], seen["entries"]) == (fault_of_it, len(SPAM))
    web.content = "\n".join(f"+3363990{place:04}" for place in range(500)).encode()
    seen = (await office.api.post(f"{PATH}/{one['id']}/renew")).json()
    assert (seen["fault"], seen["entries"]) == ("grown", len(SPAM))
    assert "500 numbers" in seen["detail"]
    seen = (await office.api.post(f"{PATH}/{one['id']}/renew", json={"confirmed": True})).json()
    assert (seen["fault"], seen["entries"]) == (None, 500)
    assert (await explained(office, "+33639900123"))["reason"]["code"] == "blacklisted"


async def test_what_a_hostile_list_holds(office: Office, web: WebServer) -> None:
    """Countries and wide prefixes are not taken from others; what cannot be read is counted."""
    web.content = (
        "number;match;label\nFR;country;all\n+33;prefix;all\n+331;prefix;wide\n+33162;prefix;ok\n"
        f"{SPAM[0]};;=cmd|' /C calc'!A0\nabc;;\n\x01\x02;;\n{'9' * 5000};;\n0899000001;exact;\n"
    ).encode()
    web.content_type = "text/csv"
    one = await subscribed(office, name="Hostile", source="url", url=web.url, state="active")
    assert one["entries"] == 3, one
    assert one["skipped"] >= 5
    assert (await explained(office, "+33155667788"))["reason"]["code"] == "default"
    assert (await explained(office, DEMARCHEUR))["reason"]["code"] == "blacklisted"
    assert (await explained(office, "+33899000001"))["reason"]["code"] == "blacklisted"


async def test_other_alphabets(office: Office, web: WebServer) -> None:
    web.content = f"номер;имя\n{SPAM[0]};Спам\n".encode("cp1251")
    web.content_type = "text/csv; charset=windows-1251"
    assert (await subscribed(office, name="Спам", source="url", url=web.url))["entries"] == 1


@pytest.mark.parametrize(
    ("status", "leads_to", "why"),
    [
        (404, "", "refused"), (429, "", "too_often"), (401, "", "refused"), (200, "/moved", "redirected"),
        (200, "ftp://example.org/x", "redirected"), (200, "http://user@127.0.0.1/", "redirected"),
        (200, "//[", "redirected"),
    ],
)  # fmt: skip
async def test_what_servers_do(office: Office, web: WebServer, status: int, leads_to: str, why: str) -> None:
    web.status, web.leads_to = status, leads_to
    url = web.url.replace("/list.txt", "/moved") if leads_to else web.url
    assert (await subscribed(office, name="Spam", source="url", url=url))["fault"] == why


async def test_a_list_that_has_moved_is_found(office: Office, web: WebServer) -> None:
    web.leads_to = "/list.txt"
    one = await subscribed(office, name="Spam", source="url", url=web.url.replace("/list.txt", "/moved"))
    assert (one["fault"], one["entries"]) == (None, len(SPAM))


async def test_nothing_is_fetched_from_our_own_network(office: Office, web: WebServer) -> None:
    one = await made(office, "subscriptions", name="Spam", source="url", url=web.url)
    office.board.settings = office.board.settings.model_copy(update={"allow_private_targets": False})
    seen = (await office.api.post(f"{PATH}/{one['id']}/renew")).json()
    assert (seen["fault"], web.requests) == ("private_target", [])
    for url in ("http://127.0.0.1/x", "https://10.0.0.1/x", "https://localhost/x", "ftp://example.org", "https://"):
        answer = await office.api.post(PATH, json={"name": "Other", "source": "url", "url": url})
        assert fault(answer)[::2] == (422, "url"), url


async def test_slow_and_endless_lists(office: Office, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IMPORT_BYTES", 50)
    one = await subscribed(office, name="Spam", source="url", url=web.url)
    assert one["fault"] == "too_large"
    monkeypatch.undo()
    web.waits = 5
    with pytest.raises(fetch.NotFetched) as slow:
        await fetch.fetch(web.url, allow_private=True, seconds=0.05)
    assert slow.value.fault is RenewalFault.TIMEOUT
    monkeypatch.setattr(limits, "SUBSCRIBED_NUMBERS", 3)
    web.waits = 0
    seen = (await office.api.post(f"{PATH}/{one['id']}/renew")).json()
    assert seen["fault"] == "too_large"


async def test_nobody_listens(office: Office) -> None:
    one = await subscribed(office, name="Gone", source="url", url="http://127.0.0.1:9/list")
    assert one["fault"] == "no_connection"


async def test_a_file_takes_the_place_of_the_list(office: Office) -> None:
    one = await subscribed(office, name="File", source="file", state="active")
    assert (one["entries"], one["next_try_at"], one["fault"]) == (0, None, None)
    assert fault(await office.api.post(f"{PATH}/{one['id']}/renew"))[0] == 409
    path = f"{PATH}/{one['id']}/file"
    content = "Telephone;Name\n" + "".join(f"{number};x\n" for number in SPAM)
    answer = await office.api.post(path, files={"file": ("list.csv", content.encode())})
    assert (answer.status_code, answer.json()["entries"]) == (200, len(SPAM))
    assert (await explained(office, SPAM[3]))["reason"]["code"] == "blacklisted"
    assert fault(await office.api.post(path, content=b"nothing here"))[::2] == (409, "file")
    assert fault(await office.api.post(path, content=b"\x89PNG\r\n\x1a\n\x00\x00" + bytes(500)))[0] in (409, 422)
    assert (await read(office, one))["entries"] == len(SPAM)
    answer = await office.api.post(f"{path}?confirmed=true", content=SPAM[0].encode())
    assert answer.json()["entries"] == 1
    arcep = await made(office, "subscriptions", **ARCEP)
    assert fault(await office.api.post(f"{PATH}/{arcep['id']}/file", content=SPAM[0].encode()))[0] == 409


async def test_a_list_lets_through_what_it_says_and_until_when(office: Office) -> None:
    """Exported from somebody's blacklist: a block with an exception in it, and one that ends."""
    one = await made(office, "subscriptions", name="File", source="file", state="active")
    content = (
        "number,match,treatment,expires_at\n+336399802,prefix,,\n"
        f"{SPAM[0]},exact,allow,\n{SPAM[1]},exact,deny,\n+33639980300,exact,,2026-07-25\n"
    )
    answer = await office.api.post(f"{PATH}/{one['id']}/file", content=content.encode())
    assert (answer.status_code, answer.json()["entries"], answer.json()["skipped"]) == (200, 3, 0), answer.text
    callers = (SPAM[0], SPAM[1], SPAM[2], "+33639980300")
    at_first = [(await explained(office, caller))["reason"]["code"] for caller in callers]
    assert at_first == ["default", "blacklisted", "blacklisted", "blacklisted"]
    await office.clock.sleep(10 * 86_400)
    later = [(await explained(office, caller))["reason"]["code"] for caller in callers]
    assert later == ["default", "blacklisted", "blacklisted", "default"]


async def test_of_two_who_upload_at_once_one_is_told(office: Office) -> None:
    one = await made(office, "subscriptions", name="File", source="file", state="active")
    files = ["\n".join(SPAM[:count]).encode() for count in (5, 7, 9)]
    answers = await asyncio.gather(*(office.api.post(f"{PATH}/{one['id']}/file", content=file) for file in files))
    taken = [answer for answer in answers if answer.status_code == 200]
    assert taken
    assert all(fault(answer)[0] == 409 for answer in answers if answer not in taken)
    assert len(taken) == len({answer.json()["entries"] for answer in taken}), "each 200 says what it has put there"


async def test_phoneblock_by_its_protocol(office: Office) -> None:
    """The whole list once, then what has changed; by the votes that the admin wants, and with a key that nobody sees."""
    box = PhoneBlock(office.clock, {"pbt_key"})
    for number in SPAM[:5]:
        box.votes(number, 20)
    box.votes(SPAM[5], 5)
    box.votes(SPAM[6], 2)
    box.votes(SPAM[7], 90, "A_LEGITIMATE")
    async with serving_phoneblock(box):
        fields = {"name": "PhoneBlock", "source": "phoneblock", "url": box.url, "min_votes": 10}
        assert fault(await office.api.post(PATH, json=fields))[::2] == (422, "api_key")
        one = await subscribed(office, **fields, api_key="wrong", state="active")
        assert (one["fault"], one["has_api_key"]) == ("key_refused", True)
        assert "wrong" not in str(one)
        await change(office, one, api_key="pbt_key")
        await renew_due(office)
        one = await read(office, one)
        assert (one["entries"], one["fault"]) == (5, None)
        assert box.asked[-1] == "format=json"
        assert (await explained(office, SPAM[0]))["reason"]["code"] == "blacklisted"
        assert (await explained(office, SPAM[5]))["reason"]["code"] == "default"
        # A day later: one more, one that was wrong.
        box.votes(SPAM[5], 12)
        box.votes(SPAM[0], 0)
        await office.phones.let_pass(25 * 3600)
        await renew_due(office)
        one = await read(office, one)
        assert (one["entries"], one["fault"]) == (5, None)
        assert box.asked[-1].startswith("since=")
        assert (await explained(office, SPAM[0]))["reason"]["code"] == "default"
        assert (await explained(office, SPAM[5]))["reason"]["code"] == "blacklisted"
        # Asked too often, it says so, and what is there stays.
        seen = (await office.api.post(f"{PATH}/{one['id']}/renew")).json()
        assert (seen["fault"], seen["entries"]) == ("too_often", 5)
        # Now and then everything comes anew.
        await office.phones.let_pass(timedelta(days=41).total_seconds())
        await renew_due(office)
        assert box.asked[-1] == "format=json"
        assert (await read(office, one))["fault"] is None


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"numbers":[{"phone":1}],"version":3}', b'{"numbers":[],"version":-1}', b"\xff"]
)
async def test_a_broken_answer_of_phoneblock_changes_nothing(office: Office, web: WebServer, content: bytes) -> None:
    web.content = content
    one = await subscribed(office, name="P", source="phoneblock", url=web.url, api_key="k")
    assert (one["fault"], one["entries"]) == ("unreadable", 0)


async def test_a_key_does_not_follow_where_others_point(office: Office, web: WebServer) -> None:
    web.leads_to = "/list.txt"
    one = await subscribed(
        office, name="P", source="phoneblock", url=web.url.replace("/list.txt", "/moved"), api_key="k"
    )
    assert one["fault"] == "redirected"
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source": "url"}, "url"), ({"source": "arcep", "url": "https://example.org/"}, "url"),
        ({"source": "arcep", "api_key": "x"}, "api_key"), ({"source": "phoneblock", "api_key": "é"}, "api_key"),
        ({"source": "arcep", "treatment": "allow"}, "treatment"), ({"source": "arcep", "country": "XX"}, "country"),
        ({"source": "nonsense"}, "source"), ({"source": "arcep", "state": "on"}, "state"),
        ({"source": "arcep", "list": "vip"}, "list"), ({"source": "arcep", "min_votes": 0}, "min_votes"),
        ({"source": "arcep", "name": "a\x00b"}, "name"),
    ],
)  # fmt: skip
async def test_what_is_refused(office: Office, fields: dict[str, Any], field: str) -> None:
    answer = await office.api.post(PATH, json={"name": "X"} | fields)
    assert fault(answer)[0] == 422
    assert field in str(answer.json()["errors"])


async def test_the_source_stays_and_there_is_an_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    one = await made(office, "subscriptions", **ARCEP)
    assert fault(await office.api.patch(f"{PATH}/{one['id']}", json={"source": "file"}))[::2] == (422, "source")
    monkeypatch.setattr(limits, "SUBSCRIPTIONS", 1)
    assert fault(await office.api.post(PATH, json=ARCEP))[0] == 409


async def test_others_have_no_business_there(office: Office) -> None:
    one = await subscribed(office, **ARCEP, state="active")
    async with neighbour(office) as (theirs, _company):
        assert (await theirs.get(PATH)).json()["items"] == []
        for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/renew"), ("POST", "/file")):
            answer = await theirs.request(method, f"{PATH}/{one['id']}{path}", json={} if path != "/file" else None)
            assert answer.status_code in (404, 422), (method, path)
        assert (await read(office, one))["entries"] == 17
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get("/settings/subscriptions")).status_code == 403
        assert (await sofia.post(f"/settings/subscriptions/{one['id']}/renew")).status_code == 403


async def test_what_an_operator_does_not_see(office: Office) -> None:
    """Whoever may not read the blacklist is not told which list of others would block a caller."""
    await subscribed(office, **ARCEP)
    ringing = await office.phones.place_call(DEMARCHEUR, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    async with signed_in(office, Role.OPERATOR, office.nina) as nina:
        page = await nina.get(f"/calls/{ringing.sid}")
        assert "Démarchage" not in page.text
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = await sofia.get(f"/calls/{ringing.sid}")
        assert (page.status_code, "Démarchage" in page.text) == (200, True)


async def test_unsubscribing_frees_its_callers_and_leaves_nothing(office: Office) -> None:
    one = await subscribed(office, **ARCEP, state="active")
    folder = office.board.settings.data_dir / "plan" / "subscribed"
    assert len(list(folder.iterdir())) == 1
    assert (await office.api.delete(f"{PATH}/{one['id']}")).status_code == 204
    assert (await explained(office, DEMARCHEUR))["reason"]["code"] == "default"
    async with office.board.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(SubscriptionPart)) == 0
    sweep_subscribed(office.board.settings.data_dir, office.board.live_plan.tenants.values(), -1)
    assert list(folder.iterdir()) == []


async def test_two_who_renew_at_once(office: Office, web: WebServer) -> None:
    one = await made(office, "subscriptions", name="Spam", source="url", url=web.url)
    path = f"{PATH}/{one['id']}/renew"
    answers = await asyncio.gather(*(office.api.post(path) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await read(office, one))["entries"] == len(SPAM)
    async with office.board.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(SubscriptionPart)) == 1


async def test_a_worker_without_the_database_still_has_the_list(office: Office) -> None:
    """The plan file names what is on this host's disk; another host fetches it."""
    one = await subscribed(office, **ARCEP, state="active")
    row = office.board.live_plan.tenant(office.company.tenant).rows["subscription"][one["id"]]
    data_dir = office.board.settings.data_dir
    path = subscribed_path(data_dir, office.company.tenant, one["id"], row["generation"])
    assert path.exists()
    path.write_bytes(b"damaged")  # what it has mapped stays, and whoever starts next fetches it anew
    async with open_office(office.database_url, data_dir, company=office.company) as other:
        assert (await explained(other, DEMARCHEUR))["reason"]["code"] == "blacklisted"


async def test_content_that_is_lost_blocks_nobody(office: Office) -> None:
    one = await subscribed(office, **ARCEP, state="active")
    async with office.board.sessions() as session, session.begin():
        await session.execute(update(SubscriptionPart).values(content=b"broken"))
    async with office.edit() as edit:
        record = await edit.session.get_one(SubscriptionRecord, {"tenant_id": office.company.tenant, "id": one["id"]})
        record.generation = "other"
        await edit.record_changed(record, None)
    assert (await explained(office, "+33639980777"))["reason"]["code"] == "default"
    assert (await explained(office, DEMARCHEUR))["reason"]["code"] in ("default", "blacklisted")


async def test_a_long_list_is_read_in_a_process_of_its_own(office: Office) -> None:
    one = await made(office, "subscriptions", name="Long", source="file", state="active")
    lines = "\n".join(f"+3369{place:07}" for place in range(150_000))
    answer = await office.api.post(f"{PATH}/{one['id']}/file", content=lines.encode())
    assert answer.status_code == 200, answer.text
    assert answer.json()["entries"] == 150_000
    assert (await explained(office, "+33690149999"))["reason"]["code"] == "blacklisted"
    async with office.board.sessions() as session:
        assert (await session.scalar(select(func.count()).select_from(SubscriptionPart)) or 0) > 1


async def test_what_nobody_has_thought_of_is_a_fault_too(
    office: Office, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("bang")

    monkeypatch.setattr(renew, "fetch", broken)
    assert (await subscribed(office, name="Spam", source="url", url=web.url))["fault"] == "failed"
