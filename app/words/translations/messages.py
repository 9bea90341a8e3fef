"""Every message of the code and of the templates."""

from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.base.language import ENGLISH, LANGUAGES, TRANSLATIONS

APP: Final = Path(__file__).parents[2]
TRANSLATED: Final = tuple(code for code in LANGUAGES if code != ENGLISH)
_METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS: Final = {"**/templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
_KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2)}
_COMMENT: Final = "TRANSLATORS:"
_WIDTH: Final = 110
_HEADER: Final = """# Antichambre in {name}.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

"""


@cache
def messages() -> Catalog:
    """The messages as they stand in the code, with the files where they are. Reading all of it takes some seconds."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for file, line, message, comments, context in sorted(
        extract_from_dir(APP, _METHODS, _OPTIONS, _KEYWORDS, [_COMMENT], strip_comment_tags=True),
        key=lambda one: (one[0], one[1]),
    ):
        found.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return found


def translation(language: str, folder: Path = TRANSLATIONS) -> Catalog | None:
    """What is translated into ``language``; None while nothing is."""
    path = folder / f"{language}.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


def bring_up_to_date(language: str, folder: Path = TRANSLATIONS) -> int:
    """Write the language's file with every message of today: those that are new are empty, those that are gone go. Returns
    how many are still to be translated."""
    template, path = messages(), folder / f"{language}.po"
    catalogue = translation(language, folder) or Catalog(locale=Locale(language), charset="utf-8", fuzzy=False)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        # A header of our own: Babel's has dates, which would make every run a change.
        file.write(_HEADER.format(language=language, name=LANGUAGES[language], plurals=catalogue.plural_forms).encode())
        write_po(
            file, catalogue, width=_WIDTH, include_lineno=False, ignore_obsolete=True, sort_by_file=True, omit_header=True
        )  # fmt: skip
    return sum(1 for message in catalogue if message.id and not is_whole(message.string))


def is_whole(text: str | list[str] | tuple[str, ...] | None) -> bool:
    """Whether a translation says something, in each of its plural forms."""
    return bool(text) and (isinstance(text, str) or all(text or ()))
