"""How networks say that there is no caller ID: in words of many languages, in keypad digits, in digits that fill a field.

Sources: twilio.com/docs/voice/twiml (From may be "anonymous", "unknown" or other text); Twilio changelog 2022-11-16
(letters were once turned into keypad digits); RFC 3323 section 4.1.1.3 (anonymous@anonymous.invalid); ITU-T Q.731 and the
calling line services of exchanges (P: private, O: out of area).
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

import phonenumbers


class NoCaller(StrEnum):
    """Why there is no caller ID: the caller does not want it shown, or the network has none."""

    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"


def _fold(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))


_WITHHELD_WORDS: Final = frozenset({"anonymous", "private", "restricted", "blocked", "withheld"})
_UNAVAILABLE_WORDS: Final = frozenset({"unknown", "unavailable"})
_KEYPAD: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")

_WITHHELD_STEMS: Final = """
    anonym anonim anoniem anon privat priv pvt block blok bloc restri restre restrict withh hidden suppress secret conceal
    confidential clir
    masqu cache retenu reserv ocult restring bloque confidenci restrit nascost riservat oscurat bloccat ascuns
    verborgen unterdruck rufnummernunterdruck gesperrt geheim zuruckgehalten eingeschrank afgescherm geblokkeer
    prywatn zastrzez ukryt zablokow utajen skryt soukrom rejtett magan nevtelen titkos gizli ozel
    skjult dold hemlig skydd salain salat yksityin estett piilot
    скрыт аноним приватн частн закрыт заблокир ограничен запрещ засекреч антиаон прихован анонім обмежен
    ανωνυμ αποκρυ ιδιωτικ κρυφ
    匿名 私人 私密 隐藏 隱藏 非通知 발신번호표시제한 익명
    مجهول محجوب مخفي خاص חסוי פרטי מוסתר אנונימי
"""
"""Beginnings of words, without accents. What is not here, and has no digit, is unavailable."""
_WITHHELD_PHRASES: Final = ("no caller id", "nocallerid", "no number shown", "анти аон")
_BEGINNINGS: Final = tuple(_fold(_WITHHELD_STEMS).split())
_WITHHELD_LETTERS: Final = frozenset({"p"})

_SEPARATORS: Final = str.maketrans("", "", " .-()/_")
_CALLING_CODES: Final = "|".join(str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
_ZEROS: Final = re.compile(rf"\+?0{{2,}}|\+(?:{_CALLING_CODES})0{{6,}}|10{{10}}", re.ASCII)
_ONES: Final = re.compile(r"\+?1{8,}", re.ASCII)


def _spelled(words: frozenset[str]) -> frozenset[str]:
    """The words as typed on a telephone keypad (ANONYMOUS is 266696687), bare or after a carrier's +1."""
    digits = {word.translate(_KEYPAD) for word in words}
    return frozenset(prefix + spelled for prefix in ("", "+", "1", "+1") for spelled in digits)


_WITHHELD_DIGITS: Final = _spelled(_WITHHELD_WORDS - {"withheld"})
# North American numbers of one digit are in nobody's use but 888's, 777's and the like may be; 1 and 0 begin none at all.
_FILLED: Final = frozenset(f"{prefix}{digit * 10}" for digit in "234569" for prefix in ("+1", "1"))
_UNAVAILABLE_DIGITS: Final = _spelled(_UNAVAILABLE_WORDS) | _FILLED
NO_CALLER_DIGITS: Final = _WITHHELD_DIGITS | _UNAVAILABLE_DIGITS
"""Everything that looks like a number and is none; zeros and ones in a row apart, which begin no E.164 number."""


def no_caller_in(text: str) -> NoCaller | None:
    """What a visible text without address says about there being no caller ID; None when there seems to be one.

    Text without a digit is no caller ID whatever it says: a name or a word in a language that is not known here.
    """
    if any(one.isdigit() for one in text):
        return no_caller_in_digits(text)
    words = re.findall(r"[^\W_]+", _fold(text))
    phrase = " ".join(words)
    if any(word in _WITHHELD_LETTERS or word.startswith(_BEGINNINGS) for word in words):
        return NoCaller.WITHHELD
    if any(one in phrase for one in _WITHHELD_PHRASES):
        return NoCaller.WITHHELD
    return NoCaller.UNAVAILABLE


def no_caller_in_digits(text: str) -> NoCaller | None:
    """The same for digits, which may have separators: a word on the keypad, or a field filled with one digit."""
    digits = text.translate(_SEPARATORS)
    if digits in _WITHHELD_DIGITS or _ZEROS.fullmatch(digits):
        return NoCaller.WITHHELD
    if digits in _UNAVAILABLE_DIGITS or _ONES.fullmatch(digits):
        return NoCaller.UNAVAILABLE
    return None
