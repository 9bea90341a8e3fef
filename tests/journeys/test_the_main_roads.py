"""Whole calls through the telephone company: the four roads through the office."""

import pytest

from simulator import Prompt
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_vera_reaches_the_manager_without_a_word(office: Office) -> None:
    await office.add_manager()
    await office.add_vip()
    office.phones.phone(cast.MARTIN).answers_after(4).talks_for(60)
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.MARTIN
    assert call.said() == ""


async def test_boris_waits_until_he_gives_up_and_reaches_nobody(office: Office) -> None:
    await office.add_operator()
    await office.add_blacklisted()
    office.phones.phone(cast.OLGA).answers_after(1)
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await call.hang_up_after(900)
    assert call.errors == []
    assert call.connected_to is None


async def test_uma_reaches_the_operator_through_the_queue(office: Office) -> None:
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(30)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA


async def test_uma_presses_a_key_in_the_menu(office: Office) -> None:
    await office.add_operator()
    menu = await office.add_menu(
        "Accueil", {"1": {"kind": "queue", "id": office.company.queue_id, "label": "Commandes"}}
    )
    await office.change_line(menu_id=menu["id"])
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(30)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hears(Prompt)
    await call.press("1")
    await call.ended()
    assert call.errors == []
    assert call.connected_to == cast.OLGA
