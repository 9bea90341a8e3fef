"""Lists of others by the command line: what there is, and renewed now."""

import json
from pathlib import Path

import pytest

from tests.api import API, made
from tests.command import run_command
from tests.office import Office
from tests.service import environment

pytestmark = pytest.mark.anyio


def command(office: Office, folder: Path, *words: str) -> tuple[int, str]:
    """``antichambre subscriptions …``: its exit code, and what it says."""
    done = run_command("subscriptions", *words, env=environment(folder, office.database_url))
    assert "Traceback" not in done.stderr
    return done.returncode, (done.stdout or done.stderr).strip()


async def test_they_are_listed_and_renewed(office: Office, tmp_path: Path) -> None:
    assert command(office, tmp_path, "list") == (0, "There is no subscription.")
    arcep = await made(office, "subscriptions", name="Démarchage", source="arcep")
    file = await made(office, "subscriptions", name="Ours", source="file")
    code, said = command(office, tmp_path, "list")
    assert code == 0
    assert [line.partition(" (")[0] for line in said.splitlines()] == ["Démarchage", "Ours"]
    assert "never renewed" in said
    code, said = command(office, tmp_path, "renew", "démarchage")
    assert (code, "only watched; 17 numbers; renewed 20" in said) == (0, True), said
    assert (await office.api.get(f"{API}/subscriptions/{arcep['id']}")).json()["entries"] == 17
    trail = (await office.api.get(f"{API}/audit", params={"subject": "subscription"})).json()["items"]
    assert (trail[0]["act"], trail[0]["actor"]) == ("renew", "cli")
    rows = json.loads(command(office, tmp_path, "list", "--json")[1])
    assert [(one["id"], one["entries"]) for one in rows] == [(arcep["id"], 17), (file["id"], 0)]
    code, said = command(office, tmp_path, "renew", "--all")
    assert (code, "Ours" in said) == (0, False), said
    code, said = command(office, tmp_path, "renew", file["id"])
    assert (code, "Ours" in said) == (1, False), said


async def test_what_was_not_renewed_says_why(office: Office, tmp_path: Path) -> None:
    await made(office, "subscriptions", name="Gone", source="url", url="https://gone.invalid/numbers.txt")
    code, said = command(office, tmp_path, "renew", "Gone")
    assert (code, said.splitlines()[1].strip()) == (1, "Nobody answers at this address.")
    for words, told in ((("renew",), "Name a subscription"), (("renew", "x", "--all"), "Name a subscription"),
                        (("renew", "x"), "No subscription has this id or name: x")):  # fmt: skip
        code, said = command(office, tmp_path, *words)
        assert (code, told in said) == (1, True), said
