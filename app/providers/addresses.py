"""The URLs of ours that an answer names."""

from collections.abc import Container
from dataclasses import dataclass

from app.answering.answers import Speech
from app.audio import HOLD_MUSIC
from routing.step import OWNER, Step, encode


@dataclass(frozen=True, slots=True)
class Addresses:
    """``base_url`` is the public one, ``provider`` the name in the path; ``step_key`` signs the steps. ``sounds`` are the
    files of recordings that are at hand; of any other the words are said."""

    base_url: str
    provider: str
    step_key: bytes
    sounds: Container[str] = frozenset()

    def step(self, step: Step) -> str:
        """Where a running call goes on; whose call that is, the door writes in the place of ``OWNER``."""
        return f"{self.base_url}/{self.provider}/step/{OWNER}.{encode(step, self.step_key)}"

    @property
    def voice(self) -> str:
        """Where the provider tells of a new call."""
        return f"{self.base_url}/{self.provider}/voice"

    @property
    def status(self) -> str:
        """Where the provider reports how a call or somebody's telephone stands."""
        return f"{self.base_url}/{self.provider}/status"

    @property
    def fallback(self) -> str:
        """Where the provider asks when it could use nothing else of ours."""
        return f"{self.base_url}/{self.provider}/fallback"

    def music(self, part: int | None) -> str:
        """Where the provider fetches the hold music, or its ``part`` (from 0). The name carries no secret and never
        changes."""
        name = HOLD_MUSIC.name if part is None else f"hold-music-{part + 1}.wav"
        return f"{self.base_url}/audio/{name}"

    def sound(self, speech: Speech) -> str | None:
        """Where the provider fetches what is played in place of words; None where they are said. Nobody guesses the name,
        which never changes its meaning."""
        if speech.sound is None or speech.sound.file not in self.sounds:
            return None
        return f"{self.base_url}/audio/{speech.sound.file}.wav"
