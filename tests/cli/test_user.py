"""People by the command line: a link to hand over."""

import re
from pathlib import Path

import pytest

from app.people.set_up_company import CompanyForm, set_up_company
from tests import cast
from tests.api import API, client
from tests.command import run_command
from tests.office import Office
from tests.service import environment

pytestmark = pytest.mark.anyio
ACCOUNT = {"name": "Olga", "password": "olga's long secret", "again": "olga's long secret"}


def command(office: Office, folder: Path, *words: str) -> tuple[int, str]:
    """``antichambre user …``: its exit code, and what it says."""
    env = environment(folder, office.database_url) | {"ANTICHAMBRE_PUBLIC_BASE_URL": cast.BASE_URL}
    done = run_command("user", *words, env=env)
    assert "Traceback" not in done.stderr
    return done.returncode, (done.stdout or done.stderr).strip()


async def test_links_for_an_account_and_for_a_new_password(office: Office, tmp_path: Path) -> None:
    code, link = command(office, tmp_path, "add", "Olga@Example.org", "--role", "admin", "--name", "Olga")
    assert (code, bool(re.fullmatch(rf"{cast.BASE_URL}/invite/\S{{43}}", link))) == (0, True), link
    async with client(office) as olga:
        assert (await olga.post(link.removeprefix(cast.BASE_URL), data=ACCOUNT)).status_code == 303
        assert (await olga.get("/settings/people")).status_code == 200
    code, link = command(office, tmp_path, "reset-password", "OLGA@example.org")
    assert code == 0, link
    new = {"password": "quite another secret", "again": "quite another secret"}
    async with client(office) as olga:
        assert (await olga.post(link.removeprefix(cast.BASE_URL), data=new)).status_code == 303
    assert command(office, tmp_path, "reset-second-factor", "olga@example.org")[0] == 0
    trail = (await office.api.get(f"{API}/audit", params={"subject": "invitation"})).json()["items"]
    assert trail[-1]["actor"] == "cli"


async def test_what_cannot_be_done_is_one_sentence(office: Office, tmp_path: Path) -> None:
    for words, told in (
        (("add", cast.ADAM_EMAIL), "already signs in"), (("add", "nobody"), "with an e-mail address"),
        (("reset-password", "nobody@example.org"), "Nobody signs in with"),
        (("add", "x@example.org", "--language", "xx"), "xx"),
    ):  # fmt: skip
        code, said = command(office, tmp_path, *words)
        assert code == 1, said
        assert told in said or told == "xx"
    form = CompanyForm(
        "Chez Nina",
        "+33199003000",
        "FR",
        "Europe/Paris",
        "fr",
        "AC" + "b" * 32,
        "nina's-token",
        "nina@example.org",
        "nina's long one",
        bare=True,
    )
    await set_up_company(office.board.sessions, office.board.secret_box, form)
    code, said = command(office, tmp_path, "add", "x@example.org")
    assert (code, "--company" in said) == (1, True), said
    assert command(office, tmp_path, "add", "x@example.org", "--company", "Chez Nina")[0] == 0
    assert command(office, tmp_path, "reset-password", "nina@example.org")[0] == 0
