"""What a bare installation can do, what each extra adds, and the words where one is missing."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from conftest import ROOT
from corridors.extras import EXTRAS
from environments import bare, environment, needs_sources, wheel_fixture

__all__ = ["wheel_fixture"]
pytestmark = needs_sources
# Libraries that are imported by another name than they are installed by.
IMPORTED = {"vl-convert-python": "vl_convert", "python-docx": "docx"}
# Opens what an extra is for.
USE = {
    "web": "import corridors.publish.api",
    "brief": "import corridors.publish.charts",
    "documents": "import corridors.cooperation.documents",
    "survey": "import polars as pl, corridors as co; co.remittances.welfare.household_measures("
    "pl.DataFrame({'income': [1.0, 2.0, 3.0]}), 1.5, 'income')",
    "pandas": "import corridors as co; co.open(FOLDER).country('PHL').to_pandas()",
    "xarray": "from corridors.extras import need; need('xarray')",
}


def test_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    given = project["optional-dependencies"]
    names = {
        extra: {re.split(r"[^\w-]", line)[0] for line in lines}
        for extra, lines in given.items()
        if extra not in ("all", "dev")
    }
    # What the type of an answer is described with comes with FastAPI, whose name says enough.
    names["web"] -= {"pydantic"}
    assert {e: {IMPORTED.get(n, n) for n in found} for e, found in names.items()} == {
        e: set(libraries) for e, libraries in EXTRAS.items()
    }
    assert given["all"] == [f"corridors[{','.join(EXTRAS)}]"]
    assert f"corridors[{'all'}]" in given["dev"]


@pytest.mark.parametrize(("extra", "library"), [(e, lib) for e, libs in EXTRAS.items() for lib in libs])
def test_a_missing_library_is_named_with_its_extra(extra: str, library: str, atlas_folder: Path) -> None:
    # None in sys.modules stands for a module that is known to be absent.
    code = f"""
import sys
sys.modules[{library!r}] = None
from corridors.errors import NotInstalled
FOLDER = {str(atlas_folder)!r}
try:
    {USE[extra]}
except NotInstalled as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{library} is not installed; ")
    assert f"pip install 'corridors[{extra}]'" in done.stdout


@pytest.fixture(scope="module", name="programs")
def programs_fixture(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs of an environment with nothing but what the wheel requires."""
    return environment(tmp_path_factory.mktemp("bare"), wheel)


def run(programs: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs / "corridors", *words],
        cwd=home, env=bare(programs, home) | {"COLUMNS": "200"},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    ["corridor MEX USA", "country PHL", "table place", "why migrant_stock MEX USA 2020 total", "claims",
     "monitor", "facts PHL", "table price_saving -f parquet -o saving.parquet", "export data package",
     "doctor", "sources list"],
)  # fmt: skip
def test_reading_needs_no_extra(programs: Path, atlas_folder: Path, tmp_path: Path, words: str) -> None:
    where = () if words == "sources list" else ("--atlas", str(atlas_folder))
    done = run(programs, tmp_path, *words.split(), *where)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "leaked" not in done.stderr
    if words == "doctor":
        assert f"extras: none; not installed: {', '.join(EXTRAS)}" in done.stdout


def test_building_needs_no_extra(programs: Path, tmp_path: Path) -> None:
    # Modules of rooms that need an extra say so; all the others, the whole build among them, are imported.
    code = """
import importlib, pathlib, pkgutil
import polars as pl
import corridors
from corridors.building.writer import AtlasWriter
from corridors.errors import NotInstalled
refused = set()
for module in pkgutil.walk_packages(corridors.__path__, "corridors.", onerror=lambda name: None):
    try:
        importlib.import_module(module.name)
    except NotInstalled:
        refused.add(".".join(module.name.split(".")[:3]))
print(*sorted(refused))
row = {"treaty": ["cat"], "country": ["ALB"], "state_party_since": [1994], "source": ["x"]}
with AtlasWriter(pathlib.Path("atlas.duckdb")) as atlas:
    atlas.write("treaty", pl.DataFrame(row))
    print(atlas.query("SELECT treaty, state_party_since FROM treaty").row(0))
"""
    done = subprocess.run(
        [programs / "python", "-c", code],
        cwd=tmp_path, env=bare(programs, tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rooms = ["cooperation.documents", "publish.api", "publish.brief", "publish.charts"]
    assert done.stdout.splitlines() == [" ".join(f"corridors.{r}" for r in rooms), "('cat', 1994)"]


def test_rows_leave_duckdb_and_polars_by_the_one_way() -> None:
    # These methods import pyarrow; what the web and surveys do with it, they say.
    known = {"publish/site/encode.py": {"to_arrow"}, "remittances/welfare/microdata.py": {"to_arrow_reader"}}
    asked = {"pl", "df", "arrow", "to_arrow", "to_arrow_table", "to_arrow_reader", "fetch_arrow_table"}
    found: dict[str, set[str]] = {}
    package = ROOT / "src" / "corridors"
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in asked
            ):
                found.setdefault(path.relative_to(package).as_posix(), set()).add(node.func.attr)
    assert found == known


@pytest.mark.parametrize(
    ("words", "extra"),
    [("brief PHL", "brief"), ("chart corridor MEX USA -o x.svg", "brief"), ("serve", "web"),
     ("export site public --without-pages", "web"), ("document 2011", "documents")],
)  # fmt: skip
def test_a_command_says_which_extra_it_needs(
    programs: Path, atlas_folder: Path, tmp_path: Path, words: str, extra: str
) -> None:
    where = () if extra == "documents" else ("--atlas", str(atlas_folder))
    done = run(programs, tmp_path, *words.split(), *where)
    assert done.returncode == 1
    assert re.search(r"^Error: \w+ is not installed; ", done.stderr), done.stderr
    assert f"Remedy: pip install 'corridors[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("extra", "words", "made"),
    [("brief", "brief PHL", "brief_PHL.pdf"), ("brief", "chart corridor MEX USA -o x.svg", "x.svg"),
     ("documents", "document 2011 --akn -o debate.xml", "debate.xml")],
)  # fmt: skip
def test_an_extra_brings_all_that_its_commands_need(
    wheel: Path, atlas_folder: Path, tmp_path: Path, extra: str, words: str, made: str
) -> None:
    programs = environment(tmp_path / "environment", wheel, extra)
    where = () if extra == "documents" else ("--atlas", str(atlas_folder))
    done = run(programs, tmp_path, *words.split(), *where)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / made).stat().st_size > 1000


@pytest.mark.skipif(os.name == "nt", reason="files are linked there by other means")
def test_a_bare_installation_has_none_of_the_libraries_of_extras(programs: Path, tmp_path: Path) -> None:
    asked = "import importlib.util as u, sys; print(*[n for n in sys.argv[1:] if u.find_spec(n)])"
    libraries = sorted({lib for libs in EXTRAS.values() for lib in libs})
    done = subprocess.run(
        [programs / "python", "-c", asked, *libraries],
        cwd=tmp_path, env=bare(programs, tmp_path), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == []
