"""The units of ``deploy/`` are what systemd understands, and the service takes the socket that systemd hands over."""

import configparser
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.cli import commands_for
from tests.service import ROOT, Service, environment

pytestmark = pytest.mark.anyio
DEPLOY = ROOT / "deploy"


def unit(name: str) -> configparser.RawConfigParser:
    """The unit; of what is said twice, the last."""
    read = configparser.RawConfigParser(strict=False, comment_prefixes=("#",), inline_comment_prefixes=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string((DEPLOY / name).read_text())
    return read


def test_the_service_runs_commands_that_exist() -> None:
    known = {
        command.name or command.callback.__name__
        for command in commands_for([]).registered_commands
        if command.callback
    }
    service = unit("antichambre.service")["Service"]
    for what in ("ExecStartPre", "ExecStart"):
        program, command = service[what].split()[:2]
        assert program == "/opt/antichambre/.venv/bin/antichambre"
        assert command in known
    assert service["User"] == "antichambre"
    assert service["StateDirectory"] == Path(service["Environment"].partition("=")[2]).name
    assert unit("antichambre.socket")["Socket"]["ListenStream"] == "127.0.0.1:8000"


def test_systemd_understands_the_units_and_finds_them_safe(tmp_path: Path) -> None:
    if (analyze := shutil.which("systemd-analyze")) is None:
        pytest.skip("no systemd on this machine")
    for name in ("antichambre.service", "antichambre.socket"):
        # The programs are not at their place here, which is all that may be wrong with the unit.
        (tmp_path / name).write_text(
            (DEPLOY / name).read_text().replace("/opt/antichambre/.venv/bin/antichambre", "/bin/true")
        )
    units = [str(tmp_path / name) for name in ("antichambre.service", "antichambre.socket")]
    verified = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    judged = subprocess.run(
        [analyze, "security", "--offline=yes", units[0]], capture_output=True, text=True, check=False
    )
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", judged.stdout)
    assert exposure is not None, judged.stderr
    assert float(exposure[1]) < 2.0


async def test_a_socket_that_systemd_holds_is_taken_over(database_url: str, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        # As sd_listen_fds(3) has it: the socket is number 3, and LISTEN_PID is the process itself.
        command = (
            f"exec 3<&{listener.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec {sys.executable} -m app serve --port {port}"
        )
        service = Service(data_dir, database_url, port=port)
        with (data_dir / "service.log").open("ab") as log:
            service.process = subprocess.Popen(
                ["/bin/bash", "-c", command], env=environment(data_dir, database_url, port), cwd=ROOT, stdout=log,
                stderr=log, pass_fds=(listener.fileno(),),
            )  # fmt: skip
        try:
            async with httpx.AsyncClient(timeout=30) as client:
                live = await client.get(
                    f"http://127.0.0.1:{port}/health/live"
                )  # waits on the socket until it is served
            assert live.json() == {"status": "live"}
        finally:
            await service.stop()


def test_both_proxies_and_the_socket_name_the_same_address_of_the_service() -> None:
    texts = {name: (DEPLOY / name).read_text() for name in ("nginx.conf", "Caddyfile", "antichambre.socket")}
    assert [name for name, text in texts.items() if "127.0.0.1:8000" not in text] == []
