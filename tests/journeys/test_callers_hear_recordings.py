"""Wherever words may stand, a recording may: the caller hears it, and its words where it cannot be had."""

import shutil
from typing import Any

import pytest

from app.auth.roles import Role
from simulator import Played, Said
from tests import cast
from tests.api import API, signed_in
from tests.company.recordings import recorded
from tests.office import Office

pytestmark = pytest.mark.anyio
WORDS = "Bonjour, nous sommes fermés."


async def closed_line(office: Office) -> dict[str, Any]:
    """Whoever calls hears a recording, and nothing else."""
    row = await recorded(office.api, name="Closed.wav", text=WORDS)
    await office.keep_hours(sunday=["09:00-10:00"])
    changed = await office.api.patch(f"{API}/lines/{office.company.line_id}", json={"closed_text": row["reference"]})
    assert changed.is_success, changed.text
    return row


async def heard(office: Office) -> list[object]:
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    return [one for one in call.heard if isinstance(one, Said | Played)]


async def test_the_closed_line_plays_its_recording(office: Office) -> None:
    await closed_line(office)
    (played,) = await heard(office)
    assert isinstance(played, Played)
    assert played.seconds == pytest.approx(2, abs=0.1), "it was really fetched"


async def test_without_the_sound_its_words_are_said_and_played_again_when_it_is_there(office: Office) -> None:
    await closed_line(office)
    (played,) = await heard(office)
    assert isinstance(played, Played)
    file = played.url.rpartition("/")[2].removesuffix(".wav")
    moved = office.board.settings.data_dir / "moved"
    shutil.move(office.board.settings.data_dir / "audio", moved)
    office.board.sounds.forget(file)
    (said,) = await heard(office)
    assert said == Said(WORDS, "fr-FR", "Polly.Lea")
    shutil.move(moved, office.board.settings.data_dir / "audio")
    assert file in office.board.sounds
    assert isinstance((await heard(office))[0], Played)


async def test_menus_messages_and_voicemails_play_theirs(office: Office) -> None:
    prompt = await recorded(office.api, name="Prompt", text="Tapez 1.")
    message = await recorded(office.api, name="Message", text="Adieu.")
    greeting = await recorded(office.api, name="Greeting", text="Parlez.")
    keys = {"1": {"kind": "message", "text": message["reference"]}, "2": {"kind": "voicemail"}}
    menu = await office.add_menu("Accueil", keys, prompts={"fr": prompt["reference"]})
    await office.api.put(f"{API}/texts/voicemail_greeting/fr", json={"text": greeting["reference"]})
    await office.change_line(menu_id=menu["id"], greeting=prompt["reference"])
    for key in "12":
        call = await office.phones.place_call(cast.UMA, cast.LINE)
        await office.phones.settle()
        await call.press(key)
        await call.ended()
        assert call.errors == []
        assert not [one for one in call.heard if isinstance(one, Said) and "audio:" in one.text]
        assert len([one for one in call.heard if isinstance(one, Played)]) >= 2


async def test_an_announcement_that_is_a_recording_is_followed_by_the_callers_place(office: Office) -> None:
    row = await recorded(office.api, name="Wait")
    queue = f"{API}/queues/{office.company.queue_id}"
    assert (await office.api.patch(queue, json={"announcement": row["reference"]})).is_success
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await office.phones.let_pass(60)
    assert call.errors == []
    sounds = [one for one in call.heard if isinstance(one, Said | Played)]
    assert any(isinstance(one, Played) and "hold-music" not in one.url for one in sounds)
    assert any(isinstance(one, Said) and "position 1" in one.text for one in sounds)
    await call.hang_up()


async def test_the_log_says_which_recording_is_played(office: Office) -> None:
    await closed_line(office)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    await office.settled()
    async with signed_in(office, Role.ADMIN) as adam:
        page = await adam.get(f"/calls/{call.sid}", headers={"Accept-Language": "en", "Accept": "text/html"})
    assert "Plays “Closed.wav”" in page.text
    assert "Hears the recording “Closed.wav”" in page.text
