"""The pictures stay within their frame, whatever the figures."""

from hypothesis import given
from hypothesis import strategies as st

from app.web.pictures import HEIGHT, WIDTH, curve, stacked

parts = st.lists(st.tuples(st.sampled_from(["answered", "blocked"]), st.integers(0, 10**7)), max_size=4)


@given(st.lists(st.tuples(st.text(max_size=5), parts), max_size=400))
def test_every_bar_stands_inside_and_is_as_high_as_its_figure(
    groups: list[tuple[str, list[tuple[str, float]]]],
) -> None:
    picture = stacked(groups)
    assert len(picture.columns) == len(groups)
    assert 2 <= len(picture.marks) <= 6
    for column, (_name, sizes) in zip(picture.columns, groups, strict=True):
        assert len(column.bars) == sum(1 for _, size in sizes if size)
        for bar in column.bars:
            assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
            assert -0.01 <= bar.y <= bar.y + bar.height <= HEIGHT + 0.01


def test_a_curve_stays_within_its_picture() -> None:
    drawn = curve([(50, 60), (100, 100.0001)], [("A", 50), ("B", 79)])
    assert drawn.path == f"M{drawn.left} {drawn.bottom:.1f} L540.0 97.6 L1000.0 12.0"
    assert drawn.area.endswith("Z")
    assert [one.label for one in drawn.borders] == ["A", "B"]
    assert all(0 <= one.y <= drawn.bottom for one in (*drawn.marks, *drawn.borders))
    assert curve([], []).borders == ()


def test_large_numbers_are_short() -> None:
    drawn = stacked([("Revenue", [("brings", 2_400_000)])])
    assert [one.label for one in drawn.marks][:3] == ["0", "500k", "1M"]
    assert drawn.columns[0].told == "Revenue: 2400000"
