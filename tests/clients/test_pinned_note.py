"""The pinned note is as long in the API as in the form and on the card, and an older one that is longer stands in nobody's
way."""

import pytest

from app.auth.roles import Role
from app.base import limits
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.clients.test_clients import client_of, form_of
from tests.office import Office

pytestmark = pytest.mark.anyio

LONGEST, TOO_LONG = "x" * limits.PINNED_NOTE, "x" * (limits.PINNED_NOTE + 1)


async def test_the_api_the_form_and_the_card_refuse_the_same(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    await office.webhook("/twilio/voice", cast.CLARA, CallSid="CA" + "1" * 32)
    await office.settled()
    path = f"{API}/clients/{clara['id']}"
    assert fault(await office.api.patch(path, json={"pinned_note": TOO_LONG})) == (422, "unprocessable", "pinned_note")
    async with signed_in(office, Role.OPERATOR) as olga:
        form = await olga.post(f"/clients/{clara['id']}/edit", data=form_of(clara, pinned_note=TOO_LONG))
        assert form.status_code == 422
        assert f"At most {limits.PINNED_NOTE} characters" in form.text
        card = f"/calls/CA{'1' * 32}/pin"
        assert (await olga.post(card, data={"pinned_note": TOO_LONG})).status_code == 422
        assert (await olga.post(card, data={"pinned_note": LONGEST})).status_code == 200
        assert (await client_of(office, clara["id"]))["pinned_note"] == LONGEST
        page = (await olga.get(f"/clients/{clara['id']}/edit")).text
        assert f'maxlength="{limits.PINNED_NOTE}"' in page


async def test_an_older_note_that_is_longer_stays_until_it_is_changed(office: Office) -> None:
    row = await office.add_client(pinned_note="x" * 150)
    path = f"{API}/clients/{row['id']}"
    clara = (await office.api.patch(path, json={"about": "Wants chairs."})).json()
    assert clara["pinned_note"] == "x" * 150
    async with signed_in(office, Role.OPERATOR) as olga:
        saved = await olga.post(f"/clients/{clara['id']}/edit", data=form_of(clara, about="Wants tables."))
        assert saved.status_code == 303
    assert (await office.api.get(path)).json()["about"] == "Wants tables."
