"""Somebody is erased by command, as by page and API."""

import json
from pathlib import Path

import pytest

from tests import cast
from tests.api import API, made, neighbour
from tests.command import run_command
from tests.office import Office
from tests.service import environment

pytestmark = pytest.mark.anyio


def erase(office: Office, folder: Path, *words: str) -> tuple[int, str, str]:
    """``antichambre erase …``: its exit code, what it says, and what it complains of."""
    done = run_command("erase", *words, env=environment(folder, office.database_url))
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


async def test_it_is_looked_at_and_then_done(office: Office, data_dir: Path) -> None:
    canary = await made(office, "clients", name="Canaryna", numbers=["+33639981234"], about="Birds")
    call = await office.phones.place_call("+33639981234", cast.LINE)
    await call.hang_up_after(2)
    await office.phones.let_pass(60)
    await office.settled()
    code, said, wrong = erase(office, data_dir, "06 39 98 12 34", "--preview")
    assert (code, wrong) == (0, "")
    assert said.startswith("This would go for good:\n  ")
    assert "  Calls: who called: 1\n" in said
    assert (await office.api.get(f"{API}/clients/{canary['id']}")).status_code == 200
    code, said, wrong = erase(office, data_dir, canary["id"])
    assert (code, said) == (1, "")
    assert "--preview" in wrong
    assert "--yes" in wrong
    code, said, wrong = erase(office, data_dir, canary["id"], "--yes", "--json")
    assert (code, wrong) == (0, "")
    told = json.loads(said)
    assert (told["client_id"], told["preview"]) == (canary["id"], False)
    assert {one["place"]: one["count"] for one in told["erased"]}["calls"] == 1
    assert "Canaryna" not in said
    assert (await office.api.get(f"{API}/clients/{canary['id']}")).status_code == 404, "live when the command ends"
    (shown,) = (await office.api.get(f"{API}/calls")).json()["items"]
    assert "639981234" not in json.dumps(shown)
    (done,) = [one for one in (await office.api.get(f"{API}/audit")).json()["items"] if one["act"] == "erase"]
    assert done["actor"] == "cli"
    assert erase(office, data_dir, canary["id"], "--yes")[0] == 1, "there is nobody any more"


async def test_whom_it_does_not_know_is_one_sentence(office: Office, data_dir: Path) -> None:
    for name in ("Ada", "Bea"):
        await made(office, "clients", name=name, numbers=[{"number": "+33199001234", "shared": True}])
    for words, told in (
        (["+33199001234"], "Several clients have this number; give the id: “Ada” ("),
        (["+33199009999"], "No client has this id or number."),
        (["nobody"], "This client does not exist."),
        (["a\x1b[31m"], "This client does not exist."),
    ):
        code, said, wrong = erase(office, data_dir, *words, "--yes")
        assert (code, said) == (1, ""), words
        assert told.lower() in wrong.lower(), wrong
        assert "\x1b" not in wrong
    clara = await office.add_client()
    async with neighbour(office) as (_api, theirs):
        assert "several companies" in erase(office, data_dir, clara["id"], "--yes")[2].lower()
        assert erase(office, data_dir, clara["id"], "--yes", "--company", theirs.tenant)[0] == 1
    assert (await office.api.get(f"{API}/clients/{clara['id']}")).status_code == 200
    assert erase(office, data_dir, "--help")[0] == 0
