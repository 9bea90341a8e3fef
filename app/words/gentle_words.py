"""Labels on people, in four languages, and what to write instead: what happened, or what to do. A suggestion, never a
refusal. Words that are said of things too count where they are said of somebody; where that cannot be told, nothing is
said."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from unicodedata import normalize

from app.base.language import gettext as _


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Patterns of a word with its forms; those in the first table are never said of a thing.
_OF_PEOPLE: Final = {
    "en": {
        r"(?:problem|difficult) (?:client|customer|caller)s?": "use the script", "troublemakers?": "supervisor on call",
        "liars?": "confirm in writing", "idiots?": "explain in steps", "cheapskates?": "name the price first",
        "rude": "use the script", "fraudsters?": "call back on the card's number", "whiners?": "use the script",
        "bad payers?": "prepayment only",
    },
    "fr": {
        r"client(?:e?s?) (?:à problèmes?|difficiles?)": "suivre le script", "mente(?:ur|use)s?": "confirmer par écrit",
        "radine?s?": "donner d'abord le prix", "escrocs?": "rappeler au numéro de la fiche",
        r"mauvaise?s? paye(?:ur|use)s?": "paiement d'avance",
    },
    "es": {
        r"client[ea]s? (?:problemátic[oa]s?|difícil(?:es)?)": "usar el guion",
        "mentiros[oa]s?": "confirmar por escrito", "idiotas?": "explicar por pasos", "tacañ[oa]s?": "dar primero el precio",
        "estafador(?:a|es|as)?": "llamar al número de la ficha",
        r"mal(?:a|os|as)? pagador(?:a|es|as)?": "pago por adelantado",
    },
    "ru": {
        "скандалист(?:а|у|ом|е|ы|ов|ка|ки|ку|кой)?": "руководитель на линии",
        "лжец|лжец[ауы]|лжецов|лгун(?:а|у|ы|ов|ья|ьи|ью)?": "подтвердить письменно",
        "псих(?:а|у|ом|и|ов)?": "идти по сценарию", "дура(?:к|ка|ку|ком|ки|ков)?|дур(?:ы|у|ой)": "объяснять по шагам",
        "жадн(?:ый|ая|ые|ого|ой|ому|ую|ых|ым)": "сначала назвать цену",
        "хам(?:а|у|ом|ы|ов|ка|ки|ку|кой)?": "руководитель на линии",
        "мошенни(?:к|ка|ку|ком|ки|ков|ца|цы|цу|цей|ц)": "перезвонить на номер с карточки",
    },
}  # fmt: skip
_OF_THINGS_TOO: Final = {
    "en": {
        "crazy": "use the script", "stupid": "explain in steps", "aggressive": "supervisor on call",
        "annoying": "agree on a time",
    },
    "fr": {
        "fou|fous|folles?": "suivre le script", "idiote?s?": "expliquer par étapes",
        "agressi(?:f|fs|ve|ves)": "superviseur en ligne",
    },
    "es": {"loc[oa]s?": "usar el guion", "agresiv[oa]s?": "supervisor en la llamada"},
    "ru": {
        "проблемн(?:ый|ая|ые|ого|ой|ому|ую|ых|ым)": "идти по сценарию",
        "агрессивн(?:ый|ая|ые|ого|ой|ому|ую|ых|ым)|агрессивен|агрессивна": "руководитель на линии",
    },
}  # fmt: skip
_MOSTLY_OF_THINGS: Final = {"fr": {"pénibles?": "convenir d'une heure"}, "es": {"pesad[oa]s?": "acordar una hora"}}
"""A parcel is ``pesado``, and nobody says which by the word alone."""

_SOMEBODY: Final = re.compile(
    "clients?|customers?|callers?|persons?|people|m[ae]n|wom[ae]n|lad(?:y|ies)|guys?|he|she|they"
    "|clientes?|appelante?s?|monsieur|madame|dames?|hommes?|femmes?|personnes?|ils?|elles?"
    "|clientas?|señor(?:a|es|as)?|hombres?|mujer(?:es)?|personas?|él|ellas?|ellos"
    r"|клиент\w*|покупател\w*|заказчи\w*|человека?|люди|мужчин\w*|женщин\w*|дам[аыу]|он|она|они",
    re.IGNORECASE,
)
_BETWEEN: Final = _each(
    "a an the is was are were s being gets got very so really too quite always often completely "
    "un une la le les est était sont étaient très trop assez toujours souvent peu complètement vraiment "
    "una el los las es está era estaba son están muy siempre algo poco bastante tan "
    "был была были очень такой такая слишком всегда"
)
_GOES_ON: Final = _each(
    "on at with when again last today and but au à avec quand encore hier et mais al con cuando otra en y pero "
    "по на с и в когда снова опять но"
)
"""What may follow where the subject is left out: "Aggressive on the phone"."""
_FOND: Final = _each("about de d por")
_CLAUSE: Final = re.compile(r"[.,;:!?…()\n«»“”\"]")
_ACCENTS: Final = "\u0300-\u036f"
_WORD: Final = re.compile(r"\w+")


def _pattern(*tables: Mapping[str, Mapping[str, str]]) -> tuple[re.Pattern[str], list[str]]:
    """One pattern, a group for each label, and what to write instead of the label of each group."""
    labels = [pair for table in tables for words in table.values() for pair in words.items()]
    groups = "|".join(f"({label})" for label, _instead in labels)
    return re.compile(rf"(?<!\w)(?:{groups})(?![\w{_ACCENTS}])", re.IGNORECASE), [instead for _label, instead in labels]


_LABELS, _INSTEAD = _pattern(_OF_PEOPLE, _OF_THINGS_TOO, _MOSTLY_OF_THINGS)
_SURE: Final = sum(map(len, _OF_PEOPLE.values()))
_NEEDS_SOMEBODY: Final = _SURE + sum(map(len, _OF_THINGS_TOO.values()))


def gentler_words(texts: Iterable[str | None]) -> str:
    """A sentence about the first label that stands in ``texts``; empty where none does."""
    for text in texts:
        for found in _LABELS.finditer(normalize("NFC", text or "")):
            place = (found.lastindex or 1) - 1
            if place < _SURE or _is_of_somebody(found, alone=place < _NEEDS_SOMEBODY):
                return _(
                    "“%(label)s” says what somebody is like. Better: what happened, or what to do, like “%(instead)s”.",
                    label=found[0], instead=_INSTEAD[place],
                )  # fmt: skip
    return ""


def _is_of_somebody(found: re.Match[str], *, alone: bool) -> bool:
    """Whether what was found is said of a person; ``alone``: also where no subject is named."""
    # As much as matters: what else stands in a long text is of other clauses.
    before = _CLAUSE.split(found.string[max(0, found.start() - 200) : found.start()])[-1]
    after = _WORD.findall(_CLAUSE.split(found.string[found.end() : found.end() + 100])[0].lower())
    follows = after[0] if after else ""
    if follows in _FOND:
        return False
    if _SOMEBODY.fullmatch(follows):
        return True
    subject = next((one for one in reversed(_WORD.findall(before.lower())) if one not in _BETWEEN), "")
    if subject:
        return _SOMEBODY.fullmatch(subject) is not None
    return alone and (not follows or follows in _GOES_ON)
