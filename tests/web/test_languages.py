"""Nobody reads a page in two languages: every word is marked, and every marked word is translated."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from app.base.language import LANGUAGES
from app.web.drawing import STATIC
from app.words.translations.messages import APP, TRANSLATED, bring_up_to_date, is_whole, messages, translation

TEMPLATES: Final = sorted(APP.glob("*/templates/**/*.html"))
"""Of every room."""
NAMES: Final = frozenset({"Antichambre", "Ctrl", "Esc", "Alt", "TwiML"})
"""What is the same in every language."""
READ_ALOUD_OR_SHOWN: Final = frozenset({"aria-label", "title", "placeholder", "alt", "aria-description"})
_LOGIC: Final = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_NOT_READ: Final = re.compile(r"\{% block (?:kind|data) %\}.*?\{% endblock %\}", re.DOTALL)
"""Blocks that fill an attribute which nobody sees."""
_TRANS: Final = re.compile(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r'[\w-]+="[^"]*"')
_PLACE: Final = re.compile(r"%\((\w+)\)s")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SENTENCE: Final = re.compile(r"""(["'`])([A-Z][a-z]+(?: [a-z]+)+[^"'`\n]*)\1""")


def places(texts: Sequence[str]) -> set[str]:
    return {name for one in texts for name in _PLACE.findall(one)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_string_is_untranslated(language: str) -> None:
    catalogue = translation(language)
    assert catalogue is not None
    wrong = []
    for message in messages():
        if not message.id:
            continue
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        found = catalogue.get(forms[0], message.context)
        said = (
            []
            if found is None or not found.string
            else [found.string]
            if isinstance(found.string, str)
            else found.string
        )
        if found is None or not is_whole(found.string):
            wrong.append(f"untranslated: {forms[0]}")
        elif found.fuzzy:
            wrong.append(f"fuzzy: {forms[0]}")
        elif len(forms) > 1 and len(said) != catalogue.num_plurals:
            wrong.append(f"{len(said)} plural forms of {catalogue.num_plurals}: {forms[0]}")
        elif places(said) - {"num"} != places(forms) - {"num"}:
            wrong.append(f"other places: {forms[0]}")
    assert wrong == []
    today = {one.id if isinstance(one.id, str) else one.id[0] for one in messages()}
    left_over = [one.id for one in catalogue if (one.id if isinstance(one.id, str) else one.id[0]) not in today]
    assert left_over == [], "run make translations"


def test_the_files_are_brought_in_line_with_the_code_and_stay_as_they_are(tmp_path: Path) -> None:
    assert bring_up_to_date("ru", tmp_path) == len(messages())
    path = tmp_path / "ru.po"
    empty = path.read_text("utf-8")
    path.write_text(empty.replace('msgid "Sign out"\nmsgstr ""', 'msgid "Sign out"\nmsgstr "Выйти"'), "utf-8")
    assert bring_up_to_date("ru", tmp_path) == len(messages()) - 1
    once = path.read_text("utf-8")
    assert "Выйти" in once
    bring_up_to_date("ru", tmp_path)
    assert path.read_text("utf-8") == once, "nothing but what has changed is a change"
    assert "nplurals=3" in once


def test_every_room_s_templates_are_looked_at() -> None:
    assert {path.relative_to(APP).parts[0] for path in TEMPLATES} >= {
        "booth",
        "calls",
        "clients",
        "lists",
        "panel",
        "web",
    }


class _Words(HTMLParser):
    """Gathers what people read of a template whose logic was taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self.found += [value for name, value in attributes if name in READ_ALOUD_OR_SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # Macros make attributes too, outside of any tag.
            self.found.append(_ATTRIBUTE.sub("", data))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(APP)))
def test_a_template_has_no_bare_words(path: Path) -> None:
    words = _Words()
    words.feed(_LOGIC.sub("", _TRANS.sub("", _NOT_READ.sub("", path.read_text("utf-8")))))
    bare = [word for text in words.found for word in _WORD.findall(text) if word not in NAMES]
    assert bare == [], "wrap them in _()"


def test_no_script_has_a_sentence_of_its_own() -> None:
    found = [
        f"{path.name}: {match.group(2)}"
        for path in STATIC.glob("*.js")
        for match in _SENTENCE.finditer(re.sub(r"^\s*//.*$|/\*.*?\*/", "", path.read_text("utf-8"), flags=re.M | re.S))
    ]
    assert found == [], "words come with the page"


def test_every_language_is_written_in_letters_of_its_own_name() -> None:
    assert set(TRANSLATED) == set(LANGUAGES) - {"en"}
