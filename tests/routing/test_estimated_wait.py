"""How long somebody still waits is told where it can be known, and rather too long than too short."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.estimated_wait import MINUTES_TOLD, estimated_wait

NOW = datetime(2026, 7, 24, 12, tzinfo=UTC)


def every(minutes: float, times: int = 10) -> list[datetime]:
    return [NOW - timedelta(minutes=minutes * turn) for turn in range(1, times + 1)]


def test_the_pace_of_the_last_half_hour_counts() -> None:
    assert [estimated_wait(place, every(1), NOW) for place in (0, 1, 2, 3, 9)] == [2, 2, 3, 5, 10]
    assert estimated_wait(0, every(4, 7), NOW) == 5
    assert estimated_wait(3, every(1) + every(0.1, 50), NOW) is not None


def test_nothing_is_told_that_is_not_known() -> None:
    assert estimated_wait(0, [], NOW) is None
    assert estimated_wait(0, every(1, 4), NOW) is None, "four tell nothing"
    assert estimated_wait(0, [one - timedelta(hours=1) for one in every(1)], NOW) is None, "an hour ago"
    assert estimated_wait(40, every(1), NOW) is None, "nobody believes in more than half an hour"


@given(st.integers(0, 50), st.lists(st.floats(-10, 60), max_size=50))
def test_it_is_one_of_the_minutes_told_and_grows_with_the_place(place: int, minutes_ago: list[float]) -> None:
    put_through = [NOW - timedelta(minutes=one) for one in minutes_ago]
    told, behind = estimated_wait(place, put_through, NOW), estimated_wait(place + 1, put_through, NOW)
    assert told in (None, *MINUTES_TOLD)
    assert behind is None or (told is not None and told <= behind)
