"""``antichambre import`` and ``antichambre export`` as people and scripts use them, in processes of their own."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from app.base.database import create_engine, session_maker
from app.base.secrets_at_rest import SecretBox
from app.cli.import_words import words
from app.lists.files.report import Report
from app.people.set_up_company import CompanyForm, Person, set_up_company
from tests import cast
from tests.cli.test_cli import SETUP
from tests.command import run_command
from tests.service import ROOT, environment, running_service

pytestmark = pytest.mark.anyio
HOSTILE = (ROOT / "tests" / "data" / "hostile_caller_strings.txt").read_text("utf-8").split("\n")
MAISON_VERA = CompanyForm(
    "Maison Vera", cast.LINE, "FR", "Europe/Paris", "fr", cast.ACCOUNT_SID, cast.AUTH_TOKEN, cast.ADAM_EMAIL,
    cast.ADAM_PASSWORD, operators=(Person(cast.NINA, "Nina"),), bare=True,
)  # fmt: skip
CHEZ_NINA = replace(
    MAISON_VERA, company="Chez Nina", line="+33199003000", account="AC" + "b" * 32, admin_email="n@example.org"
)


def antichambre(env: dict[str, str], *arguments: str, typed: bytes = b"") -> tuple[str, str]:
    """The command's output and complaints; it must succeed."""
    done = run_command(*arguments, env=env, given=typed)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.fixture
async def env(database_url: str, data_dir: Path) -> dict[str, str]:
    """A company, and no service."""
    await found_company(database_url)
    return environment(data_dir, database_url)


async def found_company(database_url: str, form: CompanyForm = MAISON_VERA) -> None:
    """As ``antichambre setup`` does."""
    engine = create_engine(database_url)
    try:
        await set_up_company(session_maker(engine), SecretBox(b"a secret for tests"), form)
    finally:
        await engine.dispose()


def report(env: dict[str, str], *arguments: str, typed: str = "") -> dict[str, Any]:
    out, complaints = antichambre(env, "import", *arguments, "--json", typed=typed.encode())
    assert complaints == "", "no progress bar with --json"
    found: dict[str, Any] = json.loads(out)
    return found


def reason(env: dict[str, str], caller: str) -> str:
    code: str = json.loads(antichambre(env, "explain", caller, "--to", cast.LINE, "--json")[0])["reason"]["code"]
    return code


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        yield connection
    finally:
        await connection.close()


async def test_people_are_told_what_happened_line_by_line(env: dict[str, str]) -> None:
    bad = "".join(f"x{n}\n" for n in range(30))
    words, _ = antichambre(
        env, "import", "blacklist", "-", typed=f"{cast.BORIS}\n{cast.BORIS}\n{bad}\x1b[31m\n".encode()
    )
    lines = words.splitlines()
    assert lines[0] == "33 lines read: 1 added to the blacklist, 1 left out, 31 bad."
    assert lines[1].startswith("  line 3, number: “x0”: This is not a telephone number in France: write it in")
    assert sum(line.startswith("  line ") for line in lines) == 20
    assert "and 11 more bad lines" in words
    assert f"1 in the file twice: line 2 ({cast.BORIS})" in words
    assert "No service is running" in words
    assert "\x1b" not in words
    assert reason(env, cast.BORIS) == "blacklisted"


@pytest.mark.parametrize(
    ("preview", "sentence"),
    [
        (True, "4 lines read: 1 would be added to the blacklist, 2 would be changed, 0 left out, 1 bad."),
        (False, "4 lines read: 1 added to the blacklist, 2 changed, 0 left out, 1 bad."),
    ],
)
def test_what_is_changed_is_told_too(preview: bool, sentence: str) -> None:
    report = Report("blacklist", preview, rows=4, added=1, changed=2, bad=1)
    assert words(report).splitlines()[0] == sentence


async def test_scripts_get_all_counts_and_where_each_line_went(env: dict[str, str]) -> None:
    content = f"number,label,favourite colour\n{cast.BORIS},Boris,red\n{cast.LINE},us,\nabc,,\n"
    found = report(env, "blacklist", "-", typed=content)
    assert (found["rows"], found["added"], found["bad"], found["skipped"]) == (3, 1, 1, {"protected": 1})
    assert found["columns_not_read"] == ["favourite colour"]
    assert found["left_out"] == [
        {"line": 3, "number": cast.LINE, "why": "protected", "about": "your own line Ligne principale"}
    ]
    assert (found["problems"][0]["line"], found["problems"][0]["value"]) == (4, "abc")
    assert (found["workers"], found["behind"]) == (0, [])
    many = report(env, "vip", "-", typed="".join(f"x{n}\n" for n in range(1500)) + cast.VERA)
    assert (many["bad"], len(many["problems"])) == (1500, 1000)


