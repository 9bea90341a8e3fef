"""What is left to Python's garbage collector: objects that refer to themselves. A search for them holds up every call."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def left_for_the_collector() -> Iterator[list[int]]:
    """How many objects it finds after the block; they are counted when the block has ended."""
    found: list[int] = []
    gc.collect()
    gc.disable()
    try:
        yield found
        found.append(gc.collect())
    finally:
        gc.enable()
