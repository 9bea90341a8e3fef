"""``antichambre backup`` and ``antichambre restore``."""

import asyncio
import os
import shutil
import zipfile
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from app.base.clock import system_clock
from app.base.connect import CONNECT_SECONDS, connect
from app.base.database import create_engine
from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.settings import Settings
from app.base.version import VERSION
from app.cli.backup_file import (
    FORMAT,
    SECRET,
    Manifest,
    copy_tables,
    fill_tables,
    new_archive,
    opened_archive,
    write_manifest,
)
from app.cli.command import CommandFailed
from app.cli.database import running_database
from app.migrate import known_revisions, migrate, migrate_to_newest, newest_revision
from app.voicemails.sound_files import FOLDER
from models import Base

_LIVING_SECONDS = 10


def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]) -> None:
    """Save database, secret key and recorded audio in one file. Calls go on meanwhile."""
    with running_database(Settings()) as settings:
        rows = asyncio.run(_back_up(settings, file))
    typer.echo(
        ngettext("%(num)s row is saved in %(path)s.", "%(num)s rows are saved in %(path)s.", rows, path=file)
        + " "
        + _("The file holds the secret key and every caller: keep it as safe as the database.")
    )


def restore(
    file: Annotated[Path, typer.Argument(help="What `antichambre backup` wrote.")],
    replace: Annotated[bool, typer.Option(help="Throw away what the database holds now.")] = False,
) -> None:
    """Put a backup into an empty database: the embedded one, or the one that DATABASE_URL names."""
    chosen = Settings()
    with opened_archive(file) as (archive, manifest):
        if manifest.revision not in known_revisions():
            raise CommandFailed(
                _(
                    "The backup was made by Antichambre %(version)s; use that version or a later one.",
                    version=manifest.made_by,
                )
            )
        _check_secret(chosen, archive.read(SECRET))
        with running_database(chosen, any_schema=True, exclusive=chosen.database_url is None) as settings:
            asyncio.run(_restore(settings, archive, manifest, replace=replace))
        _put_files(chosen, archive)
    rows = sum(manifest.rows.values())
    typer.echo(ngettext("%(num)s row is restored.", "%(num)s rows are restored.", rows))


async def _back_up(settings: Settings, file: Path) -> int:
    connection = await connect(settings.database_url or "", within=CONNECT_SECONDS)
    try:
        with new_archive(file) as archive:
            archive.writestr(SECRET, settings.key)
            for sound in sorted(one for one in (settings.data_dir / FOLDER).rglob("*") if one.is_file()):
                archive.write(sound, sound.relative_to(settings.data_dir).as_posix())
            tables, rows = await copy_tables(connection, archive)
            now = system_clock().isoformat(timespec="seconds")
            write_manifest(archive, Manifest(FORMAT, VERSION, now, newest_revision(), tables, rows))
    finally:
        connection.terminate()
    return sum(rows.values())


def _check_secret(settings: Settings, secret: bytes) -> None:
    if settings.secret_key is not None and settings.key != secret:
        raise CommandFailed(
            _(
                "ANTICHAMBRE_SECRET_KEY is not the one that the backup was made with, so provider tokens could not be read; "
                "set that one, or leave the setting out and the backup's key is put into the data folder."
            )
        )


async def _restore(settings: Settings, archive: zipfile.ZipFile, manifest: Manifest, *, replace: bool) -> None:
    url = settings.database_url or ""
    connection = await connect(url, within=CONNECT_SECONDS)
    try:
        await _check_empty(connection, replace=replace)
        names = ", ".join(f'"{name}"' for name in [*Base.metadata.tables, "alembic_version"])
        await connection.execute(f"DROP TABLE IF EXISTS {names} CASCADE")
        engine = create_engine(url, command_timeout=None)
        try:
            await migrate(engine, manifest.revision)
        finally:
            await engine.dispose()
        await fill_tables(connection, archive, manifest)
    finally:
        connection.terminate()
    await migrate_to_newest(url)


async def _check_empty(connection: asyncpg.Connection, *, replace: bool) -> None:
    try:
        living = await connection.fetchval(
            f"SELECT count(*) FROM worker WHERE seen_at > clock_timestamp() - interval '{_LIVING_SECONDS} s'"  # noqa: S608
        )
        companies = await connection.fetchval("SELECT count(*) FROM company")
    except asyncpg.UndefinedTableError:
        return
    if living:
        raise CommandFailed(_("A service is running on this database; stop it on every host, then restore."))
    if companies and not replace:
        raise CommandFailed(
            _("The database is not empty; name another one, or throw away what it holds with --replace.")
        )


def _put_files(settings: Settings, archive: zipfile.ZipFile) -> None:
    """Secret and audio, when the database has what belongs to them; the saved plan was another database's."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret, path = archive.read(SECRET), settings.data_dir / "secret.key"
    if settings.secret_key is None and not (path.exists() and path.read_bytes() == secret):
        if path.exists():
            path.rename(path.with_name("secret.key.before-restore"))
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secret)
    for name in archive.namelist():
        if name.startswith(f"{FOLDER}/"):
            archive.extract(name, settings.data_dir)  # which never leaves the folder, whatever the name is
    shutil.rmtree(settings.data_dir / "plan", ignore_errors=True)
