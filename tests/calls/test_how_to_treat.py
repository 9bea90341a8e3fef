"""What the card says to do, and the facts that are worth a second look."""

import html
import re

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert(1)</script>"


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


async def card(office: Office, caller: str, *, caller_name: str | None = None, attestation: str | None = None) -> str:
    """The panel while ``caller`` waits."""
    call = await office.phones.place_call(caller, cast.LINE, caller_name=caller_name, attestation=attestation)
    await office.phones.let_pass(2)
    await office.settled()
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get("/")).text
    await call.hang_up()
    return page


async def test_a_category_says_what_to_do(office: Office) -> None:
    steps = {"en": [{"title": "State it", "text": HOSTILE}, {"title": "Propose"}], "fr": [{"title": "Dire"}]}
    script = await made(office, "scripts", name="Late", steps=steps)
    field = await made(office, "client-fields", name="Contract")
    await made(
        office, "categories", name="Late payers", word="Prepayment only", colour="red", script_id=script["id"],
        required_treatment="Payment first.", guidance={"opening": "Kindly.", "avoid": HOSTILE, "offer": "A link."},
    )  # fmt: skip
    await made(
        office, "clients", name="Clara", numbers=[cast.CLARA], category="Late payers", tags=[HOSTILE[:35]],
        responsible_operator_id=office.nina, fields={"Contract": HOSTILE}, card_number="4410",
    )  # fmt: skip
    page = await card(office, cast.CLARA)
    assert HOSTILE not in page
    assert 'class="category to-do red"' in page
    told = text_of(page)
    for said in (
        "Category Late payers: Prepayment only", "Required — Payment first.", "Open with Kindly.", "May be offered A link.",
        "State it", "Propose", "Responsible Nina", "Card number 4410", "Contract", "Guidance and script G",
    ):  # fmt: skip
        assert said in told, said
    assert "Dire" not in told, "the steps are in the reader's language"
    assert field["id"] not in told


async def test_a_category_without_a_word_is_named(office: Office) -> None:
    await made(office, "categories", name="Regulars")
    await made(office, "clients", name="Clara", numbers=[cast.CLARA], category="Regulars", company="Acme")
    told = text_of(await card(office, cast.CLARA))
    assert "Category: Regulars" in told
    assert "To check" not in told
    assert "Guidance" not in told.split("Guidance and script for this client")[0]


@pytest.mark.parametrize(
    ("client", "caller", "more", "fact"),
    [
        (None, "anonymous", {}, "No number is shown."),
        ({"company": "Acme"}, cast.CLARA, {"attestation": "failed"}, "The network could not confirm the number."),
        (
            {"company": "Acme", "numbers": [cast.CLARA, "+34912345678"]}, cast.CLARA, {},
            "The number is of another country than the card's.",
        ),
        ({"company": "Acme"}, cast.CLARA, {"caller_name": "PETER LIND"}, "The network shows the name “PETER LIND”."),
        ({}, cast.CLARA, {}, "The card has a name and a number, nothing else."),
    ],
)  # fmt: skip
async def test_facts_are_told_with_what_to_do(
    office: Office, client: dict[str, object] | None, caller: str, more: dict[str, str], fact: str
) -> None:
    if client is not None:
        body = {"name": "Clara Martin", "numbers": [cast.CLARA]} | client
        assert (await office.api.post(f"{API}/clients", json=body)).status_code == 201
    told = text_of(await card(office, caller, **more))
    assert fact in told, told


async def test_several_people_on_one_number_are_asked_for(office: Office) -> None:
    for name in ("Clara", "Uma"):
        await made(office, "clients", name=name, company="Acme", numbers=[{"number": cast.CLARA, "shared": True}])
    told = text_of(await card(office, cast.CLARA))
    assert "Several people use this number. Ask who is speaking, and choose below." in told


async def test_an_extension_of_a_company_is_a_guess(office: Office) -> None:
    await made(office, "clients", name="Acme", kind="company", numbers=[{"number": "+33199004400", "shared": True}])
    await made(office, "clients", name="Uma", numbers=["+33199004401"])
    told = text_of(await card(office, "+33199004477"))
    assert "Another extension of Acme? The card has +33 1 99 00 44 00." in told


async def test_a_person_has_no_extensions(office: Office) -> None:
    await made(office, "clients", name="Uma", numbers=["+33199004401"])
    assert "extension" not in text_of(await card(office, "+33199004477"))
