"""``antichambre serve``."""

import os
import signal
import sys
from typing import Annotated

import typer
import uvicorn

from app.base.language import gettext as _
from app.base.log_setup import set_up_logging
from app.base.settings import LOOPBACK_HOSTS, Settings
from app.cli.database import running_database
from app.cli.first_run_address import first_run_address
from app.providers.guarded_connections import GuardedConnections, Room, raise_descriptor_limit
from app.providers.whole_answers import WholeAnswers
from app.startup_checks import check_data_folder


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer calls.")] = 1,
    fd: Annotated[
        int | None, typer.Option(min=3, help="An inherited listening socket, in place of host and port.")
    ] = None,
) -> None:
    """Answer calls and serve the pages."""
    end_cleanly_when_told()
    settings = _settings_for(host, port)
    fd = fd if fd is not None else socket_of_systemd()
    set_up_logging(settings.log_level)
    check_data_folder(settings)
    raise_descriptor_limit()
    room = GuardedConnections.room = Room()
    with running_database(settings, exclusive=True) as running:
        os.environ["DATABASE_URL"] = running.database_url or ""
        if (address := first_run_address(running)) is not None:
            print(_("Nothing is set up yet. Open this address, which works once:"), address, sep="\n", flush=True)  # noqa: T201
        uvicorn.run(
            "app.main:serving_app",
            factory=True,
            host=host,
            port=port,
            fd=fd,
            http=WholeAnswers,
            workers=workers,
            backlog=room.backlog,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            # A busy machine must not make the supervisor take a worker for hung, nor give a successor up that has to compute
            # for seconds before it is ready.
            timeout_worker_healthcheck=30,
        )


def socket_of_systemd() -> int | None:
    """The listening socket that a socket unit hands over, so that no call is refused while the service is replaced. The
    protocol is that of sd_listen_fds(3): the first one is number 3."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):  # not meant for our own children
        os.environ.pop(name, None)
    return 3


def _settings_for(host: str, port: int) -> Settings:
    settings = Settings()
    if "public_base_url" in settings.model_fields_set:
        return settings
    # Without a public address only this computer can call, which is what a first try needs.
    os.environ["ANTICHAMBRE_PUBLIC_BASE_URL"] = f"http://{host if host in LOOPBACK_HOSTS else '127.0.0.1'}:{port}"
    return Settings()


def end_cleanly_when_told() -> None:
    """SIGTERM and SIGHUP end the command like an exit, so that the embedded database is stopped. uvicorn handles them
    while it serves and raises them again afterwards, which by default would end the process on the spot."""
    for told in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, lambda *_: sys.exit(0))
