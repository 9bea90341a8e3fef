"""What is wrong with a configuration as a document, in words."""

from collections.abc import Callable
from typing import assert_never

from app.base import limits
from app.base.language import LANGUAGES
from app.base.language import gettext as _
from app.base.problems import Cause
from app.base.problems.configuration import (
    AtPlace,
    ConfigurationFault,
    ConfigurationProblem,
    DocumentFault,
    DocumentUnreadable,
    LineOfAnotherCompany,
    UnknownName,
)
from app.base.problems.requests import FieldsNotValid
from app.words.number_words import grouped
from app.words.problems.field_words import words_of_field


def configuration_words(cause: ConfigurationProblem, of: Callable[[Cause], str]) -> str:
    """One sentence; ``of`` says what another cause is in words."""
    match cause:
        case AtPlace(path, line, inner):
            why = words_of_field(inner.fields[0]) if isinstance(inner, FieldsNotValid) else of(inner)
            if line:
                return _("%(path)s (line %(line)s): %(why)s", path=path, line=line, why=why)
            return _("%(path)s: %(why)s", path=path, why=why)
        case DocumentUnreadable(fault, line, detail):
            why = _document_words(fault, detail)
            return _("Line %(line)s: %(why)s", line=line, why=why) if line else why
        case UnknownName("recording", name):
            return _("There is no recording called “%(name)s”; add it first.", name=name)
        case UnknownName(noun, name):
            return _("The document has no %(kind)s called “%(name)s”.", kind=noun, name=name)
        case LineOfAnotherCompany(number):
            return _("%(number)s is already a line of another company here.", number=grouped(number))
        case ConfigurationFault():
            return _fault_words(cause)
        case _:
            assert_never(cause)


def _document_words(fault: DocumentFault, detail: str) -> str:
    match fault:
        case DocumentFault.NOT_YAML:
            return _("This is not YAML: %(why)s.", why=detail)
        case DocumentFault.NOT_TEXT:
            return _("The document must be text in UTF-8.")
        case DocumentFault.TOO_LARGE:
            return _("A document has at most %(size)s KiB.", size=limits.BODY_BYTES // 1024)
        case DocumentFault.EMPTY:
            return _("The document is empty; begin with the one that `antichambre configuration show` prints.")
        case DocumentFault.NO_SECTIONS:
            return _("The document has no sections; begin with the one that `antichambre configuration show` prints.")
        case DocumentFault.ALIAS:
            return _("Anchors and aliases (& and *) are not taken; write the value again, or in quotes.")
        case DocumentFault.TAG:
            return _("Tags (!) are not taken; put the value in quotes.")
        case DocumentFault.KEY_TWICE:
            return _("“%(key)s” stands here twice.", key=detail)
        case DocumentFault.KEY_NOT_PLAIN:
            return _("A key must be one text.")
        case DocumentFault.TOO_DEEP:
            return _("This is nested too deeply.")
        case DocumentFault.SEVERAL:
            return _("There must be one document only; remove what follows “---”.")
        case _:
            assert_never(fault)


def _fault_words(fault: ConfigurationFault) -> str:
    match fault:
        case ConfigurationFault.UNKNOWN_SECTION:
            return _("There is no such section.")
        case ConfigurationFault.OTHER_FORMAT:
            return _("This document was written for another version; `configuration: 1` can be read.")
        case ConfigurationFault.MAPPING_WANTED:
            return _("Names with their values are wanted here.")
        case ConfigurationFault.LIST_WANTED:
            return _("A list is wanted here, one “- ” for each.")
        case ConfigurationFault.NAME_IN_THE_KEY:
            return _("The name is the key above; leave it out here.")
        case ConfigurationFault.NAME_NOT_VALID:
            return _("This cannot be a name.")
        case ConfigurationFault.ORDER_IS_THE_PLACE:
            return _("The place is where it stands in the document; leave it out here.")
        case ConfigurationFault.LINE_NOT_INTERNATIONAL:
            return _("Write a line as an international number in quotes, like '+33199001000'.")
        case ConfigurationFault.UNKNOWN_PHRASE:
            return _("There is no such text; GET /api/v1/texts lists all.")
        case ConfigurationFault.UNKNOWN_LANGUAGE:
            return _("The languages are %(languages)s.", languages=", ".join(LANGUAGES))
        case ConfigurationFault.CHANGED_MEANWHILE:
            return _("The configuration was changed meanwhile; look at the difference again.")
        case ConfigurationFault.VERSION_GONE:
            return _("There is no such version of the configuration.")
        case _:
            assert_never(fault)
