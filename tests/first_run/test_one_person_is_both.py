"""Somebody who works alone is management and operator with one telephone."""

import pytest
from sqlalchemy import select

from app.edits.edit import editing
from app.first_run.make_steps import ring_people
from app.people.set_up_company import CompanyForm, Person, set_up_company
from app.web.typed_form import TypedForm
from models import OperatorRecord
from tests.office import Office

pytestmark = pytest.mark.anyio
NINA, OTHER = "+33639980077", "+33639980078"


async def rung(office: Office, tenant: str, *addresses: str) -> list[tuple[str, str, bool, int]]:
    """Name, telephone, whether management, and how many queues."""
    async with office.board.sessions() as session:
        mine = select(OperatorRecord).where(OperatorRecord.tenant_id == tenant, OperatorRecord.address.in_(addresses))
        records = (await session.scalars(mine.order_by(OperatorRecord.address))).all()
    return [(one.name, one.address, one.management, len(one.queue_ids)) for one in records]


@pytest.mark.parametrize(("name", "called"), [("Nina", "Nina"), ("", "Nina B.")])
async def test_by_page(office: Office, name: str, called: str) -> None:
    tenant = office.company.tenant
    typed = {
        "manager_name": "Nina B.", "manager_address": "06 39 98 00 77", "operator_0_address": OTHER,
        "operator_1_name": name, "operator_1_address": NINA,
    }  # fmt: skip
    async with editing(office.board.sessions, tenant, "test") as edit:
        edit.now = office.clock.now()
        await ring_people(edit, TypedForm(typed))
    assert await rung(office, tenant, NINA, OTHER) == [(called, NINA, True, 1), ("Operator", OTHER, False, 1)]


async def test_by_the_command_line(office: Office) -> None:
    form = CompanyForm(
        "Chez Nina", "+33199003000", "FR", "Europe/Paris", "fr", "AC" + "b" * 32, "nina's-token", "nina@example.org",
        management=(Person("0639980077"),), operators=(Person(NINA, "Nina"), Person(OTHER)), bare=True,
    )  # fmt: skip
    company = await set_up_company(office.board.sessions, office.board.secret_box, form)
    assert [one[1:] for one in await rung(office, company.tenant, NINA, OTHER)] == [
        (NINA, True, 1), (OTHER, False, 1),
    ]  # fmt: skip
    assert (await rung(office, company.tenant, NINA))[0][0] == "Nina"
    assert company.warnings == ()
