"""A segment of the journal while it is written to.

It is filled with zeros ahead of what is written: a sync of bytes that overwrite others is one write to the disk, where that
of a file which grows is several and, on most file systems, waits for whatever else the disk has been told.
"""

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from app.event_log.segment import drop_segment

FULL_BYTES: Final = 4 << 20
_AHEAD_BYTES: Final = 256 << 10
_ZEROS: Final = bytes(_AHEAD_BYTES)
_SYNCED: Final[int] = getattr(os, "RWF_DSYNC", 0)
"""pwritev2(2): the write returns when the data is on the disk, as after fdatasync(2). Linux only."""
_CANNOT: Final = frozenset({errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS})
"""What a file system answers that does not know it."""


@dataclass(slots=True)
class OpenSegment:
    """``end`` is where the next line goes, ``facts`` how many have been written, ``stored`` how many of them the database
    has. All but ``stored`` is the journal's thread's alone."""

    path: Path
    descriptor: int
    end: int = 0
    facts: int = 0
    stored: int = 0
    _filled: int = 0

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new file, whose name is on disk when this returns."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return cls(path, descriptor)

    @property
    def is_full(self) -> bool:
        """Whether a new one should be begun."""
        return self.end >= FULL_BYTES

    @property
    def is_closed(self) -> bool:
        """Whether nothing more will be written to it."""
        return self.descriptor < 0

    def write(self, lines: bytes, facts: int) -> None:
        """Write ``lines``, which are so many ``facts``, and sync them. Raises OSError, and then nothing was written."""
        end = self.end + len(lines)
        try:
            if end > self._filled:
                self._fill(end)
            self._put_synced(lines)
        except OSError:
            os.ftruncate(self.descriptor, self.end)
            self._filled = self.end
            raise
        self.end = end
        self.facts += facts
        self._filled = max(self._filled, end)

    def close(self) -> None:
        """Nothing more will be written; the file goes away if all that it holds is stored."""
        if not self.is_closed:
            os.close(self.descriptor)
            self.descriptor = -1
        self.drop_if_stored()

    def drop_if_stored(self) -> None:
        """Remove the file once it is of no more use."""
        if self.is_closed and self.stored >= self.facts:
            drop_segment(self.path)

    def _fill(self, needed: int) -> None:
        try:
            while self._filled < needed:
                self._put(_ZEROS, self._filled)
                self._filled += _AHEAD_BYTES
            os.fdatasync(self.descriptor)
        except OSError:  # too full for what may come; perhaps not for what is there
            os.ftruncate(self.descriptor, self.end)
            self._filled = self.end

    def _put_synced(self, lines: bytes) -> None:
        """In one call, so that the thread has to wait for the interpreter once instead of twice."""
        try:
            if _SYNCED:
                self._put(lines, self.end, _SYNCED)
                return
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
        self._put(lines, self.end)
        os.fdatasync(self.descriptor)

    def _put(self, data: bytes, at: int, flags: int = 0) -> None:
        view = memoryview(data)
        while view:
            written = os.pwritev(self.descriptor, [view], at, flags)
            view, at = view[written:], at + written
