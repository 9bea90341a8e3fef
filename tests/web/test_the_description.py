"""OpenAPI and the page that shows it: complete, public, and served from here alone."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

import app.web
from tests.api import API, client
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
        for method in route.methods or ()
        if (route.path or "").startswith(API)
    }
    assert described == there
    for _, path, operation in operations(document):
        assert operation["description"], path
        problem = operation["responses"]["422"]["content"]
        assert list(problem) == ["application/problem+json"]
    assert document["security"] == [{"key": []}]
    assert "HTTPValidationError" not in json.dumps(document)


async def test_bodies_are_described_with_examples(office: Office) -> None:
    document = (await office.api.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    inputs = {name: schema for name, schema in schemas.items() if name.endswith("In")}
    assert len(inputs) > 10
    for name, schema in inputs.items():
        assert schema["additionalProperties"] is False, name
        assert any("examples" in field for field in schema["properties"].values()), name
    assert schemas["VipIn"]["required"] == ["number"]
    assert all("default" not in field for field in schemas["VipPatch"]["properties"].values())


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
