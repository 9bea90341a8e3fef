"""TwiML documents are built with Twilio's own builder, and looked at once more before they leave."""

from typing import Final
from xml.parsers import expat

from twilio.twiml.voice_response import VoiceResponse

CONTENT_TYPE: Final = "text/xml; charset=utf-8"
MAX_BYTES: Final = 64 * 1024
"""Twilio refuses larger documents with error 11750."""


class DocumentRefused(ValueError):
    """The document is not well-formed, too large for the provider, or says what the dialect has no words for."""


def document(response: VoiceResponse) -> str:
    """The document's text. Raises :class:`DocumentRefused`: a provider would drop the call over such a one."""
    text = response.to_xml()
    data = text.encode()
    if len(data) > MAX_BYTES:
        raise DocumentRefused(f"the document has {len(data)} bytes, more than {MAX_BYTES}")
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise DocumentRefused(f"the document is not well-formed: {error}") from error
    return str(text)
