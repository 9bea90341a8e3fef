"""What the company chooses."""

from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made
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


async def test_in_another_language_what_was_written_stays_in_its_own(office: Office) -> None:
    gold = await made(office, "categories", name="Gold", greeting="Bonjour Clara.", greetings={"en": "Hello Clara."})
    plain = await made(office, "categories", name="Plain", greeting="Bonjour.")
    queue = await made(office, "queues", name="Orders", announcement="Un instant.")
    says = {"action": "message", "text": "Un moment."}
    rule = await made(office, "rules", name="Spain", when={"country": "ES"}, do=says)
    line = f"{API}/lines/{office.company.line_id}"
    await office.api.patch(line, json={"greeting": "Bienvenue.", "greetings": {"ru": "Здравствуйте."}})
    await office.add_client(category_id=plain["id"])
    for path in (f"{API}/company", line):
        assert (await office.api.patch(path, json={"language": "en"})).is_success

    async def now(resource: str, row: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = (await office.api.get(f"{API}/{resource}/{row['id']}")).json()
        return told

    greeted = await now("categories", gold)
    assert (greeted["greeting"], greeted["greetings"]) == ("Hello Clara.", {"fr": "Bonjour Clara."})
    assert (await now("queues", queue))["announcement"] == {"fr": "Un instant."}
    assert (await now("rules", rule))["do"]["text"] == {"fr": "Un moment."}
    welcome = (await office.api.get(line)).json()
    assert (welcome["greeting"], welcome["greetings"]) == ("", {"ru": "Здравствуйте.", "fr": "Bienvenue."})
    assert (
        '<Say language="fr-FR" voice="Polly.Lea">Bonjour.<' in (await office.webhook("/twilio/voice", cast.CLARA)).text
    )
    await office.api.patch(f"{API}/company", json={"language": "fr"})
    again = await now("categories", gold)
    assert (again["greeting"], again["greetings"]) == ("Bonjour Clara.", {"en": "Hello Clara."})