async def test_preview_changes_nothing(env: dict[str, str]) -> None:
    words, _ = antichambre(env, "import", "blacklist", "-", "--preview", typed=cast.BORIS.encode())
    assert words.splitlines()[0] == "1 line read: 1 would be added to the blacklist, 0 left out, 0 bad."
    assert reason(env, cast.BORIS) == "default"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"Boris,+33639980002\n", "names no column of numbers"),
        (b"PK\x03\x04", "save the sheet as CSV"),
    ],
)
async def test_a_file_that_is_no_list_is_one_sentence(
    env: dict[str, str], data_dir: Path, content: bytes, sentence: str
) -> None:
    file = data_dir / "list.csv"
    file.write_bytes(content)
    refused = run_command("import", "blacklist", str(file), env=env)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


async def test_a_file_that_is_not_there_and_a_list_that_does_not_exist(env: dict[str, str]) -> None:
    missing = run_command("import", "blacklist", "/nowhere/list.csv", env=env)
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert "is the path right?" in missing.stderr
    unknown = run_command("import", "friends", "-", env=env)
    assert unknown.returncode != 0
    assert "Traceback" not in unknown.stderr


async def test_of_several_companies_one_is_chosen(env: dict[str, str], database_url: str) -> None:
    await found_company(database_url, CHEZ_NINA)
    refused = run_command("export", "blacklist", env=env)
    assert refused.returncode == 1
    assert "choose one with --company: “Maison Vera”" in refused.stderr
    assert report(env, "blacklist", "-", "--company", "chez nina", typed=cast.BORIS)["added"] == 1
    assert reason(env, cast.BORIS) == "default"
    out, _ = antichambre(env, "export", "blacklist", "--company", "Chez Nina")
    assert cast.BORIS in out
    assert "No company has this id or name" in run_command("export", "vip", "--company", "Nobody", env=env).stderr


async def test_what_is_exported_comes_back_as_it_was(env: dict[str, str], database_url: str) -> None:
    """Promise 8, end to end: every text that a line of a file can hold, as a label and as a reason."""
    texts = [text.strip() for text in HOSTILE if not any(ord(one) < 9 or ord(one) in {11, 12, 27} for one in text)]
    texts += ["'=1+1", "''@x", "a;b,c\td", 'say "hi"', "two\nlines", "a\r\nb"]
    rows: list[tuple[Any, ...]] = [
        ("exact", f"+336399{n:05}", None, text[:200], text, "[]", None) for n, text in enumerate(texts)
    ]
    rows += [("prefix", "+33899", None, "", "", "[]", "busy"), ("country", "RU", None, "", "", "[]", None)]
    rows += [("range", "+33639981000", "+33639981999", "", "", "[]", "reject")]
    async with connected(database_url) as connection:
        line_id = await connection.fetchval("SELECT id FROM line")
        rows.append(("exact", "+33639980001", None, "on one line", "", json.dumps([line_id]), "voicemail"))
        await connection.executemany(
            'INSERT INTO blacklist_entry (tenant_id, id, match, number, "to", label, reason, lines, treatment, expires_at) '
            "SELECT company.id, $1, $2, $3, $4, $5, $6, $7, $8, now() + interval '9 days' FROM company",
            [(f"{n:020}", *row) for n, row in enumerate(rows)],
        )
        stored = (
            'SELECT match, number, "to", label, reason, lines, treatment, expires_at FROM blacklist_entry ORDER BY 1, 2'
        )
        before = await connection.fetch(stored)
        out, _ = antichambre(env, "export", "blacklist")
        as_json = json.loads(antichambre(env, "export", "blacklist", "--format", "json")[0])
        await connection.execute("DELETE FROM blacklist_entry")
        assert report(env, "blacklist", "-", typed=out)["added"] == len(rows)
        assert await connection.fetch(stored) == before
    assert [entry["label"] for entry in as_json[: len(texts)]] == [text[:200] for text in texts]
    assert as_json[-1]["lines"] == [cast.LINE]


async def test_an_empty_list_is_exported_too(env: dict[str, str]) -> None:
    assert antichambre(env, "export", "vip")[0].splitlines() == [
        '"number","match","to","label","reason","expires_at","lines","review_at","owner","evidence_call_id"'
    ]
    assert json.loads(antichambre(env, "export", "vip", "--format", "json")[0]) == []


async def test_the_fallback_document_is_written_and_remembered(env: dict[str, str], database_url: str) -> None:
    document, _ = antichambre(env, "export", "fallback", "--line", "01 99 00 10 00")
    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?><Response><Say language="fr-FR"')
    async with connected(database_url) as connection:
        row = await connection.fetchrow("SELECT exported_by, line_id FROM fallback_export")
    assert row["exported_by"] == "cli"
    refused = run_command("export", "fallback", "--line", "+33199009999", env=env)
    assert (refused.returncode, refused.stderr.strip()) == (
        1,
        "This is not a line of yours; give a line's id or number.",
    )
    refused = run_command("export", "vip", "--line", cast.LINE, env=env)
    assert refused.returncode == 1


