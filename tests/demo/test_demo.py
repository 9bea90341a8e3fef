"""``antichambre demo`` as a newcomer runs it: a day of calls, a panel that is signed in, a prompt, a clean end."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import pytest

from tests.service import ROOT, environment, free_port

pytestmark = pytest.mark.anyio


async def read_until(stream: asyncio.StreamReader, words: str, seconds: float = 150) -> str:
    """What the demo prints up to and including ``words``."""
    told = ""
    async with asyncio.timeout(seconds):
        while words not in told:
            piece = await stream.read(4096)
            assert piece, told
            told += piece.decode()
    return told


async def test_sigterm_ends_the_demo_and_its_database(data_dir: Path) -> None:
    port = free_port()
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "demo", "--no-browser", "--port", str(port),
        cwd=ROOT, env=environment(data_dir, None) | {"TMPDIR": str(data_dir)}, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert demo.stdout is not None
    try:
        # In the middle of a call, with clients, streams and the database at work.
        await read_until(demo.stdout, "operator panel, already signed in")
        (folder,) = data_dir.glob("antichambre-demo-*")
        postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        demo.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            said = await demo.stdout.read()
            assert await demo.wait() == 0, said
        assert b"Traceback" not in said
        assert said.endswith(b"Goodbye.\n")
        assert not Path(f"/proc/{postmaster}").exists()
        assert not folder.exists()
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()


async def test_the_demo_shows_the_main_job_and_ends_cleanly(data_dir: Path) -> None:
    port = free_port()
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "demo", "--no-browser", "--port", str(port),
        cwd=ROOT, env=environment(data_dir, None), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert demo.stdout is not None
    assert demo.stdin is not None
    try:
        day = await read_until(demo.stdout, "call>")
        for outcome in ("connect: VIP: ", "fake_queue: Blacklisted", "message: Outside opening hours", "unconfirmed"):
            assert outcome in day
        assert "ERROR" not in day
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as browser:
            panel = await browser.get("/")
            assert panel.status_code == 200
            assert "Vera Fournier" in panel.text
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as foreign:
            assert (await foreign.get("/", headers={"Host": "evil.example"})).status_code == 303
        demo.stdin.write(b"+33639981001\n")
        await demo.stdin.drain()
        await read_until(demo.stdout, "connect: VIP: ")
        children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        assert children
        demo.send_signal(signal.SIGINT)
        async with asyncio.timeout(60):
            assert await demo.wait() == 0
        assert not [child for child in children if Path(f"/proc/{child}").exists()]
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()
