"""Why an entry cannot be saved, and what it covers by the way: the sentences of :mod:`app.lists.edit_entries`,
:mod:`app.lists.conflicts`, :mod:`app.lists.reach`, :mod:`filters.pattern` and :mod:`filters.number`, as
patterns with named places, to be said in the reader's language."""

from typing import Final

from app.base.language import N_

REMEDIES: Final = (
    N_("%(number)s cannot be blocked: it is %(protected)s."),
    N_("on the company's list of protected numbers"),
    N_("the number of the operator %(operator)s"),
    N_("your own line %(line)s"),
    N_(
        "%(number)s is the number of the client %(client)s, who is a VIP; change the client's standing or mark the "
        "number as shared first."
    ),
    N_(
        "%(number)s is the number of the client %(client)s, who is blacklisted; change the client's standing or mark the "
        "number as shared first."
    ),
    N_("%(entry)s is on the VIP list already; take it off there, or leave it."),
    N_("%(entry)s is on the blacklist already; take it off there, or leave it."),
    N_("%(entry)s is on this list already (it expires on %(date)s); change that entry instead."),
    N_("%(entry)s is on this list already; change that entry instead."),
    N_("This entry is on its list already."),
    N_("This caller showed no number that could be listed."),
    N_("This number does not stand on the blacklist by itself; see which entry covers it."),
    N_("There is nothing of this id."),
    N_("A list of your company is being imported; try again in a moment."),
    N_("This is too long for a telephone number; write it like +33612345678."),
    N_("This is an address, not a telephone number; write the number, like +33612345678."),
    N_("%(code)s is a short service number; lists take full numbers such as +33612345678."),
    N_("This is not a telephone number for %(country)s; write it in international form, like +33612345678."),
    N_("A country entry takes a two-letter ISO code such as FR or US."),
    N_("A range needs its last number in `to`."),
    N_("Only a range has an end; leave `to` out or choose match `range`."),
    N_("The last number must have as many digits as the first and not be below it."),
    N_("Both ends of a range must lie in one country."),
    N_("A prefix is written in digits, like +33899."),
    N_("A prefix begins with a country calling code, like +33899."),
    N_("%(prefix)s is a whole country; choose match `country` for that."),
    N_("One of these is no line of yours; give line ids or numbers."),
    N_("The expiry lies in the past; choose a later one, or none."),
    N_("The expiry is too far away; leave it out for an entry without an end."),
    N_("covers %(reach)s (%(numbers)s); they stay reachable"),
    N_("covers %(reach)s; more specific entries and a client's own standing decide before this"),
)

ENTRIES: Final = (
    N_("%(names)s “%(label)s”"),
    N_("%(first)s to %(last)s"),
    N_("%(prefix)s…"),
    N_("country %(country)s"),
    N_("%(line)s, %(number)s"),
)
"""How an entry of a list is named in such a sentence; and, last because it would match much, a line of ours."""
