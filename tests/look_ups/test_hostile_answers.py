"""Whatever a program answers, no card breaks, nobody waits long for it, and an admin reads what went wrong."""

import asyncio
import json
import ssl
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.auth.roles import Role
from app.base import limits
from app.look_ups import ask_callers
from app.look_ups.read_answer import AnswerUnreadable, read_answer
from tests import cast
from tests.api import fault, signed_in
from tests.look_ups.asking import PATH, allow_private, ask_all, calling, drawn, look_up, looked_up, state
from tests.look_ups.program import TIER, Program, listening
from tests.office import Office, open_office
from tests.postgres_server import self_signed
from tests.webhooks.test_webhooks import REFUSED

pytestmark = pytest.mark.anyio


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One that may ask programs on this machine, as fast as it can."""
    monkeypatch.setattr(ask_callers, "SECONDS_APART", 0)
    return allow_private(office)


async def ask_now(office: Office, one: dict[str, Any], number: str = cast.CLARA) -> dict[str, Any]:
    answer = await office.api.post(f"{PATH}/{one['id']}/ask", json={"number": number})
    assert answer.status_code == 200, answer.text
    asked: dict[str, Any] = answer.json()
    return asked


NONSENSE = [
    b"", b"null", b"[]", b"3", b"{", b"<html>500</html>", b'{"fields": null}', b'{"fields": {"label": "x"}}',
    b'{"field": []}', b"[" * 50_000, b'{"fields": [' + b"[" * 2000, b"\xff\xfe{}", b"\x00" * 99,
    b'{"fields": [{"label": "\\ud800", "value": "x"}]}', b'{"fields": NaN}', json.dumps({"fields": []}).encode("utf-16"),
]  # fmt: skip


async def test_nonsense_shows_nothing_and_is_told(office: Office, program: Program) -> None:
    one = await look_up(office, program)
    for content in NONSENSE:
        program.content = content
        asked = await ask_now(office, one)
        assert (asked["fields"], asked["fault"], asked["status"]) == ([], "unreadable", 200), content
        assert "JSON" in asked["detail"]
    sid = await calling(office)
    await ask_all(office)
    assert await looked_up(office, sid) == []
    shown = await state(office, one)
    assert (shown["last_answer"]["fault"], shown["rests_until"]) == ("unreadable", None)


STATUSES = [
    (500, "refused"), (503, "refused"), (404, "refused"), (401, "refused"), (429, "refused"), (201, "refused"),
    (302, "redirected"), (307, "redirected"), (304, "redirected"),
]  # fmt: skip


async def test_no_status_but_200_is_an_answer(office: Office, program: Program) -> None:
    one = await look_up(office, program)
    async with listening() as inside:
        for status, fault_code in STATUSES:
            program.status, program.head = status, f"Location: {inside.url}\r\n"
            asked = await ask_now(office, one)
            assert (asked["fields"], asked["fault"], asked["status"]) == ([], fault_code, status)
            assert str(status) in asked["detail"]
        assert inside.asked == [], "no redirection is followed, wherever it leads"
    program.status, program.head, program.content = 204, "", b""
    asked = await ask_now(office, one)
    assert (asked["fields"], asked["fault"], asked["status"]) == ([], None, 204)


async def test_an_answer_without_end_is_not_read_to_its_end(office: Office, program: Program) -> None:
    one = await look_up(office, program)
    program.content, program.endlessly = b"x" * 1_000_000, True
    began = time.perf_counter()
    asked = await ask_now(office, one)
    assert (asked["fault"], time.perf_counter() - began < 1.5) == ("too_large", True)
    assert program.sent < 20_000_000, "of what would be a hundred megabytes and more"
    program.endlessly = False
    program.content = b'{"fields": []' + b" " * limits.LOOK_UP_ANSWER_BYTES + b"}"
    assert (await ask_now(office, one))["fault"] == "too_large"


async def test_packed_answers_are_not_unpacked(office: Office, program: Program) -> None:
    one = await look_up(office, program)
    program.head = "Content-Encoding: gzip\r\n"
    assert (await ask_now(office, one))["fault"] == "unreadable"
    await asyncio.sleep(0)
    assert program.asked[-1].headers["accept-encoding"] == "identity"


async def test_a_slow_one_is_left_when_its_time_is_over(office: Office, program: Program) -> None:
    one = await look_up(office, program, timeout_seconds=1)
    program.slowly, program.content = True, b'{"fields": []}' + b" " * 100
    began = time.perf_counter()
    asked = await ask_now(office, one)
    assert (asked["fault"], 0.9 < time.perf_counter() - began < 2.5) == ("timeout", True)


@pytest.mark.parametrize(
    "head", ["X: " + "y" * 200_000 + "\r\n", "Content-Length: 7\r\n", "no header\r\n", "\x00\x01\r\n"]
)
async def test_a_head_that_is_none_is_no_answer(office: Office, program: Program, head: str) -> None:
    one = await look_up(office, program)
    program.head = head
    asked = await ask_now(office, one)
    assert (asked["fields"], asked["fault"]) == ([], "no_connection")


async def test_nobody_there_is_no_answer(office: Office) -> None:
    async with listening() as gone:
        one = await look_up(office, gone)
    assert (await ask_now(office, one))["fault"] == "no_connection"


EVIL = [
    {"label": "<b>x</b>", "value": "<script>alert(1)</script>"},
    {"label": "Go", "value": "here", "link": "javascript:alert(1)"},
    {"label": "NUL\u0000", "value": "a\u0000b\u202ec", "link": None, "icon": "ignored"},
    {"label": "Empty", "value": " "},
    {"label": "Number", "value": 3},
    {"label": "Long", "value": "x" * 201},
    "text",
    {"label": "Link", "value": "of a bank", "link": "https://bank.example@evil.example/"},
    TIER,
]


async def test_what_cannot_be_shown_is_left_out_field_by_field(office: Office, program: Program) -> None:
    program.says(*EVIL)
    one = await look_up(office, program)
    sid = await calling(office)
    await ask_all(office)
    assert await looked_up(office, sid) == [
        {"label": "<b>x</b>", "value": "<script>alert(1)</script>", "link": ""}, {"label": "NUL", "value": "abc", "link": ""}
    ]  # fmt: skip
    asked = await ask_now(office, one)
    assert [left["field"] for left in asked["left_out"]] == [
        "fields.1.link", "fields.3.value", "fields.4.value", "fields.5.value", "fields.6", "fields.7.link", "fields.8"
    ]  # fmt: skip
    assert all(left["detail"] for left in asked["left_out"])
    async with signed_in(office, Role.ADMIN) as adam:
        html = await drawn(adam)
        assert ("<script>alert" in html, "javascript:" in html, "&lt;script&gt;alert(1)" in html) == (
            False,
            False,
            True,
        )
        page = await adam.post(f"/settings/look-ups/{one['id']}/ask", data={"number": cast.CLARA})
        assert ("<script>alert" in page.text, "javascript:" in page.text) == (False, False)
        assert "fields.8" in page.text


_TEXTS = st.text(max_size=50) | st.text(min_size=190, max_size=250)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXTS,
    lambda inner: (
        st.lists(inner, max_size=10) | st.dictionaries(st.sampled_from(["fields", "label", "value", "link"]), inner)
    ),
    max_leaves=8,
)
_FIELD = st.fixed_dictionaries(
    {}, optional={"label": _TEXTS, "value": _TEXTS, "link": _TEXTS | st.just("https://a.example/")}
)


@settings(max_examples=60)
@given(st.binary(max_size=200) | _JSON.map(lambda one: json.dumps(one).encode()))
def test_any_bytes_are_an_answer_or_none(content: bytes) -> None:
    try:
        answer = read_answer(content)
    except AnswerUnreadable:
        return
    assert len(answer.fields) <= limits.CARD_FIELDS
    orjson.dumps([one.value for one in answer.fields])


@settings(max_examples=60)
@given(st.lists(_FIELD | _JSON, max_size=12))
def test_every_field_is_shown_or_left_out_with_a_reason(fields: list[object]) -> None:
    answer = (
        read_answer(json.dumps({"fields": fields}).encode()) if _is_utf8(fields) else read_answer(b'{"fields": []}')
    )
    for one in answer.fields:
        assert 0 < len(one.label) <= limits.TAG
        assert 0 < len(one.value) <= limits.NAME
        assert one.link == "" or one.link.startswith(("https://", "http://"))
        assert "\0" not in one.label + one.value + one.link
    if _is_utf8(fields):
        considered = min(len(fields), limits.CARD_FIELDS)
        dropped = 1 if len(fields) > limits.CARD_FIELDS else 0
        assert len(answer.fields) + len(answer.left_out) == considered + dropped


def _is_utf8(value: object) -> bool:
    """orjson takes no lone surrogates."""
    return not any("\ud800" <= one <= "\udfff" for one in str(value))


async def test_targets_that_are_refused(data_dir: Path, database_url: str) -> None:
    """By the same guard as webhooks; and one that is in the database all the same is not asked."""
    async with open_office(database_url, data_dir) as office, listening() as inside:
        for url in REFUSED:
            assert fault(await office.api.post(PATH, json={"url": url})) == (422, "unprocessable", "url"), url
        made = await office.api.post(PATH, json={"url": "https://crm.example.org/who-calls"})
        assert made.status_code == 201
        private = [
            inside.url,
            inside.url.replace("http:", "https:"),
            "https://localhost:1/",
            "https://127.0.0.1.nip.invalid/",
        ]
        for url in private:
            async with office.board.engine.begin() as connection:
                await connection.exec_driver_sql("UPDATE look_up SET url = $1", (url,))
            asked = await ask_now(office, made.json())
            assert asked["fault"] in {"private_target", "no_connection"}, url
        sid = await calling(office)
        await ask_all(office)
        assert (inside.asked, await looked_up(office, sid)) == ([], [])


async def test_a_name_that_leads_inside_is_not_followed_there(
    data_dir: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name of the internet that means an address of ours, or means both, at the moment in which it is asked."""
    async with open_office(database_url, data_dir) as office, listening() as inside:
        port = int(inside.url.split(":")[2].split("/")[0])
        loop, real = asyncio.get_running_loop(), asyncio.get_running_loop().getaddrinfo

        async def getaddrinfo(host: str, wanted: int, **more: Any) -> list[Any]:
            meant = {"inside.example": ["127.0.0.1"], "both.example": ["93.184.215.14", "10.0.0.1"]}.get(host)
            if meant is None:
                found: list[Any] = await real(host, wanted, **more)
                return found
            return [(2, 1, 6, "", (address, wanted)) for address in meant]

        monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo, raising=False)
        for host in ("inside.example", "both.example"):
            made = await office.api.post(PATH, json={"url": f"https://{host}:{port}/"})
            assert made.status_code == 201
            asked = await ask_now(office, made.json())
            assert (asked["fault"], asked["status"]) == ("private_target", None)
            assert "private network" in asked["detail"]
        assert inside.asked == []


async def test_over_https_the_certificate_has_to_be_right(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = self_signed(tmp_path, "localhost")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(made.certificate, made.key)
    async with listening(tls) as program:
        one = await look_up(office, program)
        asked = await ask_now(office, one)
        assert (asked["fault"], program.asked) == ("no_connection", [])
        assert "certificate" in asked["detail"]
        monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
        assert (await ask_now(office, one))["fields"] == [TIER]
        sid = await calling(office)
        await ask_all(office)
        assert await looked_up(office, sid) == [TIER]
