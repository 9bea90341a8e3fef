"""The VIP list and the blacklist: sought, sorted, added to by pasting, changed, and taken back."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.auth.roles import Role
from models import LineRecord
from tests import cast
from tests.api import API, fault, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
BLACKLIST, VIP = "/lists/blacklist", "/lists/vip"
HTML = {"Accept": "text/html"}
HTMX = {"HX-Request": "true"}


async def entries(office: Office, name: str = "blacklist") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await office.api.get(f"{API}/{name}")).json()["items"]
    return items


def shown(page: httpx.Response) -> list[str]:
    """The names of the entries on the page, in order."""
    assert page.status_code == 200, page.text
    return re.findall(r'<a class="names digits"[^>]*>([^<]+)</a>', page.text)


def verdicts(answer: httpx.Response) -> list[tuple[str, str]]:
    """State and words of each line."""
    found = re.findall(r'<li class="(\w+)">(.*?)</li>', answer.text, re.DOTALL)
    return [(state, " ".join(re.sub("<[^>]+>", " ", words).split())) for state, words in found]


async def call(office: Office, *callers: str) -> None:
    for caller in callers:
        await office.webhook("/twilio/voice", caller)
        await office.clock.sleep(60)
    await office.settled()


async def test_entries_are_shown_as_what_they_name(office: Office) -> None:
    await office.add_blacklisted()
    await office.add_blacklisted("+33162", match="prefix", label="Spam <b>")
    await office.add_blacklisted("+33639980150", match="range", to="+33639980180")
    await office.add_blacklisted("DE", match="country")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = await sofia.get(BLACKLIST)
    assert shown(page) == [
        "Germany", "+33 6 39 98 01 50 – +33 6 39 98 01 80", "+33 1 62 •• •• ••", "+33 6 39 98 00 02",
    ]  # fmt: skip
    for words in ("every number of the country", "31 numbers", "1,000,000 numbers", "Spam &lt;b&gt;", "4 entries"):
        assert words in page.text


async def test_a_whole_number_finds_every_entry_that_covers_it(office: Office) -> None:
    await office.add_blacklisted()
    await office.add_blacklisted("+3363998", match="prefix", label="village")
    await office.add_blacklisted("FR", match="country")
    await office.add_blacklisted("+33162", match="prefix")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        covering = await sofia.get(BLACKLIST, params={"q": "06 39 98 00 02"})
        by_digits = await sofia.get(BLACKLIST, params={"q": "162"})
        by_word = await sofia.get(BLACKLIST, params={"q": "VILL"})
        nothing = await sofia.get(BLACKLIST, params={"q": "nobody"})
    assert shown(covering) == ["+33 6 39 98 00 02", "+33 6 39 98 •• ••", "France"]
    assert "3 entries cover +33 6 39 98 00 02" in covering.text
    assert (shown(by_digits), shown(by_word)) == (["+33 1 62 •• •• ••"], ["+33 6 39 98 •• ••"])
    assert "Nothing found." in nothing.text


@pytest.mark.parametrize("sort", ["newest", "hit", "label"])
async def test_pages_follow_one_another_without_gap_or_repetition(
    office: Office, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.base.limits.ROWS_ON_PAGE", 3)
    numbers = [f"+336399801{place:02}" for place in range(10)]
    for place, number in enumerate(numbers):
        await office.add_blacklisted(number, label="" if place % 2 else f"{9 - place}")
    await call(office, numbers[4], numbers[2], numbers[4], numbers[7])
    found: list[str] = []
    path = f"{BLACKLIST}?sort={sort}"
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        while path:
            page = await sofia.get(path)
            found += shown(page)
            following = re.search(r'href="([^"]+)" rel="next"', page.text)
            path = following[1].replace("&amp;", "&") if following else ""
    places = [int(one.replace(" ", "")[-2:]) for one in found]
    assert (
        places
        == {
            "newest": [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
            "hit": [7, 4, 2, 9, 8, 6, 5, 3, 1, 0],
            "label": [8, 6, 4, 2, 0, 9, 7, 5, 3, 1],
        }[sort]
    )


async def test_each_call_counts_once_for_the_entry_that_decided_it(office: Office) -> None:
    boris = await office.add_blacklisted()
    await office.add_blacklisted("+3363998", match="prefix", label="village")
    vera = await office.add_vip()
    await call(office, cast.BORIS, cast.BORIS, cast.VERA, cast.UMA)
    call_id = "CA" + "7" * 32
    for _ in range(2):
        await office.webhook("/twilio/voice", cast.BORIS, CallSid=call_id)
    await office.webhook("/twilio/fallback", cast.BORIS, CallSid=call_id)
    await office.settled()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        blacklist, vip = (await sofia.get(BLACKLIST)).text, (await sofia.get(VIP)).text
        removed = await sofia.get(f"{BLACKLIST}/{boris['id']}")
    counted = dict(
        zip(re.findall(r'data-entry="(\w+)"', blacklist), re.findall(r"<strong>(\d+) call", blacklist), strict=True)
    )
    assert counted[boris["id"]] == "3"
    assert sorted(counted.values()) == ["1", "3"]
    assert f'data-entry="{vera["id"]}"' in vip
    assert re.findall(r"<strong>(\d+) call", vip) == ["1"]
    assert "3 calls, last on 24 Jul 2026, 10:04" in " ".join(removed.text.split())


async def test_every_pasted_line_gets_a_verdict_and_nothing_is_saved(office: Office) -> None:
    await office.add_vip(label="Anna F.")
    await office.add_client(cast.CLARA, "Clara", standing="vip")
    await office.add_operator()
    await office.add_blacklisted()
    pasted = [
        cast.VERA, cast.CLARA, cast.OLGA, cast.BORIS, "banana", "06 39 98 00 77 Zed", "+33639980077", "+3363998*",
        "+33 6 39 98 01 50 - +33 6 39 98 01 80", "112", "", "0150",
    ]  # fmt: skip
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post(f"{BLACKLIST}/check", data={"lines": "\n".join(pasted)}, headers=HTMX)
    told = verdicts(answer)
    assert [state for state, _ in told] == [
        "asks", "refused", "refused", "refused", "refused", "fine", "twice", "fine", "fine", "refused",
        "fine",
    ]  # fmt: skip
    assert "is a VIP (Anna F.). Block anyway" in told[0][1]
    assert "belongs to the client Clara, who is a VIP" in told[1][1]
    assert "it is the number of the operator Olga" in told[2][1]
    assert "is already on this list" in told[3][1]
    assert "not a telephone number in France" in told[4][1]
    assert "+33 6 39 98 00 77 Zed can be added" in told[5][1]
    assert "10,000 numbers" in told[7][1]
    assert "covers 1 protected number (+33 6 39 98 00 11); they stay reachable" in told[7][1]
    assert "covers 1 client, 2 VIPs" in told[7][1]
    assert "short code" in told[9][1]
    assert [one["number"] for one in await entries(office)] == [cast.BORIS]


async def test_what_can_be_added_is_added_and_the_rest_stays_in_the_box(office: Office) -> None:
    await office.add_operator()
    form = {
        "lines": f"{cast.UMA} Uma\n{cast.OLGA} Olga\nbanana\n+33162*", "reason": "Rude", "treatment": "busy",
        "label": "Nobody", "expires": "2026-07-31",
    }  # fmt: skip
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post(BLACKLIST, data=form, headers=HTML)
        assert answer.status_code == 422
        assert "2 entries were added." in answer.text
        box = re.search(r'<textarea id="lines"[^>]*>([^<]*)</textarea>', answer.text)
        assert box
        assert box[1].splitlines() == [f"{cast.OLGA} Olga", "banana"]
        assert 'value="Rude"' in answer.text
        fine = await adam.post(BLACKLIST, data={"lines": "DE", "picked": f"{cast.CLARA} Clara"}, headers=HTML)
        assert (fine.status_code, fine.headers["Location"]) == (303, f"{BLACKLIST}?added=2")
        assert "2 entries were added. They apply from the next call." in (await adam.get(f"{BLACKLIST}?added=2")).text
    added = {one["number"]: one for one in await entries(office)}
    assert set(added) == {cast.UMA, "+33162", "DE", cast.CLARA}
    uma, spam = added[cast.UMA], added["+33162"]
    assert (uma["label"], uma["reason"], uma["treatment"]) == ("Uma", "Rude", "busy")
    assert (spam["label"], spam["match"], spam["created_by"]) == ("Nobody", "prefix", "user:admin@people.example")
    assert uma["expires_at"] == "2026-07-31T22:00:00Z", "the end of the day in Paris"
    assert "<Reject" in (await office.webhook("/twilio/voice", cast.UMA)).text


async def test_a_vip_is_blocked_only_when_that_is_confirmed(office: Office) -> None:
    vera = await office.add_vip()
    async with signed_in(office, Role.ADMIN) as adam:
        asked = await adam.post(BLACKLIST, data={"lines": cast.VERA}, headers=HTML)
        assert asked.status_code == 422
        assert await entries(office) == []
        done = await adam.post(BLACKLIST, data={"lines": cast.VERA, "really": vera["id"]}, headers=HTML)
        assert done.status_code == 303
    assert await entries(office, "vip") == []
    assert [one["number"] for one in await entries(office)] == [cast.VERA]


async def test_nobody_blocks_their_own_country_without_having_meant_it(office: Office) -> None:
    line, key = "FR", "country FR"
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        checked = await sofia.post(f"{BLACKLIST}/check", data={"lines": line}, headers=HTMX)
        assert verdicts(checked)[0][0] == "asks"
        assert "covers every caller from France, your own country" in checked.text
        asked = await sofia.post(BLACKLIST, data={"lines": f"{line}\nDE"}, headers=HTML)
        assert (asked.status_code, [one["number"] for one in await entries(office)]) == (422, ["DE"])
        assert f'value="{key}"' in asked.text
        done = await sofia.post(BLACKLIST, data={"lines": line, "really": key}, headers=HTML)
        assert (done.status_code, len(await entries(office))) == (303, 2)


async def test_no_entry_is_widened_to_the_own_country_without_having_meant_it(office: Office) -> None:
    entry = await office.add_blacklisted("DE", match="country")
    fields = {"number": "FR", "match": "country", "label": "", "reason": ""}
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        asked = await sofia.post(f"{BLACKLIST}/{entry['id']}", data=fields, headers=HTML)
        assert (asked.status_code, [one["number"] for one in await entries(office)]) == (422, ["DE"])
        assert "Block the whole country" in asked.text
        await sofia.post(f"{BLACKLIST}/{entry['id']}", data=fields | {"really": "1"}, headers=HTML)
    assert [one["number"] for one in await entries(office)] == ["FR"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"lines": cast.UMA, "expires": "soon"}, "Write the date like 2026-12-31."),
        ({"lines": cast.UMA, "expires": "2020-01-01"}, "The expiry is in the past"),
        ({"lines": cast.UMA, "treatment": "kindness"}, "Choose one of the treatments"),
        ({"lines": cast.UMA, "only_on": "no line"}, "not a line of yours"),
        ({"lines": " \n "}, "Enter at least one number."),
    ],
)
async def test_what_is_wrong_for_all_lines_is_told_and_nothing_is_lost(
    office: Office, form: dict[str, str], words: str
) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post(BLACKLIST, data=form | {"reason": "Kept"}, headers=HTML)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Kept"' in answer.text
    assert await entries(office) == []


async def test_an_entry_is_changed_and_its_trail_tells_by_whom(office: Office) -> None:
    await office.add(
        LineRecord(number=cast.SECOND_LINE, label="Second", country="FR", time_zone="Europe/Paris", language="fr")
    )
    end = datetime(2026, 9, 1, 10, 30, tzinfo=UTC)
    entry = await office.add_blacklisted(expires_at=end)
    path = f"{BLACKLIST}/{entry['id']}"
    form = {
        "match": "exact",
        "number": cast.BORIS,
        "to": "",
        "label": "Boris B.",
        "reason": "Threats",
        "treatment": "busy",
    }
    kept = {"expires": "2026-09-01", "expires_was": "2026-09-01", "only_on": office.company.line_id}
    async with signed_in(office, Role.ADMIN) as adam:
        assert 'value="2026-09-01"' in (await adam.get(path)).text
        saved = await adam.post(path, data=form | kept, headers=HTML)
        assert saved.headers["Location"] == f"{path}?saved=1"
        page = await adam.get(saved.headers["Location"])
        wrong = await adam.post(path, data=form | kept | {"number": "banana", "label": "Lost?"}, headers=HTML)
        assert (wrong.status_code, 'value="Lost?"' in wrong.text) == (422, True)
        assert 'aria-describedby="number-fault"' in wrong.text
    now = (await entries(office))[0]
    assert (now["label"], now["reason"], now["treatment"]) == ("Boris B.", "Threats", "busy")
    assert (now["lines"], now["expires_at"]) == ([office.company.line_id], "2026-09-01T10:30:00Z")
    assert "Saved. It applies from the next call." in page.text
    assert re.search(r"<bdi>admin@people.example</bdi> · changed", page.text)


async def test_removing_has_an_undo_that_brings_everything_back(office: Office) -> None:
    entry = await office.add_blacklisted(reason="Threats", expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    await call(office, cast.BORIS)
    before = (await entries(office))[0]
    path = f"{BLACKLIST}/{entry['id']}"
    async with signed_in(office, Role.ADMIN) as adam:
        gone = await adam.post(f"{path}/remove", headers=HTMX)
        assert "Removed from the blacklist." in gone.text
        assert f"{path}/restore" in gone.text
        assert await entries(office) == []
        assert (await adam.get(path, headers=HTML)).status_code == 404
        back = await adam.post(f"{path}/restore", headers=HTMX)
        assert "Undone" in back.text
        assert "<strong>1 call</strong>" in back.text, "it still knows its calls"
        assert await entries(office) == [before]
        plain = await adam.post(f"{path}/remove", headers=HTML)
        assert plain.headers["Location"] == f"{BLACKLIST}?removed={entry['id']}"
        assert f'action="{path}/restore"' in (await adam.get(plain.headers["Location"])).text
        await office.add_vip(cast.BORIS, label="Boris, a VIP now")
        refused = await adam.post(f"{path}/restore", headers=HTMX)
    assert "“Boris, a VIP now” is already on the VIP list" in refused.text
    assert await entries(office) == []


async def test_operators_see_no_list_and_supervisors_change_them_as_in_the_api(office: Office) -> None:
    entry = await office.add_blacklisted()
    async with signed_in(office, Role.OPERATOR) as olga:
        for path in (BLACKLIST, VIP, f"{BLACKLIST}/{entry['id']}", f"{BLACKLIST}/file.csv"):
            assert fault(await olga.get(path))[:2] == (403, "not-allowed")
        for path in (
            BLACKLIST,
            f"{BLACKLIST}/check",
            f"{BLACKLIST}/{entry['id']}",
            f"{BLACKLIST}/{entry['id']}/remove",
        ):
            assert fault(await olga.post(path, data={"lines": cast.UMA}))[:2] == (403, "not-allowed")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert "Add numbers" in (await sofia.get(BLACKLIST)).text
        assert (await sofia.post(f"{BLACKLIST}/{entry['id']}/remove")).status_code == 303
    assert await entries(office) == []


async def test_the_export_is_what_the_import_reads(office: Office) -> None:
    await office.add_blacklisted(label="=cmd()", reason="a; b")
    await office.add_blacklisted("+33162", match="prefix", label="")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        answer = await sofia.get(f"{BLACKLIST}/file.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="blacklist.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["number"].lstrip("'") for row in rows] == [cast.BORIS, "+33162"]
    assert rows[0]["label"] != "=cmd()"
    assert rows[0]["reason"] == "a; b"


async def test_recent_callers_who_are_on_no_list_are_offered(office: Office) -> None:
    await office.add_blacklisted()
    await office.add_client(cast.CLARA, "Clara Petit")
    await call(office, cast.BORIS, cast.CLARA, "anonymous", cast.UMA, cast.UMA)
    async with signed_in(office, Role.ADMIN) as adam:
        page = await adam.get(BLACKLIST)
    assert re.findall(r'name="picked" value="([^"]+)"', page.text) == [cast.UMA, f"{cast.CLARA} Clara Petit"]


async def test_only_expired_entries_and_empty_lists_are_told_apart(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert "No blacklisted numbers yet." in (await sofia.get(BLACKLIST)).text
        assert "No VIPs yet." in (await sofia.get(VIP)).text
        await office.add_blacklisted(expires_at=office.clock.now() - timedelta(days=1))
        await office.add_blacklisted(cast.UMA, label="Uma")
        page = await sofia.get(f"{BLACKLIST}?expired=1")
        assert shown(page) == ["+33 6 39 98 00 02"]
        assert "<strong>Expired</strong>" in page.text
        for nonsense in ("after=AAAA", "after=x", "after=aGl0CmJhbmFuYQ", "sort=hit&after=aGl0CmJhbmFuYQ"):
            assert (await sofia.get(f"{BLACKLIST}?{nonsense}", headers=HTML)).status_code == 422
