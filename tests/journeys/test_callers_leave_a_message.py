"""Whoever may leave a message leaves one: it is recorded, fetched, played with who it is, and deleted in time."""

from typing import Any
from xml.etree import ElementTree

import pytest

from app.auth.roles import Role
from app.plan.phrases import DEFAULTS
from app.voicemails.fetch_voicemails import delete_old_voicemails, delete_sounds_of_nothing, fetch_voicemails
from app.voicemails.sound_files import sound_file
from models import OpeningHours
from routing.actions import Phrase
from simulator import ConnectedTo, Recorded
from tests import cast
from tests.api import API, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def voicemail_for_withheld(office: Office, treatment: str = "withheld") -> None:
    answer = await office.api.patch(f"{API}/company", json={"treatments": {treatment: "voicemail"}})
    assert answer.status_code == 200, answer.text


async def messages(office: Office) -> list[dict[str, Any]]:
    await office.settled()
    answer = await office.api.get(f"{API}/voicemails")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def fetched(office: Office) -> dict[str, Any]:
    """The only message, once its sound is here: the provider needs some seconds to make it."""
    await office.settled()
    for _ in range(10):
        if await fetch_voicemails(office.board):
            break
        await office.phones.let_pass(5)
    (item,) = await messages(office)
    assert item["state"] == "stored"
    return item


async def test_a_message_is_recorded_fetched_and_played(office: Office) -> None:
    menu = await office.add_menu("Accueil", {"1": {"kind": "voicemail", "text": "Parlez."}})
    await office.change_line(menu_id=menu["id"])
    clara = await office.add_client()
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await call.press("1")
    await call.ended()
    assert any(isinstance(one, Recorded) for one in call.heard)
    (waiting,) = await messages(office)
    assert (waiting["from"], waiting["client_id"], waiting["heard"]) == (cast.CLARA, clara["id"], False)
    assert (waiting["seconds"], waiting["state"]) == (5, "waiting")
    item = await fetched(office)
    sound = await office.api.get(f"{API}/voicemails/{item['id']}/audio")
    assert (sound.status_code, sound.headers["Content-Type"], sound.content[:4]) == (200, "audio/wav", b"RIFF")
    part = await office.api.get(f"{API}/voicemails/{item['id']}/audio", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")
    whole = await office.api.head(f"{API}/voicemails/{item['id']}/audio")
    assert (whole.status_code, whole.content) == (200, b"")
    assert whole.headers["Content-Length"] == str(len(sound.content))
    unread = await office.api.get(f"{API}/voicemails/{item['id']}/audio", headers={"Range": "bytes=abc"})
    assert (unread.status_code, unread.content) == (200, sound.content)
    marked = await office.api.patch(f"{API}/voicemails/{item['id']}", json={"heard": True})
    assert marked.json()["heard"] is True
    assert (await office.api.get(f"{API}/voicemails?heard=false")).json()["items"] == []


async def test_a_caller_who_hangs_up_has_left_the_message_all_the_same(office: Office) -> None:
    await voicemail_for_withheld(office)
    call = await office.phones.place_call("anonymous", cast.LINE)
    await call.hang_up_after(12)
    (item,) = await messages(office)
    assert item["from"] is None


async def test_what_cannot_be_fetched_is_tried_again(office: Office) -> None:
    await voicemail_for_withheld(office)
    call = await office.phones.place_call("anonymous", cast.LINE)
    await call.ended()
    await office.settled()
    makers, office.board.telephones.makers = office.board.telephones.makers, {}
    office.board.telephones._made.clear()
    assert await fetch_voicemails(office.board) == 0
    (item,) = await messages(office)
    assert item["state"] == "waiting"
    assert (await office.api.get(f"{API}/voicemails/{item['id']}/audio")).status_code == 503
    office.board.telephones.makers = makers
    await office.phones.let_pass(30)
    assert (await fetched(office))["id"] == item["id"]


async def test_a_blacklisted_caller_s_box_tells_nobody(office: Office) -> None:
    await office.add_blacklisted(treatment="voicemail")
    await office.add_operator()
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await boris.ended()
    await fetched(office)
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(f"{API}/voicemails")).json()["items"] == []
        (item,) = await messages(office)
        assert (await olga.get(f"/voicemails/{item['id']}/audio")).status_code == 404
        assert "No messages." in (await olga.get("/voicemails")).text
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert f'data-voicemail="{item["id"]}"' in (await sofia.get("/voicemails")).text
    assert (await office.api.get(f"{API}/callbacks")).json()["items"] == []
    assert not any(isinstance(one, ConnectedTo) for one in boris.heard)


async def test_a_queue_that_nobody_serves_takes_messages_where_it_is_told_to(office: Office) -> None:
    await office.send_nina_home()
    queue = f"{API}/queues/{office.company.queue_id}"
    answer = await office.api.patch(queue, json={"otherwise": {"do": "voicemail"}})
    assert answer.status_code == 200, answer.text
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await uma.ended()
    (item,) = await messages(office)
    assert item["from"] == cast.UMA
    (to_do,) = (await office.api.get(f"{API}/callbacks")).json()["items"]
    assert to_do["number"] == cast.UMA, "and is to be called back"


