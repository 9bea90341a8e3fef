"""The hold music as the telephone network gets it: format, level, band, and a seam nobody hears."""

import math
import struct

import pytest

from app.audio import HOLD_MUSIC, HOLD_MUSIC_SECONDS
from app.audio.compose import compose
from app.audio.electric_piano import RATE, frequency
from app.audio.mu_law import encode, wav_file


def decode(code: int) -> int:
    """The inverse as ITU-T G.711 states it, independent of the encoder."""
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return -magnitude if code & 0x80 else magnitude


def chunks_of(wav: bytes) -> dict[bytes, bytes]:
    assert wav[:4] == b"RIFF"
    assert wav[8:12] == b"WAVE"
    assert struct.unpack("<I", wav[4:8])[0] == len(wav) - 8
    chunks, place = {}, 12
    while place < len(wav):
        name, size = wav[place : place + 4], struct.unpack("<I", wav[place + 4 : place + 8])[0]
        chunks[name] = wav[place + 8 : place + 8 + size]
        place += 8 + size
    return chunks


@pytest.fixture(scope="module")
def samples() -> list[int]:
    return [decode(code) for code in chunks_of(HOLD_MUSIC.read_bytes())[b"data"]]


def dbfs(power: float) -> float:
    return 10 * math.log10(power) - 20 * math.log10(32768)


def test_the_file_is_what_its_score_says_byte_for_byte() -> None:
    assert HOLD_MUSIC.read_bytes() == wav_file(compose(), RATE)


def test_the_format_is_mu_law_as_the_telephone_network_carries_it() -> None:
    chunks = chunks_of(HOLD_MUSIC.read_bytes())
    assert list(chunks) == [b"fmt ", b"fact", b"data"]
    assert struct.unpack("<HHIIHHH", chunks[b"fmt "]) == (7, 1, 8000, 8000, 1, 8, 0)
    assert struct.unpack("<I", chunks[b"fact"])[0] == len(chunks[b"data"]) == HOLD_MUSIC_SECONDS * 8000
    assert HOLD_MUSIC.stat().st_size < 241_000


def test_it_is_as_loud_as_a_voice_and_never_clipped(samples: list[int]) -> None:
    assert dbfs(sum(sample * sample for sample in samples) / len(samples)) == pytest.approx(-16, abs=0.2)
    assert max(map(abs, samples)) < 32124, "the loudest code would mean clipping"
    assert abs(sum(samples) / len(samples)) < 10, "no direct current"


def test_no_second_of_it_is_silence_that_sounds_like_a_dead_line(samples: list[int]) -> None:
    seconds = [samples[start : start + RATE] for start in range(0, len(samples), RATE)]
    quietest = min(sum(sample * sample for sample in second) / RATE for second in seconds)
    assert dbfs(quietest) > -30


def test_it_stays_within_the_telephone_band(samples: list[int]) -> None:
    inside = outside = 0.0
    size = 800  # bins of 10 Hz
    window = [0.5 - 0.5 * math.cos(2 * math.pi * place / size) for place in range(size)]
    for start in range(0, len(samples), len(samples) // 12):
        block = [level * sample for level, sample in zip(window, samples[start : start + size], strict=True)]
        inside += sum(sample * sample for sample in block) * size / 2  # Parseval
        outside += sum(goertzel(block, bin_) for bin_ in (*range(1, 27), *range(345, 400)))
    assert 10 * math.log10(outside / inside) < -30


def goertzel(block: list[float], bin_: int) -> float:
    """The power of one bin of the discrete Fourier transform."""
    factor = 2 * math.cos(2 * math.pi * bin_ / len(block))
    now = before = 0.0
    for sample in block:
        now, before = sample + factor * now - before, now
    return now * now + before * before - factor * now * before


def test_the_end_joins_the_beginning_without_a_click(samples: list[int]) -> None:
    bends = [abs(samples[place - 2] - 2 * samples[place - 1] + samples[place]) for place in range(len(samples))]
    seam = [*bends[:3], abs(samples[-3] - 2 * samples[-2] + samples[-1])]
    assert max(seam) <= sorted(bends)[len(bends) * 99 // 100], "a click is a bend sharper than the music's own"


def test_the_encoder_meets_the_values_of_g_711_and_errs_by_half_a_step_at_most() -> None:
    assert [encode(0), encode(-1), encode(32767), encode(-32768)] == [0xFF, 0x7F, 0x80, 0x00]
    for sample in range(-32635, 32636, 7):
        code = encode(sample)
        half_a_step = 4 << ((~code & 0x70) >> 4)
        assert abs(decode(code) - sample) <= half_a_step, sample


def test_notes_have_the_pitch_of_their_names() -> None:
    assert frequency("A4") == 440
    assert frequency("C4") == pytest.approx(261.626, abs=0.001)
    assert frequency("Bb3") == pytest.approx(233.082, abs=0.001)


def test_an_odd_number_of_samples_still_makes_chunks_of_even_length() -> None:
    assert len(wav_file([0, 1, 2], RATE)) % 2 == 0
