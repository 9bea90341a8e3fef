"""Labels on people get a suggestion, and words that only contain one do not."""

import pytest

from app.auth.roles import Role
from app.words.gentle_words import gentler_words
from tests.api import made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("text", ["A Liar.", "un client difficile", "Es MENTIROSO", "опять хам!"])
def test_a_label_is_named(text: str) -> None:
    assert gentler_words(["", text])


@pytest.mark.parametrize("text", ["", "familiar", "fourni", "хамам", "Prepayment only", "Crudeness is a colour"])
def test_other_words_are_left_alone(text: str) -> None:
    assert gentler_words([text]) == ""


async def test_it_is_suggested_and_never_refused(office: Office) -> None:
    category = await made(office, "categories", name="Troublemaker")
    client = await made(office, "clients", name="Clara", about="Rude last time.")
    async with signed_in(office, Role.ADMIN) as adam:
        for path in (f"/settings/categories/{category['id']}", f"/clients/{client['id']}"):
            assert "says what somebody is like" in (await adam.get(path)).text
