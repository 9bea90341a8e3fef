"""Where words may stand, a recording of the company's may: a text names it as ``audio:<id>``."""

from collections.abc import Iterator

from sqlalchemy import inspect, select

from app.base.errors import Unprocessable
from app.base.problems.audio import AudioFault
from app.edits.edit import Edit
from app.plan.rows import Row
from filters.texts import recording_named
from models import AudioRecord, Base


async def refuse_unknown_recordings(edit: Edit, model: type[Base], fields: Row) -> None:
    """Raises :class:`Unprocessable` naming the text that names a recording which the company does not have."""
    columns = inspect(model).columns
    named = [
        (field, audio_id)
        for name, value in fields.items()
        if name in columns and AudioRecord.__tablename__ in columns[name].info.get("refers_to", ())
        for field, audio_id in _named_in(value, name)
    ]
    if not named:
        return
    there = select(AudioRecord.id).where(
        AudioRecord.tenant_id == edit.tenant_id, AudioRecord.id.in_({audio_id for _, audio_id in named})
    )
    known = set(await edit.session.scalars(there))
    for field, audio_id in named:
        if audio_id not in known:
            raise Unprocessable(AudioFault.UNKNOWN, field=field)


def _named_in(value: object, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and (audio_id := recording_named(value)) is not None:
        yield field, audio_id
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _named_in(part, f"{field}.{key}")
