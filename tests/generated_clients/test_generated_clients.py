"""Clients that are generated from ``openapi.json`` work as they come: without a warning, and against the service.

``make generators`` installs what generates them: a Python environment of its own, and npm's packages where Node is.
"""

import json
import os
import shutil
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from tests.office import Office
from tests.served import serve

SETTINGS = {"post_hooks": [], "content_type_overrides": {"audio/wav": "application/octet-stream"}}
"""No formatting: nobody reads it. A sound is bytes, which the generator has to be told."""
pytestmark = pytest.mark.anyio

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
PYTHON_GENERATOR = PROJECT / ".generators" / "bin" / "openapi-python-client"
TYPESCRIPT = HERE / "typescript"


def needed(there: bool, what: str) -> None:
    """Skip where something is missing, but never where the whole is to be tested."""
    if not there:
        assert "CI" not in os.environ, f"{what} is missing: run make generators"
        pytest.skip(f"{what} is missing: run make generators")


async def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints; it must succeed."""
    process = await create_subprocess_exec(
        *map(str, command), cwd=cwd, env=os.environ | environment, stdout=PIPE, stderr=STDOUT
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    return output


async def described(office: Office, folder: Path) -> Path:
    """The description, in a file."""
    path = folder / "openapi.json"
    path.write_text(json.dumps((await office.api.get("/openapi.json")).json()), "utf-8")
    return path


async def test_a_client_in_python_is_generated_without_a_warning_and_works(office: Office, tmp_path: Path) -> None:
    needed(PYTHON_GENERATOR.exists(), "openapi-python-client")
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps(SETTINGS), "utf-8")
    client = tmp_path / "antichambre_client"
    output = await run(
        PYTHON_GENERATOR, "generate", "--path", await described(office, tmp_path), "--output-path", client, "--meta", "none",
        "--config", settings, "--fail-on-warning", cwd=tmp_path,
    )  # fmt: skip
    assert "arning" not in output
    async with serve(office) as served:
        program = HERE / "python" / "use_the_api.py"
        told = await run(
            sys.executable, "-W", "error", program, served.url, office.company.api_key, cwd=tmp_path,
            PYTHONPATH=str(tmp_path),
        )  # fmt: skip
    assert told == "done\n"


async def test_a_client_in_typescript_is_generated_without_a_warning_and_works(office: Office, tmp_path: Path) -> None:
    modules = TYPESCRIPT / "node_modules"
    needed(shutil.which("node") is not None and modules.exists(), "Node")
    for path in TYPESCRIPT.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    (tmp_path / "node_modules").symlink_to(modules)
    generator, compiler = modules / ".bin" / "openapi-typescript", modules / ".bin" / "tsc"
    output = await run(generator, await described(office, tmp_path), "-o", "schema.d.ts", cwd=tmp_path)
    assert "arning" not in output
    assert await run(compiler, "--project", ".", cwd=tmp_path) == ""
    async with serve(office) as served:
        told = await run("node", "built/use_the_api.js", served.url, office.company.api_key, cwd=tmp_path)
    assert told == "done\n"
