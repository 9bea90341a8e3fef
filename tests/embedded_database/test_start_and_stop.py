"""A server that starts, answers, keeps what it was told, and stops."""

from pathlib import Path

import pytest

from app.embedded_database import (
    DatabaseDidNotStart,
    embedded_database,
)
from tests.embedded_database.real_server import FAST, ask, refused, servers_on, start_in_vain


def test_it_starts_and_answers_over_asyncpg_in_utf8_and_utc(tmp_path: Path) -> None:
    with embedded_database(tmp_path / "data", settings=FAST) as url:
        assert ask(url, "SELECT current_database()") == "antichambre"
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SHOW timezone") == "UTC"
        assert ask(url, "SHOW data_checksums") == "on"
        assert ask(url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest(array['é','z','B','a']) x") == "Bazé"
        assert ask(url, "SELECT lower('ÉCOLE ЖУК')") == "école жук"
    assert servers_on(tmp_path / "data") == []


def test_it_listens_on_no_network_port_and_only_its_user_can_reach_the_socket(folder: Path) -> None:
    with embedded_database(folder, settings=FAST) as url:
        assert ask(url, "SHOW listen_addresses") == ""
        assert (folder / "postgres").stat().st_mode & 0o077 == 0
        assert (folder / "postgres" / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0


def test_data_survives_a_stop_and_the_environment_does_not_bend_the_address(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nowhere")
    with embedded_database(folder, settings=FAST) as url:
        ask(url, "CREATE TABLE caller (name text)", "INSERT INTO caller VALUES ('Vera')")
    with embedded_database(folder, settings=FAST) as url:
        assert ask(url, "SELECT name FROM caller") == "Vera"


def test_a_second_database_is_made_beside_the_first(folder: Path) -> None:
    with embedded_database(folder, database="second_one", settings=FAST) as url:
        assert ask(url, "SELECT count(*) FROM pg_database WHERE datname IN ('antichambre', 'second_one')") == 2


def test_a_server_that_cannot_start_says_why_and_leaves_nothing_running(folder: Path) -> None:
    with refused(DatabaseDidNotStart, "no_such_setting"):
        start_in_vain(folder, settings={"no_such_setting": "1"})
    assert servers_on(folder) == []
    with embedded_database(folder, settings=FAST) as url:
        assert ask(url, "SELECT 1") == 1


def test_settings_that_would_open_the_database_and_unusable_names_are_refused(tmp_path: Path) -> None:
    for settings in (
        {"listen_addresses": "*"},
        {"port": "5433"},
        {"fsync=off -c x": "1"},
        {"fsync": "of\0f"},
    ):
        with pytest.raises(ValueError, match="setting"):
            start_in_vain(tmp_path, settings=settings)
    with pytest.raises(ValueError, match="can't be a database's name"):
        start_in_vain(tmp_path, database="x'; DROP DATABASE postgres")
    assert not list(tmp_path.iterdir())


def test_the_log_keeps_no_caller_of_a_failing_statement(folder: Path) -> None:
    with embedded_database(folder, settings=FAST) as url, pytest.raises(Exception, match="duplicate key"):
        ask(
            url,
            "CREATE TABLE n (n text PRIMARY KEY)",
            "INSERT INTO n VALUES ('+33612345678'), ('+33612345678')",
        )
    written = (folder / "postgres.log").read_text()
    assert "duplicate key" in written
    assert "33612345678" not in written
