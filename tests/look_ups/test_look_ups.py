"""Programs are asked who calls, beside the call; the card shows what they say."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from standardwebhooks import WebhookVerificationError

from app.auth.roles import Role, Scope
from app.look_ups import ask_callers
from app.look_ups.keep_answer import REST, RESTS_AFTER
from tests import cast
from tests.api import API, client, fault, key_with, made, neighbour, signed_in
from tests.booth.test_booth_calls import from_the_booth
from tests.look_ups.asking import PATH, allow_private, ask_all, calling, drawn, look_up, looked_up, state, worker
from tests.look_ups.program import TIER, Program, listening
from tests.office import Office, open_office

pytestmark = pytest.mark.anyio


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One that may ask programs on this machine, as fast as it can."""
    monkeypatch.setattr(ask_callers, "SECONDS_APART", 0)
    return allow_private(office)


async def test_the_card_shows_what_the_program_says(office: Office, program: Program) -> None:
    clara = await made(office, "clients", name="Clara Martin", numbers=[cast.CLARA])
    one = await look_up(office, program, token="a-token", description="CRM")
    sid = await calling(office, caller_name="MARTIN C")
    before = office.board.feed.position
    by = worker(office)
    await ask_all(office, by)
    (question,) = program.asked
    question.verified(one["secret"])
    with pytest.raises(WebhookVerificationError):
        question.verified("whsec_" + "A" * 44)
    assert question.first == "POST /who-calls HTTP/1.1"
    assert (question.headers["authorization"], question.headers["webhook-id"][:4]) == ("Bearer a-token", "ask_")
    assert question.asks == {
        "call": sid, "caller": {"number": cast.CLARA, "name": "MARTIN C"}, "client": {"id": clara["id"]},
        "line": {"id": office.company.line_id, "number": cast.LINE, "label": question.asks["line"]["label"]},
    }  # fmt: skip
    assert await looked_up(office, sid) == [TIER]
    told = await office.board.feed.after(before, office.company.tenant)
    assert [(one.fact.kind.value, one.fact.call_id) for one in told] == [("call.noted", sid)]
    assert "Gold" not in str([one.fact.payload for one in told])
    async with signed_in(office, Role.SUPERVISOR) as susan:
        html = await drawn(susan)
    assert 'href="https://crm.example.org/7?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow"' in html
    await ask_all(office, by)
    assert len(program.asked) == 1, "once for each call"
    last = (await state(office, one))["last_answer"]
    assert (last["status"], last["fault"], last["detail"]) == (200, None, None)


async def test_what_was_put_on_the_card_comes_first_and_wins(office: Office, program: Program) -> None:
    program.says(TIER, *({"label": f"L{one}", "value": "x"} for one in range(7)))
    await look_up(office, program)
    sid = await calling(office)
    await ask_all(office)
    own = [{"label": "tier", "value": "Silver"}, {"label": "Own", "value": "put by hand"}]
    put = await office.api.put(f"{API}/calls/{sid}/fields", json={"fields": own})
    assert [one["label"] for one in put.json()["fields"]] == ["tier", "Own"]
    assert len(put.json()["looked_up"]) == 8
    async with signed_in(office, Role.SUPERVISOR) as susan:
        html = await drawn(susan)
        assert ("Silver" in html, "Gold" in html, "L5" in html, "L6" in html) == (True, False, True, False)
        assert html.index("Silver") < html.index("put by hand") < html.index("L0")
        await office.api.put(f"{API}/calls/{sid}/fields", json={"fields": []})
        assert "Gold" in await drawn(susan)


async def test_several_programs_stand_beside_each_other(office: Office, program: Program) -> None:
    async with listening() as other:
        other.says({"label": "Open orders", "value": "3"})
        await look_up(office, program)
        await look_up(office, other)
        sid = await calling(office)
        await ask_all(office)
        assert [one["label"] for one in await looked_up(office, sid)] == ["Tier", "Open orders"]
        for _ in range(2):
            await look_up(office, other)
        refused = await office.api.post(PATH, json={"url": other.url})
        assert fault(refused)[:2] == (409, "conflict")


async def test_an_answer_holds_for_a_while(office: Office, program: Program) -> None:
    one = await look_up(office, program, cache_seconds=60)
    by = worker(office)

    async def call_again() -> str:
        call = await office.phones.place_call(cast.CLARA, cast.LINE)
        await office.phones.settle()
        await ask_all(office, by)
        sid = call.sid
        assert await looked_up(office, sid) == [TIER]
        await call.hang_up_after(1)
        await office.phones.let_pass(20)
        return sid

    for _ in range(3):
        await call_again()
    assert len(program.asked) == 1
    await office.phones.let_pass(60)
    program.says({"label": "Tier", "value": "Silver", "link": ""})
    sid = await calling(office)
    assert await looked_up(office, sid) == [], "what is too old is not shown"
    await ask_all(office, by)
    assert [one["value"] for one in await looked_up(office, sid)] == ["Silver"]
    assert len(program.asked) == 2
    changed = await office.api.patch(f"{PATH}/{one['id']}", json={"enabled": False})
    assert changed.status_code == 200
    assert await looked_up(office, sid) == [], "nor what a look-up said that is switched off"


