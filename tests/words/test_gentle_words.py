"""Labels on people get a suggestion, and words that only contain one do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.roles import Role
from app.words.gentle_words import gentler_words
from tests import cast
from tests.api import API, made, signed_in
from tests.callbacks.test_notes import talked
from tests.office import Office

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "text",
    ["A Liar.", "un client difficile", "Es MENTIROSO", "опять хам!",
     "liars", "difficult clients", "Problem customer", "She is crazy", "He's really aggressive",
     "a crazy customer", "Stupid!",
     "Annoying", "Aggressive on the phone", "fraudsters", "bad payer",
     "menteuse", "des menteuses", "agressive", "folle", "Cliente folle", "elle est complètement folle", "mauvais payeur",
     "Mauvaise payeuse", "clientes difficiles", "client à problèmes", "radine", "escrocs", "une personne pénible",
     "agresiva", "Clienta agresiva", "mentirosa", "mentirosas", "está loca", "tacaña", "estafadora", "cliente pesado",
     "clientes difíciles", "mala pagadora",
     "проблемная", "проблемная клиентка", "мошенница", "мошенники", "агрессивная", "Она очень агрессивная", "жадная",
     "скандалистка", "дура", "хамка", "лгунья"],
)  # fmt: skip
def test_a_label_is_named(text: str) -> None:
    assert gentler_words(["", text])


@pytest.mark.parametrize(
    "text",
    ["", "familiar", "fourni", "хамам", "Prepayment only", "Crudeness is a colour",
     "a crazy deadline", "crazy about jazz", "aggressive pricing", "a stupid mistake of ours",
     "Asked about aggressive prices",
     "annoying noise in the line", "difficult delivery",
     "fou de design", "Cliente folle de design", "un prix fou", "une idée folle", "une politique agressive",
     "trajet pénible",
     "une question idiote", "Pénible",
     "paquete pesado: 80 kg", "Pesado: 80 kg", "precio loco", "loco por el diseño", "una campaña agresiva",
     "проблемная доставка", "агрессивная реклама", "психолог", "психи́ческий", "дурацкий", "жадность",
     "Client: a crazy deadline"],
)  # fmt: skip
def test_other_words_are_left_alone(text: str) -> None:
    assert gentler_words([text]) == ""


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(gentler_words([text, f"{text} loca {text}"]), str)


async def test_it_is_suggested_and_never_refused(office: Office) -> None:
    category = await made(office, "categories", name="Troublemaker")
    client = await made(office, "clients", name="Clara", about="Rude last time.")
    async with signed_in(office, Role.ADMIN) as adam:
        for path in (f"/settings/categories/{category['id']}", f"/clients/{client['id']}"):
            assert "says what somebody is like" in (await adam.get(path)).text


async def test_of_the_reasons_of_list_entries(office: Office) -> None:
    hint, calm = "data-gentler", "Hangs up after a minute"
    async with signed_in(office, Role.SUPERVISOR) as susan:
        form = {"lines": f"{cast.BORIS} Boris", "reason": "A liar <b>"}
        added = await susan.post("/lists/blacklist", data=form)
        page = (await susan.get(added.headers["Location"])).text
        assert "was added. It applies from the next call." in page
        assert "“liar” says what somebody is like" in page
        assert hint not in (await susan.get("/lists/blacklist")).text, "said once, to whoever wrote it"
        (entry,) = (await office.api.get(f"{API}/blacklist")).json()["items"]
        assert hint in (await susan.get(f"/lists/blacklist/{entry['id']}")).text
        await office.api.patch(f"{API}/blacklist/{entry['id']}", json={"reason": calm})
        assert hint not in (await susan.get(f"/lists/blacklist/{entry['id']}")).text


async def test_of_notes_about_calls_and_reasons_of_blocks(office: Office) -> None:
    olga, call = await talked(office)
    async with signed_in(office, Role.OPERATOR, olga) as browser:
        for fields in ({"note": "Rude again."}, {"note": "Rude again.", "outcome": "done"}):
            part = await browser.post(f"/calls/{call.sid}/after", data=fields)
            assert part.status_code == 200
            assert "“Rude” says what somebody is like" in part.text
        assert "data-gentler" not in (await browser.post(f"/calls/{call.sid}/after", data={"note": "Late."})).text
    await note_by(office, "An idiot.", call.sid)
    async with signed_in(office, Role.SUPERVISOR) as susan:
        assert "“idiot” says what" in (await susan.get(f"/calls/{call.sid}")).text
        block = {"reason": "Annoying", "label": "Uma"}
        done = await susan.post(f"/calls/{call.sid}/block", data=block, headers={"HX-Request": "true"})
        assert "is now blacklisted" in done.text
        assert "“Annoying” says what" in done.text


async def note_by(office: Office, text: str, call_id: str) -> None:
    noted = await office.api.post(f"{API}/calls/{call_id}/note", json={"text": text})
    assert noted.status_code == 204, noted.text
