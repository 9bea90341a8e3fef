"""nginx and Caddy as ``deploy/`` sets them up, with nothing changed but the host's port, its certificate and our address."""

import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.postgres_server import Certificate, self_signed
from tests.service import ROOT, free_port

HOST: Final = "pbx.example.org"
PUBLIC: Final = f"https://{HOST}"
_PATH: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True, slots=True)
class Proxy:
    """What listens on ``port`` of 127.0.0.1 for https://pbx.example.org."""

    port: int
    trusted: ssl.SSLContext

    def client(self, **headers: str) -> httpx.AsyncClient:
        """An HTTP client whose requests for the public address go to the proxy."""
        transport = _Here(self.port, self.trusted)
        return httpx.AsyncClient(base_url=PUBLIC, headers=headers, transport=transport, timeout=20)


class _Here(httpx.AsyncHTTPTransport):
    """The name is asked for, and the certificate is checked for it, but the connection goes to this computer."""

    def __init__(self, port: int, trusted: ssl.SSLContext) -> None:
        super().__init__(verify=trusted, trust_env=False)
        self.port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = HOST
        request.url = request.url.copy_with(host="127.0.0.1", port=self.port)
        return await super().handle_async_request(request)


@contextmanager
def running_proxy(name: str, folder: Path, service_port: int) -> Iterator[Proxy]:
    """``nginx`` or ``caddy`` before the service on ``service_port``."""
    program = shutil.which(name, path=_PATH)
    if program is None:
        assert "CI" not in os.environ, f"{name} is missing"
        pytest.skip(f"no {name} on this machine: apt-get install {name}")
    certificate, port = self_signed(folder, HOST), free_port()
    write = {"nginx": _nginx, "caddy": _caddy}[name]
    arguments = write(folder, certificate, port, service_port)
    trusted = ssl.create_default_context(cafile=certificate.certificate)
    environment = {"PATH": _PATH, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    log = folder / "proxy.log"
    with log.open("wb") as output:
        running = subprocess.Popen([program, *arguments], stdout=output, stderr=output, env=environment, cwd=folder)
    try:
        for _ in range(200):
            assert running.poll() is None, log.read_text()
            if _listens(port):
                break
            time.sleep(0.05)
        yield Proxy(port, trusted)
    finally:
        running.terminate()
        try:
            running.wait(10)
        finally:
            running.kill()
            running.wait()


def _listens(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
    except httpx.ConnectError:
        return False
    except httpx.HTTPError:
        pass
    return True


def _nginx(folder: Path, certificate: Certificate, port: int, service_port: int) -> list[str]:
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    site = re.sub(r"^ *listen \[::\].*\n", "", site, flags=re.M)  # not every machine has IPv6
    site = site.replace("listen 80;", f"listen 127.0.0.1:{free_port()};").replace(
        "listen 443", f"listen 127.0.0.1:{port}"
    )
    site = re.sub(r"ssl_certificate +\S+;", f"ssl_certificate {certificate.certificate};", site)
    site = re.sub(r"ssl_certificate_key +\S+;", f"ssl_certificate_key {certificate.key};", site)
    site = site.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{service_port};")
    (folder / "site.conf").write_text(site)
    places = "\n".join(
        f"{what}_temp_path {folder}/{what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    # As Debian's own: compressed pages, so that compression would hold back the stream if the site let it.
    main.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\ngzip on;\ngzip_types text/event-stream text/html application/json;\n{places}\n"
        f"include {folder}/site.conf;\n}}\n"
    )
    return ["-c", str(main), "-p", str(folder), "-g", "daemon off;"]


def _caddy(folder: Path, certificate: Certificate, port: int, service_port: int) -> list[str]:
    site = (ROOT / "deploy" / "Caddyfile").read_text()
    site = site.replace(f"{HOST} {{", f"{HOST} {{\n\ttls {certificate.certificate} {certificate.key}\n\tencode gzip")
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{service_port}")
    ports = f"grace_period 1s\n\tadmin off\n\thttp_port {free_port()}\n\thttps_port {port}"
    (folder / "Caddyfile").write_text(site.replace("grace_period 10s", ports))
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
