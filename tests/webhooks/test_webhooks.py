"""Programs are told of events: signed, once they have happened, and again until they have heard."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest
from sqlalchemy import text
from standardwebhooks import WebhookVerificationError

from app.auth.roles import Role, Scope
from app.base.guarded_targets import GuardedNetwork, TargetIsPrivate, is_public
from app.base.one_of_all import OneOfAll
from app.cli.import_clients import import_clients
from app.cli.import_progress import Bar
from app.clients.erase_client import person_of
from app.edits.edit import Edit
from app.edits.personal_data import Dossier
from app.event_log.feed import FeedEvent
from app.lists.files.decoded_file import decoded_file
from app.lists.import_options import ImportOptions
from app.panel.channel.prepared import PreparedEvents
from app.webhooks import deliver
from app.webhooks.deliver import OFF_AFTER, PAUSES, Attempt, DeliverWebhooks
from app.webhooks.note_deliveries import NoteDeliveries
from app.webhooks.personal_data import OF_WEBHOOKS
from app.webhooks.webhooks_api import EVENTS
from models import WebhookRecord
from tests import cast
from tests.api import API, client, fault, key_with, made, neighbour, signed_in
from tests.office import Office, open_office
from tests.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.anyio
PATH = f"{API}/webhooks"


@pytest.fixture
def office(office: Office) -> Office:
    """One that may tell programs on this machine."""
    office.board.settings = office.board.settings.model_copy(update={"allow_private_targets": True})
    return office


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as listening:
        yield listening


def worker(office: Office) -> DeliverWebhooks:
    """One that has the turn."""
    notes = NoteDeliveries(office.board, PreparedEvents(office.board))
    return DeliverWebhooks(office.board, OneOfAll(office.database_url, 7), notes)


async def deliver_all(office: Office, by: DeliverWebhooks | None = None) -> None:
    await office.settled()
    by = by or worker(office)
    await by.round()
    await by.settled()


async def told_of(office: Office, receiver: Receiver, *events: str, **fields: Any) -> dict[str, Any]:
    """A new webhook; ``secret`` is in it."""
    answer = await office.api.post(PATH, json={"url": receiver.url, "events": list(events or "*")} | fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def a_call(office: Office, caller: str = cast.CLARA) -> str:
    call = await office.phones.place_call(caller, cast.LINE)
    await call.hang_up_after(5)
    await office.phones.let_pass(10)
    return call.sid


async def deliveries(office: Office, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await office.api.get(f"{PATH}/{webhook['id']}/deliveries")).json()["items"]
    return items


async def test_events_are_told_signed_and_once(office: Office, receiver: Receiver) -> None:
    await a_call(office)  # before anybody is told
    await office.settled()
    webhook = await told_of(office, receiver)
    assert webhook["secret"].startswith("whsec_")
    await office.add_client(name="Clara Martin")
    sid = await a_call(office)
    await deliver_all(office)
    await deliver_all(office)
    told = [one.verified(webhook["secret"]) for one in receiver.received]
    assert {one["type"] for one in told} >= {"call.incoming", "call.queued", "call.ended"}
    assert {one["data"]["call"]["id"] for one in told if one["type"].startswith("call.")} == {sid}
    incoming = next(one for one in told if one["type"] == "call.incoming")
    assert set(incoming) == {"type", "timestamp", "data"}
    assert incoming["data"]["client"]["name"] == "Clara Martin"
    assert incoming["data"]["call"]["caller"]["number"] == cast.CLARA
    assert len({one.headers["webhook-id"] for one in receiver.received}) == len(receiver.received)
    listed = await deliveries(office, webhook)
    assert {(one["state"], one["tries"], one["last_status"]) for one in listed} == {("delivered", 1, 204)}
    assert sorted(one["body"] for one in listed) == sorted(one.body.decode() for one in receiver.received)
    with pytest.raises(WebhookVerificationError):
        receiver.received[0].verified("whsec_" + "A" * 44)


async def test_only_what_was_asked_for(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "call.ended")
    await a_call(office)
    await deliver_all(office)
    assert [one.verified(webhook["secret"])["type"] for one in receiver.received] == ["call.ended"]


async def test_what_fails_is_sent_again_with_longer_and_longer_pauses(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "call.ended")
    await a_call(office)
    by = worker(office)
    receiver.answers = [500, 302, 429]
    await deliver_all(office, by)
    for pause in PAUSES[:3]:
        await deliver_all(office, by)
        sent = len(receiver.received)
        (one,) = await deliveries(office, webhook)
        assert (one["state"], one["tries"]) == ("waiting", sent)
        await office.phones.let_pass(pause.total_seconds() - 1)
        await deliver_all(office, by)
        assert len(receiver.received) == sent
        await office.phones.let_pass(1)
        await deliver_all(office, by)
    assert len({(one.headers["webhook-id"], one.body) for one in receiver.received}) == 1
    assert (len(receiver.received), (await deliveries(office, webhook))[0]["state"]) == (4, "delivered")
    assert (await office.api.get(f"{PATH}/{webhook['id']}")).json()["failing_since"] is None


async def test_whoever_never_answers_is_given_up_and_switched_off(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "call.ended")
    await a_call(office)
    by = worker(office)
    receiver.answers = [503] * 20
    await deliver_all(office, by)
    for pause in PAUSES:
        await office.phones.let_pass(pause.total_seconds())
        await deliver_all(office, by)
    shown = (await office.api.get(f"{PATH}/{webhook['id']}")).json()
    assert (shown["enabled"], shown["off_because"]) == (False, "failing")
    assert sum(PAUSES, timedelta()) > OFF_AFTER
    for role, told in (Role.ADMIN, True), (Role.OPERATOR, False):
        async with signed_in(office, role) as browser:
            assert (f"The webhook to {receiver.url} was switched off" in (await browser.get("/")).text) is told
    sent = len(receiver.received)
    await a_call(office)
    await deliver_all(office, by)
    assert len(receiver.received) == sent, "nothing is told while it is off"
    receiver.answers = []
    answer = await office.api.patch(f"{PATH}/{webhook['id']}", json={"enabled": True})
    assert (answer.json()["off_because"], answer.json()["failing_since"]) == (None, None)
    sid = await a_call(office)
    await deliver_all(office, by)
    assert receiver.received[-1].verified(webhook["secret"])["data"]["call"]["id"] == sid


async def test_a_receiver_that_is_gone_is_believed(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "call.ended")
    await a_call(office)
    receiver.answers = [410]
    await deliver_all(office)
    assert (await office.api.get(f"{PATH}/{webhook['id']}")).json()["off_because"] == "gone"


async def test_a_redirection_is_not_followed(office: Office, receiver: Receiver) -> None:
    async with receiving() as elsewhere:
        await told_of(office, receiver, "call.ended")
        receiver.answers, receiver.says = [307], f"Location: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n".encode()
        await a_call(office)
        await deliver_all(office)
        assert (len(receiver.received), len(elsewhere.received)) == (1, 0)


async def test_a_slow_one_holds_nobody_up_and_is_not_waited_for(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "ATTEMPT_SECONDS", 0.3)
    async with receiving() as slow:
        slow.waits = 1
        webhook = await told_of(office, slow, "call.ended")
        await told_of(office, receiver, "call.ended")
        await a_call(office)
        await deliver_all(office)
        assert len(receiver.received) == 1
        assert (await deliveries(office, webhook))[0]["last_error"] == "timeout"


async def test_an_answer_without_end_is_not_read_to_its_end(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "call.ended")
    receiver.says = b"Content-Length: 99999999\r\n\r\n" + b"x" * 200_000
    await a_call(office)
    await deliver_all(office)
    assert (await deliveries(office, webhook))[0]["state"] == "delivered"


async def test_nothing_is_lost_when_a_worker_dies(office: Office, receiver: Receiver) -> None:
    """One dies with an event on its way; the next sends it again after a while, under the same id."""
    webhook = await told_of(office, receiver, "call.ended")
    await a_call(office)
    await office.settled()
    receiver.waits = 30
    dying = worker(office)
    await dying.round()
    while not receiver.received:
        await asyncio.sleep(0.01)
    for task in dying._busy.values():
        task.cancel()
    receiver.waits = 0
    second = worker(office)
    await deliver_all(office, second)
    assert len(receiver.received) == 1
    await office.phones.let_pass(120)
    await deliver_all(office, second)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert (len(receiver.received), (await deliveries(office, webhook))[0]["state"]) == (2, "delivered")


async def test_two_workers_note_every_event_once(office: Office, receiver: Receiver) -> None:
    await told_of(office, receiver)
    for _ in range(2):
        await a_call(office)
    await office.settled()
    both = worker(office), worker(office)
    await asyncio.gather(*(one.round() for one in both))
    await asyncio.gather(*(one.settled() for one in both))
    ids = [one.headers["webhook-id"] for one in receiver.received]
    assert len(ids) == len(set(ids)) > 6


async def test_a_worker_delivers_by_itself(office: Office, receiver: Receiver) -> None:
    await told_of(office, receiver, "call.ended")
    by = worker(office)
    running = asyncio.create_task(by.run())
    await a_call(office)
    await office.settled()
    async with asyncio.timeout(20):
        while not receiver.received:
            await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    by.turn.drop()


async def test_companies_hear_only_of_their_own(office: Office, receiver: Receiver) -> None:
    async with neighbour(office) as (api, _company):
        theirs = (await api.post(PATH, json={"url": receiver.url + "/theirs"})).json()
        mine = await told_of(office, receiver)
        await a_call(office)
        await deliver_all(office)
        assert {one.path for one in receiver.received} == {"/hook"}
        for method, path in (("GET", ""), ("GET", "/deliveries"), ("PATCH", ""), ("DELETE", "")):
            body = {"url": "https://x.example"} if method == "PATCH" else None
            answer = await api.request(method, f"{PATH}/{mine['id']}{path}", json=body)
            assert answer.status_code == 404
        assert [one["id"] for one in (await api.get(PATH)).json()["items"]] == [theirs["id"]]


async def test_secrets_are_shown_once_and_lie_encrypted(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver)
    secret = webhook["secret"].removeprefix("whsec_")
    texts = [(await office.api.get(path)).text for path in (PATH, f"{PATH}/{webhook['id']}", f"{API}/audit")]
    async with office.board.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT sealed FROM webhook")
        texts += [row.sealed for row in rows]
    assert all(secret not in text for text in texts)
    assert all("sealed" not in text for text in texts[:3])
    body, headers = {"url": receiver.url}, {"Idempotency-Key": "one"}
    assert (await office.api.post(PATH, json=body, headers=headers)).status_code == 201
    assert fault(await office.api.post(PATH, json=body, headers=headers))[:2] == (409, "secret-shown-once")


async def test_who_may(office: Office) -> None:
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        async with signed_in(office, role) as browser:
            assert (await browser.get(PATH)).status_code == 403
    async with client(office, Authorization=f"Bearer {await key_with(office, Scope.READ, Scope.WRITE)}") as api:
        assert (await api.post(PATH, json={"url": "https://x.example/"})).status_code == 403


async def test_old_deliveries_are_forgotten(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "call.ended")
    await a_call(office)
    by = worker(office)
    await deliver_all(office, by)
    async with office.board.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE webhook_delivery SET created_at = '2026-07-01'")
    await by.sweep()
    assert await deliveries(office, webhook) == []


REFUSED = [
    "http://example.org/", "ftp://example.org", "https://", "https://u:p@example.org/", "https://localhost/",
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://10.0.0.8/", "https://[::1]/",
    "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[fe80::1%25eth0]/", "https://169.254.169.254/",
    "https://box.local/", "https://intranet/", "https://a b/", "https://example.org:99999/", "https://exa\u0000mple.org/",
    "https://example.org/#a", "//example.org", "x", "https://[", "https://100.64.0.1/", "https://0/", "https://LOCALHOST./",
]  # fmt: skip


async def test_targets_that_are_refused(data_dir: Path, database_url: str) -> None:
    async with open_office(database_url, data_dir) as office:
        for url in REFUSED:
            assert fault(await office.api.post(PATH, json={"url": url})) == (422, "unprocessable", "url"), url
        assert (await office.api.post(PATH, json={"url": " https://example.org:8443/a?b=c "})).status_code == 201
        for events, field in (["call.seen"], "events.0"), (["*", "call.ended"], "events.1"), ([], "events"):
            answer = await office.api.post(PATH, json={"url": "https://example.org/", "events": events})
            assert fault(answer)[2] == field
        assert (await office.api.post(PATH, json={"url": "https://a.example", "events": [*EVENTS]})).status_code == 201


async def test_a_name_that_leads_inside_is_not_followed_there(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is resolved once, and all that it means is looked at; what it means a moment later is not asked."""
    asked: list[str] = []
    port = int(receiver.url.split(":")[2].split("/")[0])

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        addresses = {"outside.example": ["93.184.215.14", "127.0.0.1"], "rebound.example": ["127.0.0.1"]}[host]
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo, raising=False)
    for host in ("outside.example", "rebound.example"):
        with pytest.raises(TargetIsPrivate):
            await GuardedNetwork(allow_private=False).connect_tcp(host, port, timeout=1)
    assert asked == ["outside.example", "rebound.example"]


