"""A PostgreSQL server on a TCP port, as somebody else would run it: with TLS, other encodings, users without rights."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.embedded_database.server_programs import installed_package, programs_for
from app.embedded_database.system_account import Account, account_for
from tests.service import free_port

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that vouches for itself, with its key."""

    certificate: Path
    key: Path


def self_signed(folder: Path, name: str, *, days: int = 1) -> Certificate:
    """A certificate for the host ``name`` and for 127.0.0.1 if that is the name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    try:
        named: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        named = x509.DNSName(name)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([named]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(folder / f"{name}.crt", folder / f"{name}.key")
    made.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    made.key.chmod(0o600)
    return made


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """``port`` is on 127.0.0.1; ``admin`` is the superuser's URL of the database ``postgres``."""

    port: int

    @property
    def admin(self) -> str:
        """The superuser may do everything."""
        return self.url("postgres", "postgres")

    def url(self, user: str, database: str, words: str = "") -> str:
        """How ``user`` reaches ``database``, with ``words`` after the question mark."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}" + (f"?{words}" if words else "")


def debians_programs() -> Path:
    """The programs of the oldest PostgreSQL that Debian has installed here; skips the test where it has none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        assert "CI" not in os.environ, "Debian's postgresql is missing"
        pytest.skip("no PostgreSQL of Debian's on this machine: apt-get install postgresql")
    return found[0].parent


@contextmanager
def postgres_server(certificate: Certificate | None = None) -> Iterator[PostgresServer]:
    """A server with files of its own; with a ``certificate`` it offers TLS, and asks it of the user ``tls_only``.

    TLS is Debian's PostgreSQL's; the one that we bring is built without, since nobody reaches it over a network.
    """
    with tempfile.TemporaryDirectory(prefix="antichambre-server-") as folder:
        Path(folder).chmod(0o711)  # the server runs as another user when the tests run as root
        with _running(Path(folder), certificate) as port:
            yield PostgresServer(port)


@contextmanager
def _running(folder: Path, certificate: Certificate | None) -> Iterator[int]:
    data = folder / "server"
    account, port = account_for(data), free_port()
    programs = programs_for(account) if certificate is None else debians_programs()
    data.mkdir(mode=0o700)
    _give(data, account)
    _run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        data,
        account,
    )
    (data / "pg_hba.conf").write_text(
        "hostnossl all tls_only all reject\nlocal all all reject\nhost all all 127.0.0.1/32 trust\n"
    )
    settings = {"port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
    if certificate is not None:
        for name, source in (("server.crt", certificate.certificate), ("server.key", certificate.key)):
            (data / name).write_bytes(source.read_bytes())
            (data / name).chmod(0o600)
            _give(data / name, account)
        settings["ssl"] = "on"
    arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *arguments],
            cwd=data, env=_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **account.identity(),
        )  # fmt: skip
        try:
            _wait_until_ready(server, port, folder / "server.log")
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        asked = subprocess.run(
            [installed_package() / "pginstall" / "bin" / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)],
            check=False,
            env=_ENVIRONMENT,
        )
        if asked.returncode == 0:
            return
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


def _give(path: Path, account: Account) -> None:
    if not account.is_ours:
        os.chown(path, account.uid, account.gid)


def _run(command: list[str | Path], folder: Path, account: Account) -> None:
    done = subprocess.run(
        command, cwd=folder, env=_ENVIRONMENT, capture_output=True, text=True, check=False, **account.identity()
    )
    assert done.returncode == 0, done.stderr
