"""G.711 µ-law in a WAV file, written by hand: Python's ``audioop`` is gone since 3.13."""

import struct
from collections.abc import Iterable

_BIAS = 0x84
_LOUDEST = 32635
_WAVE_FORMAT_MULAW = 7
"""RFC 2361, section A.5."""


def encode(sample: int) -> int:
    """One 16-bit sample as one µ-law byte (ITU-T G.711, table 2a): sign, 3 bits of exponent, 4 of mantissa, inverted."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), _LOUDEST) + _BIAS
    exponent = magnitude.bit_length() - 8
    mantissa = magnitude >> (exponent + 3) & 0x0F
    return ~(sign | exponent << 4 | mantissa) & 0xFF


def wav_file(samples: Iterable[int], rate: int) -> bytes:
    """A complete one-channel WAV file of 16-bit ``samples``, at ``rate`` samples a second, in µ-law."""
    return wav_of(bytes(map(encode, samples)), rate)


def wav_of(data: bytes, rate: int) -> bytes:
    """The same of what is µ-law already."""
    data += b"\xff" * (len(data) % 2)  # chunks have even lengths
    layout = struct.pack("<HHIIHHH", _WAVE_FORMAT_MULAW, 1, rate, rate, 1, 8, 0)
    # A format other than PCM carries the number of samples in a chunk of its own.
    chunks = _chunk(b"fmt ", layout) + _chunk(b"fact", struct.pack("<I", len(data))) + _chunk(b"data", data)
    return _chunk(b"RIFF", b"WAVE" + chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content