def test_addresses_inside_are_known_however_they_are_written() -> None:
    inside = ["127.0.0.1", "10.1.1.1", "192.168.1.1", "::1", "fc00::1", "fe80::1%eth0", "::ffff:127.0.0.1", "2002:a00:1::",
              "64:ff9b::7f00:1", "0.0.0.0", "224.0.0.1", "ff02::1", "100.64.0.1", "169.254.169.254"]  # fmt: skip
    assert [one for one in inside if is_public(one)] == []
    assert all(map(is_public, ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]))
    assert issubclass(TargetIsPrivate, httpcore.ConnectError)


async def test_clients_are_told_of(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver)
    clara = await made(office, "clients", name="Clara Martin", numbers=[cast.CLARA])
    other = await made(office, "clients", name="C. Martin", numbers=[cast.UMA])
    changed = await office.api.patch(f"{API}/clients/{clara['id']}", json={"company": "Dupont"})
    assert changed.status_code == 200, changed.text
    merged = await office.api.post(f"{API}/clients/{clara['id']}/merge", json={"other_id": other["id"]})
    assert merged.status_code == 200, merged.text
    await deliver_all(office)
    assert (await office.api.delete(f"{API}/clients/{clara['id']}")).is_success
    await deliver_all(office)
    told = [one.verified(webhook["secret"]) for one in receiver.received]
    about = [(one["type"], one["data"]["client_id"], one["data"].get("into_id")) for one in told]
    assert sorted(about, key=str) == sorted(
        [
            ("client.added", clara["id"], None), ("client.added", other["id"], None),
            ("client.changed", clara["id"], None), ("client.merged", other["id"], clara["id"]),
            ("client.changed", clara["id"], None), ("client.deleted", clara["id"], None),
        ],
        key=str,
    )  # fmt: skip
    by_kind = {one["type"]: one["data"] for one in told}
    assert by_kind["client.changed"]["client"]["company"] == "Dupont"
    assert "numbers" not in by_kind["client.changed"]["client"]
    assert (by_kind["client.merged"]["client"], by_kind["client.deleted"]["client"]) == (None, None)
    assert by_kind["client.deleted"]["call"] is None


