"""What callers said at <Record>, as the REST API hands it out."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from datetime import datetime

_RATE = 8000


@dataclass(frozen=True)
class Recording:
    """`ready_at` is when it can be fetched, on the clock's monotonic scale."""

    sid: str
    call_sid: str
    seconds: float
    made_at: datetime
    ready_at: float

    def wav(self) -> bytes:
        """16-bit mono at 8 kHz, as Twilio's are: a tone in the place of the voice."""
        samples = (
            int(8000 * math.sin(index * 2 * math.pi * 440 / _RATE)) for index in range(round(self.seconds * _RATE))
        )
        data = b"".join(struct.pack("<h", sample) for sample in samples)
        head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, _RATE, 2 * _RATE,
                           2, 16, b"data", len(data))  # fmt: skip
        return head + data
