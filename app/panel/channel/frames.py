"""Server-sent events on the wire (html.spec.whatwg.org, "Server-sent events").

Everything from outside travels inside JSON, where line ends and NUL are escapes, so no name can end a frame or begin
another one.
"""

import json
import re
from typing import Final

_SINGLE_LINE: Final = re.compile(r"[^\r\n\0]*")


def frame(event: str, data: object, identity: str = "", retry_ms: int | None = None) -> bytes:
    """One event; without a name it is a ``message``.

    ``event`` and ``identity`` are our own words; raises ValueError should they ever break the line. ``retry_ms`` tells
    browsers how long to wait before they connect again.
    """
    if not (_SINGLE_LINE.fullmatch(event) and _SINGLE_LINE.fullmatch(identity)):
        raise ValueError("an event's name and id are one line each")
    # ASCII only: U+2028 and friends end lines for some readers, and lone surrogates cannot be encoded.
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    head = f"id: {identity}\n" if identity else ""
    if event:
        head += f"event: {event}\n"
    if retry_ms is not None:
        head += f"retry: {retry_ms}\n"
    return f"{head}data: {text}\n\n".encode()
