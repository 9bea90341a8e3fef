"""What tests of look-ups do."""

from typing import Any

import httpx

from app.base.one_of_all import OneOfAll
from app.look_ups.ask import Asker
from app.look_ups.ask_callers import AskLookUps
from tests import cast
from tests.api import API
from tests.look_ups.program import Program
from tests.office import Office

PATH = f"{API}/look-ups"


def allow_private(office: Office) -> Office:
    """From now on programs on this machine may be asked."""
    office.board.settings = office.board.settings.model_copy(update={"allow_private_targets": True})
    return office


def worker(office: Office) -> AskLookUps:
    """One that has the turn."""
    asker = Asker(office.board.secret_box, allow_private=office.board.settings.allow_private_targets)
    return AskLookUps(office.board, OneOfAll(office.database_url, 9), asker)


async def ask_all(office: Office, by: AskLookUps | None = None) -> None:
    """Until everybody who calls now was asked about."""
    await office.settled()
    by = by or worker(office)
    await by.round()
    await by.settled()
    await office.settled()


async def look_up(
    office: Office, program: Program, api: httpx.AsyncClient | None = None, **fields: Any
) -> dict[str, Any]:
    """A new one; ``secret`` is in it."""
    answer = await (api or office.api).post(PATH, json={"url": program.url} | fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def calling(office: Office, number: str = cast.CLARA, **parameters: Any) -> str:
    """Somebody calls and waits; the call's id."""
    call = await office.phones.place_call(number, cast.LINE, **parameters)
    await office.phones.settle()
    await office.settled()
    return call.sid


async def looked_up(office: Office, call_id: str) -> list[dict[str, str]]:
    """What the card of a call has by look-ups."""
    answer = await office.api.get(f"{API}/calls/{call_id}/fields")
    fields: list[dict[str, str]] = answer.json()["looked_up"]
    return fields


async def state(office: Office, made: dict[str, Any]) -> dict[str, Any]:
    """The look-up as the API shows it now."""
    shown: dict[str, Any] = (await office.api.get(f"{PATH}/{made['id']}")).json()
    return shown


async def drawn(person: httpx.AsyncClient) -> str:
    """The cards as a person's panel has them."""
    return "".join(one["html"] for one in (await person.get("/events/state")).json()["cards"])
