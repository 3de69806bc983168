"""`corridors serve` in a process of its own, and a browser that asks nobody but it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

RUN = (sys.executable, "-c", "from corridors.cli import main; main()")
CHROMIUM = os.environ.get("CORRIDORS_CHROMIUM") or shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Small shared memory, as in containers.
    "--disable-dev-shm-usage",
]


@contextmanager
def served(
    atlas: Path | str,
    run: Sequence[str] = RUN,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> Generator[str]:
    """The address of the served atlas, without the last slash.

    Parameters
    ----------
    atlas
        Folder of the atlas.
    run
        The program ``corridors``, or what stands for it.
    cwd, env
        Folder and variables of the process.
    """
    server = subprocess.Popen(
        [*run, "serve", "--port", "0", "--atlas", str(atlas)],
        cwd=cwd,
        env=env,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        line = server.stderr.readline()
        found = re.search(r"http://[^ ]+:\d+", line)
        assert found is not None, line + server.stderr.read()
        yield found.group()
    finally:
        server.terminate()
        server.wait(20)
        server.stderr.close()
