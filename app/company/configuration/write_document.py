"""Write a document: YAML in one order, with comments in the reader's language."""

import io
import textwrap
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from app.company.configuration.read_document import Value
from app.words.configuration_words import head_words, section_words

_WIDTH: Final = 110
_LONGEST_LINE: Final = 4096
"""No text is folded: a line of a difference shows a change of it as a whole."""


def write_document(sections: dict[str, Value]) -> str:
    """The document of ``sections``. The same sections make the same text, to the byte, in one language."""
    document = CommentedMap()
    for name, value in sections.items():
        document[name] = _node(value)
        if comment := section_words(name):
            document.yaml_set_comment_before_after_key(name, before="\n" + textwrap.fill(comment, _WIDTH))
    company = sections.get("company")
    name = str(company.get("name", "")) if isinstance(company, dict) else ""
    document.yaml_set_start_comment(textwrap.fill(head_words(_on_one_line(name)), _WIDTH) + "\n")
    yaml = YAML(pure=True)
    yaml.width, yaml.allow_unicode, yaml.default_flow_style = _LONGEST_LINE, True, False
    yaml.indent(mapping=2, sequence=4, offset=2)
    written = io.StringIO()
    yaml.dump(document, written)
    return written.getvalue()


def _node(value: Value) -> object:
    if isinstance(value, dict):
        if not value:
            return CommentedMap()
        node = CommentedMap()
        for key, one in value.items():
            node[_text(key)] = _node(one)
        return node
    if isinstance(value, list):
        items = CommentedSeq([_node(one) for one in value])
        if all(not isinstance(one, dict | list) for one in value):
            items.fa.set_flow_style()
        return items
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> object:
    """Plain where that is what it is read as again; characters that one cannot see are written out."""
    if any(one not in "\n" and not (one.isprintable() or one == " ") for one in value):
        return DoubleQuotedScalarString(value)
    if "\n" in value:
        # A literal block shows lines as they are; not where it would end or begin differently.
        tidy = (
            value.strip("\n") == value
            and not value.startswith(" ")
            and all(one == one.rstrip() for one in value.split("\n"))
        )
        return LiteralScalarString(value) if tidy else DoubleQuotedScalarString(value)
    return value


def _on_one_line(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)
