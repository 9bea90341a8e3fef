"""Commands in a fork of this process: starting Python and importing everything anew takes two seconds of a test's time. All
else is as in a process of its own: signals, standard streams, exit code. A test that wants even that asks
:func:`tests.service.run_process`."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from typing import BinaryIO, NoReturn

from app.cli import commands_for, main
from tests.service import ROOT

_LONGEST_SECONDS = 60
commands_for([])  # read here, once for all forks


def run_command(*arguments: str, env: dict[str, str], given: str | bytes = "") -> subprocess.CompletedProcess[str]:
    """``antichambre`` with these arguments and nothing but ``env`` around it, and ``given`` on its standard input."""
    with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        typed.write(given.encode() if isinstance(given, str) else given)
        typed.seek(0)
        child = os.fork()
        if child == 0:
            _carry_out(list(arguments), env, (typed, said, complained))
        _, status = os.waitpid(child, 0)
        said.seek(0)
        complained.seek(0)
        code = os.waitstatus_to_exitcode(status)
        return subprocess.CompletedProcess(list(arguments), code, said.read().decode(), complained.read().decode())


def _carry_out(arguments: list[str], env: dict[str, str], streams: tuple[BinaryIO, ...]) -> NoReturn:
    """In the child; it ends here, whatever happens, and runs nothing that the tests have left to do at their end."""
    code = 70
    try:
        for descriptor, stream in enumerate(streams):
            os.dup2(stream.fileno(), descriptor)
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), encoding="utf-8")
        sys.stderr = io.TextIOWrapper(io.BufferedWriter(io.FileIO(2, "w", closefd=False)), encoding="utf-8")
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, signal.SIG_DFL)
        signal.alarm(_LONGEST_SECONDS)
        warnings.simplefilter("default")
        asyncio.set_event_loop_policy(None)
        os.environ.clear()
        os.environ.update(env)
        os.chdir(ROOT)
        sys.argv = ["antichambre", *arguments]
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        for stream_ in (sys.stdout, sys.stderr):
            stream_.flush()
        os._exit(code)
