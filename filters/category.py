"""Client categories: chosen when a client is registered, they say how the client's calls are received."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from filters.clients import Client
from filters.texts import Texts


@dataclass(frozen=True, slots=True)
class Category:
    """A category and its rule; what is None or zero is left to the line.

    ``priority`` is added to the caller's place in the queue (0 ordinary, 100 the highest). ``treatment`` sends the
    calls somewhere else altogether: ``message`` or ``voicemail``. ``hours_id`` are opening hours that count in the place of
    the line's, and ``ignores_hours`` is received at any hour. ``responsible_first``: in a queue the operator who looks after
    the client is rung before the others.
    """

    id: str
    name: str
    queue_id: str | None = None
    menu_id: str | None = None
    priority: int = 0
    greeting: Texts = field(default_factory=dict)
    treatment: str | None = None
    ignores_hours: bool = False
    hours_id: str | None = None
    responsible_first: bool = False

    @property
    def decides(self) -> bool:
        """Whether the rule sends the call somewhere, rather than only colouring the way it is received."""
        return self.treatment is not None or self.queue_id is not None or self.menu_id is not None


def category_id_of(clients: Sequence[Client]) -> str | None:
    """The category shared by everybody who uses a number; None when they differ: a guess picks the wrong one."""
    if not clients:
        return None
    categories = {client.category_id for client in clients}
    return categories.pop() if len(categories) == 1 else None
