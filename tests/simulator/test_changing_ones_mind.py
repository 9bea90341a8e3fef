"""A telephone that is told to behave otherwise while it rings, and documents shown as they come: for people at a booth."""

from __future__ import annotations

import pytest

from simulator import Call, Callee, Dialled, Document
from simulator.line import Line
from tests.simulator.a_service import LINE, VERA, Service, company_for, run

OLGA = "client:olga"
DIALS = '<Dial timeout="20"><Client>olga</Client></Dial>'


@pytest.mark.parametrize(
    ("change", "at_once", "outcome", "after"),
    [
        (lambda phone: phone.answers_after(3), True, "answered", 8),
        (lambda phone: phone.answers_after(12), True, "answered", 12),
        (lambda phone: phone.busy(), True, "busy", 8),
        (lambda phone: phone.answers_after(3), False, "no-answer", 20),
    ],
)
def test_who_is_rung_may_change_their_mind(change: object, at_once: bool, outcome: str, after: float) -> None:
    assert callable(change)

    async def whole() -> Call:
        async with company_for(Service({"/twilio/voice": DIALS})) as company:
            olga: Callee = company.phone(OLGA).never_answers()
            call = await company.place_call(VERA, LINE)
            await company.let_pass(8)
            change(olga)
            if at_once:
                olga.at_once()
            return await call.ended()

    call = run(whole())
    assert [event for event in call.heard if isinstance(event, Dialled)] == [Dialled(OLGA, outcome)]
    (dialled,) = [event for event in call.heard if isinstance(event, Dialled)]
    assert dialled.seconds == pytest.approx(after, abs=0.01)


def test_documents_are_shown_before_they_are_run() -> None:
    shown: list[tuple[str, int]] = []

    def look(line: Line, document: Document) -> None:
        shown.append((document.url, len(line.heard)))

    async def whole() -> None:
        service = Service({"/twilio/voice": "<Say>One.</Say><Redirect>/two</Redirect>", "/two": "<Say>Two.</Say>"})
        async with company_for(service) as company:
            company.on_document(look)
            await (await company.place_call(VERA, LINE)).ended()

    run(whole())
    assert [url.rpartition("/")[2] for url, _ in shown] == ["voice", "two"]
    assert shown[0][1] < shown[1][1], "the second one came when the first had been heard"
