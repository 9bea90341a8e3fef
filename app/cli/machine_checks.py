"""What the doctor looks at on this machine: clock, zone data, disk, descriptors."""

import ctypes
import os
import resource
import shutil
import tempfile
import time
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import tzdata

from app.base.clock import system_clock
from app.base.language import gettext as _
from app.base.settings import Settings
from app.cli.condition import Condition, Level

_SECONDS_ASIDE: Final = 2.0
"""More than this and the age of a signature or the time of a card is noticeably wrong."""
_TIME_ERROR: Final = 5
"""What ntp_adjtime(3) returns while nobody keeps the clock right."""
_LITTLE_BYTES: Final = 100_000_000
_SOME_BYTES: Final = 1_000_000_000
_SLOW_SECONDS: Final = 0.05
_FEW_DESCRIPTORS: Final = 512
_SOME_DESCRIPTORS: Final = 4096


def check_machine(settings: Settings, clock_aside: float) -> Iterator[Condition]:
    """Everything about the machine; the database's clock is ``clock_aside`` seconds away."""
    yield _clock(clock_aside)
    yield _zones()
    yield _disk(settings.data_dir)
    yield _descriptors()


def _clock(aside: float) -> Condition:
    if aside > _SECONDS_ASIDE:
        return Condition(
            "clock",
            Level.FAIL,
            _(
                "This computer's clock and the database's are %(seconds)s s apart; set both by NTP.",
                seconds=round(aside),
            ),
        )
    if _is_synchronised() is False:
        return Condition(
            "clock",
            Level.WARN,
            _("Nothing keeps the clock right; switch NTP on (timedatectl set-ntp true, or chrony)."),
        )
    return Condition("clock", Level.OK, system_clock().isoformat(timespec="seconds"))


def _is_synchronised() -> bool | None:
    """What the kernel says; None where it cannot be asked."""
    try:
        libc = ctypes.CDLL(None)
        # struct timex is 208 bytes on 64-bit Linux; zeroes mean that nothing is to be changed.
        state: int = libc.ntp_adjtime(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _TIME_ERROR


def _zones() -> Condition:
    ours = tzdata.IANA_VERSION
    try:
        zoneinfo.ZoneInfo("Europe/Paris")
    except (zoneinfo.ZoneInfoNotFoundError, OSError):
        return Condition("zone_data", Level.FAIL, _("There is no zone data; install Antichambre again (make install)."))
    for folder in map(Path, zoneinfo.TZPATH):
        theirs = _version_in(folder)
        if theirs is not None and theirs < ours:
            return Condition(
                "zone_data",
                Level.WARN,
                _(
                    "The operating system's zone data in %(folder)s is of %(theirs)s, ours of %(ours)s; update the package "
                    "tzdata.",
                    folder=folder,
                    theirs=theirs,
                    ours=ours,
                ),
            )
    return Condition("zone_data", Level.OK, _("IANA %(version)s", version=ours))


def _version_in(folder: Path) -> str | None:
    # The first line of the compact form is `# version 2025b`.
    try:
        with (folder / "tzdata.zi").open(encoding="ascii", errors="replace") as file:
            return file.readline().rpartition(" ")[2].strip() or None
    except OSError:
        return None


def _disk(folder: Path) -> Condition:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        began = time.monotonic()
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            probe.write(bytes(4096))
            os.fdatasync(probe.fileno())
        took, free = time.monotonic() - began, shutil.disk_usage(folder).free
    except OSError as error:
        return Condition(
            "disk",
            Level.FAIL,
            _(
                "The data folder %(folder)s cannot be written (%(reason)s); choose another one with ANTICHAMBRE_DATA_DIR.",
                folder=folder,
                reason=error.strerror or error,
            ),
        )
    megabytes = free // 1_000_000
    if free < _SOME_BYTES:
        return Condition(
            "disk",
            Level.FAIL if free < _LITTLE_BYTES else Level.WARN,
            _(
                "%(folder)s has %(megabytes)s MB left; the journal, lists and the embedded database need 1,000.",
                folder=folder,
                megabytes=megabytes,
            ),
        )
    if took > _SLOW_SECONDS:
        return Condition(
            "disk",
            Level.WARN,
            _(
                "A record takes %(milliseconds)s ms to reach the disk in %(folder)s; callers wait for that, so choose a "
                "faster disk with ANTICHAMBRE_DATA_DIR.",
                milliseconds=round(took * 1000),
                folder=folder,
            ),
        )
    return Condition("disk", Level.OK, _("%(megabytes)s MB left in %(folder)s", megabytes=megabytes, folder=folder))


def _descriptors() -> Condition:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _SOME_DESCRIPTORS:
        return Condition(
            "descriptors",
            Level.FAIL if soft < _FEW_DESCRIPTORS else Level.WARN,
            _(
                "A process may open %(limit)s files and connections; allow 65536 (LimitNOFILE= in the systemd unit, or "
                "ulimit -n).",
                limit=soft,
            ),
        )
    return Condition("descriptors", Level.OK, _("%(limit)s files and connections", limit=soft))
