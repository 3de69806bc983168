"""Package data has one door, and each file an owner: the walls of the house hold for files, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corridors import packaged

SOURCE = Path(packaged.__file__).parent
DATA = SOURCE / "data"
DOOR = SOURCE / "packaged.py"
CALLS = ("content", "folder", "path", "rows", "text", "toml")
# Which rooms read the files below the first part of a path. Modules beside the rooms are the ground floor.
OWNERS = {
    "ground": {"ground"},
    "evidence": {"evidence"},
    "migration": {"migration"},
    "remittances": {"remittances"},
    "cooperation": {"cooperation"},
    "atlas": {"atlas", "building"},
    "publish": {"publish"},
}
# Module and file asked for: why it may.
EXCEPTIONS = {
    (
        "places/register.py",
        "evidence/figures/place.csv",
    ): "the register is made from the figure of countries",
    (
        "places/classified.py",
        "evidence/figures/income_class.csv.gz",
    ): "so are the classes of income by year",
}


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "web" not in path.parts and path != DOOR)


def room(module: Path) -> str:
    parts = module.relative_to(SOURCE).parts
    return (
        parts[0]
        if len(parts) > 1 and parts[0] not in ("numerics", "workbooks", "intake", "places")
        else "ground"
    )


def asked(module: Path) -> Iterator[tuple[str, bool]]:
    """Names of data files that a module asks for, and whether the name is whole (no gap to be filled)."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "packaged"):
            continue
        assert node.func.attr in CALLS, node.func.attr
        argument = node.args[0]
        if isinstance(argument, ast.JoinedStr):
            first = argument.values[0]
            assert isinstance(first, ast.Constant), f"{module}: a name begins with its owner"
            yield str(first.value), False
        else:
            assert isinstance(argument, ast.Constant), f"{module}: a name stands where it is asked for"
            yield str(argument.value), True


REQUESTS = [
    (module.relative_to(SOURCE).as_posix(), room(module), name, whole)
    for module in modules()
    for name, whole in asked(module)
]


def first_of(name: str) -> str:
    return name.split("/", maxsplit=1)[0]


def shipped() -> list[str]:
    found = (path for path in DATA.rglob("*") if path.is_file())
    names = [path.relative_to(DATA).as_posix() for path in found if "__pycache__" not in path.parts]
    return sorted(name for name in names if name != "README.md")


def test_something_is_asked_for() -> None:
    assert len(REQUESTS) > 30
    assert len(shipped()) > 40


@pytest.mark.parametrize(("module", "owner", "name", "whole"), REQUESTS, ids=str)
def test_what_is_asked_for_is_there_and_belongs_to_who_asks(
    module: str, owner: str, name: str, whole: bool
) -> None:
    if whole:
        assert (DATA / name).exists(), f"{module} asks for {name}"
    else:
        assert name.endswith("/"), f"{module}: the gap of a name is a file of a folder"
        assert (DATA / name).is_dir(), f"{module} asks for {name}"
    first = first_of(name)
    assert owner in OWNERS[first] or (module, name) in EXCEPTIONS, (
        f"{module} reads {name}, which belongs to {first}: take it as an argument, or ask its owner"
    )


def test_every_exception_is_one() -> None:
    asking = {
        (module, name) for module, owner, name, _ in REQUESTS if owner not in OWNERS[name.split("/")[0]]
    }
    assert set(EXCEPTIONS) == asking


def test_there_is_no_other_door() -> None:
    other = re.compile(r"importlib\.resources|importlib import resources|pkgutil\.get_data|Path\(__file__")
    # The built pages are no data: they are made from web/ when the wheel is, and served as they are.
    pages = {SOURCE / "publish" / "export.py", SOURCE / "publish" / "api" / "app.py"}
    assert [module for module in modules() if module not in pages and other.search(module.read_text())] == []


def test_every_file_has_an_owner_and_a_line_in_the_list() -> None:
    text = (DATA / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| (`.+?) \|", text, re.MULTILINE)
    names = {name for cell in listed for name in re.findall(r"`([^`]+)`", cell)}
    for name in shipped():
        assert first_of(name) in OWNERS, name
        folders = {f"{parent.as_posix()}/" for parent in Path(name).parents}
        assert name in names or folders & names, f"src/corridors/data/README.md does not say what {name} is"
    assert [name for name in names if not (DATA / name).exists()] == []
    readers = re.findall(r"^\| `.+ \| `([\w.]+)` \|$", text, re.MULTILINE)
    assert len(readers) == len(listed)
    paths = [SOURCE.joinpath(*reader.split(".")) for reader in readers]
    assert [path for path in paths if not (path.is_dir() or path.with_suffix(".py").is_file())] == []


def test_every_file_is_read_by_some_module() -> None:
    read = {name.rstrip("/") for _, _, name, _ in REQUESTS}
    above = {name: {parent.as_posix() for parent in Path(name).parents} | {name} for name in shipped()}
    assert [name for name, places in above.items() if not places & read] == []
