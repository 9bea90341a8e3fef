"""DATABASE_URL speaks libpq's language, and what it does not understand it says."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.database_url import WORDS, read_database_url
from app.base.problems.database import DatabaseFault, FileOfUrlNotRead, UnknownWord, WordNotValid
from app.base.problems.settings import SettingRefused

PLAIN = "postgresql://vera:secret@db.example.org:5433/pbx"


def cause_of(url: str) -> object:
    with pytest.raises(SettingRefused) as refused:
        read_database_url(url)
    return refused.value.cause


@pytest.mark.parametrize(
    "url",
    [
        PLAIN,
        "postgres://db/pbx",
        "postgresql+asyncpg://db/pbx",
        "postgresql:///pbx",
        "postgresql:///pbx?host=/cloudsql/project:region:instance",
        "postgresql://vera@%2Frun%2Fpostgresql/pbx",
        "postgresql://one:5432,two:5433/pbx?target_session_attrs=read-write",
        "postgresql://[2001:db8::1]:5432,[2001:db8::2]/pbx",
        "postgresql:///pbx?host=one,two&port=5432,5433",
        PLAIN + "?gssencmode=disable&channel_binding=prefer&client_encoding=UTF8",
        PLAIN + "?options=-c%20search_path%3Dpbx&application_name=front+desk",
    ],
)
def test_what_libpq_reads_is_read(url: str) -> None:
    assert read_database_url(url).dsn.startswith("postgresql://")


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])
def test_every_sslmode_goes_to_the_driver(mode: str) -> None:
    assert read_database_url(f"{PLAIN}?sslmode={mode}").dsn == f"{PLAIN}?sslmode={mode}"


def test_the_words_are_kept_apart() -> None:
    read = read_database_url(f"{PLAIN}?connect_timeout=9&application_name=a+b&options=-c%20jit%3Doff&sslmode=require")
    assert (read.dsn, read.connect_seconds) == (f"{PLAIN}?sslmode=require", 9.0)
    assert read.session == {"application_name": "a+b", "options": "-c jit=off"}


def test_ssl_true_is_what_jdbc_writes_and_libpq_reads() -> None:
    assert read_database_url(PLAIN + "?ssl=true").dsn == PLAIN + "?sslmode=require"


def test_the_systems_certificates_mean_verify_full() -> None:
    read = read_database_url(PLAIN + "?sslrootcert=system")
    assert (read.dsn, read.system_tls) == (PLAIN, True)
    tls = read.tls()
    assert tls is not None
    assert tls.check_hostname
    assert cause_of(PLAIN + "?sslrootcert=system&sslmode=require") == WordNotValid(
        "sslmode", "require", ("verify-full",)
    )


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("ssl=require", UnknownWord("ssl", WORDS)),
        ("pgbouncer=true", UnknownWord("pgbouncer", WORDS)),
        ("sslmode", UnknownWord("sslmode", WORDS)),
        ("SSLMODE=require", UnknownWord("SSLMODE", WORDS)),
        ("command_timeout=5", UnknownWord("command_timeout", WORDS)),
        ("jit=off", UnknownWord("jit", WORDS)),
        (
            "sslmode=verify_full",
            WordNotValid(
                "sslmode", "verify_full", ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
            ),
        ),
        (
            "target_session_attrs=standby",
            WordNotValid("target_session_attrs", "standby", ("any", "read-write", "primary")),
        ),
        ("connect_timeout=soon", WordNotValid("connect_timeout", "soon", ("10",))),
        ("gssencmode=require", WordNotValid("gssencmode", "require", ("disable", "prefer"))),
        ("channel_binding=require", DatabaseFault.CHANNEL_BINDING),
        ("port=http", DatabaseFault.ADDRESS_UNREADABLE),
    ],
)
def test_what_is_not_understood_is_refused(words: str, cause: object) -> None:
    assert cause_of(f"{PLAIN}?{words}") == cause


@pytest.mark.parametrize("word", ["sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile"])
def test_a_file_that_is_not_there_is_named(word: str, tmp_path: Path) -> None:
    path = tmp_path / "none.pem"
    assert cause_of(f"{PLAIN}?{word}={path}") == FileOfUrlNotRead(word, str(path), "No such file or directory")


@pytest.mark.parametrize("url", ["mysql://db/pbx", "db.example.org", "", "postgresql://", "sqlite:///x.db"])
def test_other_databases_are_refused(url: str) -> None:
    assert cause_of(url) == DatabaseFault.NOT_POSTGRESQL


def test_a_port_that_is_no_number_is_refused() -> None:
    assert cause_of("postgresql://one:5432,two:high/pbx") == DatabaseFault.ADDRESS_UNREADABLE


@given(st.text(string.ascii_letters + "_", min_size=1, max_size=30), st.text(max_size=30))
def test_no_word_reaches_the_server_as_a_setting_by_accident(word: str, value: str) -> None:
    try:
        read = read_database_url(f"postgresql://db/pbx?{word}={value.replace('&', '')}")
    except SettingRefused:
        return
    assert word in {*WORDS, "ssl"}
    assert set(read.session) <= {"application_name", "options"}
