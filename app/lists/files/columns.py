"""Which column is what: recognised by the names that address books, exchanges and other blockers give them."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

FIRST_NAMES: Final = "firstname givenname forename prenom prenoms nombredepila primernombre имяотчество"
LAST_NAMES: Final = "lastname familyname surname nomdefamille apellido apellidos primerapellido фамилия"
TELEPHONES: Final = (
    "number numbers phone phones phonenumber phonenumbers telephone telephonenumber tel mobile mobilephone "
    "mobilenumber cell cellphone primaryphone businessphone homephone otherphone carphone radiophone workphone e164 msisdn "
    "numero numeros numerodetelephone telephonemobile telephonebureau telephonedomicile telephoneprincipal portable "
    "mobil gsm numerosdetelephone telefono telefonos numerodetelefono movil telefonomovil telefonodeltrabajo "
    "telefonoparticular celular номер номера телефон телефоны номертелефона мобильный мобильныйтелефон "
    "рабочийтелефон домашнийтелефон "
    "телефонмобильный телефонрабочий телефондомашний сотовый основнойтелефон "
    "telephoneautre telephonevoiture radiotelephone telephoneportable telephonemovil otrotelefono "
    "telefonodelautomovil мобтел мобтелефон сотовыйтелефон рабтел рабтелефон домтел домтелефон другойтелефон"
)
"""The names that address books give to columns with a number of somebody's own."""
NUMBERED_TELEPHONE: Final = re.compile(
    r"(?:phone|telephone|tel|mobile|number|numero|telefono|movil|portable|телефон|номер|businessphone|homephone|"
    r"telephonebureau|telephonedomicile|telefonodeltrabajo|рабочийтелефон|домашнийтелефон)\d{1,2}(?:value|number)?"
    r"|telephone\d(?:bureau|domicile)"
)
BETWEEN_NUMBERS: Final = re.compile(r"\s*(?:;(?!\s*ext)|\||\n|:::)\s*|\s+(?=\+)", re.IGNORECASE)
"""What stands between several numbers of one cell; Google writes ``:::``."""

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
    "first_name": FIRST_NAMES,
    "last_name": LAST_NAMES,
    "enabled": "enabled isenabled callblockenabled active isactive actif active activo habilitado включено активно",
    "direction": "direction callblockdirection sens direccion sentido направление",
}


def folded_name(name: str) -> str:
    """``Numéro de téléphone`` and ``numero_de_telephone`` are one name."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return re.sub(r"[\W_]", "", plain).lower()


_SHORT: Final = (re.compile(r"tel(?!e)(?=[a-z])"), "telephone"), (re.compile(r"тел(?!еф)"), "телефон")
"""``Tél. mobile`` is a ``Téléphone mobile``."""


def written_out(name: str) -> str:
    """A folded name without what is short in it."""
    for short, long in _SHORT:
        if (found := short.match(name)) is not None:
            return long + name[found.end() :]
    return name


_TELEPHONES: Final = frozenset(map(folded_name, TELEPHONES.split()))
_EITHER: Final = {"nom": "last_name", "nombre": "first_name", "имя": "first_name"}
"""A part of a name where another column has the other part; a whole one otherwise."""
_NAMES: Final = {folded_name(name): field for field, names in _NAMED.items() for name in names.split()}

CHOICES: Final = tuple(_NAMED)
"""What a column of a file can be."""

_ONLY_READ: Final = frozenset({"country", "first_name", "last_name", "enabled", "direction"})

FIELDS: Final = tuple(name for name in CHOICES if name not in _ONLY_READ)
"""The columns of an export, in this order; a list has those that its table has."""


@dataclass(frozen=True, slots=True)
class Columns:
    """``places`` has the place of each field of the file, ``unread`` the names of the columns that say nothing to us.
    ``width`` is the count of columns, ``names`` what the header calls them, empty without one. ``more`` are the places of
    further columns of numbers, as an address book has them."""

    places: dict[str, int]
    width: int
    unread: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    more: tuple[int, ...] = ()

    def fields(self) -> tuple[str | None, ...]:
        """What each column is, in the order of the file; None for those that are not read."""
        fields = {place: field for field, place in self.places.items()} | dict.fromkeys(self.more, "number")
        return tuple(fields.get(place) for place in range(self.width))


BARE: Final = Columns({"number": 0}, 1)
"""A list of one number a line."""


def columns_of(cells: list[str]) -> Columns | None:
    """The columns that a first line names; None when it is no header, because no column is one of numbers."""
    folded = [written_out(folded_name(cell)) for cell in cells]
    fields = [_NAMES.get(one) or ("number" if _is_telephone(one) else None) for one in folded]
    if "first_name" in fields or "last_name" in fields:
        fields = [_EITHER.get(name, field) for name, field in zip(folded, fields, strict=True)]
    if "number" not in fields:
        return None
    first = folded[fields.index("number")]
    further = {place for place, one in enumerate(folded) if _is_telephone(first) and _is_telephone(one)}
    return _columns(fields, [cell.strip() for cell in cells], len(cells), further)


def chosen_columns(fields: Sequence[str | None], names: Sequence[str], width: int) -> Columns:
    """The columns as somebody has said what they are (``fields``, in the order of the file)."""
    return _columns(fields[:width], names, width, range(width))


def _columns(
    fields: Sequence[str | None], names: Sequence[str], width: int, telephones: Collection[int]
) -> Columns:  # fmt: skip
    """Of two columns for one field the first counts; of numbers all that are ``telephones``."""
    places: dict[str, int] = {}
    more: list[int] = []
    for place, field in enumerate(fields):
        if field == "number" and field in places and place in telephones:
            more.append(place)
        elif field is not None:
            places.setdefault(field, place)
    taken = {*places.values(), *more}
    unread = tuple(name for place, name in enumerate(names) if place not in taken and name)
    return Columns(places, width, unread, tuple(names), tuple(more))


def _is_telephone(name: str) -> bool:
    return name in _TELEPHONES or NUMBERED_TELEPHONE.fullmatch(name) is not None