async def test_without_a_cache_every_call_asks(office: Office, program: Program) -> None:
    await look_up(office, program, cache_seconds=0)
    by = worker(office)
    for times in range(1, 4):
        sid = await calling(office, cast.UMA)
        await ask_all(office, by)
        await ask_all(office, by)
        assert (len(program.asked), await looked_up(office, sid)) == (times, [TIER])
        await office.phones.let_pass(1)


async def test_a_number_is_asked_about_once_however_often_it_calls_meanwhile(office: Office, program: Program) -> None:
    program.waits = 0.3
    await look_up(office, program)
    calls = [await calling(office) for _ in range(3)]
    await ask_all(office)
    assert len(program.asked) == 1
    for sid in calls:
        assert await looked_up(office, sid) == [TIER]


async def test_whom_nobody_sees_nobody_is_asked_about(office: Office, program: Program) -> None:
    await look_up(office, program)
    await office.add_blacklisted()
    await calling(office, cast.BORIS)
    await calling(office, "anonymous")
    await calling(office, "sip:uma@example.org")
    await from_the_booth(office, cast.VERA)
    await office.settled()
    await ask_all(office)
    assert program.asked == []
    seen = await calling(office, cast.CLARA)
    await ask_all(office)
    assert [one.asks["call"] for one in program.asked] == [seen]


async def test_no_call_waits_for_a_program_that_never_answers(office: Office, program: Program) -> None:
    """Ten calls are answered while it is still thinking about the first caller."""
    program.waits = 3600
    await look_up(office, program, timeout_seconds=5)
    by = worker(office)
    running = asyncio.create_task(by.run())
    try:
        await calling(office)
        async with asyncio.timeout(10):
            while not program.asked:
                await asyncio.sleep(0.01)
        answers = [await office.webhook("/twilio/voice", f"+3363998{one:04}") for one in range(10)]
        assert {answer.status_code for answer in answers} == {200}
        assert (program.asked[0].asks["caller"]["number"], program.at_once >= 1) == (cast.CLARA, True)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        by.turn.drop()


async def test_nobody_is_asked_about_too_late(office: Office, program: Program) -> None:
    program.waits = 0.3
    await look_up(office, program)
    for one in range(8):
        await office.webhook("/twilio/voice", f"+3363998{one:04}")
    by = worker(office)
    await office.settled()
    await by.round()
    while len(program.asked) < ask_callers.AT_ONCE:
        await asyncio.sleep(0.01)
    await office.phones.let_pass(40)
    await by.settled()
    assert len(program.asked) == ask_callers.AT_ONCE, "the others have been talking for long"


async def test_a_worker_that_runs_asks_by_itself(data_dir: Path, database_url: str, program: Program) -> None:
    async with open_office(database_url, data_dir, ask_look_ups=True, allow_private_targets=True) as office:
        await look_up(office, program)
        async with asyncio.timeout(30):
            while not program.asked:  # it knows of a new look-up within a second
                await calling(office)
                await asyncio.sleep(0.3)
            sid = program.asked[0].asks["call"]
            while not await looked_up(office, sid):
                await asyncio.sleep(0.02)
        assert await looked_up(office, sid) == [TIER]


async def test_only_a_few_are_asked_at_once_and_a_flood_is_not_asked_through(office: Office, program: Program) -> None:
    program.waits = 0.1
    await look_up(office, program)
    for one in range(60):
        await office.webhook("/twilio/voice", f"+3363998{one:04}")
    await ask_all(office)
    assert program.most_at_once <= ask_callers.AT_ONCE
    assert len(program.asked) == 50


