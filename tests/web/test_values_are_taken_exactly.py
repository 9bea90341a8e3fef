"""What a body says is taken as it is written: ``0`` is no boolean, ``"1"`` no integer, and a number no moment."""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest
from pydantic import AwareDatetime, ValidationError

from app import routes
from app.calls.explain_api import Question
from app.company.company import CompanyPatch, TreatmentsPatch
from app.web.schema import Input
from tests.api import API, fault, made
from tests.company.resource_shapes import SHAPES
from tests.office import Office

pytestmark = pytest.mark.anyio

NOT_EXACTLY: dict[type, list[object]] = {
    bool: [0, 1, 0.5, "true", "1", "no", None],
    int: [0.5, 5.0, "5", True, None],
    AwareDatetime: [0, 1_767_225_600, "0", "1767225600", 0.5, True],
    date: [0, 20_000, "0", "20000", 0.5, True],
}


def all_inputs(kind: type[Input] = Input) -> Iterator[type[Input]]:
    for one in kind.__subclasses__():
        yield one
        yield from all_inputs(one)


def fields_of(form: type[Input]) -> Iterator[tuple[str, type]]:
    for name, field in form.model_fields.items():
        kinds = {field.annotation, *get_args(field.annotation)}
        kinds |= {get_args(kind)[0] for kind in kinds if hasattr(kind, "__metadata__")}
        for kind in NOT_EXACTLY:
            if kind in kinds:
                yield field.alias or name, kind


CASES = sorted(
    {(form, name, kind) for form in all_inputs() for name, kind in fields_of(form)},
    key=lambda case: (case[0].__name__, case[1]),
)


def test_the_schemas_of_every_room_are_tried() -> None:
    assert routes.API
    known = {one.__name__ for one in all_inputs()}
    assert {CompanyPatch.__name__, TreatmentsPatch.__name__, Question.__name__} <= known
    assert {kind for _, _, kind in CASES} == set(NOT_EXACTLY)


@pytest.mark.parametrize(("form", "name", "kind"), CASES)
def test_nothing_is_taken_for_something_else(form: type[Input], name: str, kind: type) -> None:
    for value in NOT_EXACTLY[kind]:
        if value is None and type(None) in get_args(form.model_fields[name].annotation):
            continue
        with pytest.raises(ValidationError) as refused:
            form.model_validate({name: value})
        assert (name,) in {error["loc"][:1] for error in refused.value.errors()}, value


@pytest.mark.parametrize(
    ("resource", "field", "value"),
    [
        ("menus", "tries", 2.5), ("menus", "tries", "2"), ("operators", "available", 0), ("operators", "position", 0.5),
        ("categories", "ignores_hours", "yes"), ("hours", "observes_holidays", 0), ("vip", "expires_at", 0),
        ("users", "disabled", 0.5), ("holidays", "day", 20_000),
    ],
)  # fmt: skip
async def test_the_answer_names_the_field(office: Office, resource: str, field: str, value: Any) -> None:
    body = SHAPES[resource].bodies[1] | {field: value}
    assert fault(await office.api.post(f"{API}/{resource}", json=body)) == (422, "unprocessable", field)
    row = await made(office, resource, **SHAPES[resource].bodies[0])
    refused = await office.api.patch(f"{API}/{resource}/{row['id']}", json={field: value})
    assert fault(refused) == (422, "unprocessable", field)
