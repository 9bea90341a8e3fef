"""The static document: what callers get when the service cannot be reached, and the warning when it no longer fits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from app.auth.roles import Role
from app.company.fallback_exports import fallback_state
from app.plan.phrases import DEFAULTS
from models import LineRecord, OperatorRecord
from routing.actions import Phrase
from simulator import ConnectedTo, PhoneCompany, Said
from tests import cast
from tests.api import API, client, fault, made, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
APOLOGY, PLEASE_HOLD = DEFAULTS[Phrase.APOLOGY]["fr"], DEFAULTS[Phrase.PLEASE_HOLD]["fr"]
HOURS = "Nos horaires d'ouverture sont : du lundi au vendredi de 9 h à 18 h."


async def shown(office: Office, **query: str) -> dict[str, Any]:
    answer = await office.api.get(f"{API}/fallback", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def export(office: Office) -> dict[str, Any]:
    answer = await office.api.post(f"{API}/fallback/exports", json={})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@asynccontextmanager
async def served_by_the_provider_alone(office: Office) -> AsyncIterator[PhoneCompany]:
    """A telephone company that knows nothing but the exported document, as a TwiML Bin does."""
    document = (await shown(office))["document"]

    async def bin_(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/xml")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": document.encode()})

    transport = httpx.ASGITransport(bin_)
    async with PhoneCompany(
        cast.BASE_URL, cast.ACCOUNT_SID, cast.AUTH_TOKEN, clock=office.clock, transport=transport
    ) as company:
        yield company


async def test_it_rings_the_management_first_and_apologises_when_nobody_answers(office: Office) -> None:
    await office.add_operator()
    await office.add_manager("client:director", name="Dora", position=0)
    await office.add_manager(position=1, ring_seconds=25)
    await office.keep_hours()
    async with served_by_the_provider_alone(office) as phones:
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.ended()
        assert call.errors == []
        assert [leg.party.address for leg in call.legs] == [cast.MARTIN]
        assert [one.text for one in call.heard if isinstance(one, Said)] == [PLEASE_HOLD, APOLOGY, HOURS]


async def test_the_management_answers(office: Office) -> None:
    await office.add_manager()
    async with served_by_the_provider_alone(office) as phones:
        phones.phone(cast.MARTIN).answers_after(5).talks_for(60)
        call = await phones.place_call("anonymous", cast.LINE)
        await call.ended()
        assert call.errors == [], "a caller without a number is put through too: the line's is shown"
        assert any(isinstance(one, ConnectedTo) for one in call.heard)


async def test_without_management_the_first_operator_with_a_telephone_is_rung(office: Office) -> None:
    await office.add_operator(cast.OSCAR, name="Oscar", position=0)
    await office.add_operator(position=1, available=False)
    assert f"<Number>{cast.OLGA}</Number>" in (await shown(office))["document"]


async def test_with_nobody_to_ring_it_apologises_and_tells_the_hours(office: Office) -> None:
    await office.keep_hours()
    await office.add_operator(cast.OSCAR, name="Oscar")
    async with served_by_the_provider_alone(office) as phones:
        call = await phones.place_call(cast.UMA, cast.LINE)
        await call.ended()
        assert call.errors == []
        assert [one.text for one in call.heard if isinstance(one, Said)] == [APOLOGY, HOURS]
        assert call.legs == []


async def test_a_line_without_hours_tells_none(office: Office) -> None:
    assert "horaires" not in (await shown(office))["document"]


async def test_it_knows_neither_vips_nor_blacklisted_callers(office: Office) -> None:
    before = (await shown(office))["document"]
    await office.add_vip()
    await office.add_blacklisted()
    assert (await shown(office))["document"] == before


async def test_it_is_out_of_date_until_it_is_exported_and_again_after_a_change(office: Office) -> None:
    await office.keep_hours()
    manager = await office.add_manager()
    never = await shown(office)
    assert (never["exported_at"], never["out_of_date"], never["why"]) == (None, True, ["never exported"])
    done = await export(office)
    assert (done["exported_by"], done["out_of_date"], done["why"]) == ("key:setup", False, [])
    assert await shown(office) == done

    async with office.edit() as edit:
        record = await edit.session.get_one(OperatorRecord, {"tenant_id": office.company.tenant, "id": manager["id"]})
        record.address = cast.OLGA
        await edit.record_changed(record, None)
    assert (await shown(office))["why"] == ["the number to ring changed"]
    await office.change_line(hours_id=None, language="en")
    why = set((await shown(office))["why"])
    assert why == {
        "the line's language changed", "the “please hold” text changed", "the number to ring changed",
        "the apology changed", "the opening hours changed",
    }  # fmt: skip
    assert (await export(office))["why"] == []


async def test_own_words_count(office: Office) -> None:
    await export(office)
    await office.api.put(f"{API}/texts/apology/fr", json={"text": "Désolés."})
    now = await shown(office)
    assert now["why"] == ["the apology changed"]
    assert "Désolés." in now["document"]


async def test_changes_that_it_does_not_say_do_not_make_it_old(office: Office) -> None:
    await office.add_manager()
    await export(office)
    await office.add_vip()
    await office.add_operator(position=9)
    assert (await shown(office))["out_of_date"] is False


async def test_every_line_has_its_own(office: Office) -> None:
    second = await made(office, "lines", number=cast.SECOND_LINE, label="Second", language="en")
    await export(office)
    for name in (second["id"], cast.SECOND_LINE, "01 99 00 20 00"):
        other = await shown(office, line=name)
        assert (other["line"], other["why"]) == (cast.SECOND_LINE, ["never exported"])
        assert 'language="en-US"' in other["document"]
    assert (await shown(office))["line"] == cast.LINE
    unknown = await office.api.get(f"{API}/fallback", params={"line": "+33199009999"})
    assert fault(unknown) == (422, "unprocessable", "line")


async def test_another_companys_line_is_no_line_of_ours(office: Office) -> None:
    async with neighbour(office) as (nina, theirs):
        for name in (office.company.line_id, cast.LINE):
            assert (await nina.get(f"{API}/fallback", params={"line": name})).status_code == 422
            assert (await nina.post(f"{API}/fallback/exports", json={"line": name})).status_code == 422
        assert (await nina.get(f"{API}/fallback")).json()["line"] == theirs.line
    assert (await shown(office))["exported_at"] is None


async def test_a_company_without_a_line_is_told_so(office: Office) -> None:
    async with office.edit() as edit:
        key = {"tenant_id": office.company.tenant, "id": office.company.line_id}
        await edit.record_deleted(await edit.session.get_one(LineRecord, key))
    assert (await office.api.get(f"{API}/fallback")).status_code == 404


async def test_an_export_is_in_the_audit_trail(office: Office) -> None:
    done = await export(office)
    audit = (await office.api.get(f"{API}/audit", params={"subject": "fallback_export"})).json()["items"]
    assert [(one["act"], one["after"]) for one in audit] == [
        ("export", {"line": cast.LINE, "fingerprint": done["fingerprint"]})
    ]


async def test_hostile_names_and_words_cannot_get_out_of_their_place(office: Office) -> None:
    await office.add_manager(name='"/><Redirect>http://evil.example/</Redirect>')
    await office.api.put(f"{API}/texts/apology/fr", json={"text": "]]></Say><Dial>+882130000000</Dial><Say>"})
    async with office.board.sessions() as session:
        document = (await fallback_state(session, office.company.tenant, None)).document
    assert document.count("<Dial") == 1
    assert "<Redirect" not in document


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
async def test_only_admins_see_the_page_and_the_warning(office: Office, role: Role) -> None:
    async with signed_in(office, role) as browser:
        assert (await browser.get("/settings/fallback")).status_code == 403
        assert (await browser.post("/settings/fallback/file", data={"line": cast.LINE})).status_code == 403
        assert (await browser.post("/settings/fallback/exports", data={"line": cast.LINE})).status_code == 403
        assert "settings/fallback" not in (await browser.get("/")).text
    async with client(office) as stranger:
        assert (await stranger.get("/settings/fallback")).status_code == 303
    assert (await shown(office))["exported_at"] is None


async def test_an_admin_is_warned_downloads_it_and_is_warned_no_more(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        assert "was never entered in the provider" in (await adam.get("/")).text
        page = await adam.get("/settings/fallback")
        assert "Never exported" in page.text
        file = await adam.post("/settings/fallback/file", data={"line": office.company.line_id})
        assert file.text == (await shown(office))["document"]
        assert file.headers["Content-Disposition"] == 'attachment; filename="fallback-33199001000.xml"'
        assert "settings/fallback" not in (await adam.get("/")).text.replace('/settings/fallback">Fallback', "")
        await office.change_line(language="en")
        assert "is out of date" in (await adam.get("/")).text
        assert "Out of date: the line" in (await adam.get("/settings/fallback")).text
