"""Which column is what: recognised by the names that address books, exchanges and other blockers give them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_NAMED: Final[dict[str, str]] = {
    "number": "number numbers phone phonenumber telephone tel mobile msisdn caller callerid cid from numero "
    "numerodetelephone telefono nummer rufnummer номер телефон",
    "match": "match matchtype kind type",
    "to": "to until last end rangeend jusqua hasta до",
    "label": "label name displayname fullname nom nombre имя",
    "reason": "reason why comment comments note notes description motif raison motivo причина",
    "expires_at": "expiresat expires expiry expiration expirydate expire caduca",
    "lines": "lines line lignes lineas линии",
    "treatment": "treatment action traitement tratamiento",
    "country": "country countrycode countryiso iso iso2 isocode callingcode dialcode dialingcode pays codepays indicatif "
    "land landcode vorwahl landesvorwahl pais codigopais paese nazione страна кодстраны",
}
_NAMES: Final = {name: field for field, names in _NAMED.items() for name in names.split()}

FIELDS: Final = tuple(name for name in _NAMED if name != "country")
"""The columns of an export, in this order; a list has those that its table has."""


@dataclass(frozen=True, slots=True)
class Columns:
    """``places`` has the place of each field of the file, ``unread`` the names of the columns that say nothing to us.
    ``width`` is the count of columns."""

    places: dict[str, int]
    width: int
    unread: tuple[str, ...] = ()


BARE: Final = Columns({"number": 0}, 1)
"""A list of one number a line."""


def columns_of(cells: list[str]) -> Columns | None:
    """The columns that a first line names; None when it is no header, because no column is one of numbers. Of two columns
    for one field the first counts."""
    places: dict[str, int] = {}
    unread = []
    for place, cell in enumerate(cells):
        field = _NAMES.get(_folded(cell))
        if field is None or field in places:
            if cell.strip():
                unread.append(cell.strip())
        else:
            places[field] = place
    return Columns(places, len(cells), tuple(unread)) if "number" in places else None


def _folded(name: str) -> str:
    """``Numéro de téléphone`` and ``numero_de_telephone`` are one name."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return re.sub(r"[\W_]", "", plain).lower()
