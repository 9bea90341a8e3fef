"""``python -m app.audio.convert``: a sound file on standard input, what telephones carry of it on standard output.

A program of its own: what reads files of strangers can fail in every way, run for ever or take all memory without harm to a
worker. It ends with one of :class:`Ending`.
"""

import io
import os
import resource
import sys
from array import array
from collections.abc import Iterator
from enum import IntEnum
from operator import mul
from typing import TYPE_CHECKING, Final

from app.audio.mu_law import encode, wav_of

if TYPE_CHECKING:
    from av.container import InputContainer

RATE: Final = 8000
LONGEST_SECONDS: Final = 600
_MEMORY_BYTES: Final = 1 << 30
_CPU_SECONDS: Final = 30
_LOUDNESS: Final = 0.158
"""Of full scale, -16 dB: as loud as the hold music, and as a voice on the telephone."""
_PEAK: Final = 0.9
_LOUDEST_GAIN: Final = 30.0
_SILENCE: Final = 0.002
"""Of full scale: nobody hears a file on the telephone that is never louder than -54 dB."""
_BLOCK: Final = RATE // 20
_FULL: Final = 32768
_PROTECTED: Final = frozenset({"drms", "drmi", "enca", "encv"})
"""How a stream that is encrypted is marked in an MP4 file (ISO/IEC 14496-12, section 8.12)."""


class Ending(IntEnum):
    """The program's exit status; any other is a failure of its own."""

    DONE = 0
    NOT_AUDIO = 10
    DAMAGED = 11
    PROTECTED = 12
    SILENT = 13
    TOO_LONG = 14


class _Ends(Exception):
    def __init__(self, ending: Ending) -> None:
        super().__init__(ending)
        self.ending = ending


def kind_of(head: bytes) -> str | None:
    """The format as the library calls it, by how the file begins; None for all that is not taken. The library is told which
    one it is: left to itself it would also try playlists and scripts, which name other files."""
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"OggS":
        return "ogg"
    if head[:4] == b"fLaC":
        return "flac"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0):
        return "mp3"
    return "mp4" if head[4:8] == b"ftyp" else None


def converted(content: bytes) -> bytes:
    """A WAV file of :data:`RATE` samples a second, one channel, µ-law, as loud as a voice. Raises what
    :func:`main` makes an :class:`Ending` of."""
    import av

    if (kind := kind_of(content[:16])) is None:
        raise _Ends(Ending.NOT_AUDIO)
    try:
        with av.open(io.BytesIO(content), "r", format=kind, metadata_errors="replace") as file:
            samples = _samples(file)
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise _Ends(Ending.DAMAGED) from error
    if not samples:
        raise _Ends(Ending.DAMAGED)
    return wav_of(_as_telephones_carry(samples), RATE)


def _samples(file: "InputContainer") -> "array[int]":
    from av import AudioResampler

    if not file.streams.audio:
        raise _Ends(Ending.NOT_AUDIO)
    stream = file.streams.audio[0]
    if stream.codec_context.codec_tag in _PROTECTED:
        raise _Ends(Ending.PROTECTED)
    resampler, samples = AudioResampler(format="s16", layout="mono", rate=RATE), array("h")

    def take(plane: bytes, count: int) -> None:
        samples.frombytes(plane[: 2 * count])
        if len(samples) > LONGEST_SECONDS * RATE:
            raise _Ends(Ending.TOO_LONG)

    for frame in file.decode(stream):
        for piece in resampler.resample(frame):
            take(bytes(piece.planes[0]), piece.samples)
    for piece in resampler.resample(None):
        take(bytes(piece.planes[0]), piece.samples)
    return samples


def _as_telephones_carry(samples: "array[int]") -> bytes:
    """In µ-law, louder or quieter as a whole: to the usual loudness of what is not silence, but no peak is cut off."""
    peak = max(max(samples), -min(samples)) / _FULL
    if peak < _SILENCE:
        raise _Ends(Ending.SILENT)
    powers = [power for power in _powers(samples) if power > _SILENCE**2]
    loudness = (sum(powers) / len(powers)) ** 0.5 if powers else peak
    gain = min(_LOUDNESS / loudness, _PEAK / peak, _LOUDEST_GAIN)
    codes = bytes(encode(round(sample * gain)) for sample in range(-_FULL, _FULL))
    return bytes(codes[sample + _FULL] for sample in samples)


def _powers(samples: "array[int]") -> Iterator[float]:
    for start in range(0, len(samples), _BLOCK):
        block = samples[start : start + _BLOCK]
        yield sum(map(mul, block, block)) / len(block) / _FULL**2


def main() -> int:
    """The program."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    import av

    av.logging.set_level(None)
    try:
        sound = converted(sys.stdin.buffer.read())
    except _Ends as end:
        return end.ending
    sys.stdout.buffer.write(sound)
    return Ending.DONE


if __name__ == "__main__":
    sys.exit(main())
