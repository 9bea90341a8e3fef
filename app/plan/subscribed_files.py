"""Lists of others on this host's disk: fetched from the database once, mapped by every worker, and there when the database
is not."""

import contextlib
import mmap
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import structlog

from app.base.whole_file import write_whole
from app.plan.number_files import sync_folder
from app.plan.tenant_rows import TenantRows
from filters.subscribed_numbers import NO_NUMBERS, SubscribedNumbers, SubscribedNumbersDamaged
from models import SubscriptionRecord

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)

log = structlog.get_logger(__name__)


def subscribed_path(data_dir: Path, tenant_id: str, subscription_id: str, generation: str) -> Path:
    """Where the content of a subscription is. Raises ValueError for names that are no names."""
    names = (tenant_id, subscription_id, generation)
    if not all(map(_NAME.fullmatch, names)):
        raise ValueError("no such subscription or generation")
    return data_dir / "plan" / "subscribed" / ".".join(names)


def open_subscribed(path: Path) -> SubscribedNumbers | None:
    """Map the content; None when it is not here, or not whole."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return SubscribedNumbers(memoryview(mapped))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.error("subscribed.unusable", file=path.name, why=str(error))
        return None


def keep_subscribed(path: Path, content: bytes) -> SubscribedNumbers:
    """Write ``content`` as a whole or not at all, and map it. A disk that does not take it costs this worker's memory;
    content that is damaged names nobody. Whoever serves it must be able to go on."""
    try:
        whole = SubscribedNumbers(content)
    except SubscribedNumbersDamaged as error:
        log.error("subscribed.unusable", file=path.name, why=str(error))
        return NO_NUMBERS
    try:
        write_whole(path, content)
        sync_folder(path.parent)
    except OSError as error:
        log.warning("subscribed.not_kept", file=path.name, why=str(error))
        return whole
    return open_subscribed(path) or whole


def take_subscribed(data_dir: Path, tenants: Iterable[TenantRows]) -> None:
    """Take over what is on this host's disk; the rest is fetched once the database answers."""
    for tenant in tenants:
        for subscription_id, generation in tenant.not_subscribed_yet():
            numbers = open_subscribed(subscribed_path(data_dir, tenant.tenant_id, subscription_id, generation))
            if numbers is not None:
                tenant.subscribed[subscription_id] = generation, numbers


def sweep_subscribed(data_dir: Path, tenants: Iterable[TenantRows], grace_seconds: float) -> None:
    """Remove content that is not anybody's any more, unless it is young."""
    folder = data_dir / "plan" / "subscribed"
    wanted = {
        ".".join((tenant.tenant_id, row["id"], row["generation"]))
        for tenant in tenants
        for row in tenant.rows[SubscriptionRecord.__tablename__].values()
    }
    for path in folder.glob("*") if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            if path.name not in wanted and time.time() - path.stat().st_mtime > grace_seconds:
                path.unlink()
