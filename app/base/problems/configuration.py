"""What can be wrong with a company's configuration as a document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.base.problems import Cause


class DocumentFault(Enum):
    """Why a document cannot be read."""

    NOT_YAML = auto()
    NOT_TEXT = auto()
    TOO_LARGE = auto()
    EMPTY = auto()
    NO_SECTIONS = auto()
    ALIAS = auto()
    TAG = auto()
    KEY_TWICE = auto()
    KEY_NOT_PLAIN = auto()
    TOO_DEEP = auto()
    SEVERAL = auto()


class ConfigurationFault(Enum):
    """What is wrong at one place of a document."""

    UNKNOWN_SECTION = auto()
    OTHER_FORMAT = auto()
    MAPPING_WANTED = auto()
    LIST_WANTED = auto()
    NAME_IN_THE_KEY = auto()
    NAME_NOT_VALID = auto()
    ORDER_IS_THE_PLACE = auto()
    LINE_NOT_INTERNATIONAL = auto()
    UNKNOWN_PHRASE = auto()
    UNKNOWN_LANGUAGE = auto()
    CHANGED_MEANWHILE = auto()
    VERSION_GONE = auto()


@dataclass(frozen=True, slots=True)
class DocumentUnreadable:
    """The document cannot be read from ``line`` (from 1) on; ``detail`` is the parser's own word for it, if it has one."""

    fault: DocumentFault
    line: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class UnknownName:
    """There is no ``noun`` (queue, menu …) called ``name`` in the document."""

    noun: str
    name: str


@dataclass(frozen=True, slots=True)
class LineOfAnotherCompany:
    """``number`` is a line of another company of this installation."""

    number: str


@dataclass(frozen=True, slots=True)
class AtPlace:
    """``cause`` holds at ``path`` of a document (``queues.Sales.max_wait_seconds``), at ``line`` of it; 0 where nobody wrote
    it."""

    path: str
    line: int
    cause: Cause


ConfigurationProblem = ConfigurationFault | DocumentUnreadable | UnknownName | LineOfAnotherCompany | AtPlace
