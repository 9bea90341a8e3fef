"""``/settings/audio`` and ``/settings/texts``: recordings, and what callers hear in their place."""

import pytest
from playwright.async_api import FilePayload, expect

from app.auth.roles import Role
from simulator import Played
from tests import cast
from tests.api import API, client, neighbour, signed_in
from tests.audio.sound_files import tone
from tests.company.recordings import recorded
from tests.every_page import signed_in as browser_signed_in
from tests.looking import Looking
from tests.office import Office

pytestmark = pytest.mark.anyio
AUDIO, TEXTS = "/settings/audio", "/settings/texts"
WORDS = {"name": "", "language": "fr", "text": "Bonjour."}


async def test_a_recording_is_uploaded_changed_and_deleted_by_page(office: Office) -> None:
    files = {"file": ("accueil.mp3", tone("MP3", seconds=2))}
    async with signed_in(office, Role.ADMIN) as adam:
        added = await adam.post(f"{AUDIO}/new", data=WORDS, files=files)
        assert added.status_code == 303, added.text
        path = added.headers["location"].partition("?")[0]
        page = (await adam.get(path)).text
        assert "accueil.mp3" in page
        assert f"/api/v1/audio/{path.rpartition('/')[2]}/audio" in page
        kept = await adam.post(path, data=WORDS | {"name": "Accueil"}, files={"file": ("", b"")})
        assert kept.status_code == 303, kept.text
        (row,) = (await office.api.get(f"{API}/audio")).json()["items"]
        assert (row["name"], row["seconds"] in {2, 3}) == ("Accueil", True)
        await adam.post(
            path, data=WORDS | {"name": "Accueil"}, files={"file": ("w.flac", tone("FLAC", seconds=5, rate=8000))}
        )
        assert (await office.api.get(f"{API}/audio/{row['id']}")).json()["seconds"] == 5
        await office.api.put(f"{API}/texts/closed/fr", json={"text": row["reference"]})
        asked = (await adam.get(f"{path}/delete")).text
        (own,) = office.board.live_plan.tenant(office.company.tenant).rows["phrase"]
        assert f"{TEXTS}/{own}" in asked
        assert (await adam.get(f"{TEXTS}/{own}")).status_code == 200
        assert (await adam.post(f"{path}/delete")).status_code == 409
        await office.api.delete(f"{API}/texts/closed/fr")
        assert (await adam.post(f"{path}/delete")).headers["location"] == f"{AUDIO}?deleted=1"


async def test_what_is_refused_is_said_beside_its_field_and_words_are_kept(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        for content, status in ((b"no sound", 422), (b"", 422), (bytes(21 << 20), 413)):
            answer = await adam.post(f"{AUDIO}/new", data=WORDS, files={"file": ("x.wav", content)})
            assert answer.status_code == status
            if status == 422:
                assert 'id="file-fault"' in answer.text
                assert "Bonjour." in answer.text
        nothing = await adam.post(f"{AUDIO}/new", data={"text": "x"})
        assert nothing.status_code == 422


async def test_others_have_no_business_there_and_forms_need_the_pages_token(office: Office) -> None:
    row = await recorded(office.api)
    files = {"file": ("x.flac", tone("FLAC", rate=8000))}
    async with signed_in(office, Role.SUPERVISOR) as sofia, signed_in(office, Role.ADMIN) as adam:
        for path in (AUDIO, f"{AUDIO}/{row['id']}", TEXTS, f"{TEXTS}/closed"):
            assert (await sofia.get(path)).status_code == 403
        assert (await sofia.post(f"{AUDIO}/new", data=WORDS, files=files)).status_code == 403
        token = adam.headers.pop("X-CSRF-Token")
        assert (await adam.post(f"{AUDIO}/new", data=WORDS, files=files)).status_code == 403
        assert (await adam.post(f"{API}/audio", data=WORDS, files=files)).status_code == 403
        by_form = await adam.post(f"{AUDIO}/new", data=WORDS | {"csrf_token": token}, files=files)
        assert by_form.status_code == 303, by_form.text
        by_api = await adam.post(f"{API}/audio", data=WORDS | {"name": "n", "csrf_token": token}, files=files)
        assert by_api.status_code == 201, by_api.text
        async with neighbour(office) as (_, theirs):
            assert (await adam.get(f"{AUDIO}/{theirs.line_id}")).status_code == 404
    async with client(office) as stranger:
        assert (await stranger.post(f"{AUDIO}/new", data=WORDS, files=files)).status_code == 401


async def test_a_text_is_worded_played_and_given_back_by_page(office: Office) -> None:
    row = await recorded(office.api, name="Fermé")
    await office.keep_hours(sunday=["09:00-10:00"])
    async with signed_in(office, Role.ADMIN) as adam:
        form = {"text_fr": "", "text_fr_audio": row["reference"], "text_en": " Closed. ", "text_es": "", "text_ru": ""}
        saved = await adam.post(f"{TEXTS}/closed", data=form)
        assert saved.headers["location"] == f"{TEXTS}/closed?saved=1"
        assert "Plays “Fermé”" in (await adam.get(TEXTS)).text
        page = (await adam.get(f"{TEXTS}/closed")).text
        assert f'value="{row["reference"]}" selected' in page
        assert ">Closed.</textarea>" in page
        call = await office.phones.place_call(cast.UMA, cast.LINE)
        await call.ended()
        assert any(isinstance(one, Played) for one in call.heard)
        unknown = await adam.post(f"{TEXTS}/closed", data={"text_fr": "audio:01aaaaaaaaaaaaaaaaaa"})
        assert unknown.status_code == 422
        assert "There is no recording of this id." in unknown.text
        assert "text_fr_audio" not in (await adam.get(f"{TEXTS}/place")).text
        await adam.post(f"{TEXTS}/closed", data=dict.fromkeys(form, ""))
        assert not any(one["own"] for one in (await office.api.get(f"{API}/texts")).json()["items"])
        assert (await adam.get(f"{TEXTS}/nonsense")).status_code == 404


async def test_a_line_is_given_a_recording_in_its_form(office: Office) -> None:
    row = await recorded(office.api, name="Bienvenue")
    path = f"/settings/lines/{office.company.line_id}"
    async with signed_in(office, Role.ADMIN) as adam:
        await adam.post(
            path, data={"greeting_fr": "words", "greeting_fr_audio": row["reference"], "greeting_en": "Hello."}
        )
        page = (await adam.get(path)).text
        assert f'value="{row["reference"]}" selected' in page
        assert row["reference"] + "</textarea>" not in page
    line = (await office.api.get(f"{API}/lines/{office.company.line_id}")).json()
    assert (line["greeting"], line["greetings"]) == (row["reference"], {"en": "Hello."})


async def test_an_admin_uploads_and_hears_it_in_a_browser(looking: Looking) -> None:
    page = await browser_signed_in(looking)
    await page.goto(f"{AUDIO}/new")
    sound = FilePayload(name="accueil.flac", mimeType="audio/flac", buffer=tone("FLAC", seconds=2, rate=8000))
    await page.set_input_files("#file", files=sound)
    await page.locator("#text").fill("Bonjour.")
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("accueil.flac")
    audio = page.locator("audio")
    await audio.evaluate("one => { one.load() }")
    await expect(audio).to_have_js_property("duration", 2)