async def test_a_program_that_fails_rests_for_a_minute(office: Office, program: Program) -> None:
    program.status = 503
    one = await look_up(office, program)
    by = worker(office)
    for number in range(RESTS_AFTER + 2):
        sid = await calling(office, f"+3363998{number:04}")
        await ask_all(office, by)
        assert await looked_up(office, sid) == []
    shown = await state(office, one)
    assert len(program.asked) == RESTS_AFTER
    assert (shown["last_answer"]["status"], shown["last_answer"]["fault"]) == (503, "refused")
    assert "503" in shown["last_answer"]["detail"]
    assert shown["rests_until"] is not None
    for role, told in (Role.ADMIN, True), (Role.OPERATOR, False):
        async with signed_in(office, role) as browser:
            assert (f"{program.url} does not answer" in (await browser.get("/")).text) is told
    await office.phones.let_pass(REST.total_seconds())
    await calling(office, "+33639989001")
    await calling(office, "+33639989002")
    await ask_all(office, by)
    assert len(program.asked) == RESTS_AFTER + 1, "one by one, and the first says that it still fails"
    await office.phones.let_pass(REST.total_seconds())
    program.status = 200
    sid = await calling(office, "+33639989003")
    await ask_all(office, by)
    assert await looked_up(office, sid) == [TIER]
    assert (await state(office, one))["rests_until"] is None


async def test_companies_ask_their_own_program_about_their_own_callers(office: Office, program: Program) -> None:
    async with listening() as other, neighbour(office) as (api, _):
        theirs = await look_up(office, other, api)
        mine = await look_up(office, program)
        sid = await calling(office)
        await ask_all(office)
        assert (len(program.asked), len(other.asked)) == (1, 0)
        for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/ask")):
            body = {"PATCH": {"description": "x"}, "POST": {"number": cast.CLARA}}.get(method)
            answer = await api.request(method, f"{PATH}/{mine['id']}{path}", json=body)
            assert answer.status_code == 404, (method, path)
        assert [one["id"] for one in (await api.get(PATH)).json()["items"]] == [theirs["id"]]
        assert (await api.get(f"{API}/calls/{sid}/fields")).status_code == 404


async def test_who_may(office: Office, program: Program) -> None:
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        async with signed_in(office, role) as browser:
            assert (await browser.get(PATH)).status_code == 403
    one = await look_up(office, program)
    async with client(office, Authorization=f"Bearer {await key_with(office, Scope.READ, Scope.WRITE)}") as api:
        assert (await api.post(PATH, json={"url": program.url})).status_code == 403
        assert (await api.post(f"{PATH}/{one['id']}/ask", json={"number": cast.CLARA})).status_code == 403


async def test_secrets_are_shown_once_and_lie_encrypted(office: Office, program: Program) -> None:
    one = await look_up(office, program, token="t0ken-of-the-crm")
    secret = one["secret"].removeprefix("whsec_")
    paths = (PATH, f"{PATH}/{one['id']}", f"{API}/audit", f"{API}/configuration")
    texts = [(await office.api.get(path)).text for path in paths]
    async with office.board.engine.connect() as connection:
        texts += [str(row) for row in await connection.exec_driver_sql("SELECT * FROM look_up")]
    assert all(secret not in told and "t0ken" not in told for told in texts)
    assert all("sealed" not in told for told in texts[:4])
    body, headers = {"url": program.url}, {"Idempotency-Key": "one"}
    assert (await office.api.post(PATH, json=body, headers=headers)).status_code == 201
    assert fault(await office.api.post(PATH, json=body, headers=headers))[:2] == (409, "secret-shown-once")


async def test_a_token_goes_to_nobody_else(office: Office, program: Program) -> None:
    one = await look_up(office, program, token="for-this-one")
    path = f"{PATH}/{one['id']}"
    async with listening() as other:
        refused = await office.api.patch(path, json={"url": other.url})
        assert fault(refused) == (422, "unprocessable", "token")
        assert (await office.api.patch(path, json={"url": program.url + "/2"})).json()["has_token"] is True
        assert (await office.api.patch(path, json={"url": other.url, "token": None})).json()["has_token"] is False
        await calling(office)
        await ask_all(office)
        assert (len(program.asked), "authorization" in other.asked[0].headers) == (0, False)
    for token in ("with space", "héhé", "a\u0000b", "a\r\nX: y"):
        assert fault(await office.api.patch(path, json={"token": token}))[2] == "token"


async def test_what_another_program_said_is_forgotten_with_it(office: Office, program: Program) -> None:
    one = await look_up(office, program)
    sid = await calling(office)
    await ask_all(office)
    assert await looked_up(office, sid) == [TIER]
    changed = await office.api.patch(f"{PATH}/{one['id']}", json={"url": program.url + "/2"})
    assert (changed.json()["last_answer"], await looked_up(office, sid)) == (None, [])
    await ask_all(office)
    assert await looked_up(office, sid) == [TIER]
    assert (await office.api.delete(f"{PATH}/{one['id']}")).status_code == 204
    assert await looked_up(office, sid) == []
    await ask_all(office)


