"""Somebody is rung, speaks after the tone, and what they said is a recording that callers hear."""

from typing import Any

import pytest

from app.auth.roles import Role
from app.company.fetch_dictations import fetch_dictations
from simulator import Said
from tests import cast
from tests.api import API, fault, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
WELCOME = {"name": "Welcome", "language": "fr", "text": "Bonjour, vous êtes chez Maison Vera."}


async def begun(office: Office, **whom: str) -> dict[str, Any]:
    answer = await office.api.post(f"{API}/audio/record", json=WELCOME | whom)
    assert answer.status_code == 202, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def looked_for(office: Office, dictation: dict[str, Any]) -> dict[str, Any]:
    """As it stands once it has been looked for during a minute."""
    for _ in range(6):
        await office.phones.let_pass(10)
        await fetch_dictations(office.board)
    answer = await office.api.get(f"{API}/audio/record/{dictation['id']}")
    body: dict[str, Any] = answer.json()
    return body


async def test_an_operator_says_a_greeting_and_callers_hear_it(office: Office) -> None:
    olga = await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(4).talks_for(60)
    dictation = await begun(office, operator_id=olga["id"])
    assert (dictation["state"], dictation["audio_id"]) == ("waiting", None)
    made = await looked_for(office, dictation)
    assert (made["state"], made["why"]) == ("stored", None), made
    (placed,) = [one for one in office.phones.calls.values() if one.direction == "outbound-api"]
    said = " ".join(one.text for one in placed.heard if isinstance(one, Said))
    assert "Parlez après le signal" in said
    assert not placed.errors
    sound = await office.api.get(f"{API}/audio/{made['audio_id']}/audio")
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF")
    await office.settled()
    assert (await office.api.get(f"{API}/calls")).json()["items"] == [], "it is no call of the log"
    await office.change_line(greeting=f"audio:{made['audio_id']}")
    assert "<Play>" in (await office.webhook("/twilio/voice", cast.UMA)).text
    assert len((await office.api.get(f"{API}/audio")).json()["items"]) == 1


async def test_nobody_picks_up_and_that_is_said(office: Office) -> None:
    office.phones.phone(cast.OLGA).never_answers()
    failed = await looked_for(office, await begun(office, to="06 39 98 00 01"))
    assert failed["state"] == "failed"
    assert "Nobody picked up" in failed["why"]
    assert (await office.api.get(f"{API}/audio")).json()["items"] == []


async def test_what_cannot_be_is_refused_before_anybody_is_rung(office: Office) -> None:
    async def refused(**fields: str) -> tuple[int, str, str | None]:
        told = fault(await office.api.post(f"{API}/audio/record", json=WELCOME | fields))
        return told[0], told[1], told[2]

    assert (await refused(to="+33899000000"))[0] == 422
    assert (await refused(to="nobody"))[0] == 422
    assert (await refused())[0] == 422
    assert (await refused(operator_id="01kfx3v9q2abcdefghjk"))[0] == 422
    assert (await refused(to=cast.OLGA, text=" "))[0] == 422
    office.phones.trouble.away = True
    assert (await refused(to=cast.OLGA))[0] == 503
    office.phones.trouble.away = False
    assert office.phones.calls == {}
    async with neighbour(office) as (api, _):
        dictation = await begun(office, to=cast.OLGA)
        assert (await api.get(f"{API}/audio/record/{dictation['id']}")).status_code == 404


async def test_it_is_stored_once_and_a_taken_name_loses_nothing(office: Office) -> None:
    for telephone in (cast.OLGA, cast.MARTIN):
        office.phones.phone(telephone).answers_after(1).talks_for(60)
    first, second = await begun(office, to=cast.OLGA), await begun(office, to=cast.MARTIN)
    one, other = await looked_for(office, first), await looked_for(office, second)
    assert (one["state"], other["state"]) == ("stored", "stored")
    names = [row["name"] for row in (await office.api.get(f"{API}/audio")).json()["items"]]
    assert len(names) == len(set(names)) == 2
    assert fault(await office.api.post(f"{API}/audio/record", json=WELCOME | {"to": cast.OLGA}))[0] == 409


async def test_by_page(office: Office) -> None:
    olga = await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(60)
    async with signed_in(office, Role.ADMIN) as adam:
        assert "/settings/audio/record" in (await adam.get("/settings/audio")).text
        wrong = await adam.post("/settings/audio/record", data=WELCOME | {"to": "12"})
        assert (wrong.status_code, 'id="to-fault"' in wrong.text, "Maison Vera" in wrong.text) == (422, True, True)
        done = await adam.post("/settings/audio/record", data=WELCOME | {"to": "", "operator_id": olga["id"]})
        here = done.headers["location"]
        assert "The telephone rings" in (await adam.get(here)).text
        for _ in range(6):
            await office.phones.let_pass(10)
            await fetch_dictations(office.board)
        assert "The recording is here" in (await adam.get(here)).text
        assert (await adam.get("/settings/audio/record/nobody")).status_code == 404
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.post("/settings/audio/record", data=WELCOME)).status_code == 403
