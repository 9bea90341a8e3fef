"""``/queues``: where callers wait for operators."""

from pydantic import Field

from app.base import limits
from app.web.resource import Resource
from app.web.schema import Input, Language, Spoken
from models import QueueRecord


class QueueIn(Input):
    """A queue."""

    name: str = Field(min_length=1, max_length=limits.QUEUE_NAME, pattern=r"\S", examples=["Orders"])
    announcement: Spoken = Field("", description="Said now and then to those who wait; empty: the standard sentence.")
    announcements: dict[Language, Spoken] = Field({}, description="The same in other languages than the company's.")


QUEUES = Resource(
    QueueRecord, QueueIn, "queue", finds=[QueueRecord.name],
    about="Where callers wait for operators.", lists="All queues.", reads="One queue.",
    adds="Add a queue; operators, lines, categories and menus refer to it.",
    deletes="Delete a queue that nothing refers to.",
)  # fmt: skip
