"""The page of the people, and the whole way of one of them in a browser."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.async_api import Page

from app.auth.roles import Role
from tests import cast
from tests.api import API, made, neighbour, signed_in
from tests.letters import mail_server, use_mail_server
from tests.looking import Looking
from tests.office import Office
from tests.web.test_everybody_can_use_it import SCREENS, fits, violations

pytestmark = pytest.mark.anyio
PAGE = "/settings/people"
PICTURES = os.environ.get("ANTICHAMBRE_PICTURES", "")
"""A folder for pictures of each step, to be looked at."""


async def olga(office: Office) -> str:
    """The path of her page."""
    person = await made(office, "users", email="olga@example.org", name="Olga", password="a long password")
    return f"{PAGE}/{person['id']}"


async def test_an_admin_changes_what_somebody_is_and_may_do(office: Office) -> None:
    operator = await office.add_operator()
    path = await olga(office)
    async with signed_in(office, Role.ADMIN) as adam:
        for page in (PAGE, path):
            assert "Olga" in (await adam.get(page)).text
        typed = {
            "name": " Olga O. ", "email": "olga@example.com", "role": "supervisor", "operator_id": operator["id"],
            "language": "ru", "may_block": "",
        }  # fmt: skip
        saved = await adam.post(path, data=typed)
        assert saved.headers["location"] == f"{path}?done=saved"
        user = (await office.api.get(f"{API}/users/{path.rsplit('/', 1)[1]}")).json()
        assert {name: user[name] for name in typed} == typed | {"name": "Olga O.", "may_block": False}
        for field, value in (("name", ""), ("email", "nobody"), ("role", "emperor"), ("language", "xx")):
            wrong = await adam.post(path, data=typed | {field: value})
            assert wrong.status_code in {409, 422}
            assert f'id="{field}-fault"' in wrong.text, field
        for act, told in (("deactivate", True), ("activate", False)):
            assert (await adam.post(f"{path}/{act}")).status_code == 303
            user = (await office.api.get(f"{API}/users/{path.rsplit('/', 1)[1]}")).json()
            assert user["disabled"] is told
        link = await adam.post(f"{path}/reset-link")
        assert f"{cast.BASE_URL}/reset/" in link.text
        assert "/reset/" not in (await adam.get(path)).text, "shown once"
        assert (await adam.post(f"{path}/end-sessions")).headers["location"] == f"{path}?done=ended"
        assert (await adam.get("/settings/users")).headers["location"] == PAGE


async def test_the_last_admin_stays_one_by_page_too(office: Office) -> None:
    adam_id = (await office.api.get(f"{API}/users")).json()["items"][0]["id"]
    async with signed_in(office, Role.ADMIN) as ada:
        assert (await ada.post(f"{PAGE}/{adam_id}/deactivate")).status_code == 303
        users = (await office.api.get(f"{API}/users")).json()["items"]
        path = f"{PAGE}/" + next(one["id"] for one in users if one["email"] == "admin@people.example")
        for answer in (
            await ada.post(f"{path}/deactivate"),
            await ada.post(path, data={"name": "Ada", "email": "admin@people.example", "role": "operator"}),
        ):
            assert answer.status_code == 409
            assert "last admin" in answer.text


async def test_invitations_are_sent_again_and_cancelled_by_page(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        for typed, field in (({"email": "x"}, "email"), ({"email": "x@y.z", "role": "emperor"}, "role")):
            wrong = await adam.post(f"{PAGE}/invite", data={"role": "operator"} | typed)
            assert wrong.status_code == 422
            assert f'id="{field}-fault"' in wrong.text
        await adam.post(f"{PAGE}/invite", data={"email": "olga@example.org", "role": "operator"})
        (one,) = (await office.api.get(f"{API}/users/invitations")).json()["items"]
        assert one["may_block"] is False, "not ticked"
        again = await adam.post(f"{PAGE}/invitations/{one['id']}/resend")
        assert f"{cast.BASE_URL}/invite/" in again.text
        assert (await adam.post(f"{PAGE}/invitations/{one['id']}/cancel")).status_code == 303
        assert (await adam.post(f"{PAGE}/invitations/{one['id']}/cancel")).status_code == 404
        required = await adam.post(f"{PAGE}/second-factor", data={"second_factor": "everybody"})
        assert required.headers["location"] == f"{PAGE}?done=saved"
        assert (await adam.post(f"{PAGE}/second-factor", data={"second_factor": "dogs"})).status_code == 422
    assert (await office.api.get(f"{API}/company")).json()["second_factor"] == "everybody"


async def test_another_company_s_people_are_not_there(office: Office) -> None:
    async with neighbour(office) as (next_door, _company), signed_in(office, Role.ADMIN) as adam:
        nina = (await next_door.get(f"{API}/users")).json()["items"][0]["id"]
        invited = (await next_door.post(f"{API}/users/invitations", json={"email": "x@example.org"})).json()["id"]
        for path in (
            nina, f"{nina}/deactivate", f"{nina}/end-sessions", f"{nina}/reset-link", f"{nina}/reset-second-factor",
            f"invitations/{invited}/cancel", f"invitations/{invited}/resend",
        ):  # fmt: skip
            answer = await adam.post(f"{PAGE}/{path}", data={"name": "x"})
            assert answer.status_code == 404, path
        assert (await adam.get(f"{PAGE}/{nina}")).status_code == 404
        assert (await adam.get(f"{PAGE}/a%00b")).status_code == 404
        assert "nina@example.org" not in (await adam.get(PAGE)).text


async def look(page: Page, name: str) -> None:
    """Nothing is wrong with the page, in light and dark; a picture of it if there is a folder for them."""
    assert await violations(page) == [], name
    assert await fits(page), name
    if PICTURES:
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png", full_page=True)
        await page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("screen", [SCREENS[2]], ids=["390"])
async def test_from_the_invitation_to_the_recovery_code(looking: Looking, screen: dict[str, Any]) -> None:
    office, wide = looking.served.office, str(screen["viewport"])[10:13]
    async with mail_server() as server:
        use_mail_server(office.board, server)
        admin = await looking.panel(**screen)
        await admin.goto(PAGE)
        await admin.get_by_label("E-mail").fill("olga@example.org")
        await admin.get_by_label("Role").select_option("Supervisor")
        await admin.get_by_role("button", name="Invite").click()
        await admin.get_by_text("An e-mail is on its way to olga@example.org.").wait_for()
        await look(admin, f"people-{wide}")

        page = await looking.page(**screen)
        await page.goto(server.link())
        await look(page, f"invite-{wide}")
        await page.get_by_label("Name").fill("Olga")
        await page.get_by_label("Password", exact=True).fill("olga's long secret")
        await page.get_by_label("Confirm password").fill("olga's long secret")
        await page.get_by_label("Language").select_option("en")
        await page.get_by_role("button", name="Create account").click()
        await page.wait_for_selector('#live[data-live="yes"]')

        await page.goto("/settings/me")
        await look(page, f"me-{wide}")
        await page.locator("#on_password").fill("olga's long secret")
        await page.get_by_role("button", name="Set up…").click()
        await page.get_by_role("img", name="QR code").wait_for()
        assert await page.locator("img.qr").evaluate("one => one.naturalWidth") > 100, "the policy lets it be seen"
        await page.get_by_text("No camera?").click()
        secret = (await page.locator(".secret").inner_text()).replace(" ", "")
        await look(page, f"set-up-{wide}")
        await page.get_by_label("Type the code").fill(pyotp.TOTP(secret).at(office.board.clock()))
        await page.get_by_role("button", name="Turn on").click()
        await page.get_by_role("heading", name="Recovery codes").wait_for()
        await look(page, f"codes-{wide}")
        codes = await page.locator(".codes code").all_inner_texts()
        assert len(codes) == 10
        await page.get_by_role("link", name="I have saved them").click()
        await page.get_by_text("You have 10 recovery codes left.").wait_for()
        await look(page, f"me-on-{wide}")

        await office.clock.sleep(30)
        for typed in (pyotp.TOTP(secret).at(office.board.clock() + timedelta(seconds=0)), codes[0]):
            await page.get_by_role("button", name="Sign out", exact=True).click()
            await page.get_by_label("E-mail").fill("olga@example.org")
            await page.get_by_label("Password").fill("olga's long secret")
            await page.get_by_role("button", name="Sign in").click()
            await page.get_by_label("Code").fill("000000")
            await page.get_by_role("button", name="Sign in").click()
            await page.get_by_text("This code is not right").wait_for()
            await look(page, f"code-{wide}")
            await page.get_by_label("Code").fill(typed)
            await page.get_by_role("button", name="Sign in").click()
            await page.wait_for_selector('#live[data-live="yes"]')
        await page.goto("/settings/me")
        await page.get_by_text("You have 9 recovery codes left.").wait_for()

        await admin.goto(PAGE)
        await admin.get_by_role("link", name="Olga").click()
        await admin.get_by_text("Reset the second factor…").click()
        await look(admin, f"person-{wide}")
        server.refuses = "550 Nobody of this name"
        await admin.get_by_role("button", name="Link for a new password").click()
        link = await admin.locator("code.link").inner_text()
        await look(admin, f"handed-{wide}")
        await page.context.clear_cookies()
        await page.goto("/" + link.split("/", 3)[3])
        await look(page, f"reset-{wide}")
        await page.goto("/sign-in")
        await page.get_by_role("link", name="Forgot your password?").click()
        await look(page, f"forgot-{wide}")
        await office.api.patch(f"{API}/company", json={"second_factor": "everybody"})
        await page.goto("/sign-in")
        await page.get_by_label("E-mail").fill(cast.ADAM_EMAIL)
        await page.get_by_label("Password").fill(cast.ADAM_PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("heading", name="Set up a second factor").wait_for()
        await look(page, f"enrol-{wide}")
        await page.get_by_role("button", name="Later").click()
        await page.wait_for_selector('#live[data-live="yes"]')