async def test_neighbours_are_not_told_of_clients(office: Office, receiver: Receiver) -> None:
    async with neighbour(office) as (api, _):
        answer = await api.post(PATH, json={"url": receiver.url, "events": ["client.added"]})
        assert answer.status_code == 201, answer.text
        await made(office, "clients", name="Clara Martin")
        await deliver_all(office)
        assert receiver.received == []


async def test_what_was_told_of_a_client_is_erased_with_them(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "client.added", "client.deleted")
    clara = await made(office, "clients", name="Clara Canary")
    await deliver_all(office)
    assert "Clara Canary" in (await deliveries(office, webhook))[0]["body"]
    erased = await office.api.delete(f"{API}/clients/{clara['id']}", params={"erase": "true"})
    assert {"place": "deliveries", "count": 1} in erased.json()["erased"]
    await deliver_all(office)
    assert [one["type"] for one in await deliveries(office, webhook)] == ["client.deleted"]
    assert not any("Canary" in one["body"] for one in await deliveries(office, webhook))


async def test_an_imported_file_is_one_event(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "client.added", "clients.imported")
    file = "name;number\nAda;06 39 98 12 34\nBea;06 39 98 12 35\n"
    previewed = await office.api.post(
        f"{API}/clients/imports", content=file.encode(), headers={"Content-Type": "text/csv"}
    )
    applied = await office.api.post(f"{API}/clients/imports/{previewed.json()['id']}/apply")
    assert applied.is_success, applied.text
    await deliver_all(office)
    (one,) = [one.verified(webhook["secret"]) for one in receiver.received]
    assert (one["type"], one["data"]["count"], one["data"]["client"]) == ("clients.imported", 2, None)


