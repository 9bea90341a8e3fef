"""How a person sees the pages, and their password; and the language before anybody has signed in."""

import httpx
import pytest

from app.auth.passwords import password_is_right
from tests import cast
from tests.looking import Looking
from tests.office import Office
from tests.served import PASSWORD, ServedOffice

pytestmark = pytest.mark.anyio
ME = "/settings/me"
NEW = "quite another password"


async def token(browser: httpx.AsyncClient) -> dict[str, str]:
    """The form's own field against forgery."""
    page = (await browser.get(ME)).text
    return {"csrf_token": page.partition('name="csrf_token" value="')[2].partition('"')[0]}


async def test_name_language_and_colours_are_saved_and_used_at_once(served_office: ServedOffice) -> None:
    await served_office.add_person("olga@example.org")
    async with served_office.signed_in("olga@example.org", PASSWORD) as olga:
        form = await token(olga) | {"name": "Olga O.", "language": "ru", "theme": "dark"}
        assert (await olga.post(ME, data=form)).headers["location"] == f"{ME}?saved=yes"
        page = (await olga.get(ME)).text
        assert '<html lang="ru" data-theme="dark">' in page
        assert "Olga O." in page
        wrong = await olga.post(ME, data=form | {"name": " "})
        assert wrong.status_code == 422
        assert 'id="wrong-name"' in wrong.text
        await olga.post(ME, data=form | {"language": "tlh", "theme": "pink"})
        page = (await olga.get(ME, headers={"Accept-Language": "es;q=0.9, en;q=0.1"})).text
        assert '<html lang="es">' in page, "as browser and system say"
        assert "/settings/fallback" not in page, "that is for admins"
    async with served_office.signed_in() as adam:
        assert "/settings/fallback" in (await adam.get(ME)).text


async def test_a_new_password_needs_the_old_one_and_ends_every_other_session(served_office: ServedOffice) -> None:
    await served_office.add_person("olga@example.org")
    async with (
        served_office.signed_in("olga@example.org", PASSWORD) as here,
        served_office.signed_in("olga@example.org", PASSWORD) as elsewhere,
    ):
        form = await token(here) | {"old": PASSWORD, "new": NEW, "again": NEW}
        for field, value in (("old", "guessed"), ("new", "short"), ("again", "something else")):
            wrong = await here.post(f"{ME}/password", data=form | {field: value})
            assert wrong.status_code == 422
            assert f'id="wrong-{field}"' in wrong.text
            assert PASSWORD not in wrong.text
        assert (await elsewhere.get(ME)).status_code == 200
        assert (await here.post(f"{ME}/password", data=form)).headers["location"] == f"{ME}?changed=yes"
        assert (await here.get(ME)).status_code == 200
        assert (await elsewhere.get(ME)).status_code == 303
    olga = await served_office.person("olga@example.org")
    assert await password_is_right(NEW, olga.password_hash)


async def test_before_signing_in_a_language_is_chosen_on_the_page_and_remembered(office: Office) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(office.app), base_url=cast.BASE_URL) as visitor:
        french = {"Accept-Language": "fr-FR,fr;q=0.9"}
        assert '<html lang="fr">' in (await visitor.get("/sign-in", headers=french)).text
        chosen = await visitor.get("/sign-in?language=es&next=/clients", headers=french)
        assert '<html lang="es">' in chosen.text
        assert 'name="next" value="/clients"' in chosen.text
        assert '<html lang="es">' in (await visitor.get("/sign-in", headers=french)).text
        assert '<html lang="es">' in (await visitor.get("/sign-in?language=tlh", headers=french)).text
        await visitor.post("/sign-in", data={"email": cast.ADAM_EMAIL, "password": cast.ADAM_PASSWORD})
        assert '<html lang="es"' in (await visitor.get(ME, headers=french)).text
        form = await token(visitor) | {"name": "Adam", "language": "", "theme": ""}
        await visitor.post(ME, data=form)
        assert '<html lang="fr"' in (await visitor.get(ME, headers=french)).text, "as the browser says again"


async def test_the_colours_of_the_page_follow_the_choice(looking: Looking) -> None:
    page = await looking.page(color_scheme="light")
    await page.goto(f"/sign-in?next={ME}")
    await page.get_by_label("E-mail").fill(cast.ADAM_EMAIL)
    await page.get_by_label("Password").fill(cast.ADAM_PASSWORD)
    await page.keyboard.press("Enter")
    shade = "getComputedStyle(document.body).backgroundColor"
    await page.get_by_label("Colours").wait_for()
    light = await page.evaluate(shade)
    await page.get_by_label("Colours").select_option("dark")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Saved.").wait_for()
    assert await page.evaluate(shade) != light
