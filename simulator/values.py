"""What an attribute of a TwiML element may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

Check = Callable[[str], bool]


def one_of(*allowed: str) -> Check:
    return lambda value: value in allowed


def whole(least: int, most: int) -> Check:
    return lambda value: re.fullmatch(r"[0-9]{1,9}", value) is not None and least <= int(value) <= most


def some_of(*allowed: str) -> Check:
    """Words of the set, separated by single spaces, none twice."""

    def check(value: str) -> bool:
        words = value.split(" ")
        return set(words) <= set(allowed) and len(set(words)) == len(words)

    return check


def text(longest: int) -> Check:
    return lambda value: 0 < len(value) <= longest


def url(value: str) -> bool:
    """An absolute http(s) URL or a relative one, without blanks or control characters."""
    if not value or re.search(r"[\s\x00-\x1f\x7f<>\"{}|\\^`]", value):
        return False
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme or value.startswith("//"):
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    return True


def absolute_url(value: str) -> bool:
    return url(value) and bool(urlsplit(value).scheme)


def url_or_empty(value: str) -> bool:
    return value == "" or url(value)


def keys(value: str) -> bool:
    return re.fullmatch(r"[0-9*#]?", value) is not None


def digits(value: str) -> bool:
    """Tones to play; w waits half a second, W a second."""
    return re.fullmatch(r"[0-9A-D*#wW]{1,32}", value) is not None


def language(value: str) -> bool:
    """A BCP-47 tag in its usual case, e.g. fr-FR, cmn-Hans-CN, es-419; the old "en" alone too."""
    return re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", value) is not None


def voice(value: str) -> bool:
    return (
        re.fullmatch(r"man|woman|alice|Polly\.[A-Z][A-Za-z]+(-[A-Z][a-z]+)?|Google\.[A-Za-z0-9-]+", value) is not None
    )


true_or_false = one_of("true", "false")
method = one_of("GET", "POST")
sid = text(34)
anything = text(4096)
