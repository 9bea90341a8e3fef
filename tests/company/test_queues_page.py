"""The pages of the queues."""

import pytest

from app.auth.roles import Role
from tests.api import API, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
PAGE = "/settings/queues"
FORM = {
    "name": "Orders", "ring": "longest_idle", "ring_seconds": "15", "wrap_up_seconds": "30", "max_wait_seconds": "120",
    "max_waiting": "", "do": "queue", "other": "", "number": "", "announcement_fr": "Un instant.", "text_en": "One moment.",
}  # fmt: skip


async def test_admins_add_a_queue_and_give_it_rules(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        added = await adam.post(f"{PAGE}/new", data={"name": " Orders "})
        assert added.status_code == 303
        path = added.headers["location"].partition("?")[0]
        saved = await adam.post(path, data=FORM | {"other": office.company.queue_id})
        assert (saved.status_code, saved.headers["location"]) == (303, path + "?saved=1")
        page = (await adam.get(path + "?saved=1")).text
        assert "Un instant." in page
        assert "One moment." in page
        assert "Orders" in (await adam.get(PAGE)).text
    queue = (await office.api.get(f"{API}/queues/{path.rsplit('/', 1)[1]}")).json()
    assert queue["otherwise"] == {
        "do": "queue", "id": office.company.queue_id, "number": None, "text": {"en": "One moment."},
    }  # fmt: skip
    assert (queue["ring"], queue["ring_seconds"], queue["max_wait_seconds"], queue["max_waiting"]) == (
        "longest_idle", 15, 120, None,
    )  # fmt: skip
    assert queue["announcement"] == {"fr": "Un instant."}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"ring_seconds": "soon"}, "ring_seconds"), ({"ring_seconds": "3"}, "ring_seconds"), ({"name": " "}, "name"),
        ({"do": "queue"}, "otherwise-id"), ({"do": "number", "number": "112"}, "otherwise-number"),
    ],
)  # fmt: skip
async def test_what_is_refused_is_said_beside_the_field_and_keeps_what_was_typed(
    office: Office, typed: dict[str, str], field: str
) -> None:
    queue = await made(office, "queues", name="Orders")
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.post(f"{PAGE}/{queue['id']}", data=FORM | {"do": "message", "text_en": "Kept."} | typed)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert "Kept." in answer.text


async def test_a_queue_is_deleted_only_while_nothing_refers_to_it(office: Office) -> None:
    queue = await made(office, "queues", name="Orders")
    async with signed_in(office, Role.ADMIN) as adam:
        assert (await adam.post(f"{PAGE}/{office.company.queue_id}/delete")).status_code == 409
        assert (await adam.post(f"{PAGE}/{queue['id']}/delete")).headers["location"] == f"{PAGE}?deleted=1"
        assert (await adam.get(f"{PAGE}/{queue['id']}")).status_code == 404


async def test_nobody_else_sees_them(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(PAGE)).status_code == 403
