"""Texts in four languages, chosen by line and client, each editable; a person is spoken to in their language."""

import pytest

from app.plan.phrases import DEFAULTS
from models import CategoryRule, PhraseRecord
from routing.actions import Phrase
from simulator import Said
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio

VOICES = {"en": "en-US", "es": "es-ES", "fr": "fr-FR", "ru": "ru-RU"}


@pytest.mark.parametrize("language", sorted(VOICES))
async def test_a_closed_line_speaks_its_language(office: Office, language: str) -> None:
    await office.keep_hours(sunday=["09:00-10:00"])
    await office.change_line(language=language)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    [said] = [event for event in call.heard if isinstance(event, Said)]
    assert (said.text, said.language) == (DEFAULTS[Phrase.CLOSED][language], VOICES[language])


async def test_a_client_is_spoken_to_in_their_own_language(office: Office) -> None:
    await office.add_client(cast.CLARA, language="ru")
    await office.keep_hours(sunday=["09:00-10:00"])
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await call.ended()
    assert DEFAULTS[Phrase.CLOSED]["ru"] in call.said()


async def test_a_company_writes_its_own_words(office: Office) -> None:
    await office.add(PhraseRecord(phrase="closed", language="fr", text="Revenez lundi <demain> & après."))
    await office.keep_hours(sunday=["09:00-10:00"])
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert "Revenez lundi <demain> & après." in call.said()


async def test_what_a_company_writes_is_read_by_a_voice_of_its_language(office: Office) -> None:
    """The closed line's text is French and English; a Russian client hears the French by a French voice."""
    await office.change_line(closed_text="Nous sommes fermés.", closed_texts={"en": "We are closed."})
    await office.keep_hours(sunday=["09:00-10:00"])
    await office.add_client(cast.CLARA, language="ru")
    await office.add_client(cast.VERA, name="Vera", language="en")
    heard = []
    for caller in (cast.CLARA, cast.VERA):
        call = await office.phones.place_call(caller, cast.LINE)
        await call.ended()
        heard += [(event.text, event.language) for event in call.heard if isinstance(event, Said)]
    assert heard == [("Nous sommes fermés.", "fr-FR"), ("We are closed.", "en-US")]


async def test_a_category_has_its_own_queue_and_greeting(office: Office) -> None:
    orders = await office.add_queue("Commandes")
    await office.add_operator(queue_ids=[orders["id"]])
    category = await office.add(
        CategoryRule(name="Revendeur", queue_id=orders["id"], priority=50, greeting="Ravis de vous entendre.")
    )
    await office.add_client(cast.CLARA, category_id=category["id"])
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(5)
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
    assert "Ravis de vous entendre." in call.said()


async def test_a_menu_may_have_any_depth(office: Office) -> None:
    await office.add_operator()
    deep = {"kind": "queue", "id": office.company.queue_id}
    for depth in range(5):
        menu = await office.add_menu(f"Niveau {depth}", {"1": deep, "*": {"kind": "repeat"}})
        deep = {"kind": "menu", "id": menu["id"]}
    await office.change_line(menu_id=deep["id"])
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(5)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    call.plan_to_press(["*", "7", "1", "1", "1", "1", "1"])
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
    await office.settled()
