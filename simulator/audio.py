"""Fetching what <Play> plays: it has to be there, be audio, and tell how long it lasts."""

from __future__ import annotations

import struct

import httpx

from simulator.delivery import delivery_for
from simulator.errors import CONNECTION_FAILED, ERROR_RESPONSE, TwimlError
from simulator.line import Line
from simulator.web import Answer, send

AUDIO_TYPES = frozenset(
    f"audio/{kind}" for kind in ("mpeg", "wav", "wave", "x-wav", "aiff", "x-aiff", "x-aifc", "x-gsm", "gsm", "ulaw")
)
"""Twilio docs: play."""

# MPEG audio layer III, kbit/s by the header's index: version 1, and versions 2 and 2.5.
_MP3_RATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_TELEPHONE_BYTES_PER_SECOND = 8000


async def seconds_of(line: Line, url: str, wrong_type: int) -> float:
    """Length of the audio at `url` in seconds, at least a tenth. Raises TwimlError.

    Fetched by GET without call parameters and without a signature (Twilio docs: play) and kept per URL.
    """
    company = line.company
    url = company.absolute(url)
    if url not in company.audio_lengths:
        plan = delivery_for(url, company.request_timeout)
        try:
            answer = await send(company, "GET", httpx.URL(url), {}, b"", httpx.Cookies(), plan)
        except (httpx.HTTPError, TimeoutError) as error:
            raise TwimlError(CONNECTION_FAILED, f"no audio: {type(error).__name__}", url) from None
        company.audio_lengths[url] = length_of(answer, wrong_type)
    return company.audio_lengths[url]


def length_of(answer: Answer, wrong_type: int) -> float:
    """Length in seconds of the audio in an answer. Raises TwimlError."""
    if not 200 <= answer.status < 300:
        raise TwimlError(ERROR_RESPONSE, f"the audio's address answered {answer.status}", answer.url)
    if answer.content_type not in AUDIO_TYPES:
        raise TwimlError(wrong_type, f"{answer.content_type or 'no type'!r} can't be played", answer.url)
    try:
        seconds = _length(answer.content_type, answer.body)
    except (struct.error, ValueError, ZeroDivisionError) as error:
        raise TwimlError(wrong_type, f"unreadable audio: {error}", answer.url) from None
    if seconds <= 0:
        raise TwimlError(wrong_type, "the audio is empty", answer.url)
    return max(0.1, seconds)


def _length(content_type: str, body: bytes) -> float:
    if body[:4] == b"RIFF":
        return _wav_length(body)
    if "wav" in content_type:
        raise ValueError("no RIFF header")
    if content_type == "audio/mpeg":
        return _mp3_length(body)
    return len(body) / _TELEPHONE_BYTES_PER_SECOND


def _wav_length(body: bytes) -> float:
    """From the header's bytes per second, so that PCM and mu-law are read alike."""
    position, bytes_per_second = 12, 0
    while position + 8 <= len(body):
        name, size = struct.unpack_from("<4sI", body, position)
        if name == b"fmt ":
            bytes_per_second = struct.unpack_from("<I", body, position + 16)[0]
        if name == b"data":
            return float(min(size, len(body) - position - 8)) / bytes_per_second
        position += 8 + size + size % 2
    raise ValueError("no data in the WAV file")


def _mp3_length(body: bytes) -> float:
    """An estimate: the first frame's bit rate holds for the whole file."""
    for i in range(len(body) - 3):
        if body[i] == 0xFF and body[i + 1] & 0xE6 == 0xE2:
            rates = _MP3_RATES[3 if body[i + 1] >> 3 & 3 == 3 else 2]
            index = body[i + 2] >> 4
            if 0 < index < 15:
                return (len(body) - i) / (rates[index] * 125)
    raise ValueError("no MPEG frame")
