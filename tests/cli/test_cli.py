"""Commands as scripts use them: JSON where asked, one sentence on standard error, never a traceback."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import commands_for
from tests import cast
from tests.command import run_command
from tests.service import environment

SETUP = (
    "setup", "--company", "Maison Vera", "--line", "01 99 00 10 00", "--country", "FR", "--time-zone", "Europe/Paris",
    "--language", "fr", "--twilio-account", cast.ACCOUNT_SID, "--twilio-token", cast.AUTH_TOKEN,
    "--admin-email", cast.ADAM_EMAIL, "--json", "--management", cast.MARTIN, "--management-name", "Martin",
    "--operator", f"{cast.OLGA}=Olga",
)  # fmt: skip

pytestmark = pytest.mark.anyio


async def test_setup_prints_what_scripts_need_once(database_url: str, data_dir: Path) -> None:
    env = environment(data_dir, database_url)
    done = run_command(*SETUP, env=env)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert set(made) == {
        "tenant", "line", "admin_email", "admin_password", "api_key", "webhook_url", "status_url", "fallback_url",
        "panel_url", "warnings",
    }  # fmt: skip
    assert made["line"] == cast.LINE
    assert made["webhook_url"] == "http://127.0.0.1:8000/twilio/voice"
    assert (made["panel_url"], made["warnings"]) == ("http://127.0.0.1:8000", [])
    again = run_command(*SETUP, env=env)
    assert again.returncode == 1
    assert "already belongs to a company" in again.stderr
    assert "Traceback" not in again.stderr
    explained = run_command("explain", cast.UMA, "--to", cast.LINE, "--at", "2026-12-25T10:00", "--json", env=env)
    assert explained.returncode == 0, explained.stderr
    decision = json.loads(explained.stdout)
    assert (decision["action"], decision["reason"]["code"]) == ("queue", "default")


async def test_setup_says_whom_callers_will_not_reach(database_url: str, data_dir: Path) -> None:
    nobody = list(SETUP[: SETUP.index("--management")])
    made = json.loads(run_command(*nobody, env=(env := environment(data_dir, database_url))).stdout)
    assert [one["code"] for one in made["warnings"]] == ["nobody_serves", "nobody_for_vips"]
    assert made["warnings"][0]["text"].startswith("No operator serves the queue “Réception”.")
    explained = json.loads(run_command("explain", cast.UMA, "--to", cast.LINE, "--json", env=env).stdout)
    assert (explained["action"], explained["reason"]["code"]) == ("message", "nobody_serves")
    assert [one["code"] for one in explained["warnings"]] == ["nobody_serves"]
    told = run_command("explain", cast.UMA, "--to", cast.LINE, env=env).stdout
    assert "Note: No operator serves the queue" in told


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("--operator", "+881612345678=Olga"), "Satellite"),
        (("--operator", "sip:a@127.0.0.1=Olga"), "private network"),
        (("--management", "+4915112345678"), "has not chosen"),
    ],
)
async def test_setup_rings_nobody_who_must_not_be_rung(
    database_url: str, data_dir: Path, option: tuple[str, str], sentence: str
) -> None:
    refused = run_command(*SETUP[: SETUP.index("--management")], *option, env=environment(data_dir, database_url))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_a_secret_may_come_from_standard_input(database_url: str, data_dir: Path) -> None:
    arguments = list(SETUP)
    at = arguments.index("--twilio-account")
    arguments[at : at + 4] = ["--provider", "twilio", "--account", cast.ACCOUNT_SID, "--secret", "-"]
    env = environment(data_dir, database_url)
    refused = run_command(*arguments, env=env, given="\n")
    assert (refused.returncode, "Auth Token" in refused.stderr) == (1, True)
    done = run_command(*arguments, env=env, given=cast.AUTH_TOKEN + "\n")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--line", "12", "a full number"),
        ("--country", "XX", "two-letter ISO code"),
        ("--time-zone", "Mars/Olympus", "IANA name"),
        ("--language", "tlh", "one of en, fr, es, ru"),
        ("--twilio-account", "AC1", "looks like AC0123456789abcdef"),
        ("--admin-email", "adam", "e-mail address"),
    ],
)
async def test_bad_input_is_named_with_the_remedy(
    database_url: str, data_dir: Path, option: str, value: str, sentence: str
) -> None:
    arguments = list(SETUP)
    arguments[arguments.index(option) + 1] = value
    refused = run_command(*arguments, env=environment(data_dir, database_url))
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


async def test_migrate_and_explain_work_on_an_embedded_database_of_their_own(data_dir: Path) -> None:
    env = environment(data_dir, None)
    migrated = run_command("migrate", env=env)
    assert migrated.returncode == 0, migrated.stderr
    assert "up to date" in migrated.stdout
    explained = run_command("explain", cast.UMA, "--to", cast.LINE, env=env)
    assert explained.returncode == 1
    assert "antichambre setup" in explained.stderr


async def test_a_database_that_is_not_there_is_one_sentence(data_dir: Path) -> None:
    env = environment(data_dir, "postgresql://nobody@127.0.0.1:1/nothing")
    failed = run_command("migrate", env=env)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1


def test_plain_http_is_for_loopback_only(data_dir: Path) -> None:
    env = environment(data_dir, None) | {"ANTICHAMBRE_PUBLIC_BASE_URL": "http://pbx.example.org"}
    refused = run_command("migrate", env=env)
    assert refused.returncode == 1
    assert "use https" in refused.stderr


@pytest.mark.parametrize("command", ["serve", "setup", "demo", "migrate", "explain", "doctor", "backup", "restore"])
def test_every_command_has_help(command: str) -> None:
    helped = CliRunner().invoke(commands_for([]), [command, "--help"])
    assert helped.exit_code == 0
    assert "Usage" in helped.stdout


async def test_a_database_without_the_schema_is_named_with_the_remedy(empty_database_url: str, data_dir: Path) -> None:
    env = environment(data_dir, empty_database_url)
    for command in (("serve", "--port", "1"), SETUP, ("explain", cast.UMA, "--to", cast.LINE)):
        refused = run_command(*command, env=env)
        assert refused.returncode == 1
        assert "run `antichambre migrate`" in refused.stderr
    assert run_command("migrate", env=env).returncode == 0
    assert run_command(*SETUP, env=env).returncode == 0


async def test_each_secret_is_a_line_of_standard_input(database_url: str, data_dir: Path) -> None:
    arguments = [*SETUP, "--admin-password", "-"]
    arguments[arguments.index("--twilio-token") + 1] = "-"
    given = f"{cast.AUTH_TOKEN}\n{cast.ADAM_PASSWORD}\n"
    done = run_command(*arguments, env=environment(data_dir, database_url), given=given)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["admin_password"] == cast.ADAM_PASSWORD
