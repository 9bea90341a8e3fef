"""What the lists' edits answer is recognised, so that people read it in their language."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.base.errors import Problem
from app.edits.edit import Edit
from app.lists.edit_entries import EntryForm, add_entry
from app.words.decision_words import is_known
from filters.pattern import PatternKind
from models.list_name import ListName
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio
VIP, BLACKLIST = ListName.VIP, ListName.BLACKLIST
PREFIX, RANGE, COUNTRY = PatternKind.PREFIX, PatternKind.RANGE, PatternKind.COUNTRY
Case = tuple[ListName, dict[str, Any]]
CASES: list[Case] = [
    (BLACKLIST, {"number": cast.VERA}),
    (VIP, {"number": cast.BORIS}),
    (VIP, {"number": "+33162", "match": PREFIX}),
    (BLACKLIST, {"number": cast.BORIS}),
    (BLACKLIST, {"number": "+33639980099"}),
    (BLACKLIST, {"number": cast.CLARA}),
    (VIP, {"number": "+33639980400"}),
    (BLACKLIST, {"number": cast.OLGA}),
    (BLACKLIST, {"number": cast.LINE}),
    (BLACKLIST, {"number": "+33639980500"}),
    (BLACKLIST, {"number": "banana"}),
    (BLACKLIST, {"number": "1" * 70}),
    (BLACKLIST, {"number": "sip:uma@example.org"}),
    (BLACKLIST, {"number": "3949"}),
    (BLACKLIST, {"number": "Atlantis", "match": COUNTRY}),
    (BLACKLIST, {"number": cast.UMA, "match": RANGE}),
    (BLACKLIST, {"number": cast.UMA, "to": cast.UMA}),
    (BLACKLIST, {"number": cast.UMA, "match": RANGE, "to": cast.VERA}),
    (BLACKLIST, {"number": "+33639980003", "match": RANGE, "to": "+34639980003"}),
    (BLACKLIST, {"number": "abc", "match": PREFIX}),
    (BLACKLIST, {"number": "+999", "match": PREFIX}),
    (BLACKLIST, {"number": "+33", "match": PREFIX}),
    (BLACKLIST, {"number": cast.UMA, "lines": ["nothing"]}),
]


async def refused(office: Office, name: ListName, **fields: Any) -> str:
    with pytest.raises(Problem) as problem:
        async with office.edit() as edit:
            await add_entry(edit, name, EntryForm(**fields), office.clock.now())
    return str(problem.value.cause)


async def test_every_refusal_and_every_warning_is_recognised(office: Office) -> None:
    soon = office.clock.now() + timedelta(days=3)
    await office.add_vip()
    await office.add_blacklisted()
    await office.add_blacklisted("+33162", match="prefix", label="")
    await office.add_blacklisted("+33639980099", expires_at=soon)
    await office.add_operator()
    await office.add_client(cast.CLARA, "Clara", standing="vip")
    await office.add_client("+33639980400", "Rudi", standing="blacklisted")
    answer = await office.api.patch("/api/v1/company", json={"protected": ["+33639980500"]})
    assert answer.status_code == 200
    told = [await refused(office, name, **fields) for name, fields in CASES]
    ends = office.clock.now() - timedelta(days=1), datetime.max.replace(tzinfo=soon.tzinfo)
    told += [await refused(office, BLACKLIST, number=cast.UMA, expires_at=end) for end in ends]
    assert len(set(told)) > 20
    add: list[Callable[[Edit], Awaitable[Any]]] = [
        lambda edit: add_entry(edit, BLACKLIST, EntryForm("+33639980", PREFIX), office.clock.now()),
        lambda edit: add_entry(edit, VIP, EntryForm("+3363998", PREFIX), office.clock.now()),
        lambda edit: add_entry(edit, BLACKLIST, EntryForm("FR", COUNTRY), office.clock.now()),
    ]
    for one in add:
        async with office.edit() as edit:
            told += (await one(edit)).warnings
    assert sorted(sentence for sentence in told if not is_known(sentence)) == []
