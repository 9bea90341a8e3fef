"""Whom else a wide entry covers, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.reach import CoversOthers, CoversOwnCountry, CoversProtected, EntryWarning
from app.words.number_words import country_words, grouped
from models.list_name import ListName


def warning_words(warning: EntryWarning) -> str:
    """Half a sentence, the entry being its subject."""
    match warning:
        case CoversProtected(count, named):
            shown = ", ".join([*map(grouped, named), *(["…"] if count > len(named) else [])])
            reach = ngettext("%(num)s protected number", "%(num)s protected numbers", count)
            return _("covers %(reach)s (%(numbers)s); they stay reachable", reach=reach, numbers=shown)
        case CoversOthers(name, clients, opposite):
            told = [ngettext("%(num)s client", "%(num)s clients", clients)] if clients else []
            if opposite:
                told.append(_opposite_words(name, opposite))
            return _(
                "covers %(reach)s; more specific entries and a client's own status decide before this",
                reach=", ".join(told),
            )
        case CoversOwnCountry(country):
            return _("covers every caller from %(country)s, your own country", country=country_words(country))
        case _:
            assert_never(warning)


def _opposite_words(name: ListName, count: int) -> str:
    match name:
        case ListName.BLACKLIST:
            return ngettext("%(num)s VIP", "%(num)s VIPs", count)
        case ListName.VIP:
            return ngettext("%(num)s blacklisted", "%(num)s blacklisted", count)
        case _:
            assert_never(name)
