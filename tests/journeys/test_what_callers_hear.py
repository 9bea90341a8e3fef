"""Texts in four languages, chosen by line and client, each editable; a person is spoken to in their language."""

import pytest

from models import CategoryRule, PhraseRecord
from routing.actions import Phrase
from routing.phrases import DEFAULTS
from simulator import Said
from tests import cast
from tests.house import House

pytestmark = pytest.mark.anyio

VOICES = {"en": "en-US", "es": "es-ES", "fr": "fr-FR", "ru": "ru-RU"}


@pytest.mark.parametrize("language", sorted(VOICES))
async def test_a_closed_line_speaks_its_language(house: House, language: str) -> None:
    await house.keep_hours(sunday=["09:00-10:00"])
    await house.change_line(language=language)
    call = await house.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    [said] = [event for event in call.heard if isinstance(event, Said)]
    assert (said.text, said.language) == (DEFAULTS[Phrase.CLOSED][language], VOICES[language])


async def test_a_client_is_spoken_to_in_their_own_language(house: House) -> None:
    await house.add_client(cast.CLARA, language="ru")
    await house.keep_hours(sunday=["09:00-10:00"])
    call = await house.phones.place_call(cast.CLARA, cast.LINE)
    await call.ended()
    assert DEFAULTS[Phrase.CLOSED]["ru"] in call.said()


async def test_a_company_writes_its_own_words(house: House) -> None:
    await house.add(PhraseRecord(phrase="closed", language="fr", text="Revenez lundi <demain> & après."))
    await house.keep_hours(sunday=["09:00-10:00"])
    call = await house.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert "Revenez lundi <demain> & après." in call.said()


async def test_a_category_has_its_own_queue_and_greeting(house: House) -> None:
    orders = await house.add_queue("Commandes")
    await house.add_operator(queue_ids=[orders["id"]])
    category = await house.add(
        CategoryRule(name="Revendeur", queue_id=orders["id"], priority=50, greeting="Ravis de vous entendre.")
    )
    await house.add_client(cast.CLARA, category_id=category["id"])
    house.phones.phone(cast.OLGA).answers_after(2).talks_for(5)
    call = await house.phones.place_call(cast.CLARA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
    assert "Ravis de vous entendre." in call.said()


async def test_a_menu_may_have_any_depth(house: House) -> None:
    await house.add_operator()
    deep = {"kind": "queue", "id": house.company.queue_id}
    for depth in range(5):
        menu = await house.add_menu(f"Niveau {depth}", {"1": deep, "*": {"kind": "repeat"}})
        deep = {"kind": "menu", "id": menu["id"]}
    await house.change_line(menu_id=deep["id"])
    house.phones.phone(cast.OLGA).answers_after(2).talks_for(5)
    call = await house.phones.place_call(cast.UMA, cast.LINE)
    call.plan_to_press(["*", "7", "1", "1", "1", "1", "1"])
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
    await house.settled()
