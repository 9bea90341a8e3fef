"""``antichambre configuration``: shown, compared, applied, and refused in one sentence."""

from pathlib import Path

import pytest

from tests.cli.test_import_and_export import CHEZ_NINA, antichambre, found_company
from tests.command import run_command
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
