"""The company's choices and words, and the two records: calls and changes."""

from typing import Any

import pytest

from app.auth.roles import Role
from app.words.spoken import DEFAULTS
from routing.actions import Phrase
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_treatments_are_chosen_one_by_one_and_count_at_once(office: Office) -> None:
    await office.add_blacklisted()
    before = (await office.api.get(f"{API}/company")).json()
    assert before["treatments"]["blacklist"] == "fake_queue"
    chosen = (await office.api.patch(f"{API}/company", json={"treatments": {"blacklist": "busy"}})).json()
    assert chosen["treatments"] == before["treatments"] | {"blacklist": "busy"}
    assert "<Reject" in (await office.webhook("/twilio/voice", cast.BORIS)).text
    more = (
        await office.api.patch(f"{API}/company", json={"treatments": {"withheld": "reject"}, "name": "Vera & Co"})
    ).json()
    assert (more["treatments"]["blacklist"], more["treatments"]["withheld"], more["name"]) == (
        "busy",
        "reject",
        "Vera & Co",
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"country": "XX"}, "country"),
        ({"time_zone": "Nowhere"}, "time_zone"),
        ({"language": "xx"}, "language"),
        ({"treatments": {"blacklist": "ignore"}}, "treatments.blacklist"),
        ({"treatments": {"fake_queue_cap_seconds": 5}}, "treatments.fake_queue_cap_seconds"),
        ({"treatments": {"mood": "bad"}}, "treatments.mood"),
        ({"protected": ["112"]}, "protected.0"),
    ],
)
async def test_choices_that_make_no_sense_name_the_field(office: Office, body: dict[str, Any], field: str) -> None:
    assert fault(await office.api.patch(f"{API}/company", json=body)) == (422, "unprocessable", field)


async def test_every_phrase_can_be_worded_anew_and_reset(office: Office) -> None:
    texts = (await office.api.get(f"{API}/texts")).json()["items"]
    assert len(texts) == len(Phrase) * 4
    assert not any(one["own"] for one in texts)
    path = f"{API}/texts/unknown_line/en"
    worded = (await office.api.put(path, json={"text": "Nobody here."})).json()
    assert (worded["text"], worded["own"]) == ("Nobody here.", True)
    assert "Nobody here." in (await office.webhook("/twilio/voice", cast.UMA, "+33199009876")).text
    assert (await office.api.put(path, json={"text": "Still nobody."})).json()["text"] == "Still nobody."
    for _ in range(2):
        assert (await office.api.delete(path)).status_code == 204
    reset = (await office.api.get(path)).json()
    assert (reset["text"], reset["own"]) == (DEFAULTS[Phrase.UNKNOWN_LINE]["en"], False)
    for wrong in ("nonsense/fr", "closed/xx"):
        assert (await office.api.put(f"{API}/texts/{wrong}", json={"text": "x"})).status_code == 404
    assert fault(await office.api.put(path, json={"text": " "})) == (422, "unprocessable", "text")


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


async def test_every_change_leaves_who_and_what_behind(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        entry = (await sofia.post(f"{API}/vip", json={"number": cast.VERA, "label": "Vera"})).json()
        await sofia.patch(f"{API}/vip/{entry['id']}", json={"label": "Véra"})
        await sofia.delete(f"{API}/vip/{entry['id']}")
    trail = (await office.api.get(f"{API}/audit", params={"row_id": entry["id"]})).json()["items"]
    assert [(one["act"], one["subject"]) for one in trail] == [
        ("delete", "vip_entry"), ("change", "vip_entry"), ("add", "vip_entry"),
    ]  # fmt: skip
    assert {one["actor"] for one in trail} == {"user:supervisor@people.example"}
    assert (trail[1]["before"]["label"], trail[1]["after"]["label"]) == ("Vera", "Véra")
    await made(office, "queues", name="Orders")
    assert len((await office.api.get(f"{API}/audit", params={"subject": "queue"})).json()["items"]) == 2


async def test_a_refused_change_leaves_nothing_behind(office: Office) -> None:
    before = (await office.api.get(f"{API}/audit")).json()["items"]
    version = office.board.live_plan.version
    await office.api.post(f"{API}/vip", json={"number": "banana"})
    await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"queue_id": "01aaaaaaaaaaaaaaaaaa"})
    assert (await office.api.get(f"{API}/audit")).json()["items"] == before
    assert office.board.live_plan.version == version
