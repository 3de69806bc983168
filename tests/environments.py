"""Fresh environments that hold a wheel, some of its extras, and nothing else of this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from conftest import ROOT
from corridors.publish.export import WEB

needs_sources = [
    pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="no copy of the sources"),
]
needs_pages = pytest.mark.skipif(
    not (WEB / "index.html").is_file(), reason="the web pages are not built: npm run build in web/"
)


@pytest.fixture(scope="session", name="wheel")
def wheel_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with what is installed and with the pages as they are."""
    pytest.importorskip("hatchling", reason="hatchling is not installed: wheels can not be built offline")
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        env={**os.environ, "CORRIDORS_SKIP_WEB": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def environment(folder: Path, wheel: Path, *extras: str) -> Path:
    """Install a wheel into a new environment; its programs are in the folder returned.

    The libraries that it requires are linked from this environment, and what these require, and no
    more: a library that nobody requires is missing there as it would be elsewhere.
    """
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run([programs / "python", "-c", asked], capture_output=True, text=True, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--quiet",
         "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for found in required(wheel, extras):
        for name in {file.parts[0] for file in found.files or () if file.parts[0] != ".."}:
            place, link = Path(str(found.locate_file(name))), Path(own.stdout.strip()) / name
            if place.exists() and not link.is_symlink() and name != "__pycache__":
                link.symlink_to(place)
    return programs


def required(wheel: Path, extras: tuple[str, ...]) -> Iterator[Distribution]:
    """The distributions that a wheel with some extras requires, directly or not."""
    with zipfile.ZipFile(wheel) as content:
        (name,) = (n for n in content.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(content.read(name).decode("utf-8"))
    own = re.sub(r"[-_.]+", "-", metadata["Name"]).lower()
    waiting = [(line, frozenset(extras)) for line in metadata.get_all("Requires-Dist", [])]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        line, asked = waiting.pop()
        wanted = Requirement(line)
        if wanted.marker and not any(wanted.marker.evaluate({"extra": e}) for e in asked or {""}):
            continue
        key = (re.sub(r"[-_.]+", "-", wanted.name).lower(), frozenset(wanted.extras))
        if key in seen or key[0] == own:
            continue
        seen.add(key)
        found = distribution(wanted.name)
        waiting += [(inner, key[1]) for inner in found.requires or ()]
        yield found


def bare(programs: Path, home: Path) -> dict[str, str]:
    """Variables of a machine that has nothing but the new environment."""
    return {"PATH": str(programs), "HOME": str(home), "SYSTEMROOT": os.environ.get("SYSTEMROOT", "")}
