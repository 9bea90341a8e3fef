"""Recordings: uploaded, heard, replaced, named by texts, and kept while they are."""

import shutil
from unittest.mock import patch

import pytest

from app.auth.roles import Role
from app.base import limits
from app.company.keep_recordings import fetch_recordings, tidy_sounds
from tests import cast
from tests.api import API, client, fault, made, neighbour, signed_in
from tests.audio.sound_files import tone
from tests.company.recordings import recorded, upload
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_a_recording_is_uploaded_heard_renamed_replaced_and_deleted(office: Office) -> None:
    answer = await upload(office.api)
    row = answer.json()
    path = answer.headers["Location"]
    assert (answer.status_code, path) == (201, f"{API}/audio/{row['id']}")
    assert (row["name"], row["language"], row["text"], row["seconds"]) == ("Welcome", "fr", "Bonjour.", 2)
    assert row["reference"] == f"audio:{row['id']}"
    assert (await office.api.get(f"{API}/audio")).json()["items"] == [row]
    sound = await office.api.get(f"{path}/audio")
    assert (sound.status_code, sound.headers["content-type"], len(sound.content)) == (200, "audio/wav", 16058)
    part = await office.api.get(f"{path}/audio", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")
    renamed = (await office.api.patch(path, json={"name": "Hello", "text": "Bonjour à tous."})).json()
    assert (renamed["name"], renamed["text"]) == ("Hello", "Bonjour à tous.")
    longer = await office.api.put(f"{path}/audio", files={"file": ("w.mp3", tone("MP3", seconds=3))})
    assert longer.json()["seconds"] in {3, 4}
    assert len((await office.api.get(f"{path}/audio")).content) > 24_000
    assert (await office.api.delete(path)).status_code == 204
    assert (await office.api.get(f"{path}/audio")).status_code == 404
    acts = (await office.api.get(f"{API}/audit", params={"row_id": row["id"]})).json()["items"]
    assert [one["act"] for one in acts] == ["delete", "change", "change", "add"]


async def test_a_form_that_says_too_little_is_told_what_is_missing(office: Office) -> None:
    assert fault(await upload(office.api, language="xx")) == (422, "unprocessable", "language")
    assert fault(await upload(office.api, text=" ")) == (422, "unprocessable", "text")
    assert (await recorded(office.api, name=" "))["name"] == "welcome.wav"
    assert fault(await upload(office.api, name="welcome.wav"))[:2] == (409, "name-taken")
    assert fault(await upload(office.api, name="x" * 201))[:2] == (422, "unprocessable")
    assert fault(await upload(office.api, b"", name="n")) == (422, "unprocessable", "file")
    assert fault(await upload(office.api, b"number,label\n", name="n")) == (422, "unprocessable", "file")
    without = await office.api.post(f"{API}/audio", data={"name": "n", "language": "fr", "text": "x"}, files={})
    assert fault(without) == (422, "unprocessable", "file")
    assert fault(await office.api.post(f"{API}/audio", json={"name": "n"})) == (422, "unprocessable", "file")
    nul = await upload(office.api, name="a\0b")
    assert fault(nul)[:2] == (422, "unprocessable")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await office.api.post(f"{API}/audio", content=b"--x\r\nnonsense", headers=broken)).status_code in {400, 422}


async def test_a_file_that_is_too_large_is_told_how_large_it_may_be(office: Office) -> None:
    answer = await upload(office.api, bytes(limits.AUDIO_BYTES + 1))
    assert fault(answer)[:2] == (413, "too-large")
    assert "20 MB" in answer.json()["detail"]
    assert "20 MB" in (await upload(office.api, bytes(limits.AUDIO_BYTES + 100_000))).json()["detail"]


