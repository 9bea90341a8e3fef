"""Read a document: YAML as people write it, with the line of every value. Whatever YAML has besides texts, numbers, lists
and mappings is refused: tags make objects, and aliases make a small document a large one."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.configuration import DocumentFault, DocumentUnreadable

_DEEPEST: Final = 12
_CORE: Final = "tag:yaml.org,2002:"

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
"""What stands at a place of a document."""
Path = tuple[str, ...]
"""Where: keys, and places in a list from 0."""


@dataclass(slots=True)
class Document:
    """``lines`` has the line (from 1) of every path; ``sources`` how the numbers and other plain values were written, by
    which a text that looks like a number is still what was written."""

    sections: dict[str, Value]
    lines: dict[Path, int] = field(default_factory=dict)
    sources: dict[Path, str] = field(default_factory=dict)

    def line_of(self, path: Sequence[str]) -> int:
        """The line of ``path``, or of what it stands in; 0 without any."""
        for length in range(len(path), -1, -1):
            if found := self.lines.get(tuple(path[:length])):
                return found
        return 0


def read_document(content: str | bytes) -> Document:
    """Raises :class:`Unprocessable`, naming the line."""
    if len(content) > limits.BODY_BYTES:
        raise _unreadable(DocumentFault.TOO_LARGE)
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _unreadable(DocumentFault.NOT_TEXT) from None
    reader = _Reader(content)
    try:
        sections = reader.read()
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = str(getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__)
        raise _unreadable(DocumentFault.NOT_YAML, mark.line + 1 if mark else 0, detail[:200]) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(DocumentFault.NOT_YAML, 0, str(error)[:200]) from error
    return Document(sections, reader.lines, reader.sources)


class _Reader:
    def __init__(self, text: str) -> None:
        yaml = YAML(pure=True)
        self._events: Iterator[Event] = yaml.parse(io.StringIO(text))
        self._resolver = yaml.resolver
        self.lines: dict[Path, int] = {}
        self.sources: dict[Path, str] = {}

    def read(self) -> dict[str, Value]:
        begun, content = 0, None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                begun += 1
                if begun > 1:
                    raise _unreadable(DocumentFault.SEVERAL, event.start_mark.line + 1)
                first = next(self._events)
                content = self._value(first, ())
                if content is None:
                    raise _unreadable(DocumentFault.EMPTY)
                if not isinstance(content, dict):
                    raise _unreadable(DocumentFault.NO_SECTIONS, first.start_mark.line + 1)
        if not isinstance(content, dict):
            raise _unreadable(DocumentFault.EMPTY)
        return content

    def _value(self, event: Event, path: Path) -> Value:
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _unreadable(DocumentFault.ALIAS, line)
        if getattr(event, "tag", None):
            raise _unreadable(DocumentFault.TAG, line)
        if len(path) > _DEEPEST:
            raise _unreadable(DocumentFault.TOO_DEEP, line)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, SequenceStartEvent):
            return self._list(path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        raise _unreadable(DocumentFault.NOT_YAML, line, type(event).__name__)

    def _list(self, path: Path) -> list[Value]:
        values: list[Value] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            values.append(self._value(event, (*path, str(len(values)))))
        return values

    def _mapping(self, path: Path) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            line = event.start_mark.line + 1
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
                raise _unreadable(DocumentFault.ALIAS, line)
            if not isinstance(event, ScalarEvent) or event.tag:
                raise _unreadable(DocumentFault.KEY_NOT_PLAIN, line)
            key = str(event.value)
            if key in values:
                raise _unreadable(DocumentFault.KEY_TWICE, line, key[:100])
            self.lines[*path, key] = line
            values[key] = self._value(next(self._events), (*path, key))
        return values

    def _scalar(self, event: ScalarEvent, path: Path) -> Value:
        text = str(event.value)
        if not event.implicit[0]:
            return text
        kind = str(self._resolver.resolve(ScalarNode, text, (True, False))).removeprefix(_CORE)
        value = _plain(kind, text)
        if value is not None and not isinstance(value, str):
            self.sources[path] = text
        return value


def _plain(kind: str, text: str) -> Value:
    match kind:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            digits = text.replace("_", "")
            if digits.lstrip("+-").isdecimal():
                return int(digits) if len(digits) < 20 else text
            return int(digits, 0)
        case "float":
            return float(text.replace("_", "")) if any(one.isdecimal() for one in text) else text
        case _:
            return text


def _unreadable(fault: DocumentFault, line: int = 0, detail: str = "") -> Unprocessable:
    return Unprocessable(DocumentUnreadable(fault, line, detail), field="body")
