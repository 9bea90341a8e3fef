"""What is said. No text from outside ever goes into an attribute or a URL."""

from collections.abc import Iterable

from twilio.twiml.voice_response import Gather, VoiceResponse

from app.answering.answers import Speech
from app.base.xml_text import xml_text
from app.providers.addresses import Addresses
from app.providers.twiml.dialect import Dialect


def say(
    parent: VoiceResponse | Gather, speeches: Iterable[Speech | None], addresses: Addresses, dialect: Dialect
) -> None:
    """Say or play each; nothing for a text in which there is nothing to say (Twilio's warning 13520)."""
    for speech in speeches:
        if speech is None:
            continue
        if (url := addresses.sound(speech)) is not None:
            parent.play(url)
        elif text := xml_text(speech.text):
            language, voice = dialect.voices.get(speech.language, dialect.voices["en"])
            parent.say(text, language=language, voice=voice)
