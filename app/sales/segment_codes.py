"""The codes of all segments."""

from typing import Final

from models.segment import LifeCycle

SEGMENTS: Final = (
    *"ABCXYZ", *(abc + xyz for abc in "ABC" for xyz in "XYZ"), *(stage.value for stage in LifeCycle),
)  # fmt: skip
"""A client is of a class, of its steadiness, of both together, and of a stage."""
ALWAYS_SHOWN: Final = (*"ABC", *(stage.value for stage in LifeCycle))
"""The rows of the matrix; others are added when a product is meant for them."""
