"""Labels on people, in four languages, and what to write instead: what happened, or what to do. A suggestion, never a
refusal."""

import re
from collections.abc import Iterable
from typing import Final

from app.base.language import gettext as _

_INSTEAD: Final = {
    "en": {
        "problem client": "use the script", "difficult client": "use the script", "troublemaker": "supervisor on call",
        "liar": "confirm in writing", "crazy": "use the script", "idiot": "explain in steps", "stupid": "explain in steps",
        "cheapskate": "name the price first", "rude": "use the script", "aggressive": "supervisor on call",
        "fraudster": "call back on the card's number", "whiner": "use the script", "annoying": "agree on a time",
    },
    "fr": {
        "client à problème": "suivre le script", "client difficile": "suivre le script", "menteur": "confirmer par écrit",
        "fou": "suivre le script", "idiot": "expliquer par étapes", "radin": "donner d'abord le prix",
        "agressif": "superviseur en ligne", "pénible": "convenir d'une heure", "escroc": "rappeler au numéro de la fiche",
    },
    "es": {
        "cliente problemático": "usar el guion", "cliente difícil": "usar el guion", "mentiroso": "confirmar por escrito",
        "loco": "usar el guion", "idiota": "explicar por pasos", "tacaño": "dar primero el precio",
        "agresivo": "supervisor en la llamada", "pesado": "acordar una hora", "estafador": "llamar al número de la ficha",
    },
    "ru": {
        "проблемный": "идти по сценарию", "скандалист": "руководитель на линии", "лжец": "подтвердить письменно",
        "псих": "идти по сценарию", "дурак": "объяснять по шагам", "жадный": "сначала назвать цену",
        "хам": "руководитель на линии", "агрессивный": "руководитель на линии",
        "мошенник": "перезвонить на номер с карточки",
    },
}  # fmt: skip
_ALL: Final = {label: instead for words in _INSTEAD.values() for label, instead in words.items()}
_LONGEST_FIRST: Final = sorted(_ALL, key=len, reverse=True)
_LABEL: Final = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})(?!\w)", re.IGNORECASE)


def gentler_words(texts: Iterable[str | None]) -> str:
    """A sentence about the first label that stands in ``texts``; empty where none does."""
    for text in texts:
        if (found := _LABEL.search(text or "")) is not None:
            return _(
                "“%(label)s” says what somebody is like. Better: what happened, or what to do, like “%(instead)s”.",
                label=found[0], instead=_ALL[found[0].lower()],
            )  # fmt: skip
    return ""
