"""Calls of a person in rehearsals."""

from typing import Final

from app.calls.personal_data import of_their_calls
from app.edits.personal_data import Place, Rows
from models import RehearsalDifference

OF_REHEARSALS: Final = (Rows(Place.REHEARSALS, RehearsalDifference, of_their_calls(RehearsalDifference.call_id)),)
