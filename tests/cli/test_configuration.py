"""``antichambre configuration``: shown, compared, applied, and refused in one sentence."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import cast
from tests.cli.test_import_and_export import CHEZ_NINA, antichambre, found_company
from tests.command import run_command
from tests.office import open_office
from tests.service import environment

pytestmark = pytest.mark.anyio


@pytest.fixture
async def env(database_url: str, data_dir: Path) -> dict[str, str]:
    """A company, and no service."""
    await found_company(database_url)
    return environment(data_dir, database_url)


async def test_a_document_is_shown_compared_and_applied(env: dict[str, str], tmp_path: Path) -> None:
    shown, _ = antichambre(env, "configuration", "show")
    file = tmp_path / "set-up.yaml"
    file.write_text(shown.replace("queues:\n", "queues:\n  Sales: {}\n"), "utf-8")
    different = run_command("configuration", "diff", str(file), env=env)
    assert (different.returncode, different.stderr) == (1, "")
    assert "+  Sales: {}" in different.stdout.splitlines()
    assert antichambre(env, "configuration", "show")[0] == shown
    said, _ = antichambre(env, "configuration", "apply", str(file))
    assert said.splitlines() == ["queues.Sales added", "Applied as version 2. It applies from the next call."]
    now, _ = antichambre(env, "configuration", "show")
    again, _ = antichambre(env, "configuration", "apply", "-", typed=now.encode())
    assert "nothing was changed" in again
    missing = run_command("configuration", "diff", "nowhere.yaml", env=env)
    assert (missing.returncode, "nowhere.yaml" in missing.stderr) == (2, True)
    same = run_command("configuration", "diff", "-", env=env, given=now)
    assert (same.returncode, same.stdout) == (0, "")


async def test_what_cannot_be_applied_is_one_sentence(env: dict[str, str], database_url: str, tmp_path: Path) -> None:
    wrong = "queues:\n  Sales:\n    max_wait_seconds: 5\n"
    for command, code in (("diff", 2), ("apply", 1)):
        refused = run_command("configuration", command, "-", env=env, given=wrong)
        assert (refused.returncode, refused.stdout) == (code, "")
        assert refused.stderr.startswith("queues.Sales.max_wait_seconds (line 3): ")
        assert refused.stderr.count("\n") == 1
        missing = run_command("configuration", command, str(tmp_path / "nothing.yaml"), env=env)
        assert (missing.returncode, missing.stderr.count("\n")) == (code, 1)
    await found_company(database_url, CHEZ_NINA)
    several = run_command("configuration", "show", env=env)
    assert (several.returncode, "--company" in several.stderr) == (1, True)
    shown, _ = antichambre(env, "configuration", "show", "--company", "Chez Nina")
    assert "name: Chez Nina" in shown


async def test_a_document_is_rehearsed_and_nothing_is_changed(env: dict[str, str]) -> None:
    shown, _ = antichambre(env, "configuration", "show")
    other = shown.replace("queues:\n", "queues:\n  Sales: {}\n")
    said = run_command("configuration", "rehearse", "-", "--days", "7", env=env, given=other)
    assert (said.returncode, said.stdout, said.stderr) == (0, "0 of 0 calls would have gone elsewhere\n", "")
    assert antichambre(env, "configuration", "show")[0] == shown
    wrong = run_command("configuration", "rehearse", "-", env=env, given="queues: 7\n")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("queues")


async def test_a_rehearsal_names_the_calls_that_would_have_gone_elsewhere(database_url: str, data_dir: Path) -> None:
    async with open_office(database_url, data_dir, at=datetime.now(UTC) - timedelta(hours=2)) as office:
        assert (await office.webhook("/twilio/voice", "anonymous")).status_code == 200
        assert (await office.webhook("/twilio/voice", cast.UMA)).status_code == 200
        await office.settled()
        rule = "rules:\n  Hidden:\n    when: {kind: withheld}\n    do: {action: reject}\n"
        env = environment(data_dir, database_url)
        said = await asyncio.to_thread(run_command, "configuration", "rehearse", "-", env=env, given=rule)
        assert (said.returncode, said.stderr) == (1, "")
        told, call = said.stdout.splitlines()
        assert told == "1 of 2 calls would have gone elsewhere"
        assert "→ reject (rule)" in call
        assert (await office.api.get("/api/v1/rules")).json()["items"] == []