async def test_messages_go_after_the_company_s_time_and_other_companies_hear_none(office: Office) -> None:
    await voicemail_for_withheld(office)
    call = await office.phones.place_call("anonymous", cast.LINE)
    await call.ended()
    item = await fetched(office)
    path = sound_file(office.board.settings, office.company.tenant, item["id"])
    assert path.stat().st_mode & 0o077 == 0
    async with neighbour(office) as (theirs, _):
        assert (await theirs.get(f"{API}/voicemails/{item['id']}/audio")).status_code == 404
    stranger = await office.api.get(f"/voicemails/{item['id']}/audio", headers={"Authorization": ""})
    assert stranger.status_code in (303, 401)
    await office.api.patch(f"{API}/company", json={"treatments": {"voicemail_days": 2}})
    await office.clock.sleep(3 * 86400)
    assert await delete_old_voicemails(office.board) == 1
    assert not path.exists()
    assert await messages(office) == []


async def test_a_sound_goes_from_every_host_when_one_of_them_has_deleted_its_message(office: Office) -> None:
    await voicemail_for_withheld(office)
    call = await office.phones.place_call("anonymous", cast.LINE)
    await call.ended()
    item = await fetched(office)
    mine = sound_file(office.board.settings, office.company.tenant, item["id"])
    left_by_another_host = mine.with_name("01m8deleted.wav")
    of_no_company = mine.parent.parent / "unknown" / "01m8deleted.wav"
    of_no_company.parent.mkdir()
    for path in (left_by_another_host, of_no_company):
        path.write_bytes(b"RIFF")
    assert await delete_sounds_of_nothing(office.board) == 1
    assert [path.exists() for path in (mine, left_by_another_host, of_no_company)] == [True, False, True]


async def test_no_document_of_a_voicemail_leads_to_a_person(office: Office) -> None:
    await office.add_blacklisted(treatment="voicemail")
    answer = await office.webhook("/twilio/voice", cast.BORIS)
    tags = {element.tag for element in ElementTree.fromstring(answer.text).iter()}
    assert tags == {"Response", "Say", "Record", "Hangup"}


async def close_for_messages(office: Office, **fields: str) -> None:
    """The line is closed on every day but Sunday, and callers may leave a message."""
    await office.keep_hours(sunday=["09:00-10:00"])
    path = f"{API}/lines/{office.company.line_id}"
    answer = await office.api.patch(path, json={"closed_treatment": "voicemail"} | fields)
    assert (answer.status_code, answer.json()["closed_treatment"]) == (200, "voicemail"), answer.text


@pytest.mark.parametrize(
    ("closed_text", "phrases"),
    [("", [Phrase.CLOSED_VOICEMAIL]), ("Fermé jusqu'à lundi.", [Phrase.VOICEMAIL_GREETING])],
)
async def test_a_closed_line_takes_messages(office: Office, closed_text: str, phrases: list[Phrase]) -> None:
    await office.add_operator()
    await close_for_messages(office, closed_text=closed_text)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await uma.ended()
    assert uma.errors == []
    said = [closed_text] * bool(closed_text) + [DEFAULTS[one]["fr"] for one in (*phrases, Phrase.VOICEMAIL_TAKEN)]
    assert uma.said() == " ".join(said)
    (item,) = await messages(office)
    assert item["from"] == cast.UMA
    call = (await office.api.get(f"{API}/calls/{uma.sid}")).json()
    assert (call["decision"]["action"], call["decision"]["reason"]["code"]) == ("voicemail", "closed")
    assert call["decision"]["detail"]["closed"] is True


async def test_on_a_closed_line_vips_reach_management_and_blacklisted_callers_no_box(office: Office) -> None:
    await close_for_messages(office)
    await office.add_vip()
    await office.add_blacklisted()
    await office.add_manager()
    office.phones.phone(cast.MARTIN).answers_after(2).talks_for(30)
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await vera.ended()
    assert vera.connected_to == cast.MARTIN
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await boris.hang_up_after(120)
    assert not any(isinstance(one, Recorded | ConnectedTo) for one in boris.heard)
    assert await messages(office) == []


@pytest.mark.parametrize("way", ["message", "voicemail"])
async def test_whoever_waits_when_the_line_closes_goes_where_the_queue_says(office: Office, way: str) -> None:
    await office.add_operator(ring_seconds=10)
    await office.api.patch(f"{API}/queues/{office.company.queue_id}", json={"otherwise": {"do": way}})
    hours = await office.add(OpeningHours(name="Short", days={"friday": ["09:00-10:01"]}))
    await office.change_line(hours_id=hours["id"], closed_treatment="voicemail")
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(240)
    await uma.ended()
    assert uma.errors == []
    assert any(isinstance(one, Recorded) for one in uma.heard) is (way == "voicemail")
    assert (DEFAULTS[Phrase.CLOSED]["fr"] in uma.said()) is (way == "message")
