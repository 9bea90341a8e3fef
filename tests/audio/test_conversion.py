"""What people upload becomes what telephones carry, and what is no sound gets a sentence."""

import asyncio
import cmath
import struct

import pytest

from app.audio.conversion import Conversion, seconds_of
from app.base.errors import Unavailable, Unprocessable
from app.base.problems.audio import AudioFault, AudioProblem, AudioTooLong
from tests.audio.sound_files import KINDS, tone
from tests.audio.test_hold_music import chunks_of, decode

pytestmark = pytest.mark.anyio


@pytest.fixture
def conversion() -> Conversion:
    return Conversion()


def strength(samples: list[int], hertz: int) -> float:
    """How much of the power is at this pitch, of 1."""
    whole = sum(one * one for one in samples)
    part = sum(one * cmath.exp(-2j * cmath.pi * hertz * at / 8000) for at, one in enumerate(samples))
    return 2 * abs(part) ** 2 / len(samples) / whole


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_file_becomes_mu_law_with_the_same_tone(conversion: Conversion, kind: str) -> None:
    sound = await conversion.convert(tone(kind))
    chunks = chunks_of(sound)
    assert struct.unpack("<HHIIHHH", chunks[b"fmt "]) == (7, 1, 8000, 8000, 1, 8, 0)
    samples = [decode(code) for code in chunks[b"data"]]
    assert seconds_of(sound) in {1, 2}
    assert 7900 <= len(samples) <= 8400
    assert strength(samples[1000:7000], 440) > 0.95
    assert strength(samples[1000:7000], 880) < 0.01


@pytest.mark.parametrize("level", [0.01, 0.1, 0.99])
async def test_the_quiet_and_the_loud_are_as_loud_as_a_voice_and_never_clipped(
    conversion: Conversion, level: float
) -> None:
    samples = [decode(code) for code in chunks_of(await conversion.convert(tone(level=level)))[b"data"]][800:-800]
    loudness = (sum(one * one for one in samples) / len(samples)) ** 0.5 / 32768
    assert loudness == pytest.approx(0.158, rel=0.06)
    assert max(map(abs, samples)) < 0.92 * 32768


async def refusal(conversion: Conversion, content: bytes) -> AudioProblem:
    with pytest.raises(Unprocessable) as refused:
        await conversion.convert(content)
    assert refused.value.field == "file"
    return refused.value.cause  # type: ignore[return-value]  # what the test compares


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", AudioFault.EMPTY),
        (b"number,label\n+33199001000,Boris\n", AudioFault.NOT_AUDIO),
        (b"#EXTM3U\nfile:///etc/passwd\n", AudioFault.NOT_AUDIO),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", AudioFault.NOT_AUDIO),
        (b"PK\x03\x04" + bytes(100), AudioFault.NOT_AUDIO),
        (b"RIFF\x24\x00\x00\x00WAVE", AudioFault.DAMAGED),
        (b"ID3" + bytes(range(256)) * 40, AudioFault.DAMAGED),
        (b"OggS" + bytes(range(256)) * 40, AudioFault.DAMAGED),
        (b"fLaC" + bytes(range(256)) * 40, AudioFault.DAMAGED),
        (b"\0\0\0\x20ftypM4A " + bytes(range(256)) * 40, AudioFault.DAMAGED),
    ],
)
async def test_what_is_no_sound_is_told_from_what_is_damaged(
    conversion: Conversion, content: bytes, fault: AudioFault
) -> None:
    assert await refusal(conversion, content) is fault


async def test_silence_is_refused(conversion: Conversion) -> None:
    assert await refusal(conversion, tone("FLAC", level=0)) is AudioFault.SILENT


async def test_a_protected_file_is_told_from_a_damaged_one(conversion: Conversion) -> None:
    assert await refusal(conversion, tone("M4A").replace(b"mp4a", b"drms")) is AudioFault.PROTECTED


async def test_a_small_file_that_unpacks_to_hours_is_given_up_early(conversion: Conversion) -> None:
    bomb = tone("FLAC", seconds=700, level=0, rate=8000)
    assert len(bomb) < 1_000_000
    assert await refusal(conversion, bomb) == AudioTooLong(10)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_that_ends_in_the_middle_is_no_fault_of_ours(conversion: Conversion, kind: str) -> None:
    whole = tone(kind)
    for length in (20, len(whole) // 2):
        (sound,) = await asyncio.gather(conversion.convert(whole[:length]), return_exceptions=True)
        if isinstance(sound, bytes):
            assert seconds_of(sound) <= 2
        else:
            assert isinstance(sound, Unprocessable)
            assert sound.cause in {AudioFault.DAMAGED, AudioFault.NOT_AUDIO, AudioFault.SILENT}


async def test_only_so_many_wait_for_their_turn(conversion: Conversion) -> None:
    content = tone("FLAC")
    answers = await asyncio.gather(*(conversion.convert(content) for _ in range(11)), return_exceptions=True)
    assert sum(isinstance(one, bytes) for one in answers) == 10
    assert [one.cause for one in answers if isinstance(one, Unavailable)] == [AudioFault.TOO_BUSY]
    assert await conversion.convert(content)
