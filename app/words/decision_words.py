"""What was told about an edit of the lists, in the reader's language: sentences are recognised by their pattern and said
again, others are shown as they are."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from app.base.language import gettext, language, locale, ngettext
from app.words.entry_words import begun
from app.words.list_sentences import ENTRIES, REMEDIES
from app.words.number_words import grouped
from filters.number import E164

_PLACE: Final = re.compile(r"%\((\w+)\)s")
_NUMBER: Final = r"\+[1-9][0-9]{1,14}"
_ENTRY: Final = rf"(?:{_NUMBER}|country [A-Z]{{2}}).*?"
_PLACES: Final = {
    "number": E164.pattern,
    "prefix": _NUMBER,
    "first": _NUMBER,
    "last": _NUMBER,
    "country": "[A-Z]{2}",
    "entry": _ENTRY,
    "names": _ENTRY,
    "reach": r"[0-9]+ [a-zA-Z ]+(?:, [0-9]+ [a-zA-Z ]+)*",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "numbers": r"\+[+0-9, …]+",
    "code": r"[0-9*#]{2,6}",
}
"""What may stand in a place; anything else may be any text."""
_SAID_AGAIN: Final = frozenset({"entry", "names", "protected"})
"""Places that hold a sentence of their own."""
_TRIED_AT_MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class _Sentence:
    message: str
    form: re.Pattern[str]


def said(text: str) -> str:
    """``text``, a stored sentence, in the present language."""
    return _said(text, language())


def is_known(text: str) -> bool:
    """Whether the sentence is one of those that are recognised."""
    return text in _fixed() or _plain_number(text) or any(sentence.form.fullmatch(text) for sentence in _with_places())


@lru_cache(maxsize=4096)
def _said(text: str, _: str) -> str:
    if text in _fixed():
        return gettext(text)
    if _plain_number(text):
        return grouped(text)
    if len(text) <= _TRIED_AT_MOST:
        for sentence in _with_places():
            if (match := sentence.form.fullmatch(text)) is not None:
                return gettext(sentence.message, **{name: _place(name, it) for name, it in match.groupdict().items()})
    return text


def _place(name: str, text: str) -> str:
    if name in _SAID_AGAIN:
        return said(text)
    match name:
        case "number" | "first" | "last":
            return grouped(text)
        case "prefix":
            return begun(text)
        case "country":
            return str(locale().territories.get(text, text))
        case "numbers":
            return ", ".join(map(grouped, text.split(", ")))
        case "reach":
            return ", ".join(map(_counted, text.split(", ")))
        case _:
            return text


def _counted(text: str) -> str:
    """``3 clients`` and the like."""
    number, _, what = text.partition(" ")
    match what.removesuffix("s"):
        case "client":
            return ngettext("%(num)s client", "%(num)s clients", int(number))
        case "VIP":
            return ngettext("%(num)s VIP", "%(num)s VIPs", int(number))
        case "protected number":
            return ngettext("%(num)s protected number", "%(num)s protected numbers", int(number))
        case "blacklisted":
            return ngettext("%(num)s blacklisted", "%(num)s blacklisted", int(number))
        case _:
            return text


def _plain_number(text: str) -> bool:
    return E164.fullmatch(text) is not None


@cache
def _fixed() -> frozenset[str]:
    every = (*REMEDIES, *ENTRIES)
    return frozenset(one for one in every if not _PLACE.search(one))


@cache
def _with_places() -> tuple[_Sentence, ...]:
    """In the order of the lists: what says more goes before what would match it too."""
    every = (*REMEDIES, *ENTRIES)
    return tuple(_Sentence(one, _form(one)) for one in every if _PLACE.search(one))


def _form(message: str) -> re.Pattern[str]:
    parts = _PLACE.split(message)
    pattern = "".join(
        f"(?P<{part}>{_PLACES.get(part, '.+?')})" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    return re.compile(pattern, re.DOTALL)
