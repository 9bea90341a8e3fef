"""Take a person out of what was written down: JSON of calls, events, changes and audit entries."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import phonenumbers

_CODE: Final = re.compile(r"[a-z_.]+", re.ASCII)
"""Codes of ours, which no name may change."""
_SHORTEST_NAME: Final = 2
_SHORTEST_TEXT: Final = 4
_EMPTIED: Final = frozenset({"label", "reason", "forwarded_from", "note", "about"})
_TAIL_DIGITS: Final = 9


@dataclass(frozen=True)
class Traces:
    """``marks`` name nobody else: numbers (E.164), e-mail addresses, a card's number. ``names`` may be those of others too,
    so they are only looked for in what is known to be about this person; and so are ``texts``, what was written on their
    cards."""

    marks: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, numbers: Iterable[str], marks: Iterable[str], names: Iterable[str], texts: Iterable[str] = ()) -> Self:
        """Of these ``numbers`` in all forms in which people write them."""
        written = [form for number in numbers for form in _forms(number)]
        whole = {one.strip() for one in (*written, *marks) if len(one.strip()) > _SHORTEST_NAME}
        named = {one.strip() for one in names if len(one.strip()) >= _SHORTEST_NAME}
        written_of = {one.strip() for one in texts if len(one.strip()) >= _SHORTEST_TEXT}
        return cls(_longest_first(whole), _longest_first(named), _longest_first(written_of))

    def erased(self, value: object) -> object:
        """``value``, which is JSON about this person, without them. It keeps its shape."""
        match value:
            case dict():
                return {name: self._erased_member(name, part) for name, part in value.items()}
            case list():
                return [self.erased(part) for part in value]
            case str() if not _CODE.fullmatch(value):
                return self._found.sub("", value)
            case _:
                return value

    def without_marks(self, value: object) -> object:
        """``value``, which is JSON about somebody else in which one of the marks is, without this person: their cards were
        one for a while, or their number was the other's."""
        match value:
            case dict():
                return {name: self.without_marks(part) for name, part in value.items()}
            case list():
                return [self.without_marks(part) for part in value if not self._is_number_of_card(part)]
            case str() if not _CODE.fullmatch(value):
                return self._written.sub("", value).strip()
            case _:
                return value

    def text(self, text: str) -> str:
        """``text``, which is about this person, without them."""
        return self._found.sub("", text).strip()

    def may_be_in(self, text: str) -> bool:
        """Whether ``text`` tells of this person, or of somebody of the same name."""
        return self._found.search(text) is not None or self.is_in(text)

    def is_in(self, text: str) -> bool:
        """Whether ``text`` (a file, a request) tells of this person by a mark, however its digits are grouped."""
        if self.marks and self._marked.search(text) is not None:
            return True
        digits = re.sub(r"[\s().\-/]", "", text)
        return any(tail in digits for tail in self._tails)

    def _erased_member(self, name: str, value: object) -> object:
        match name, value:
            case "caller", dict():
                return {key: _nobody(key, part) for key, part in value.items()} | {"kind": "unavailable"}
            case "client", dict():
                return None
            case (("client_id" | "client"), _):
                return None
            case "client_ids", _:
                return []
            case _, str() if name in _EMPTIED:
                return ""
            case "matches", list():
                return [part | {"number": ""} if isinstance(part, dict) else part for part in self._each(value)]
            case _:
                return self.erased(value)

    def _each(self, value: list[object]) -> list[dict[str, object]]:
        return [erased for part in value if isinstance(erased := self.erased(part), dict)]

    def _is_number_of_card(self, value: object) -> bool:
        return isinstance(value, dict) and value.get("number") in self.marks

    @cached_property
    def _found(self) -> re.Pattern[str]:
        names = [rf"\b{re.escape(one)}\b" for one in self.names]
        return _any_of([*map(re.escape, self.marks), *names])

    @cached_property
    def _written(self) -> re.Pattern[str]:
        names = [rf"\b{re.escape(one)}\b" for one in self.names]
        return _any_of([*map(re.escape, (*self.texts, *self.marks)), *names])

    @cached_property
    def _marked(self) -> re.Pattern[str]:
        return _any_of(map(re.escape, self.marks))

    @cached_property
    def _tails(self) -> tuple[str, ...]:
        return tuple(one[-_TAIL_DIGITS:] for one in self.marks if re.fullmatch(r"\+\d{9,}", one))


def without_client(value: object, client_ids: Collection[str], traces: Traces) -> object:
    """``value``, the JSON of a call that stays another's, without these clients: they used its number too. What else it
    says may be about a namesake, but for the sentences of release 0.1."""
    match value:
        case dict():
            is_theirs = "label" in value and value.get("entry") in client_ids
            own = {name: "" for name in ("label", "reason") if is_theirs and name in value}
            return {name: _without(name, part, client_ids, traces) for name, part in (value | own).items()}
        case list():
            return [without_client(part, client_ids, traces) for part in value]
        case _:
            return value


def _without(name: str, value: object, client_ids: Collection[str], traces: Traces) -> object:
    match name, value:
        case "client", {"id": str(client_id)} if client_id in client_ids:
            return None
        case "client_id", str() if value in client_ids:
            return None
        case "client_ids", list():
            return [one for one in value if one not in client_ids]
        case "text", str():
            return traces.text(value)
        case _:
            return without_client(value, client_ids, traces)


def written_forms(numbers: Iterable[str]) -> frozenset[str]:
    """The digits of these ``numbers`` (E.164) as a network may write them: international, with two zeros, national."""
    forms = {re.sub(r"\D", "", form) for number in numbers for form in _forms(number)}
    return frozenset(forms | {f"00{number.removeprefix('+')}" for number in numbers})


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda one: (-len(one), one)))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def _nobody(name: str, value: object) -> object:
    if name == "number":
        return None
    return "" if isinstance(value, str) else value


def _forms(number: str) -> list[str]:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return [number]
    kinds = phonenumbers.PhoneNumberFormat
    national = phonenumbers.format_number(parsed, kinds.NATIONAL)
    return [
        number,
        phonenumbers.format_number(parsed, kinds.INTERNATIONAL),
        national,
        re.sub(r"\D", "", national),
    ]
