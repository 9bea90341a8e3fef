"""What the lists' edits answer is recognised, so that people read it in their language."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clients.decision_words import is_known
from app.errors import Problem
from app.plan.edit import Edit
from app.plan.edit_list_entries import EntryForm, add_entry
from app.plan.edit_list_names import ListName
from filters.pattern import PatternKind
from tests import cast
from tests.house import House

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


async def refused(house: House, name: ListName, **fields: Any) -> str:
    with pytest.raises(Problem) as problem:
        async with house.edit() as edit:
            await add_entry(edit, name, EntryForm(**fields), house.clock.now())
    return problem.value.detail


async def test_every_refusal_and_every_warning_is_recognised(house: House) -> None:
    soon = house.clock.now() + timedelta(days=3)
    await house.add_vip()
    await house.add_blacklisted()
    await house.add_blacklisted("+33162", match="prefix", label="")
    await house.add_blacklisted("+33639980099", expires_at=soon)
    await house.add_operator()
    await house.add_client(cast.CLARA, "Clara", standing="vip")
    await house.add_client("+33639980400", "Rudi", standing="blacklisted")
    answer = await house.api.patch("/api/v1/company", json={"protected": ["+33639980500"]})
    assert answer.status_code == 200
    told = [await refused(house, name, **fields) for name, fields in CASES]
    ends = house.clock.now() - timedelta(days=1), datetime.max.replace(tzinfo=soon.tzinfo)
    told += [await refused(house, BLACKLIST, number=cast.UMA, expires_at=end) for end in ends]
    assert len(set(told)) > 20
    add: list[Callable[[Edit], Awaitable[Any]]] = [
        lambda edit: add_entry(edit, BLACKLIST, EntryForm("+33639980", PREFIX), house.clock.now()),
        lambda edit: add_entry(edit, VIP, EntryForm("+3363998", PREFIX), house.clock.now()),
        lambda edit: add_entry(edit, BLACKLIST, EntryForm("FR", COUNTRY), house.clock.now()),
    ]
    for one in add:
        async with house.edit() as edit:
            told += (await one(edit)).warnings
    assert sorted(sentence for sentence in told if not is_known(sentence)) == []