async def test_an_answer_that_comes_after_the_change_is_nobody_s(office: Office, program: Program) -> None:
    program.waits = 0.5
    one = await look_up(office, program)
    sid = await calling(office)
    by = worker(office)
    await by.round()
    while not program.asked:
        await asyncio.sleep(0.01)
    assert (await office.api.patch(f"{PATH}/{one['id']}", json={"url": program.url + "/2"})).status_code == 200
    await by.settled()
    shown = await state(office, one)
    assert (shown["last_answer"], await looked_up(office, sid)) == (None, [])


async def test_answers_go_with_the_person(office: Office, program: Program) -> None:
    program.says({"label": "Name", "value": "Clara Canary"})
    await look_up(office, program)
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await calling(office, cast.UMA)
    await ask_all(office)
    await call.hang_up_after(1)
    await office.phones.let_pass(10)
    await office.settled()
    exported = await office.api.get(f"{API}/clients/{clara['id']}/export")
    assert "Clara Canary" in exported.text
    erased = await office.api.delete(f"{API}/clients/{clara['id']}", params={"erase": "true"})
    assert {"place": "looked_up", "count": 1} in erased.json()["erased"]
    async with office.board.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT number FROM look_up_answer"))).all()
    assert [row.number for row in rows] == [cast.UMA]


async def test_a_program_that_thinks_while_the_caller_is_erased_comes_too_late(
    office: Office, program: Program
) -> None:
    program.waits = 1
    await look_up(office, program)
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    by = worker(office)
    await by.round()
    while not program.asked:
        await asyncio.sleep(0.01)
    await call.hang_up_after(1)
    await office.phones.let_pass(5)
    await office.settled()
    assert (await office.api.delete(f"{API}/clients/{clara['id']}", params={"erase": "true"})).status_code == 200
    await by.settled()
    async with office.board.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM look_up_answer"))).scalar() == 0


async def test_two_workers_are_no_worse_than_one(office: Office, program: Program) -> None:
    await look_up(office, program)
    sid = await calling(office)
    both = worker(office), worker(office)
    await asyncio.gather(*(ask_all(office, one) for one in both))
    assert len(program.asked) <= 2
    assert await looked_up(office, sid) == [TIER]


async def test_one_worker_of_all_asks_and_another_takes_over(office: Office, program: Program) -> None:
    await look_up(office, program)
    both = [worker(office), worker(office)]
    running = {id(one): asyncio.create_task(one.run()) for one in both}
    try:
        async with asyncio.timeout(30):
            while sum(one.turn.is_mine for one in both) != 1:
                await asyncio.sleep(0.05)
            await calling(office)
            while not program.asked:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)
            assert len(program.asked) == 1
            (first,) = (one for one in both if one.turn.is_mine)
            running[id(first)].cancel()
            await asyncio.gather(running[id(first)], return_exceptions=True)
            first.turn.drop()
            sid = await calling(office, cast.UMA)
            while len(program.asked) < 2:
                await asyncio.sleep(0.05)
            assert program.asked[1].asks["call"] == sid
    finally:
        for task in running.values():
            task.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)
        for one in both:
            one.turn.drop()


async def test_ask_now_shows_what_it_says_and_keeps_nothing(office: Office, program: Program) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    program.says(TIER, {"label": "Empty", "value": ""})
    one = await look_up(office, program, enabled=False)
    path = f"{PATH}/{one['id']}/ask"
    asked = await office.api.post(path, json={"number": "06 39 98 00 12"})
    assert asked.status_code == 200, asked.text
    assert asked.json()["fields"] == [TIER]
    assert [left["field"] for left in asked.json()["left_out"]] == ["fields.1.value"]
    asked = await office.api.post(path, json={"number": cast.CLARA})
    assert program.asked[-1].asks == {
        "call": None, "caller": {"number": cast.CLARA, "name": ""}, "line": None, "client": {"id": clara["id"]}
    }  # fmt: skip
    assert fault(await office.api.post(path, json={"number": "nobody"}))[2] == "number"
    async with office.board.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM look_up_answer"))).scalar() == 0


async def test_answers_are_forgotten_a_day_after_they_hold_no_more(office: Office, program: Program) -> None:
    await look_up(office, program, cache_seconds=3600)
    sid = await calling(office)
    by = worker(office)
    await ask_all(office, by)
    for hours, left in (24.9, [TIER]), (25.1, []):
        async with office.board.engine.begin() as connection:
            asked_at = office.board.clock() - timedelta(hours=hours)
            await connection.execute(text("UPDATE look_up_answer SET asked_at = :at"), {"at": asked_at})
            await connection.execute(text("UPDATE call SET started_at = :at"), {"at": asked_at})
        await by.sweep()
        assert await looked_up(office, sid) == left
