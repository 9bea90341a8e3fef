"""A served house."""

from collections.abc import AsyncIterator

import pytest

from tests.house import House
from tests.panel.served import ServedHouse, serve


@pytest.fixture
async def served_house(house: House) -> AsyncIterator[ServedHouse]:
    """A house at a loopback address."""
    async with serve(house) as served:
        yield served
