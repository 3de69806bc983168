"""The wheel: what is in it, how large it is, and that it serves the pages on a machine without Node.js."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT
from corridors.publish.export import WEB
from environments import bare, environment, needs_pages, needs_sources, wheel_fixture
from serving import served

__all__ = ["wheel_fixture"]
pytestmark = [*needs_sources, needs_pages]
MOST_BYTES = 8_000_000


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
    """Folder with the programs of a new environment that has the wheel and its extra for the web."""
    return environment(tmp_path_factory.mktemp("web"), wheel, "web")


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
    run = [str(installed / "corridors")]
    with served(atlas_folder, run, tmp_path, bare(installed, tmp_path)) as address:
        page = read(f"{address}/").decode("utf-8")
        assert '<div id="app">' in page
        script = re.search(r'src="\./(assets/[^"]+\.js)"', page)
        assert script is not None
        assert len(read(f"{address}/{script.group(1)}")) > 50_000
        assert json.loads(read(f"{address}/health"))
        about = json.loads(read(f"{address}/data/atlas.json"))
        assert about["api"] is True
        assert any(one["id"] == "migrant_stock" for one in about["measures"])
        assert read(f"{address}/data/agreements.parquet")[:4] == b"PAR1"
    assert time.perf_counter() - began < 60
