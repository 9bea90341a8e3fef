"""Review, not for ever: entries have a review date, somebody who answers for them, and the call that led to them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
from tests.lists.importing import exported
from tests.office import Office

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)
REVIEW = "/lists/blacklist/review"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


async def entry(office: Office, row: dict[str, Any], name: str = "blacklist") -> dict[str, Any]:
    found: dict[str, Any] = (await office.api.get(f"{API}/{name}/{row['id']}")).json()
    return found


async def a_call(office: Office, caller: str = cast.UMA) -> str:
    call = await office.phones.place_call(caller, cast.LINE)
    await call.hang_up_after(3)
    await office.phones.let_pass(5)
    await office.settled()
    return call.sid


async def test_the_api_takes_and_shows_all_three(office: Office) -> None:
    call = await a_call(office)
    fields = {"review_at": "2026-09-01T00:00:00Z", "owner": cast.ADAM_EMAIL.upper(), "evidence_call_id": call}
    one = await made(office, "blacklist", number=cast.BORIS, **fields)
    assert (moment(one["review_at"]), one["owner"], one["evidence_call_id"]) == (
        datetime(2026, 9, 1, tzinfo=UTC), cast.ADAM_EMAIL, call,
    )  # fmt: skip
    vip = await made(office, "vip", number=cast.VERA, review_at="2026-07-01T00:00:00Z")
    assert (vip["owner"], vip["evidence_call_id"]) == (None, None)
    for name, ids in (("vip", [vip["id"]]), ("blacklist", [])):
        due = (await office.api.get(f"{API}/{name}", params={"review": "due"})).json()["items"]
        assert [row["id"] for row in due] == ids
    changed = await office.api.patch(f"{API}/blacklist/{one['id']}", json={"review_at": None, "owner": None})
    assert (changed.json()["review_at"], changed.json()["owner"], changed.json()["evidence_call_id"]) == (
        None, None, call,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"owner": "nobody@example.org"}, "owner"), ({"owner": "a\x00"}, "owner"),
        ({"evidence_call_id": "CA0"}, "evidence_call_id"), ({"evidence_call_id": "\x00"}, "evidence_call_id"),
        ({"review_at": "2400-01-01T00:00:00Z"}, "review_at"), ({"review_at": "2026-01-01T00:00:00"}, "review_at"),
        ({"review_at": "0001-01-01T00:00:00+14:00"}, "review_at"), ({"review_at": "soon"}, "review_at"),
    ],
)  # fmt: skip
async def test_what_is_refused(office: Office, fields: dict[str, Any], field: str) -> None:
    answer = await office.api.post(f"{API}/blacklist", json={"number": cast.BORIS} | fields)
    assert answer.status_code == 422
    assert field in str(answer.json()["errors"])
    assert fault(await office.api.get(f"{API}/blacklist", params={"review": "now"}))[0] == 422


async def test_nobody_elses_people_and_calls_can_be_named(office: Office) -> None:
    call = await a_call(office)
    async with neighbour(office) as (theirs, _):
        for fields in ({"owner": cast.ADAM_EMAIL}, {"evidence_call_id": call}):
            answer = await theirs.post(f"{API}/blacklist", json={"number": cast.BORIS} | fields)
            assert fault(answer)[::2] == (422, next(iter(fields)))


async def test_what_has_gone_since_may_stay(office: Office) -> None:
    one = await office.add_blacklisted(owner="gone@example.org", evidence_call_id="CAgone")
    changed = await office.api.patch(f"{API}/blacklist/{one['id']}", json={"reason": "Still"})
    assert (changed.status_code, changed.json()["owner"]) == (200, "gone@example.org")


async def test_a_block_from_a_call_names_the_call(office: Office) -> None:
    call = await a_call(office)
    answer = await office.api.post(f"{API}/calls/{call}/block", json={})
    assert answer.status_code in (200, 201), answer.text
    (row,) = (await office.api.get(f"{API}/blacklist")).json()["items"]
    assert row["evidence_call_id"] == call
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert f'href="/calls/{call}"' in (await sofia.get(f"/lists/blacklist/{row['id']}")).text


async def test_an_export_is_read_back_to_the_same_state(office: Office) -> None:
    call = await a_call(office)
    await made(
        office, "blacklist", number=cast.BORIS, review_at="2026-09-01T12:34:56.789Z", owner=cast.ADAM_EMAIL,
        evidence_call_id=call,
    )  # fmt: skip
    before = await exported(office)
    again = await imported(office, (await office.api.get(f"{API}/blacklist/export")).content)
    assert again["counts"] == {"add": 0, "change": 0, "same": 1, "twice": 0, "error": 0}
    content = (
        f"number,review at,owner\n{cast.BORIS},2026-12-01,sofia@example.org\n{cast.UMA},2026-12-01,\n"
        "+33639980007,soon,\n"
    )
    one = await imported(office, content)
    assert one["counts"] == {"add": 1, "change": 1, "same": 0, "twice": 0, "error": 1}
    applied = await office.api.post(f"{API}/blacklist/imports/{one['id']}/apply")
    assert applied.status_code == 200, applied.text
    rows = {row["number"]: row for row in (await office.api.get(f"{API}/blacklist")).json()["items"]}
    midnight = datetime(2026, 11, 30, 23, tzinfo=UTC)  # the day's beginning in Paris
    assert {moment(row["review_at"]) for row in rows.values()} == {midnight}
    assert (rows[cast.BORIS]["owner"], rows[cast.BORIS]["evidence_call_id"]) == ("sofia@example.org", call)
    assert (await office.api.post(f"{API}/blacklist/imports/{one['id']}/undo")).status_code == 200
    assert await exported(office) == before


async def imported(office: Office, content: str | bytes) -> dict[str, Any]:
    answer = await office.api.post(f"{API}/blacklist/imports", content=content, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_entry_that_comes_back_has_its_review_again(office: Office) -> None:
    one = await office.add_blacklisted(review_at=NOW, owner=cast.ADAM_EMAIL)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        await sofia.post(f"/lists/blacklist/{one['id']}/remove")
        await sofia.post(f"/lists/blacklist/{one['id']}/restore")
    back = await entry(office, one)
    assert (moment(back["review_at"]), back["owner"]) == (NOW, cast.ADAM_EMAIL)


async def test_sofia_goes_through_what_is_due(office: Office) -> None:
    soon, late = NOW + timedelta(days=1), NOW - timedelta(days=9)
    boris = await office.add_blacklisted(review_at=late, reason="Shouts")
    uma = await office.add_blacklisted(cast.UMA, label="Uma", review_at=NOW - timedelta(days=1))
    await office.add_blacklisted(cast.CLARA, label="Later", review_at=soon)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert "2 entries due for review" in (await sofia.get("/lists/blacklist")).text
        page = (await sofia.get(REVIEW)).text
        assert page.index("Boris") < page.index("Uma")
        assert "Later" not in page
        # Kept for half a year, and taken back.
        done = await sofia.post(f"{REVIEW}/{boris['id']}/keep", data={"months": "6"})
        kept = moment((await entry(office, boris))["review_at"])
        assert timedelta(days=180) < kept - NOW < timedelta(days=184)
        page = (await sofia.get(done.headers["location"])).text
        assert "1 entry due for review" in page
        hidden = dict(re.findall(r'name="((?:set_)?(?:review|expires))" value="([^"]*)"', page))
        typed = {key: value.replace("&#43;", "+") for key, value in hidden.items()}
        # Somebody else has looked at it meanwhile: theirs stays.
        await office.api.patch(f"{API}/blacklist/{boris['id']}", json={"review_at": "2027-02-01T00:00:00Z"})
        refused = await sofia.post(f"{REVIEW}/{boris['id']}/undo", data=typed)
        assert (refused.status_code, "so it was not undone" in refused.text) == (409, True)
        await office.api.patch(f"{API}/blacklist/{boris['id']}", json={"review_at": kept.isoformat()})
        back = await sofia.post(f"{REVIEW}/{boris['id']}/undo", data=typed)
        assert back.status_code == 303
        assert moment((await entry(office, boris))["review_at"]) == late
        # An end in place of a review.
        done = await sofia.post(f"{REVIEW}/{uma['id']}/end", data={"until": "2026-12-31"})
        assert done.status_code == 303
        ended = await entry(office, uma)
        assert (ended["review_at"], moment(ended["expires_at"])) == (None, datetime(2026, 12, 31, 23, tzinfo=UTC))
        for typed in ({"until": "2020-01-01"}, {"until": "x"}, {"until": ""}, {"months": "7"}, {"months": "٣"}):
            refused = await sofia.post(f"{REVIEW}/{boris['id']}/keep", data=typed)
            assert (refused.status_code, 'role="alert"' in refused.text) == (422, True), typed
        assert (await sofia.post(f"{REVIEW}/{boris['id']}/end", data={"until": "2020-01-01"})).status_code == 422
        assert (await sofia.post(f"{REVIEW}/nobody/keep", data={"months": "3"})).status_code == 404
        assert (
            await sofia.post(f"{REVIEW}/{boris['id']}/undo", data={"review": "0001-01-01T00:00:00Z"})
        ).status_code == 422
    async with signed_in(office, Role.OPERATOR, office.nina) as nina:
        assert (await nina.get(REVIEW)).status_code == 403
        assert (await nina.post(f"{REVIEW}/{boris['id']}/keep", data={"months": "3"})).status_code == 403


async def test_the_add_box_and_the_form_have_them(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        box = {"lines": cast.BORIS, "label": "Boris", "reason": "x", "review": "2026-10-01", "owner": cast.ADAM_EMAIL}
        assert (await sofia.post("/lists/blacklist", data=box)).status_code == 303
        (row,) = (await office.api.get(f"{API}/blacklist")).json()["items"]
        assert (moment(row["review_at"]), row["owner"]) == (datetime(2026, 9, 30, 22, tzinfo=UTC), cast.ADAM_EMAIL)
        path = f"/lists/blacklist/{row['id']}"
        form = {
            "number": cast.BORIS, "match": "exact", "label": "Boris", "reason": "y", "review": "2026-10-01",
            "review_was": "2026-10-01", "owner": "",
        }  # fmt: skip
        assert (await sofia.post(path, data=form)).status_code == 303
        row = await entry(office, row)
        assert (moment(row["review_at"]), row["owner"], row["reason"]) == (
            datetime(2026, 9, 30, 22, tzinfo=UTC), None, "y",
        )  # fmt: skip
        for typed, field in (({"owner": "nobody@x"}, "owner"), ({"review": "x"}, "review")):
            refused = await sofia.post(path, data=form | typed)
            assert (refused.status_code, f'id="{field}-fault"' in refused.text) == (422, True)
