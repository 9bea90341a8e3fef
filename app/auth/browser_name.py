"""Which browser a session belongs to, as far as a person needs to know to recognize their own."""

from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""What stands in the User-Agent header, the more special first: all say Safari, and nearly all Chrome."""
_SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(user_agent: str) -> str:
    """``Firefox · Linux``, ``Firefox``, or nothing. Made of our own words only, whatever the header holds."""
    seen = user_agent[:1000]
    parts = (next((name for mark, name in marks if mark in seen), "") for marks in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, parts))