async def test_a_file_that_a_command_imports_is_the_same_event(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "client.added", "clients.imported")

    async def by_command(*, preview: bool) -> dict[str, int]:
        with decoded_file(io.BytesIO(b"name;number\nAda;06 39 98 12 34\nBea;06 39 98 12 35\n")) as file:
            settings, options = office.board.settings, ImportOptions()
            done = await import_clients(settings, file, None, Bar(None), options, "c.csv", preview=preview)
        return done.counts

    assert (await by_command(preview=True))["add"] == 2
    assert (await by_command(preview=False))["add"] == 2
    assert (await by_command(preview=False))["same"] == 2, "of which nobody is told"
    await deliver_all(office)
    (one,) = [one.verified(webhook["secret"]) for one in receiver.received]
    assert (one["type"], one["data"]["count"], one["data"]["client"]) == ("clients.imported", 2, None)


async def test_nobody_is_noted_who_is_erased_at_that_moment(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read of her before, by whoever notes it, is not written down after: it is read again."""
    await told_of(office, receiver)
    clara = await made(office, "clients", name="Clara Canary", numbers=[cast.CLARA])
    await a_call(office)
    await made(office, "clients", name="Dora")
    by = worker(office)
    read, erasures = by.notes.prepared.told, list[int]()

    async def and_erased(event: FeedEvent) -> dict[str, object] | None:
        told = await read(event)
        if told is not None and not erasures:
            assert "Clara Canary" in str(told)
            answer = await office.api.delete(f"{API}/clients/{clara['id']}", params={"erase": "true"})
            erasures.append(answer.status_code)
        return told

    monkeypatch.setattr(PreparedEvents, "told", lambda _, event: and_erased(event))
    await deliver_all(office, by)
    assert erasures == [200]
    assert receiver.received == []
    await deliver_all(office, by)
    told = [json.loads(one.body) for one in receiver.received]
    assert {"client.added", "client.deleted", "call.incoming", "call.ended"} <= {one["type"] for one in told}
    assert "Dora" in str(told)
    for trace in ("Canary", cast.CLARA):
        assert trace not in str(told)


async def test_what_was_sent_while_it_was_erased_leaves_nothing(office: Office, receiver: Receiver) -> None:
    """The erasure has taken it away and is not committed when its receiver answers."""
    webhook = await told_of(office, receiver, "client.added")
    clara = await made(office, "clients", name="Clara Canary")
    by = worker(office)
    await office.settled()
    await by.notes.look()
    async with office.board.sessions() as session:
        record = await session.get_one(WebhookRecord, {"tenant_id": office.company.tenant, "id": webhook["id"]})
    due = await by._take(record)
    async with office.board.sessions() as session, session.begin():
        edit = Edit(session, office.company.tenant, "test")
        dossier = Dossier(office.board, edit, await person_of(edit, clara["id"]))
        assert sum([await one.erase(dossier) for one in OF_WEBHOOKS]) == len(due) == 1
        keeping = asyncio.create_task(by._keep(record, [(one, Attempt(200, None, 1)) for one in due]))
        while not await waits_for_a_lock(office):
            await asyncio.sleep(0.01)
    await keeping
    assert await deliveries(office, webhook) == []


async def waits_for_a_lock(office: Office) -> bool:
    """Whether somebody waits in this database."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with office.board.engine.connect() as connection:
        return bool(await connection.scalar(text(waiting)))


async def test_a_call_back_without_a_call_is_erased_from_deliveries(office: Office, receiver: Receiver) -> None:
    webhook = await told_of(office, receiver, "callback.opened", "callback.done")
    both = {"number": cast.UMA, "shared": True}
    clara = await made(office, "clients", name="Clara Canary", numbers=[cast.CLARA, both])
    await made(office, "clients", name="Dora", numbers=[both])
    for number in (cast.CLARA, cast.UMA):
        await made(office, "callbacks", number=number, client_id=clara["id"])
    await deliver_all(office)
    assert len(await deliveries(office, webhook)) == 2
    erased = await office.api.delete(f"{API}/clients/{clara['id']}", params={"erase": "true"})
    assert {"place": "deliveries", "count": 2} in erased.json()["erased"]
    await deliver_all(office)
    assert await deliveries(office, webhook) == []
