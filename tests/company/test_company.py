"""What the company chooses."""

from typing import Any

import pytest

from tests import cast
from tests.api import API, fault
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_treatments_are_chosen_one_by_one_and_count_at_once(office: Office) -> None:
    await office.add_blacklisted()
    before = (await office.api.get(f"{API}/company")).json()
    assert before["treatments"]["blacklist"] == "fake_queue"
    chosen = (await office.api.patch(f"{API}/company", json={"treatments": {"blacklist": "busy"}})).json()
    assert chosen["treatments"] == before["treatments"] | {"blacklist": "busy"}
    assert "<Reject" in (await office.webhook("/twilio/voice", cast.BORIS)).text
    more = (
        await office.api.patch(f"{API}/company", json={"treatments": {"withheld": "reject"}, "name": "Vera & Co"})
    ).json()
    assert (more["treatments"]["blacklist"], more["treatments"]["withheld"], more["name"]) == (
        "busy",
        "reject",
        "Vera & Co",
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"country": "XX"}, "country"),
        ({"time_zone": "Nowhere"}, "time_zone"),
        ({"language": "xx"}, "language"),
        ({"treatments": {"blacklist": "ignore"}}, "treatments.blacklist"),
        ({"treatments": {"fake_queue_cap_seconds": 5}}, "treatments.fake_queue_cap_seconds"),
        ({"treatments": {"mood": "bad"}}, "treatments.mood"),
        ({"protected": ["112"]}, "protected.0"),
    ],
)
async def test_choices_that_make_no_sense_name_the_field(office: Office, body: dict[str, Any], field: str) -> None:
    assert fault(await office.api.patch(f"{API}/company", json=body)) == (422, "unprocessable", field)
