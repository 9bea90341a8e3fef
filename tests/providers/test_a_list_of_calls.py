"""A provider's list of calls is read as far as it is one."""

import pytest

from app.providers.twiml.reported import calls_in

_CALL = {"sid": "CA1", "date_created": "Sat, 28 Nov 2026 09:00:00 +0000", "direction": "inbound", "duration": "12"}


def test_what_is_no_call_is_left_out() -> None:
    page: dict[str, object] = {
        "calls": [None, 7, "CA0", [], {}, {"sid": "CA2"}, {"sid": "CA3", "start_time": "soon"}, _CALL]
    }
    (call,) = calls_in(page)
    assert (call.call_id, call.is_incoming, call.seconds) == ("CA1", True, 12)


@pytest.mark.parametrize("calls", [None, "CA1", 3, {"sid": "CA1"}])
def test_a_page_without_a_list_has_no_calls(calls: object) -> None:
    assert list(calls_in({"calls": calls})) == []
    assert list(calls_in({})) == []
