"""The wheel: what is in it, how large it is, and that it serves the pages on a machine without Node.js."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corridors.publish.export import WEB

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.xdist_group("atlas"),
    pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="no copy of the sources"),
    pytest.mark.skipif(
        not (WEB / "index.html").is_file(), reason="the web pages are not built: npm run build in web/"
    ),
]
MOST_BYTES = 8_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
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


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    """Files of the wheel."""
    with zipfile.ZipFile(wheel) as content:
        assert content.testzip() is None
        return content.namelist()


def test_the_pages_are_inside(wheel: Path, names: list[str]) -> None:
    inside = "corridors/publish/web/"
    assert f"{inside}index.html" in names
    with zipfile.ZipFile(wheel) as content:
        page = content.read(f"{inside}index.html").decode("utf-8")
    asked = re.findall(r'(?:src|href)="\./([^"]+)"', page)
    assert any(name.endswith(".js") for name in asked)
    assert {f"{inside}{name}" for name in asked if name} <= set(names)
    built = {f"{inside}{p.relative_to(WEB).as_posix()}" for p in (WEB / "assets").iterdir()}
    assert built <= set(names)


def test_size_and_what_does_not_belong(wheel: Path, names: list[str]) -> None:
    assert wheel.stat().st_size <= MOST_BYTES
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"corridors"}
    strange = re.compile(
        r"(^|/)(tests?|node_modules|\.git|__pycache__)/|\.(pyc|duckdb|svelte|ts|map)$|conftest"
    )
    assert [name for name in names if strange.search(name)] == []
    assert "corridors/py.typed" in names
    licences = {name.rsplit("/", 1)[1] for name in names if "/licenses/" in name}
    assert {"LICENSE", "NOTICE"} <= licences


def test_every_file_of_the_package_is_inside(names: list[str]) -> None:
    package = ROOT / "src" / "corridors"
    wanted = {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix in (".py", ".csv", ".toml", ".gz") and "web" not in path.parts
    }
    assert len(wanted) > 100
    assert wanted <= set(names)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the programs of a new environment that has the wheel and the libraries of this one."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(
        subprocess.run(
            [programs / "python", "-c", asked], capture_output=True, text=True, check=True
        ).stdout.strip()
    )
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--quiet",
         "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # The libraries; .pth files of this environment, such as that of an editable install, stay unread.
    libraries = next(Path(place) for place in sys.path if (Path(place) / "polars").is_dir())
    (own / "libraries.pth").write_text(f"{libraries}\n", "utf-8")
    return programs


def bare(programs: Path, home: Path) -> dict[str, str]:
    """Variables of a machine that has nothing but the new environment."""
    return {"PATH": str(programs), "HOME": str(home), "SYSTEMROOT": os.environ.get("SYSTEMROOT", "")}


@contextmanager
def serving(programs: Path, folder: Path, elsewhere: Path) -> Generator[str]:
    server = subprocess.Popen(
        [programs / "corridors", "serve", "--port", "0", "--atlas", str(folder)],
        cwd=elsewhere,
        env=bare(programs, elsewhere),
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


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.status == 200
        return answer.read()


def test_it_serves_the_pages_without_node(installed: Path, atlas_folder: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [installed / "python", "-c", "import corridors; print(corridors.__file__)"],
        cwd=tmp_path, env=bare(installed, tmp_path), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert Path(where.strip()).is_relative_to(installed.parent)
    began = time.perf_counter()
    with serving(installed, atlas_folder, tmp_path) as address:
        page = read(f"{address}/").decode("utf-8")
        assert '<div id="app">' in page
        script = re.search(r'src="\./(assets/[^"]+\.js)"', page)
        assert script is not None
        assert len(read(f"{address}/{script.group(1)}")) > 50_000
        assert json.loads(read(f"{address}/health"))
        about = json.loads(read(f"{address}/data/atlas.json"))
        assert about["api"] is True
        assert any(one["id"] == "migrant_stock" for one in about["measures"])
    assert time.perf_counter() - began < 60
