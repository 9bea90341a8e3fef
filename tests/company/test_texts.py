"""What callers hear, in the company's own words."""

import pytest

from app.plan.phrases import DEFAULTS
from routing.actions import Phrase
from tests import cast
from tests.api import API, fault
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_every_phrase_can_be_worded_anew_and_reset(office: Office) -> None:
    texts = (await office.api.get(f"{API}/texts")).json()["items"]
    assert len(texts) == len(Phrase) * 4
    assert not any(one["own"] for one in texts)
    path = f"{API}/texts/unknown_line/en"
    worded = (await office.api.put(path, json={"text": "Nobody here."})).json()
    assert (worded["text"], worded["own"]) == ("Nobody here.", True)
    assert "Nobody here." in (await office.webhook("/twilio/voice", cast.UMA, "+33199009876")).text
    assert (await office.api.put(path, json={"text": "Still nobody."})).json()["text"] == "Still nobody."
    for _ in range(2):
        assert (await office.api.delete(path)).status_code == 204
    reset = (await office.api.get(path)).json()
    assert (reset["text"], reset["own"]) == (DEFAULTS[Phrase.UNKNOWN_LINE]["en"], False)
    for wrong in ("nonsense/fr", "closed/xx"):
        assert (await office.api.put(f"{API}/texts/{wrong}", json={"text": "x"})).status_code == 404
    assert fault(await office.api.put(path, json={"text": " "})) == (422, "unprocessable", "text")
    literal = await office.api.put(path, json={"text": "You are {number}."})
    assert fault(literal) == (422, "unprocessable", "text"), "callers would hear the braces"


async def test_only_what_a_phrase_has_a_place_for_is_put_into_it(office: Office) -> None:
    path = f"{API}/texts/place/en"
    assert (await office.api.put(path, json={"text": "You are {place} { here."})).status_code == 200
    refused = await office.api.put(path, json={"text": "You are {number} of {place}."})
    assert fault(refused) == (422, "unprocessable", "text")
    assert "{number}" in refused.json()["detail"]
    assert "{place}" in refused.json()["detail"]
