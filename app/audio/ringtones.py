"""The sounds with which a browser says that a caller is there, composed for this project like the hold music.

``python -m app.audio.ringtones`` writes them again, byte for byte the same. An ordinary call falls, two notes, twice; a
VIP climbs, four notes and higher: whoever has heard both once tells them apart from the next room. The pause between two
rings is the player's (:file:`app/web/static/live/sound.js`).
"""

from pathlib import Path
from typing import Final

from app.audio.electric_piano import RATE, note
from app.audio.mu_law import wav_file

FOLDER: Final = Path(__file__).parents[1] / "web" / "static" / "sounds"
LOUDEST: Final = 0.7
"""Of full scale; how loud it is in the room is the listener's own choice."""

# Notes as (seconds from the beginning, name, seconds it lasts, half-life).
RINGTONES: Final = {
    "ring.wav": ((0.0, "A5", 0.45, 0.25), (0.26, "E5", 0.6, 0.3), (0.75, "A5", 0.45, 0.25), (1.01, "E5", 0.6, 0.3)),
    "ring-vip.wav": (
        *((0.0, "C6", 0.35, 0.2), (0.13, "E6", 0.35, 0.2), (0.26, "G6", 0.35, 0.2), (0.39, "C7", 0.7, 0.35)),
        *((0.8, "G6", 0.35, 0.2), (0.93, "C7", 0.65, 0.4)),
    ),
}


def ringtone(name: str) -> list[int]:
    """One ring as 16-bit samples."""
    score = RINGTONES[name]
    mixed = [0.0] * round(max(start + seconds for start, _, seconds, _ in score) * RATE)
    for start, pitch, seconds, half_life in score:
        for offset, sample in enumerate(note(pitch, round(seconds * RATE), half_life)):
            mixed[round(start * RATE) + offset] += sample
    factor = 32767.0 * LOUDEST / max(map(abs, mixed))
    return [round(sample * factor) for sample in mixed]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file in RINGTONES:
        (FOLDER / file).write_bytes(wav_file(ringtone(file), RATE))
