"""A program on this machine that is asked who calls."""

from collections.abc import AsyncIterator

import pytest

from tests.look_ups.program import Program, listening


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    async with listening() as one:
        yield one
