"""What a person bought, and what followed from it."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from app.edits.personal_data import Person, Place, Rows, among
from models import ClientSegment, ProductSold, ProductState, Sale, SegmentSuggestion


def _theirs(client_id: InstrumentedAttribute[str]) -> Callable[[Person], ColumnElement[bool]]:
    return lambda person: among(client_id, person.client_ids)


OF_SALES: Final = (
    Rows(Place.SALES, Sale, _theirs(Sale.client_id)),
    Rows(Place.SEGMENTS, ProductSold, _theirs(ProductSold.client_id)),
    Rows(Place.SEGMENTS, ProductState, _theirs(ProductState.client_id)),
    Rows(Place.SEGMENTS, SegmentSuggestion, _theirs(SegmentSuggestion.client_id)),
    Rows(Place.SEGMENTS, ClientSegment, _theirs(ClientSegment.client_id)),
)