async def test_a_repeated_upload_makes_one_recording(office: Office) -> None:
    office.api.headers["Idempotency-Key"] = "once"
    files = {"file": ("w.flac", tone("FLAC", rate=8000))}
    fields = {"name": "Welcome", "language": "fr", "text": "Bonjour."}
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    body = office.api.build_request("POST", "/", data=fields, files=files, headers=headers).read()
    first, again = [await office.api.post(f"{API}/audio", content=body, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["Idempotent-Replay"] == "true"


async def test_a_company_has_so_many_recordings_and_no_more(office: Office) -> None:
    with patch.object(limits, "RECORDINGS", 1):
        await recorded(office.api)
        assert fault(await upload(office.api, name="Another"))[:2] == (409, "conflict")


async def test_only_admins_change_them_and_every_signed_in_person_hears_them(office: Office) -> None:
    row = await recorded(office.api)
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.ADMIN) as adam:
        assert (await upload(olga, name="Mine")).status_code == 403
        assert (await olga.get(f"{API}/audio/{row['id']}/audio")).status_code == 200
        assert (await upload(adam, name="Mine")).status_code == 201


async def test_another_company_neither_hears_nor_names_nor_changes_a_recording(office: Office) -> None:
    row = await recorded(office.api)
    async with neighbour(office) as (api, _):
        path = f"{API}/audio/{row['id']}"
        assert (await api.get(f"{API}/audio")).json()["items"] == []
        for answer in (
            await api.get(path), await api.get(f"{path}/audio"), await api.delete(path),
            await api.patch(path, json={"name": "x"}), await api.put(f"{path}/audio", files={"file": tone(rate=8000)}),
        ):  # fmt: skip
            assert fault(answer)[:2] == (404, "not-found")
        named = await api.put(f"{API}/texts/closed/fr", json={"text": row["reference"]})
        assert fault(named) == (422, "unprocessable", "text")
        assert (await recorded(api))["name"] == row["name"]


async def test_a_text_names_only_what_is_there_and_what_is_named_stays(office: Office) -> None:
    row = await recorded(office.api)
    reference, path, line = row["reference"], f"{API}/audio/{row['id']}", f"{API}/lines/{office.company.line_id}"
    unknown = {"prompts": {"fr": "audio:01aaaaaaaaaaaaaaaaaa"}, "name": "M", "keys": {"9": {"kind": "repeat"}}}
    assert fault(await office.api.post(f"{API}/menus", json=unknown)) == (422, "unprocessable", "prompts.fr")
    assert (await office.api.patch(line, json={"greeting": "audio: our words"})).is_success, "these are words"
    place = await office.api.put(f"{API}/texts/place/fr", json={"text": reference})
    assert fault(place) == (422, "unprocessable", "text")
    await office.api.patch(line, json={"greeting": reference, "closed_texts": {"en": reference}})
    await office.api.put(f"{API}/texts/voicemail_greeting/fr", json={"text": reference})
    await made(office, "menus", name="Accueil", prompts={"fr": "x"}, keys={"1": {"kind": "message", "text": reference}})
    await made(office, "queues", name="Orders", otherwise={"do": "message", "text": {"fr": reference}})
    await made(office, "categories", name="Press", greetings={"en": reference})
    refused = await office.api.delete(path)
    assert fault(refused)[:2] == (409, "in-use")
    assert {(one["resource"], one["name"]) for one in refused.json()["used_by"]} == {
        ("lines", "Ligne principale"), ("texts", "voicemail_greeting"), ("menus", "Accueil"), ("queues", "Orders"),
        ("categories", "Press"),
    }  # fmt: skip


async def test_providers_fetch_it_at_an_address_that_is_kept(office: Office) -> None:
    row = await recorded(office.api)
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    file = plan.recordings[row["id"]].file
    async with client(office) as api:
        answer = await api.get(f"{cast.BASE_URL}/audio/{file}.wav")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
        assert "immutable" in answer.headers["cache-control"]
        assert (await api.head(f"{cast.BASE_URL}/audio/{file}.wav")).status_code == 200
        for wrong in ("0" * 32, "..%2F..%2Fsecret", "hold-music-9", "x" * 5000, file.upper()):
            assert (await api.get(f"{cast.BASE_URL}/audio/{wrong}.wav")).status_code == 404


async def test_another_host_fetches_what_it_lacks_and_keeps_no_more_than_it_needs(office: Office) -> None:
    row = await recorded(office.api)
    sounds, folder = office.board.sounds, office.board.settings.data_dir / "audio"
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    file = plan.recordings[row["id"]].file
    shutil.rmtree(folder)
    sounds.forget(file)
    assert await fetch_recordings(office.board) == 1
    assert file in sounds
    assert sounds.path(file).stat().st_mode & 0o777 == 0o600
    assert await fetch_recordings(office.board) == 0
    (folder / ("0" * 32 + ".wav")).write_bytes(b"of a company that is gone")
    await tidy_sounds(office.board, older_than=-60)
    assert [one.name for one in folder.iterdir()] == [f"{file}.wav"]
    shutil.rmtree(folder)
    assert (await office.api.get(f"/audio/{file}.wav")).status_code == 200, "whatever this worker believed to have"
