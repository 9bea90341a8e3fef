"""How long a file lasts, read from the file itself."""

from __future__ import annotations

import struct

import httpx
import pytest

from simulator import TwimlError
from simulator.audio import length_of
from simulator.web import Answer
from tests.simulator.a_service import wav


def answer(content_type: str, body: bytes, status: int = 200) -> Answer:
    return Answer("https://pbx.example.org/m", status, httpx.Headers({"content-type": content_type}), body, 0.0)


def mu_law_wav(seconds: int) -> bytes:
    """8 kHz mu-law with an extra chunk before the data, as editors write it."""
    fmt = struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, 8000, 8000, 1, 8, 0)
    extra = struct.pack("<4sI", b"fact", 4) + struct.pack("<I", 8000 * seconds) + b"LIST\x03\0\0\0abc\0"
    data = struct.pack("<4sI", b"data", 8000 * seconds) + b"\xff" * 8000 * seconds
    return b"RIFF" + struct.pack("<I", 4 + len(fmt + extra + data)) + b"WAVE" + fmt + extra + data


def mp3(seconds: int, version_and_layer: int, rate_index: int, bits_per_second: int) -> bytes:
    body = b"ID3\x04\0\0\0\0\0\0" + bytes([0xFF, version_and_layer, rate_index << 4, 0])
    return body + b"\0" * (bits_per_second // 8 * seconds - 4)


@pytest.mark.parametrize(
    ("content_type", "body", "seconds"),
    [
        ("audio/wav", bytes(wav(2.5).body), 2.5),
        ("audio/x-wav; charset=binary", mu_law_wav(3), 3),
        ("audio/mpeg", mp3(60, 0xFB, 5, 64_000), 60),
        ("audio/mpeg", mp3(60, 0xF3, 4, 32_000), 60),
        ("audio/ulaw", b"\xff" * 16000, 2),
        ("audio/wav", bytes(wav(0.01).body), 0.1),
    ],
    ids=["pcm", "mu-law", "mp3 version 1", "mp3 version 2", "raw mu-law", "shorter than a tenth"],
)
def test_the_length_is_that_of_the_file(content_type: str, body: bytes, seconds: float) -> None:
    assert length_of(answer(content_type, body), 13420) == pytest.approx(seconds, rel=0.001)


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("audio/wav", b"", 404, 11217),
        ("text/html", b"<p>", 200, 13420),
        ("application/octet-stream", mu_law_wav(1), 200, 13420),
        ("audio/wav", b"no header at all", 200, 13420),
        ("audio/wav", mu_law_wav(1)[:30], 200, 13420),
        ("audio/wav", bytes(wav(0).body), 200, 13420),
        ("audio/mpeg", b"no frame", 200, 13420),
        ("audio/mpeg", b"", 200, 13420),
        ("audio/ulaw", b"", 200, 13420),
    ],
)
def test_what_can_not_be_played_is_an_error(content_type: str, body: bytes, status: int, code: int) -> None:
    with pytest.raises(TwimlError) as error:
        length_of(answer(content_type, body, status), 13420)
    assert error.value.code == code
