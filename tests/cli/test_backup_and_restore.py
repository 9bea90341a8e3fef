"""What is backed up comes back: into another folder's embedded database, or into a server."""

import json
import zipfile
from pathlib import Path

import asyncpg
import pytest

from app.base.secrets_at_rest import SecretBox
from app.embedded_database import embedded_database
from tests import cast
from tests.cli.test_cli import SETUP
from tests.command import run_command
from tests.company.recordings import recorded
from tests.event_log.facts import dsn_of
from tests.office import open_office
from tests.service import environment

pytestmark = pytest.mark.anyio
KEPT = (
    "company",
    "line",
    "vip_entry",
    "blacklist_entry",
    "call",
    "call_event",
    "user_account",
    "provider_account",
    "audio",
    "audio_file",
)


def without_secret(env: dict[str, str]) -> dict[str, str]:
    """The key is made on first use, as for most installations."""
    return {name: value for name, value in env.items() if name != "ANTICHAMBRE_SECRET_KEY"}


async def contents(url: str) -> dict[str, list[str]]:
    """Every row of the tables that matter, as text."""
    connection = await asyncpg.connect(dsn_of(url))
    try:
        return {
            name: [row[0] for row in await connection.fetch(f"SELECT t::text FROM {name} t ORDER BY 1")]  # noqa: S608
            for name in KEPT
        }
    finally:
        await connection.close()


async def test_a_company_its_calls_and_its_token_come_back_on_another_server(
    database_url: str, empty_database_url: str, data_dir: Path, tmp_path: Path
) -> None:
    async with open_office(database_url, data_dir, secret_key=None) as office:
        await office.add_vip(label="Véra Ωмега ☎ \\. \t")
        await office.add_blacklisted()
        await office.webhook("/twilio/voice", cast.UMA)
        await office.settled()
        message = data_dir / "voicemail" / office.company.tenant / "01abc.wav"
        message.parent.mkdir(parents=True)
        message.write_bytes(b"RIFF and a voice")
        await recorded(office.api)
        saved = run_command(
            "backup", str(tmp_path / "night.zip"), env=without_secret(environment(data_dir, database_url))
        )
        assert saved.returncode == 0, saved.stderr
    before = await contents(database_url)
    assert all(before.values())
    assert (tmp_path / "night.zip").stat().st_mode & 0o777 == 0o600

    other = tmp_path / "other host"
    other.mkdir()
    env = without_secret(environment(other, empty_database_url))
    restored = run_command("restore", str(tmp_path / "night.zip"), env=env)
    assert restored.returncode == 0, restored.stderr
    assert await contents(empty_database_url) == before
    assert (other / message.relative_to(data_dir)).read_bytes() == b"RIFF and a voice"
    box = SecretBox((other / "secret.key").read_bytes())
    connection = await asyncpg.connect(dsn_of(empty_database_url))
    assert box.decrypt(await connection.fetchval("SELECT token FROM provider_account")) == cast.AUTH_TOKEN
    following = await connection.fetchval("SELECT nextval(pg_get_serial_sequence('call_event', 'position'))")
    assert following > await connection.fetchval("SELECT max(position) FROM call_event")
    assert await connection.fetchval("SELECT count(*) FROM worker") == 0
    await connection.execute(
        "INSERT INTO worker (id, serves_version, seen_at) VALUES ('it', 0, now() + interval '1 h')"
    )
    busy = run_command("restore", "--replace", str(tmp_path / "night.zip"), env=env)
    assert (busy.returncode, "service is running" in busy.stderr) == (1, True)
    await connection.execute("DELETE FROM worker")
    await connection.close()

    refused = run_command("restore", str(tmp_path / "night.zip"), env=env)
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)


async def test_the_embedded_database_is_saved_and_restored_over_what_is_there(data_dir: Path, tmp_path: Path) -> None:
    env = without_secret(environment(data_dir, None))
    assert run_command(*SETUP, env=env).returncode == 0
    saved = run_command("backup", str(tmp_path / "backup.zip"), env=env)
    assert saved.returncode == 0, saved.stderr
    again = run_command("backup", str(tmp_path / "backup.zip"), env=env)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    with embedded_database(data_dir) as url:
        before = await contents(url)
        connection = await asyncpg.connect(dsn_of(url))
        await connection.execute("UPDATE company SET name = 'Somebody else'")
        await connection.close()
    restored = run_command("restore", "--replace", str(tmp_path / "backup.zip"), env=env)
    assert restored.returncode == 0, restored.stderr
    with embedded_database(data_dir) as url:
        assert await contents(url) == before


async def test_what_is_no_whole_backup_changes_nothing(database_url: str, data_dir: Path, tmp_path: Path) -> None:
    env = environment(data_dir, database_url)
    good = tmp_path / "good.zip"
    assert run_command("backup", str(good), env=env).returncode == 0
    cut, foreign, later = tmp_path / "cut.zip", tmp_path / "list.csv", tmp_path / "later.zip"
    cut.write_bytes(good.read_bytes()[:-100])
    foreign.write_text("number\n+33612345678\n")
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(later, "w") as target:
        manifest = json.loads(source.read("manifest.json")) | {"revision": "from_the_future", "made_by": "9.0"}
        target.writestr("manifest.json", json.dumps(manifest))
    for file, words in (
        (cut, "no backup"),
        (foreign, "no backup"),
        (later, "9.0"),
        (tmp_path / "none", "cannot be read"),
    ):
        refused = run_command("restore", str(file), env=env)
        assert (refused.returncode, len(refused.stderr.strip().splitlines())) == (1, 1), refused.stderr
        assert words in refused.stderr
    other_secret = env | {"ANTICHAMBRE_SECRET_KEY": "quite another one"}
    assert "ANTICHAMBRE_SECRET_KEY" in run_command("restore", str(good), env=other_secret).stderr
