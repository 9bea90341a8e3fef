"""``/callbacks``: what scripts do with them, and calling from here."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from app.auth.roles import Role
from app.providers.addresses import Addresses
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.telephone import OwnNumber, ReportedCall
from routing.step import OWNER, Step, owner_of
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


class Rings:
    """A telephone that does what it is told, or fails as it is told."""

    def __init__(self, wrong: Fault | None = None) -> None:
        self.rung: list[tuple[str, str, Step]] = []
        self.wrong = wrong

    async def ring(self, to: str, shown: str, step: Step, seconds: int) -> str:
        if self.wrong is not None:
            raise TelephoneFault(self.wrong)
        self.rung.append((to, shown, step))
        return "CA" + "9" * 32

    async def go_on_at(self, call_id: str, step: Step) -> None:
        raise NotImplementedError

    async def hang_up(self, call_id: str) -> None:
        raise NotImplementedError

    async def look(self) -> None:
        raise NotImplementedError

    async def recording(self, recording: str) -> AsyncIterator[bytes]:
        raise NotImplementedError
        yield b""

    records = False

    async def recordings_of(self, call_id: str) -> list[str]:
        raise NotImplementedError

    async def is_over(self, call_id: str) -> bool:
        raise NotImplementedError

    async def numbers(self) -> AsyncIterator[OwnNumber]:
        raise NotImplementedError
        yield

    async def number(self, number_id: str) -> OwnNumber:
        raise NotImplementedError

    async def point_here(self, number_id: str) -> None:
        raise NotImplementedError

    async def calls(self, since: datetime, until: datetime) -> AsyncIterator[ReportedCall]:
        raise NotImplementedError
        yield


def with_telephone(office: Office, wrong: Fault | None = None) -> Rings:
    telephone = Rings(wrong)
    office.board.telephones.makers = {"twilio": lambda tenant_id, keys, means: telephone}
    office.board.telephones._made.clear()
    return telephone


async def step_asked(office: Office, telephone: Rings, step: Step, **parameters: str) -> str:
    """The provider asks at ``step`` in the call that was made; the document that it gets."""
    board, call = office.board, "CA" + "9" * 32
    url = Addresses(cast.BASE_URL, "twilio", board.step_key).step(step)
    url = url.replace(OWNER, owner_of(office.company.tenant, call, board.step_key))
    answer = await office.webhook(url, cast.LINE, cast.OLGA, CallSid=call, Direction="outbound-api", **parameters)
    assert answer.status_code == 200
    return answer.text


async def only(office: Office, **query: str) -> dict[str, Any]:
    (item,) = (await office.api.get(f"{API}/callbacks", params=query)).json()["items"]
    assert isinstance(item, dict)
    return item


async def test_one_number_has_one_open_callback(office: Office) -> None:
    first = await made(office, "callbacks", number="06 39 98 00 03", note="Quote for 40 chairs")
    assert (first["number"], first["reason"], first["state"], first["attempts"]) == (cast.UMA, "promised", "open", 0)
    again = await office.api.post(f"{API}/callbacks", json={"number": cast.UMA})
    assert fault(again) == (409, "conflict", "number")
    closed = await office.api.patch(f"{API}/callbacks/{first['id']}", json={"state": "done"})
    assert closed.json()["closed_by"].startswith("key:")
    second = await made(office, "callbacks", number=cast.UMA)
    back = await office.api.patch(f"{API}/callbacks/{first['id']}", json={"state": "open"})
    assert fault(back)[:2] == (409, "conflict")
    assert (await only(office, state="open"))["id"] == second["id"]
    assert (await only(office, state="done"))["id"] == first["id"]


@pytest.mark.parametrize(("field", "value"), [("queue_id", "nowhere"), ("client_id", "nobody"), ("number", cast.LINE)])
async def test_what_a_callback_names_is_there_and_is_no_line_of_ours(office: Office, field: str, value: str) -> None:
    wrong = await office.api.post(f"{API}/callbacks", json={"number": cast.UMA, field: value})
    assert fault(wrong) == (422, "unprocessable", field)
    assert (await office.api.get(f"{API}/callbacks")).json()["items"] == []
    clara = await office.add_client()
    known = {"queue_id": office.company.queue_id, "client_id": clara["id"]}
    made_one = await made(office, "callbacks", number=cast.UMA, **known)
    assert made_one.items() >= known.items()


async def test_an_owner_is_an_operator(office: Office) -> None:
    olga = await office.add_operator()
    made_one = await made(office, "callbacks", number=cast.UMA)
    wrong = await office.api.patch(f"{API}/callbacks/{made_one['id']}", json={"owner_id": "nobody"})
    assert fault(wrong) == (422, "unprocessable", "owner_id")
    right = await office.api.patch(f"{API}/callbacks/{made_one['id']}", json={"owner_id": olga["id"]})
    assert (right.json()["owner_id"], right.json()["taken_by"] is not None) == (olga["id"], True)
    assert (await only(office, owner_id=olga["id"]))["id"] == made_one["id"]


async def test_calling_rings_the_owner_then_the_number_and_is_done_when_they_answer(office: Office) -> None:
    olga = await office.add_operator()
    item = await made(office, "callbacks", number=cast.UMA, owner_id=olga["id"])
    office.board.telephones.makers = {}
    without = await office.api.post(f"{API}/callbacks/{item['id']}/call")
    assert fault(without)[:2] == (409, "conflict"), "no key for the provider's API"
    telephone = with_telephone(office)
    rung = await office.api.post(f"{API}/callbacks/{item['id']}/call")
    assert (rung.status_code, rung.json()["attempts"]) == (202, 1)
    ((to, shown, step),) = telephone.rung
    assert (to, shown) == (cast.OLGA, cast.LINE)
    document = await step_asked(office, telephone, step, CallStatus="in-progress")
    assert f">{cast.UMA}</Number>" in document
    assert f'callerId="{cast.LINE}"' in document
    then = Step(**{name: getattr(step, name) for name in Step.__slots__} | {"kind": type(step.kind)("called-back")})
    await step_asked(office, telephone, then, CallStatus="in-progress", DialCallStatus="no-answer", DialBridged="false")
    await office.settled()
    assert (await only(office))["state"] == "open", "nobody answered"
    await step_asked(office, telephone, then, CallStatus="in-progress", DialCallStatus="completed", DialBridged="true")
    await office.settled()
    done = await only(office)
    assert (done["state"], done["closed_by"], done["attempts"]) == ("done", "call", 1)


async def test_a_voicemail_of_the_owner_calls_nobody(office: Office) -> None:
    olga = await office.add_operator(confirm=True)
    item = await made(office, "callbacks", number=cast.UMA, owner_id=olga["id"])
    telephone = with_telephone(office)
    await office.api.post(f"{API}/callbacks/{item['id']}/call")
    ((_, _, step),) = telephone.rung
    asked = await step_asked(office, telephone, step, CallStatus="in-progress")
    assert "<Gather" in asked
    assert cast.UMA not in asked
    confirmed = Step(**{name: getattr(step, name) for name in Step.__slots__} | {"count": step.count + 1})
    assert cast.UMA not in await step_asked(office, telephone, confirmed, CallStatus="in-progress", Digits="5")
    assert cast.UMA in await step_asked(office, telephone, confirmed, CallStatus="in-progress", Digits="1")


async def test_nobody_blacklisted_and_nothing_costly_is_called_back(office: Office) -> None:
    olga = await office.add_operator()
    boris = await made(office, "callbacks", number=cast.BORIS, owner_id=olga["id"])
    costly = await made(office, "callbacks", number="+33899000001", owner_id=olga["id"])
    abroad = await made(office, "callbacks", number="+442079460018", owner_id=olga["id"])
    telephone = with_telephone(office)
    await office.api.post(f"{API}/callbacks/{boris['id']}/call")
    ((_, _, step),) = telephone.rung
    await office.add_blacklisted()
    assert cast.BORIS not in await step_asked(office, telephone, step, CallStatus="in-progress"), "blocked meanwhile"
    for item in (boris, costly, abroad):
        refused = await office.api.post(f"{API}/callbacks/{item['id']}/call")
        assert fault(refused)[:2] == (409, "conflict")
    assert len(telephone.rung) == 1


@pytest.mark.parametrize(("wrong", "status"), [(Fault.UNREACHABLE, 503), (Fault.TOO_MANY, 503), (Fault.REFUSED, 409)])
async def test_what_the_provider_does_not_do_is_told_and_counts_as_no_attempt(
    office: Office, wrong: Fault, status: int
) -> None:
    olga = await office.add_operator()
    item = await made(office, "callbacks", number=cast.UMA, owner_id=olga["id"])
    with_telephone(office, wrong)
    refused = await office.api.post(f"{API}/callbacks/{item['id']}/call")
    assert fault(refused)[0] == status
    assert (await only(office))["attempts"] == 0


async def test_operators_do_all_of_it_and_others_companies_find_nothing(office: Office) -> None:
    item = await made(office, "callbacks", number=cast.UMA)
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.patch(f"{API}/callbacks/{item['id']}", json={"note": "Later"})).status_code == 200
        assert (await olga.get(f"{API}/callbacks/nobody")).status_code == 404