async def test_running_workers_are_waited_for_and_named(database_url: str, data_dir: Path) -> None:
    async with running_service(data_dir, database_url, workers=2) as service:
        await found_company(database_url)
        found = report(service.env, "blacklist", "-", typed=f"{cast.BORIS}\n")
        assert (found["added"], found["workers"], found["behind"]) == (1, 2, [])
        words, _ = antichambre(service.env, "import", "vip", "-", typed=cast.VERA.encode())
        assert "Live in all 2 workers" in words


async def test_it_works_on_the_embedded_database_beside_the_service_and_without_it(data_dir: Path) -> None:
    env = environment(data_dir, None)
    antichambre(env, *SETUP)
    assert report(env, "blacklist", "-", typed=cast.BORIS)["workers"] == 0
    async with running_service(data_dir, None) as service:
        found = report(service.env, "vip", "-", typed=cast.VERA)
        assert (found["added"], found["workers"], found["behind"]) == (1, 1, [])
    assert cast.VERA in antichambre(env, "export", "vip")[0]


MOMENTS = ["COPY import_read", "CREATE TEMP TABLE import_row", "INSERT INTO blacklist_entry", "ORDER BY number::bigint"]


async def test_killed_at_any_moment_nothing_is_visible_and_the_next_run_succeeds(
    env: dict[str, str], database_url: str, data_dir: Path
) -> None:
    file = data_dir / "list.csv"
    file.write_text("".join(f"+336399{n:05}\n" for n in range(50_000, 100_000)))
    async with connected(database_url) as connection:
        await connection.execute(
            "INSERT INTO blacklist_entry (tenant_id, id, match, number) SELECT id, 'uma', 'exact', $1 FROM company",
            cast.UMA,
        )
        version = await connection.fetchval("SELECT version FROM plan_version")
        for moment in MOMENTS:
            await kill_when(connection, moment, env, file)
            assert await connection.fetchval("SELECT count(*) FROM blacklist_entry") == 1, moment
            assert await connection.fetchval("SELECT version FROM plan_version") == version
            assert await connection.fetchval("SELECT count(*) FROM audit_entry WHERE act = 'import'") == 0
            assert await connection.fetchval("SELECT count(*) FROM pg_class WHERE relpersistence = 't'") == 0
        again = report(env, "blacklist", str(file))
        assert (again["added"], again["skipped"]) == (49_999, {"listed": 1})
        assert await connection.fetchval("SELECT count(*) FROM blacklist_entry") == 50_000
    assert list((data_dir / "plan" / "numbers").glob(".*.tmp")) == []
    assert report(env, "blacklist", str(file))["added"] == 0


async def kill_when(connection: asyncpg.Connection, moment: str, env: dict[str, str], file: Path) -> None:
    """Import ``file`` and kill -9 the process while the server carries out a statement with these words."""
    command = [sys.executable, "-m", "app", "import", "blacklist", str(file), "--json"]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    seen = f"SELECT count(*) {others} AND position($1 in query) > 0 AND query NOT LIKE 'COPY%'"
    if moment.startswith("COPY"):
        seen = f"SELECT count(*) {others} AND query LIKE 'COPY%' AND position('import_read' in query) > 0 AND $1 <> ''"
    try:
        deadline = time.monotonic() + 120
        while not await connection.fetchval(seen, moment):
            assert process.poll() is None, "it has ended before"
            assert time.monotonic() < deadline
            await asyncio.sleep(0.001)
        process.kill()
        process.communicate(timeout=20)
        while await connection.fetchval(f"SELECT count(*) {others} AND application_name = 'antichambre'"):
            assert time.monotonic() < deadline, "the server has not noticed"
            await asyncio.sleep(0.02)
    finally:
        process.kill()
        process.communicate()


async def test_clients_and_calls_by_command(env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_bytes("Имя;Телефон;Цвет\nАнна;06 39 98 01 01;red\nПётр;\x1b[31m12;\n".encode("cp1251"))
    words, _ = antichambre(env, "import", "clients", str(file), "--preview")
    first, unread, wrong = words.splitlines()
    assert first == "1 clients would be added and 0 changed; 0 known already, 0 twice in the file, 1 errors."
    assert unread == "Columns that are not read: Цвет."
    assert wrong.startswith("  line 3, number: “·[31m12”: ")
    assert antichambre(env, "export", "clients", "--format", "json")[0] == "[]\n"
    done = report(env, "clients", str(file))
    assert done["counts"] == {"add": 1, "change": 0, "same": 0, "twice": 0, "error": 1}
    assert done["id"]
    exported, _ = antichambre(env, "export", "clients")
    assert '"\'+33639980101"' in exported
    assert report(env, "clients", "-", typed=exported)["counts"]["same"] == 1
    assert antichambre(env, "export", "calls", "--since", "2026-11-01", "--format", "json")[0] == "[]\n"
    refused = run_command("export", "calls", "--since", "yesterday", env=env)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert run_command("export", "clients", "--since", "2026-11-01", env=env).returncode == 1
