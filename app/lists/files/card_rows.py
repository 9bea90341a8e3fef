"""vCards (2.1, 3.0, 4.0) as CSV: a card a row, with the columns that an export of clients has."""

import codecs
import csv
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Final, Protocol

from app.lists.files.beginning import wide_encoding
from app.lists.files.formula_guard import guarded

COLUMNS: Final = (
    "name", "first_name", "last_name", "company", "numbers", "emails", "addresses", "tags", "kind", "language", "about",
)  # fmt: skip
_BEGIN: Final = re.compile(r"^BEGIN:VCARD[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_END: Final = re.compile(r"^END:VCARD[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHARSET: Final = re.compile(rb"CHARSET=\"?([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_SPOKEN: Final = ("en", "fr", "es", "ru")
_NO_TELEPHONE: Final = re.compile("fax|pager|modem|bbs|t[eé]l[eé]copie|факс|пейджер", re.IGNORECASE)


class Out(Protocol):
    """Where CSV is written to."""

    def write(self, text: str, /) -> int:
        """As a file's."""


def write_cards(content: bytes, out: Out) -> None:
    """CSV of all cards, in their order. A card that cannot be read, or has no end, becomes a row with its beginning in the
    place of a number, which is reported as one that cannot be imported."""
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    text = _text(content)
    begins = [found.start() for found in _BEGIN.finditer(text)]
    for start, following in pairwise([*begins, len(text)]):
        end = _END.search(text, start, following)
        row = _row(text[start : end.end()]) if end is not None else _unread(text[start:following])
        writer.writerow([guarded(cell) for cell in row])


def _text(content: bytes) -> str:
    """UTF-8, or what is wider; else what the cards themselves, or their letters, say."""
    with suppress(ValueError):
        if encoding := wide_encoding(content[:4096]):
            return content.decode(encoding, "replace")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if (said := _CHARSET.search(content)) is not None:
        try:
            if codecs.lookup(said[1].decode("ascii")).name != "utf-8":
                return content.decode(said[1].decode("ascii"), "replace")
        except (LookupError, UnicodeError):
            pass
    from charset_normalizer import from_bytes

    best = from_bytes(content[:1_000_000], cp_isolation=["cp1251", "cp1252"]).best()
    return content.decode("cp1251" if best is not None and best.encoding == "cp1251" else "cp1252", "replace")


def _row(text: str) -> list[str]:
    import vobject

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            card = vobject.readOne(text, allowQP=True)
        lines = [(one.name.upper(), one.value, _kinds(one)) for one in card.lines()]
    except Exception:  # the library raises whatever its parts raise
        return _unread(text)
    name = next((_plain(value) for kind, value, _ in lines if kind == "FN"), "")
    parts = next((value for kind, value, _ in lines if kind == "N"), None)
    first = " ".join(filter(None, (_plain(getattr(parts, part, "")) for part in ("given", "additional"))))
    last = _plain(getattr(parts, "family", ""))
    organisation = next((value for kind, value, _ in lines if kind == "ORG"), "")
    company = _plain(organisation[0] if isinstance(organisation, list) and organisation else organisation)
    numbers = list(_numbers((value, kinds) for kind, value, kinds in lines if kind == "TEL"))
    languages = [_plain(value).lower()[:2] for kind, value, _ in lines if kind == "LANG"]
    language = next((one for one in languages if one in _SPOKEN), "")
    about = "\n".join(_plain(value) for kind, value, _ in lines if kind == "NOTE")
    emails = [_plain(value).removeprefix("mailto:") for kind, value, _ in lines if kind == "EMAIL"]
    addresses = [address for kind, value, _ in lines if kind == "ADR" and (address := _address(value))]
    tags = [_plain(one) for kind, value, _ in lines if kind == "CATEGORIES" for one in _several(value)]
    is_company = any(kind == "KIND" and _plain(value).lower() == "org" for kind, value, _ in lines)
    return [
        name, first, last, company, "; ".join(dict.fromkeys(numbers)), "; ".join(filter(None, dict.fromkeys(emails))),
        "\n\n".join(dict.fromkeys(addresses)), ", ".join(filter(None, tags)), "company" if is_company else "",
        language, about,
    ]  # fmt: skip


def _unread(text: str) -> list[str]:
    return ["", "", "", "", " ".join(text.split())[:60], *[""] * (len(COLUMNS) - 5)]


def _address(value: object) -> str:
    """Street and what belongs to it, then place, region and country: a line each."""
    parts = ("box", "extended", "street"), ("code", "city"), ("region",), ("country",)
    lines = (" ".join(filter(None, (_plain(getattr(value, part, "")) for part in line))) for line in parts)
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [one.strip() for one in _plain(value).split(",")]


def _numbers(lines: Iterator[tuple[object, frozenset[str]]]) -> Iterator[str]:
    for value, kinds in lines:
        number = _plain(value).removeprefix("tel:").split(";", 1)[0].strip()
        if number and all(map(is_telephone, kinds)):
            yield number


def is_telephone(label: str) -> bool:
    """Whether somebody can be talked with at a number that is labelled so; a label that says nothing is one of these."""
    return _NO_TELEPHONE.search(label) is None


def _kinds(line: object) -> frozenset[str]:
    """The types of a line: ``TYPE=CELL``, ``TYPE="work,voice"``, or by themselves as vCard 2.1 has them."""
    params: dict[str, list[str]] = getattr(line, "params", {})
    singles: list[str] = getattr(line, "singletonparams", [])
    typed = ",".join([*params.get("TYPE", []), *singles])
    return frozenset(one.strip(' "').upper() for one in typed.split(","))


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_plain(one) for one in value)
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.replace("\r\n", "\n").strip()
