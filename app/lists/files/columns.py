"""Which column is what: recognised by the names that address books, exchanges and other blockers give them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_NAMED: Final[dict[str, str]] = {
    "number": "number numbers phone phones phonenumber telephonenumber telephone tel mobile mobilephone mobilenumber msisdn "
    "caller callerid callernumber callblocknumber cid e164 from pattern blockednumber phone1value phone1number "
    "primaryphone businessphone homephone numero numeros numerodetelephone numerodetel portable telefono "
    "numerodetelefono movil nummer rufnummer telefonnummer номер номера телефон номертелефона",
    "match": "match matchtype kind type",
    "to": "to until last end rangeend jusqua hasta до",
    "label": "label name displayname fullname callblockname contact nom nomcomplet libelle nombre nombrecompleto etiqueta "
    "имя название фио",
    "reason": "reason why comment comments note notes description callblockdescription motif raison "
    "commentaire remarque motivo razon comentario descripcion причина комментарий описание",
    "expires_at": "expiresat expires expiry expiration expirydate expire expirele caduca vence действуетдо",
    "lines": "lines line lignes lineas линии",
    "treatment": "treatment action traitement tratamiento",
    "review_at": "reviewat review reviewdate reviewon revoirle revisar revision пересмотр проверить",
    "owner": "owner responsible responsable proprietaire propietario ответственный",
    "evidence_call_id": "evidencecallid evidencecall evidence",
    "country": "country countrycode callblockcountrycode countryiso iso iso2 isocode callingcode dialcode dialingcode pays "
    "codepays indicatif "
    "land landcode vorwahl landesvorwahl pais codigopais paese nazione страна кодстраны",
    "enabled": "enabled isenabled callblockenabled active isactive actif active activo habilitado включено активно",
    "direction": "direction callblockdirection sens direccion sentido направление",
}


def folded_name(name: str) -> str:
    """``Numéro de téléphone`` and ``numero_de_telephone`` are one name."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return re.sub(r"[\W_]", "", plain).lower()


_NAMES: Final = {folded_name(name): field for field, names in _NAMED.items() for name in names.split()}

CHOICES: Final = tuple(_NAMED)
"""What a column of a file can be."""

_ONLY_READ: Final = frozenset({"country", "enabled", "direction"})

FIELDS: Final = tuple(name for name in CHOICES if name not in _ONLY_READ)
"""The columns of an export, in this order; a list has those that its table has."""


@dataclass(frozen=True, slots=True)
class Columns:
    """``places`` has the place of each field of the file, ``unread`` the names of the columns that say nothing to us.
    ``width`` is the count of columns, ``names`` what the header calls them, empty without one."""

    places: dict[str, int]
    width: int
    unread: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def fields(self) -> tuple[str | None, ...]:
        """What each column is, in the order of the file; None for those that are not read."""
        fields = {place: field for field, place in self.places.items()}
        return tuple(fields.get(place) for place in range(self.width))


BARE: Final = Columns({"number": 0}, 1)
"""A list of one number a line."""


def columns_of(cells: list[str]) -> Columns | None:
    """The columns that a first line names; None when it is no header, because no column is one of numbers. Of two columns
    for one field the first counts."""
    places: dict[str, int] = {}
    unread = []
    for place, cell in enumerate(cells):
        field = _NAMES.get(folded_name(cell))
        if field is None or field in places:
            if cell.strip():
                unread.append(cell.strip())
        else:
            places[field] = place
    names = tuple(cell.strip() for cell in cells)
    return Columns(places, len(cells), tuple(unread), names) if "number" in places else None


def chosen_columns(fields: Sequence[str | None], names: Sequence[str], width: int) -> Columns:
    """The columns as somebody has said what they are (``fields``, in the order of the file); of two for one field the first
    counts."""
    places: dict[str, int] = {}
    for place, field in enumerate(fields[:width]):
        if field is not None:
            places.setdefault(field, place)
    taken = set(places.values())
    unread = tuple(name for place, name in enumerate(names) if place not in taken and name)
    return Columns(places, width, unread, tuple(names))
