"""Which column of a file of clients is what: by the names that address books, in four languages, give them."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from app.lists.files.columns import (
    FIRST_NAMES,
    LAST_NAMES,
    NUMBERED_TELEPHONE,
    TELEPHONES,
    folded_name,
    written_out,
)
from app.lists.files.headed_table import first_of_each
from app.lists.import_options import OWN_FIELD

NAME, FIRST, LAST, NUMBER, SHARED, ID = "name", "first_name", "last_name", "number", "shared_number", "id"

EMAIL, ADDRESS, PART, TAGS = "email", "address", "address_part", "tags"

CHOICES: Final = (
    NAME, FIRST, LAST, "company", NUMBER, SHARED, EMAIL, ADDRESS, PART, "category", "standing", "language", "about",
    "pinned_note", "kind", "card_number", "responsible", TAGS, "consent", "consented_at", "keep_until", ID,
)  # fmt: skip
"""What a column of a file can be. Several may hold numbers, addresses or parts of one; of the others the first counts."""

_NUMBERS: Final = frozenset({NUMBER, SHARED})
SEVERAL: Final = frozenset({*_NUMBERS, EMAIL, ADDRESS, PART})
_NAMED: Final[dict[str, str]] = {
    NAME: "name fullname displayname contact contactname client clientname customer nomcomplet nometprenom "
    "nombrecompleto nombreyapellidos cliente фио полноеимя клиент имяифамилия fn",
    FIRST: f"{FIRST_NAMES} contactnamegiven",
    LAST: f"{LAST_NAMES} contactnamefamily",
    "company": "company companyname contactorganization organization organisation organizationname organization1name "
    "organisation1name business employer societe entreprise nomdelasociete raisonsociale empresa organizacion "
    "nombredelaempresa компания организация "
    "фирма предприятие org",
    "category": "category categorie categoria группа категория segment",
    "standing": "standing status statut estado статус",
    "language": "language lang langue idioma lengua язык",
    "about": "about note contactnote notes comment comments remark remarks description apropos remarque remarques "
    "commentaire commentaires notas nota comentario comentarios observaciones описание заметка заметки примечание "
    "примечания "
    "комментарий комментарии осебе",
    "pinned_note": "pinnednote pinned noteepinglee epingle notafijada notaanclada закрепленнаязаметка закреплено",
    "kind": "kind clientkind clienttype typedeclient tipodecliente типклиента",
    "card_number": "cardnumber loyaltycard loyaltycardnumber clubcard cartedefidelite numerodecarte tarjeta "
    "numerodetarjeta tarjetadefidelidad карта номеркарты картаклиента",
    "responsible": "responsible responsibleoperator accountmanager owner responsable gestionnaire charge encargado gestor "
    "ответственный менеджер",
    TAGS: "tags tag labels groupmembership categories categorias категории keywords etiquettes motscles etiquetas "
    "palabrasclave теги метки",
    "consent": "consent consentement consentimiento согласие",
    "consented_at": "consentedat consentdate datedeconsentement fechadeconsentimiento датасогласия",
    "keep_until": "keepuntil retention conserverjusqua conservarhasta хранитьдо",
    EMAIL: "email emails emailaddress emailaddresses mail courriel courriels adressemail adresseemail adressedemessagerie "
    "adresseelectronique correo correos correoelectronico direcciondecorreo direcciondecorreoelectronico почта "
    "электроннаяпочта адресэлектроннойпочты имейл",
    ADDRESS: "address addresses postaladdress mailingaddress adresse adresses adressepostale direccion direcciones "
    "direccionpostal адрес адреса почтовыйадрес",
    PART: " ".join(
        f"{which}{part}"
        for which in ("", "business", "home", "other", "work")
        for part in ("street", "street2", "street3", "streetaddress", "pobox", "city", "state", "postalcode", "zip",
                     "zipcode", "country", "countryregion", "addresspobox")
    ) + " rue ruebureau ruedomicile ville villebureau villedomicile codepostal codepostalbureau codepostaldomicile pays "
    "paysregionbureau paysregiondomicile calle calledeltrabajo calleparticular ciudad ciudaddetrabajo ciudaddeltrabajo "
    "ciudaddomicilio codigopostal codigopostaldeltrabajo codigopostaldomicilio pais paisoregiondetrabajo "
    "paisoregiondeldomicilio улица улицарабадрес улицадомадрес город городрабадрес городдомадрес индекс почтовыйиндекс "
    "индексрабадрес индексдомадрес страна странарабадрес странадомадрес",
    ID: "id clientid",
    SHARED: "sharednumber sharednumbers companymainphone mainphone switchboard numeropartage numerospartages standard "
    "standardsociete telephonesociete numerocompartido numeroscompartidos centralita telefonoprincipaldelacompania "
    "общийномер общиеномера коммутатор основнойтелефонорганизации",
    NUMBER: TELEPHONES,
}  # fmt: skip
_FIELDS: Final = {folded_name(name): field for field, names in _NAMED.items() for name in names.split()}
_EMAIL: Final = re.compile(
    r"(?:e?mail|courriel|correoelectronico|почта|электроннаяпочта)(?:address)?\d{1,2}(?:value|address)?"
)
_FORMATTED: Final = re.compile(r"(?:address|adresse|direccion|адрес)(\d{1,2})formatted")
_GOOGLES_PART: Final = re.compile(
    r"(?:address|adresse|direccion|адрес)(\d{1,2})(?:street|city|pobox|region|postalcode|country|extendedaddress)"
)
_EITHER: Final = {"nom": (NAME, LAST), "nombre": (NAME, FIRST), "имя": (NAME, FIRST)}
"""A whole name, or a part of one where another column has the other part."""


def recognised(cells: Sequence[str]) -> tuple[str | None, ...] | None:
    """What each column is by the names in a header; None when these are no header, because no column has numbers."""
    names = [written_out(folded_name(cell)) for cell in cells]
    whole = {found[1] for name in names if (found := _FORMATTED.fullmatch(name))}
    fields = [_kind_of(name, cell, whole) for name, cell in zip(names, cells, strict=True)]
    has_part = FIRST in fields or LAST in fields
    for place, name in enumerate(names):
        if (either := _EITHER.get(name)) is not None:
            fields[place] = either[has_part]
    return first_of_each(fields, SEVERAL) if has_numbers(fields) else None


def is_of_google(header: str) -> bool:
    """Whether a column of tags is one of Google's, which has groups of Google's own among those of people."""
    return folded_name(header) in {"labels", "groupmembership"}


@lru_cache(maxsize=8)
def label_places(names: tuple[str, ...]) -> Mapping[int, int]:
    """Of columns of numbers, which other column says what they are: ``Phone 1 - Label`` of ``Phone 1 - Value``."""
    folded = [folded_name(name) for name in names]
    labels = {
        name.removesuffix(end): place
        for place, name in enumerate(folded)
        for end in ("label", "type")
        if name.endswith(end)
    }
    bases = [re.sub("(?:value|number)$", "", name) for name in folded]
    return {place: labels[base] for place, base in enumerate(bases) if base and base in labels}


def _kind_of(name: str, cell: str, whole: set[str]) -> str | None:
    """What a column is by its ``name``; ``whole`` are the addresses (Google counts them) of which one has everything."""
    if cell.strip().startswith(OWN_FIELD):
        return cell.strip()
    if (field := _FIELDS.get(name)) is not None:
        return field
    if _EMAIL.fullmatch(name):
        return EMAIL
    if NUMBERED_TELEPHONE.fullmatch(name):
        return NUMBER
    if _FORMATTED.fullmatch(name):
        return ADDRESS
    if (part := _GOOGLES_PART.fullmatch(name)) is not None:
        return None if part[1] in whole else PART
    return None


def address_of(header: str) -> str:
    """Which address a column has a part of: ``Business Street`` and ``Business City`` are one."""
    name = folded_name(header)
    if (part := _GOOGLES_PART.fullmatch(name)) is not None:
        return part[1]
    return next((which for which, words in _WHICH.items() if any(word in name for word in words)), "")


_WHICH: Final = {
    "work": ("business", "work", "bureau", "trabajo", "раб"), "home": ("home", "domicil", "particular", "дом"),
    "other": ("other", "autre", "otr", "друг"),
}  # fmt: skip


def has_numbers(fields: Sequence[str | None]) -> bool:
    """Whether one of the columns has numbers."""
    return not _NUMBERS.isdisjoint(fields)
