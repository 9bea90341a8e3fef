"""Sound files made for tests."""

import io
import math
from array import array

import av

KINDS = {
    "WAV": ("wav", "pcm_s16le"),
    "WAV of floats": ("wav", "pcm_f32le"),
    "MP3": ("mp3", "libmp3lame"),
    "Ogg Vorbis": ("ogg", "vorbis"),
    "Ogg Opus": ("ogg", "libopus"),
    "FLAC": ("flac", "flac"),
    "M4A": ("ipod", "aac"),
}
"""What people have: the container and the codec, as FFmpeg calls them."""


def tone(kind: str = "WAV", *, seconds: float = 1.0, level: float = 0.1, rate: int = 48000, hertz: int = 440) -> bytes:
    """A file with a tone, ``level`` of full scale at its peaks, in stereo."""
    container, codec = KINDS[kind]
    content = io.BytesIO()
    with av.open(content, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="stereo", options={"strict": "experimental"})
        assert isinstance(stream, av.AudioStream)
        wave = array("h", (round(32767 * level * math.sin(math.tau * hertz * at / rate)) for at in range(rate)))
        length, size = round(rate * seconds), 1000
        for start in range(0, length, size):
            part = wave[start % rate : start % rate + min(size, length - start)]
            frame = av.AudioFrame(format="s16", layout="mono", samples=len(part))
            frame.sample_rate, frame.pts = rate, start
            plane = frame.planes[0]
            plane.update(part.tobytes().ljust(plane.buffer_size, b"\0"))
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return content.getvalue()
