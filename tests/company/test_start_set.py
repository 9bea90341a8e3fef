"""What a company begins with: categories that say what to do, and a script."""

import pytest

from app.base.language import LANGUAGES, speaking
from app.base.secrets_at_rest import SecretBox
from app.people.set_up_company import CompanyForm, set_up_company
from app.words.start_set_words import start_categories
from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("bare", [True, False])
async def test_a_new_company_has_the_start_set_unless_it_is_bare(office: Office, bare: bool) -> None:
    form = CompanyForm(
        "Second", "+33199002000", "FR", "Europe/Paris", "fr", "AC" + "d" * 32, "a-token-of-this-test", "s@example.org",
        bare=bare,
    )  # fmt: skip
    new = await set_up_company(office.board.sessions, SecretBox(b"a secret for tests"), form)
    await office.board.live_plan.catch_up()
    rows = office.board.live_plan.tenant(new.tenant).rows
    with speaking("fr"):
        wanted = [] if bare else [one.name for one in start_categories()]
    assert [row["name"] for row in rows["category"].values()] == wanted
    scripts = list(rows["script"].values())
    assert len(scripts) == (not bare)
    if not bare:
        assert set(scripts[0]["steps"]) == set(LANGUAGES)
        assert {len(steps) for steps in scripts[0]["steps"].values()} == {4}
        assert [row["name"] for row in rows["category"].values() if row["script_id"]] == [wanted[2]]
        plan = office.board.live_plan.plan_of(new.tenant)
        assert plan is not None
        assert not any(one.decides for one in plan.categories.values()), "nobody is sent anywhere by it"


async def test_a_category_says_what_to_do(office: Office) -> None:
    script = await made(office, "scripts", name="Late", steps={"fr": [{"title": "Dire"}], "en": []})
    assert script["steps"] == {"fr": [{"title": "Dire", "text": ""}]}
    body = {
        "word": "Prepayment only", "colour": "red", "required_treatment": "Payment first.", "script_id": script["id"],
        "guidance": {"opening": "Kindly.", "avoid": "Old invoices.", "offer": "A link."}, "responsible_first": True,
    }  # fmt: skip
    category = await made(office, "categories", name="Prepaid", **body)
    assert {name: category[name] for name in body} == body
    path = f"{API}/categories/{category['id']}"
    changed = (await office.api.patch(path, json={"guidance": {"offer": "Two links."}})).json()
    assert changed["guidance"] == {"opening": "", "avoid": "", "offer": "Two links."}
    assert fault(await office.api.delete(f"{API}/scripts/{script['id']}"))[:2] == (409, "in-use")
    for wrong, field in (
        ({"colour": "#ff0000"}, "colour"),
        ({"word": "x" * 41}, "word"),
        ({"guidance": {"verdict": "x"}}, "guidance.verdict"),
    ):
        assert fault(await office.api.patch(path, json=wrong)) == (422, "unprocessable", field)
    wrong_steps: tuple[dict[str, list[dict[str, str]]], ...] = (
        {},
        {"en": []},
        {"en": [{"title": " "}]},
        {"en": [{"title": "x"}] * 13},
    )
    for steps in wrong_steps:
        assert fault(await office.api.post(f"{API}/scripts", json={"name": "x", "steps": steps}))[0] == 422
