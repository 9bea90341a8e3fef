"""``antichambre doctor`` says of each part how it is, and of what is wrong how to mend it."""

import asyncio
import json
import resource
import shutil
import socket
import threading
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
from pydantic import SecretStr

from app.base.settings import Settings
from app.cli.condition import Condition, Level
from app.cli.machine_checks import check_machine
from app.cli.provider_checks import check_providers
from app.cli.proxy_checks import check_addresses
from simulator import rest_app
from tests.command import run_command
from tests.office import Office
from tests.service import environment, running_service

pytestmark = pytest.mark.anyio
PARTS = [
    "database", "version", "encoding", "rights", "schema", "base_url", "proxy", "clock", "zone_data", "disk", "descriptors",
]  # fmt: skip


def by_part(conditions: list[Condition]) -> dict[str, Condition]:
    return {one.part: one for one in conditions}


async def test_a_service_that_runs_is_well(database_url: str, data_dir: Path) -> None:
    async with running_service(data_dir, database_url) as service:
        asked = run_command("doctor", "--json", env=service.env)
    told = json.loads(asked.stdout)
    assert [one["part"] for one in told["checks"]] == PARTS
    levels = {one["part"]: one["level"] for one in told["checks"]}
    assert (asked.returncode, told["ok"]) == (0, True), asked.stdout
    assert {levels[part] for part in ("database", "version", "encoding", "rights", "schema", "proxy")} == {"ok"}
    assert levels["base_url"] == "warn"  # a provider cannot call this computer alone


async def test_a_database_without_its_schema_fails(empty_database_url: str, data_dir: Path) -> None:
    asked = run_command("doctor", env=environment(data_dir, empty_database_url))
    assert asked.returncode == 1
    (schema,) = [line for line in asked.stdout.splitlines() if " schema " in line]
    assert schema.startswith("fail")
    assert "antichambre migrate" in schema
    assert asked.stderr == ""


def test_a_database_that_is_not_there_fails_and_the_rest_is_looked_at_all_the_same(data_dir: Path) -> None:
    asked = run_command("doctor", "--json", env=environment(data_dir, "postgresql://nobody@127.0.0.1:1/none"))
    assert asked.returncode == 1
    found = {one["part"]: one for one in json.loads(asked.stdout)["checks"]}
    assert found["database"]["level"] == "fail"
    assert "is DATABASE_URL right" in found["database"]["found"]
    assert found["disk"]["level"] in {"ok", "warn"}


class _PassesNoWebSocketOn(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"status":"live"}' if self.path == "/health/live" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quietly."""


class _SomebodyElse(_PassesNoWebSocketOn):
    def do_GET(self) -> None:
        self.send_error(502)


@contextmanager
def answering(how: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), how) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("how", "words"), [(_PassesNoWebSocketOn, "WebSockets"), (_SomebodyElse, "not by Antichambre (status 502)")]
)
def test_a_proxy_that_holds_something_back_fails(how: type[BaseHTTPRequestHandler], words: str) -> None:
    with answering(how) as url:
        proxy = by_part(list(check_addresses(Settings(public_base_url=url, _env_file=None))))["proxy"]
    assert proxy.level is Level.FAIL
    assert words in proxy.found


def test_nobody_at_the_address_is_a_warning() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    proxy = by_part(list(check_addresses(Settings(public_base_url=url, _env_file=None))))["proxy"]
    assert proxy.level is Level.WARN


@pytest.mark.parametrize("url", ["https://10.0.0.1", "https://192.168.1.4:8443", "https://[fd00::1]"])
def test_a_private_address_is_a_warning(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.proxy_checks._SECONDS", 0.05)
    base_url = by_part(list(check_addresses(Settings(public_base_url=url, _env_file=None))))["base_url"]
    assert (base_url.level, url in base_url.found) == (Level.WARN, True)


def test_what_is_short_on_the_machine_is_said(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage())
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    found = by_part(list(check_machine(Settings(data_dir=data_dir, _env_file=None), 3600.0)))
    assert {one.part for one in found.values() if one.level is Level.FAIL} == {"clock", "disk", "descriptors"}
    assert "NTP" in found["clock"].found
    assert "50 MB" in found["disk"].found
    assert "LimitNOFILE" in found["descriptors"].found


class Usage:
    """A disk that is nearly full."""

    free = 50_000_000


def test_old_zone_data_of_the_system_is_a_warning(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data_dir / "tzdata.zi").write_text("# version 2019a\n")
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(data_dir),))
    found = by_part(list(check_machine(Settings(data_dir=data_dir, _env_file=None), 0.0)))["zone_data"]
    assert (found.level, "2019a" in found.found) == (Level.WARN, True)


async def test_the_providers_api_is_asked_with_the_accounts_key(office: Office) -> None:
    settings = office.board.settings
    database_url = str(settings.database_url)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(rest_app(office.phones), log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        there = settings.model_copy(update={"twilio_api_url": f"http://127.0.0.1:{port}"})
        assert await check_providers(there, database_url) == [Condition("provider_api", Level.OK, "Twilio responds")]
        office.phones.trouble.away = True
        (away,) = await check_providers(there, database_url)
        assert (away.level, "does not respond" in away.found) == (Level.WARN, True)
        office.phones.trouble.away, office.phones.auth_token = False, "another"
        (refused,) = await check_providers(there, database_url)
        assert (refused.level, "refuses our key" in refused.found) == (Level.WARN, True)
        server.should_exit = True
        await serving


async def test_without_accounts_no_provider_is_asked(database_url: str, empty_database_url: str) -> None:
    for url in (database_url, empty_database_url):
        assert await check_providers(Settings(secret_key=SecretStr("a secret"), _env_file=None), url) == []
