"""Who can use which provider's API: ``board.telephone``."""

from typing import cast as as_type

import pytest

from app.plan.live_plan import ProviderKeys
from app.telephone.telephone import Telephone
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio
SOMETHING = as_type(Telephone, object())


async def test_a_telephone_is_found_by_the_line_or_by_the_provider(office: Office) -> None:
    asked: list[tuple[str, ProviderKeys]] = []

    def make(tenant_id: str, keys: ProviderKeys) -> Telephone:
        asked.append((tenant_id, keys))
        return SOMETHING

    office.board.telephones.makers = {"twilio": make}
    tenant = office.company.tenant
    assert office.board.telephone(tenant, cast.LINE) is office.board.telephone(tenant, "twilio") is SOMETHING
    assert asked == [(tenant, ProviderKeys("twilio", cast.ACCOUNT_SID, cast.AUTH_TOKEN, ""))]


async def test_without_an_account_there_is_no_telephone(office: Office) -> None:
    office.board.telephones.makers = {"telnyx": lambda tenant_id, keys: SOMETHING}
    assert office.board.telephone(office.company.tenant, "telnyx") is None
    assert office.board.telephone("nobody", cast.LINE) is None
