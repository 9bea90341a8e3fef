"""Which column of a file of clients is what: by the names that address books, in four languages, give them."""

import re
from collections.abc import Sequence
from typing import Final

from app.lists.files.columns import folded_name

NAME, FIRST, LAST, NUMBER, SHARED, ID = "name", "first_name", "last_name", "number", "shared_number", "id"

CHOICES: Final = (
    NAME, FIRST, LAST, "company", NUMBER, SHARED, "category", "standing", "language", "about", "pinned_note", ID,
)  # fmt: skip
"""What a column of a file can be. Several may hold numbers; of the others the first counts."""

_NUMBERS: Final = frozenset({NUMBER, SHARED})
_NAMED: Final[dict[str, str]] = {
    NAME: "name fullname displayname contact contactname client clientname customer nomcomplet nometprenom "
    "nombrecompleto nombreyapellidos cliente фио полноеимя клиент имяифамилия fn",
    FIRST: "firstname givenname forename prenom prenoms nombredepila primernombre имяотчество",
    LAST: "lastname familyname surname nomdefamille apellido apellidos primerapellido фамилия",
    "company": "company companyname organization organisation organizationname organization1name organisation1name business "
    "employer societe entreprise nomdelasociete raisonsociale empresa organizacion nombredelaempresa компания организация "
    "фирма предприятие org",
    "category": "category categories categorie categoria группа категория segment",
    "standing": "standing status statut estado статус",
    "language": "language lang langue idioma lengua язык",
    "about": "about note notes comment comments remark remarks description apropos remarque remarques commentaire "
    "commentaires notas nota comentario comentarios observaciones описание заметка заметки примечание примечания "
    "комментарий комментарии осебе",
    "pinned_note": "pinnednote pinned noteepinglee epingle notafijada notaanclada закрепленнаязаметка закреплено",
    ID: "id clientid",
    SHARED: "sharednumber sharednumbers companymainphone mainphone switchboard numeropartage numerospartages standard "
    "standardsociete telephonesociete numerocompartido numeroscompartidos centralita telefonoprincipaldelacompania "
    "общийномер общиеномера коммутатор основнойтелефонорганизации",
    NUMBER: "number numbers phone phones phonenumber phonenumbers telephone telephonenumber tel mobile mobilephone "
    "mobilenumber cell cellphone primaryphone businessphone homephone otherphone carphone radiophone workphone e164 msisdn "
    "numero numeros numerodetelephone telephonemobile telephonebureau telephonedomicile telephoneprincipal portable "
    "mobil gsm numerosdetelephone telefono telefonos numerodetelefono movil telefonomovil telefonodeltrabajo "
    "telefonoparticular celular номер номера телефон телефоны номертелефона мобильный мобильныйтелефон "
    "рабочийтелефон домашнийтелефон "
    "телефонмобильный телефонрабочий телефондомашний сотовый основнойтелефон",
}  # fmt: skip
_FIELDS: Final = {folded_name(name): field for field, names in _NAMED.items() for name in names.split()}
_NUMBERED: Final = re.compile(
    r"(?:phone|telephone|tel|mobile|number|numero|telefono|movil|portable|телефон|номер|businessphone|homephone|"
    r"telephonebureau|telephonedomicile|telefonodeltrabajo|рабочийтелефон|домашнийтелефон)\d{1,2}(?:value|number)?"
)
_EITHER: Final = {"nom": (NAME, LAST), "nombre": (NAME, FIRST), "имя": (NAME, FIRST)}
"""A whole name, or a part of one where another column has the other part."""


def recognised(cells: Sequence[str]) -> tuple[str | None, ...] | None:
    """What each column is by the names in a header; None when these are no header, because no column has numbers."""
    names = [folded_name(cell) for cell in cells]
    fields = [_FIELDS.get(name) or (NUMBER if _NUMBERED.fullmatch(name) else None) for name in names]
    has_part = FIRST in fields or LAST in fields
    for place, name in enumerate(names):
        if (either := _EITHER.get(name)) is not None:
            fields[place] = either[has_part]
    taken: set[str] = set()
    for place, field in enumerate(fields):
        if field in taken and field not in _NUMBERS:
            fields[place] = None
        elif field is not None:
            taken.add(field)
    return tuple(fields) if taken & _NUMBERS else None


def chosen(fields: Sequence[str | None], width: int) -> tuple[str | None, ...]:
    """What somebody has said the columns are; of two for one field, but for numbers, the first counts."""
    taken: set[str] = set()
    result: list[str | None] = []
    for field in [*fields, *[None] * width][:width]:
        result.append(None if field in taken and field not in _NUMBERS else field)
        if field is not None:
            taken.add(field)
    return tuple(result)


def has_numbers(fields: Sequence[str | None]) -> bool:
    """Whether one of the columns has numbers."""
    return not _NUMBERS.isdisjoint(fields)
