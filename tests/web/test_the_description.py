"""OpenAPI and the page that shows it: complete, public, and served from here alone."""

import hashlib
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.routing import iter_route_contexts
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic_core import to_jsonable_python

import app.web
from app import routes
from app.web.resource import Resource
from routing.actions import Action
from tests.api import API, client
from tests.company.resource_shapes import SHAPES
from tests.office import Office

pytestmark = pytest.mark.anyio

VENDORED = Path(app.web.__file__).parent / "docs" / "vendor" / "swagger-ui"
HASHES = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, one) for path, methods in document["paths"].items() for method, one in methods.items()]


async def test_every_route_of_the_api_is_described_and_nothing_else(office: Office) -> None:
    async with client(office) as anybody:
        document = (await anybody.get("/openapi.json")).json()
    described = {(method.upper(), path) for method, path, _ in operations(document)}
    there = {
        (method, route.path)
        for route in iter_route_contexts(office.app.routes)
        for method in set(route.methods or ()) - {"HEAD"}  # which is a GET without the body
        if (route.path or "").startswith(API)
    }
    assert described == there
    for _, path, operation in operations(document):
        assert operation["description"], path
    assert document["security"] == [{"key": []}]
    assert "HTTPValidationError" not in json.dumps(document)


async def test_the_document_is_valid(office: Office) -> None:
    document = (await office.api.get("/openapi.json")).json()
    faults = [f"{error.message} at {list(error.path)}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
    assert faults == []
    assert document["info"]["license"]["identifier"] == "Apache-2.0"
    assert document["servers"][0]["url"] == "/"
    used = {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    assert {tag["name"] for tag in document["tags"] if tag["description"]} == used


async def test_operations_have_ids_in_words_by_one_rule(office: Office) -> None:
    document = (await office.api.get("/openapi.json")).json()
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", one) for one in ids)
    verbs = {
        ("get", False): "list", ("post", False): "create", ("get", True): "get", ("patch", True): "update",
        ("put", True): "replace", ("delete", True): "delete",
    }  # fmt: skip
    for resource in SHAPES:
        named = resource.title().replace("-", "")
        one = {"hours": "Hours", "categories": "Category"}.get(resource, named.removesuffix("s"))
        for method, path, operation in operations(document):
            if path in {f"{API}/{resource}", f"{API}/{resource}/{{item_id}}"}:
                verb = verbs[method, path.endswith("}")]
                assert operation["operationId"] == verb + (named if verb == "list" else one), path


async def test_every_answer_has_a_type_and_every_problem_the_one_form(office: Office) -> None:
    document = (await office.api.get("/openapi.json")).json()
    for method, path, operation in operations(document):
        good = next(status for status in operation["responses"] if status.startswith("2"))
        if good != "204":
            content = operation["responses"][good]["content"]
            if set(content) == {"audio/wav"}:
                assert content["audio/wav"]["schema"] == {"type": "string", "format": "binary"}
            elif (
                path.endswith(("/export", "/errors.csv")) and "{" not in path.removesuffix("/{item_id}/errors.csv")
            ) or set(content) <= {"text/yaml", "text/plain"}:
                # Text, but for a file of JSON, which is a list of objects.
                kinds = {kind: "array" if kind == "application/json" else "string" for kind in content}
                assert {kind: one["schema"]["type"] for kind, one in content.items()} == kinds
            else:
                assert {"$ref", "anyOf"} & set(content["application/json"]["schema"]), (method, path)
        told = {status for status in operation["responses"] if not status.startswith("2")}
        assert {"400", "401", "403", "500", "503"} <= told
        assert ("404" in told) is ("{" in path or path.startswith((f"{API}/explain", f"{API}/fallback"))), path
        assert ("413" in told) is ("requestBody" in operation)
        assert "422" in told or not (operation.get("parameters") or operation.get("requestBody"))
        for status in told:
            assert operation["responses"][status] == {"$ref": f"#/components/responses/Problem{status}"}
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


async def test_nothing_in_an_answer_is_without_a_type(office: Office) -> None:
    schemas = (await office.api.get("/openapi.json")).json()["components"]["schemas"]
    untyped = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, described in schema.get("properties", {}).items()
        if not {"type", "$ref", "anyOf", "enum"} & set(described)
        or (described.get("type") == "object" and described.get("additionalProperties", True) is True)
    ]
    assert untyped == []
    actions = {field.name for action in get_args(Action) for field in fields(action)}
    assert set(schemas["ToldDetail"]["properties"]) == actions


async def test_keys_of_objects_have_one_form_that_generators_know(office: Office) -> None:
    text = (await office.api.get("/openapi.json")).text
    assert "patternProperties" not in text
    keys = json.loads(text)["components"]["schemas"]["MenuIn"]["properties"]["keys"]
    assert keys["propertyNames"] == {"pattern": "^[0-9*#]{1,4}$"}
    assert keys["additionalProperties"] == {"$ref": "#/components/schemas/Target"}


RESOURCES = {
    one.model.resource: one
    for one in vars(routes).values()
    if isinstance(one, Resource) and one.model.resource in SHAPES
}


@pytest.mark.parametrize("resource", RESOURCES)
async def test_every_default_that_is_documented_is_accepted(office: Office, resource: str) -> None:
    document = (await office.api.get("/openapi.json")).json()
    form = RESOURCES[resource].form
    fields = form.model_fields.items()
    defaults = {name: to_jsonable_python(field.default) for name, field in fields if not field.is_required()}
    made = await office.api.post(f"{API}/{resource}", json=defaults | SHAPES[resource].bodies[0])
    assert made.status_code == 201, made.text
    described = document["components"]["schemas"][form.__name__]["properties"]
    for name, default in defaults.items():
        assert "default" not in described[name], name
        assert default is None or f"Default: `{json.dumps(default)}`." in described[name]["description"], name


async def test_bodies_are_described_with_examples(office: Office) -> None:
    document = (await office.api.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    inputs = {name: schema for name, schema in schemas.items() if name.endswith("In")}
    assert len(inputs) > 10
    for name, schema in inputs.items():
        assert schema["additionalProperties"] is False, name
        assert any("examples" in field for field in schema["properties"].values()), name
    assert schemas["VipIn"]["required"] == ["number"]
    assert "Default" not in json.dumps(schemas["VipPatch"])


async def test_every_reference_in_the_document_leads_somewhere(office: Office) -> None:
    text = (await office.api.get("/openapi.json")).text
    known = set(json.loads(text)["components"]["schemas"])
    named = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= known


async def test_the_page_loads_nothing_from_elsewhere(office: Office) -> None:
    async with client(office) as anybody:
        page = await anybody.get("/docs")
        assert "http" not in page.text.replace("http-equiv", "")
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "style-src 'self' 'unsafe-inline'" in policy
        for name, media in (
            ("start.js", "javascript"),
            ("swagger-ui-bundle.js", "javascript"),
            ("swagger-ui.css", "css"),
        ):
            assert f"/docs/{name}" in page.text
            answer = await anybody.get(f"/docs/{name}")
            assert answer.status_code == 200
            assert media in answer.headers["Content-Type"]
        for name in ("docs.html", "..%2fdescription.py", "VENDORED.json"):
            assert (await anybody.get(f"/docs/{name}")).status_code == 404
        other = await anybody.get("/openapi.json")
        assert "unsafe-inline" not in other.headers["Content-Security-Policy"]


def test_what_is_vendored_is_what_was_published() -> None:
    listed = json.loads((VENDORED / "VENDORED.json").read_text("utf-8"))
    assert (listed["name"], listed["licence"]) == ("swagger-ui-dist", "Apache-2.0")
    assert HASHES.items() <= listed["sha256"].items()
    files = {path.name for path in VENDORED.iterdir()} - {"VENDORED.json"}
    assert files == set(listed["sha256"])
    for name, expected in listed["sha256"].items():
        assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == expected
