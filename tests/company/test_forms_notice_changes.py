"""Two admins with one form open: the second is told, keeps what was typed, and may save it knowingly."""

import re

import httpx
import pytest

from app.auth.roles import Role
from tests.api import API, made, signed_in
from tests.audio.sound_files import tone
from tests.office import Office

pytestmark = pytest.mark.anyio

LIMITS = {"call_minutes": "10", "at_once": "3", "rate": "", "increment": "60", "currency": "EUR"}


def _seen(page: httpx.Response, after: str = "") -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{32})"', page.text[page.text.index(after) :])
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        ("/settings/company", {"name": "Atelier Nord"}, {"longest_wait_seconds": "777"}),
        ("/settings/texts/closed", {"text_fr": "Fermé."}, {"text_fr": "Nous sommes fermés le 777."}),
        ("/settings/borders", {"rates": "USD 0.9"}, {"rates": "USD 0.777"}),
        ("/settings/fake-queue", LIMITS, LIMITS | {"at_once": "777"}),
    ],
)
async def test_a_form_of_one_kind_notices(
    office: Office, path: str, first: dict[str, str], second: dict[str, str]
) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        seen = {"seen": _seen(await adam.get(path))}
        assert (await adam.post(path, data=first | seen)).status_code == 303
        late = await adam.post(path, data=second | seen)
        assert (late.status_code, "777" in late.text, "As it is now" in late.text) == (409, True, True)
        assert "777" not in (await adam.get(path)).text
        assert (await adam.post(path, data=second | {"seen": _seen(late)})).status_code == 303
        assert "777" in (await adam.get(path)).text


async def test_the_form_of_a_person_gives_no_right_back(office: Office) -> None:
    olga = await made(office, "users", email="olga@example.org", name="Olga", password="olga's pass", role="supervisor")
    path, typed = f"/settings/people/{olga['id']}", {"name": "Olga 777", "email": olga["email"], "role": "supervisor"}
    async with signed_in(office, Role.ADMIN) as adam:
        seen = {"seen": _seen(await adam.get(path))}
        await office.api.patch(f"{API}/users/{olga['id']}", json={"role": "operator"})
        late = await adam.post(path, data=typed | seen)
        assert (late.status_code, "Olga 777" in late.text, "As it is now" in late.text) == (409, True, True)
        assert (await office.api.get(f"{API}/users/{olga['id']}")).json()["role"] == "operator"
        assert (await adam.post(path, data=typed | {"seen": _seen(late)})).status_code == 303


@pytest.mark.parametrize("resource", ["webhooks", "look-ups"])
async def test_the_form_of_a_program_s_address_notices(office: Office, resource: str) -> None:
    row = await made(office, resource, url="https://crm.example.org/hook")
    path, typed = f"/settings/{resource}/{row['id']}", {"url": row["url"], "description": "777", "events": "*"}
    async with signed_in(office, Role.ADMIN) as adam:
        seen = {"seen": _seen(await adam.get(path))}
        await office.api.patch(f"{API}/{resource}/{row['id']}", json={"enabled": False})
        late = await adam.post(path, data=typed | seen)
        assert (late.status_code, "777" in late.text, "As it is now" in late.text) == (409, True, True)
        assert (await adam.post(path, data=typed | {"seen": _seen(late)})).status_code == 303


async def test_the_rate_of_a_line_notices(office: Office) -> None:
    path, line = "/settings/fake-queue", office.company.line_id
    async with signed_in(office, Role.ADMIN) as adam:
        typed = {"line": line, "increment": "60", "seen": _seen(await adam.get(path), "lines-title")}
        assert (await adam.post(f"{path}/lines", data=typed | {"rate": "0.02"})).status_code == 303
        late = await adam.post(f"{path}/lines", data=typed | {"rate": "0.777"})
        assert (late.status_code, 'value="0.777"' in late.text) == (409, True)
        again = typed | {"rate": "0.777", "seen": _seen(late, "lines-title")}
        assert (await adam.post(f"{path}/lines", data=again)).status_code == 303
        assert (await adam.post(f"{path}/lines", data=again | {"line": "01m00000000000000000"})).status_code == 404
    assert (await office.api.get(f"{API}/lines/{line}")).json()["rate_per_minute"] == 0.777


async def test_a_recording_notices_its_words_and_its_sound(office: Office) -> None:
    words, none = {"name": "Accueil", "language": "fr", "text": "Bonjour."}, {"file": ("", b"")}
    async with signed_in(office, Role.ADMIN) as adam:
        added = await adam.post("/settings/audio/new", data=words, files={"file": ("a.mp3", tone("MP3", seconds=1))})
        path = added.headers["location"].partition("?")[0]
        seen = {"seen": _seen(await adam.get(path))}
        other = {"file": ("b.flac", tone("FLAC", seconds=2, rate=8000))}
        assert (await adam.post(path, data=words | seen, files=other)).status_code == 303
        late = await adam.post(path, data=words | seen | {"text": "Bonsoir."}, files=none)
        assert (late.status_code, "Bonsoir." in late.text) == (409, True)
        again = words | {"text": "Bonsoir.", "seen": _seen(late)}
        assert (await adam.post(path, data=again, files=none)).status_code == 303
