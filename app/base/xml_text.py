"""Text from outside made safe for XML and for speech."""

import re
from typing import Final

# Everything outside the Char production of XML 1.0 (w3.org/TR/xml/#charsets): both the standard library and the provider's
# own builder write such characters as they are, and the document is then not well-formed.
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MAX_SPOKEN_CHARACTERS: Final = 2500
"""Below every limit on spoken text (3,000 for the voices we use, twilio.com/docs/api/errors/13521)."""


def xml_text(text: str) -> str:
    """``text`` without characters that XML 1.0 cannot hold, whitespace collapsed, at most as long as can be spoken."""
    return " ".join(_NOT_XML.sub("", text).split())[:MAX_SPOKEN_CHARACTERS]
