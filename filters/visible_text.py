"""Text as people see it: marks that cannot be seen taken out, digits and hyphens of every script made plain.

Telephones, address books and web pages put such marks around numbers (the isolates of Unicode's bidirectional algorithm,
UAX 9; variation selectors), and whoever wants to be taken for somebody else puts them inside.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_ALIKE: Final = {"−": "-", "⁄": "/", "∕": "/", "·": ".", "‧": ".", "➕": "+"}
# Letters that are drawn as nothing (DerivedCoreProperties, Default_Ignorable_Code_Point); the others are marks or formats.
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_CONTROLS: Final = {code: " " if chr(code).isspace() else None for code in (*range(32), 127)}


def visible(text: str) -> str:
    """``text`` in its compatibility form (NFKC), with ASCII digits, hyphens and spaces, and without invisible characters."""
    if text.isascii():
        return text.translate(_CONTROLS)
    return "".join(map(_drawn, unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=4096)
def _drawn(character: str) -> str:
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.digit(character))
        case "Pd":
            return "-"
        case "Zs" | "Zl" | "Zp":
            return " "
        case "Cc":
            return " " if character.isspace() else ""
        case "Cf" | "Mn" | "Me" | "Cs" | "Co" | "Cn":
            return ""
        case _:
            return "" if character in _FILLERS else _ALIKE.get(character, character)
