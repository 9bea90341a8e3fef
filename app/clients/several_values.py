"""E-mail addresses, postal addresses and tags of a client: how they are read, and how several stand in one text."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from app.base import limits
from app.base.email_address import is_email_address
from app.base.errors import Unprocessable
from app.base.problems.clients import EmailNotValid, TagNotValid, TooManyOfThese
from app.base.text import refuse_unstorable

_BETWEEN_TAGS: Final = re.compile(r"[,;\n]|:::")
_BETWEEN_EMAILS: Final = re.compile(r"\s*(?:[,;\n]|:::)\s*|\s+")
_BETWEEN_ADDRESSES: Final = re.compile(r"\n\s*\n|:::")
MOST: Final[Mapping[str, int]] = {
    "emails": limits.EMAILS_OF_CLIENT, "addresses": limits.ADDRESSES_OF_CLIENT, "tags": limits.TAGS_OF_CLIENT,
}  # fmt: skip
"""How many of each a client has."""


def read_several(name: str, given: Iterable[str]) -> list[str]:
    """The values of ``emails``, ``addresses`` or ``tags`` as they are stored: each once, in their order, whatever its case.
    Raises :class:`Unprocessable` naming the one at fault."""
    read, found = _READ[name], dict[str, str]()
    for place, text in enumerate(given):
        refuse_unstorable(text, f"{name}.{place}")
        if text.strip():
            value = read(text, f"{name}.{place}")
            found.setdefault(value.casefold(), value)
    if len(found) > MOST[name]:
        raise Unprocessable(TooManyOfThese(MOST[name]), field=name)
    return list(found.values())


def split(name: str, text: str) -> list[str]:
    """The values that stand in one text: e-mail addresses and tags between commas, postal addresses between empty lines."""
    return [one for one in _SPLIT[name].split(text.replace("\r\n", "\n")) if one.strip()]


def joined(name: str, values: Iterable[str]) -> str:
    """The other way round."""
    return {"emails": "; ", "tags": ", ", "addresses": "\n\n"}[name].join(values)


def _email(text: str, at: str) -> str:
    text = text.strip()
    if not is_email_address(text):
        raise Unprocessable(EmailNotValid(text[:60]), field=at)
    return text


def _address(text: str, at: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join(line for line in lines if line).replace(":::", "::")


def _tag(text: str, at: str) -> str:
    tag = " ".join(text.split())
    if not tag.isprintable() or _BETWEEN_TAGS.search(tag) or len(tag) > limits.TAG:
        raise Unprocessable(TagNotValid(tag[:60]), field=at)
    return tag


_READ: Final[Mapping[str, Callable[[str, str], str]]] = {"emails": _email, "addresses": _address, "tags": _tag}
_SPLIT: Final = {"emails": _BETWEEN_EMAILS, "addresses": _BETWEEN_ADDRESSES, "tags": _BETWEEN_TAGS}
