"""Where sounds are kept: one folder a company below the data folder. Nobody but the service reads them; what is handed out
is asked for by people with the right, never by a name that is hard to guess."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import anyio

from app.base.settings import Settings

LONGEST_SOUND_BYTES: Final = 16 * 1024 * 1024
"""Three minutes are 3 MB; what is much longer is no message of ours."""
_ID: Final = re.compile(r"[0-9a-z]{1,40}", re.ASCII)


class SoundTooLong(Exception):
    """What the provider hands out is longer than anything that we record."""


FOLDER: Final = "voicemail"
"""Below the data folder; backups take it along."""


def sound_file(settings: Settings, tenant_id: str, voicemail_id: str) -> Path:
    """The file of a message, there or not."""
    if not (_ID.fullmatch(tenant_id) and _ID.fullmatch(voicemail_id)):
        raise ValueError("ids of ours are letters and digits")
    return settings.data_dir / FOLDER / tenant_id / f"{voicemail_id}.wav"


async def stored_sounds(settings: Settings, tenant_id: str) -> set[str]:
    """The messages (ids) of a company whose sounds this host has."""
    folder = anyio.Path(settings.data_dir / FOLDER / tenant_id)
    if not _ID.fullmatch(tenant_id) or not await folder.is_dir():
        return set()
    return {path.stem async for path in folder.glob("*.wav") if _ID.fullmatch(path.stem)}


async def keep_sound(path: Path, pieces: AsyncIterator[bytes]) -> None:
    """Write ``pieces`` to ``path``: there is the whole file or none. Raises :class:`SoundTooLong` and :class:`OSError`."""
    folder = anyio.Path(path.parent)
    await folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f"{path.name}.part"
    written = 0
    try:
        async with await anyio.open_file(unfinished, "wb") as file:
            async for piece in pieces:
                written += len(piece)
                if written > LONGEST_SOUND_BYTES:
                    raise SoundTooLong
                await file.write(piece)
        await unfinished.chmod(0o600)
        await unfinished.rename(path)
    finally:
        await unfinished.unlink(missing_ok=True)


async def delete_sound(path: Path) -> None:
    """The file is gone afterwards."""
    await anyio.Path(path).unlink(missing_ok=True)
