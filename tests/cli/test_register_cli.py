"""The register on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corridors.cli.register import app
from corridors.cooperation.register import load
from corridors.errors import DataError

RUN = CliRunner()


def test_new_check_and_export_go_round(tmp_path: Path) -> None:
    file, folder = tmp_path / "new.toml", tmp_path / "sheets"
    assert RUN.invoke(app, ["new", "practice", "-o", str(file)]).exit_code == 0
    assert RUN.invoke(app, ["check", str(file)]).exit_code == 0
    assert RUN.invoke(app, ["export", "--to", "csv", "-o", str(folder)]).exit_code == 0
    assert load(folder) == load()
    out = tmp_path / "r.jsonld"
    assert RUN.invoke(app, ["export", str(folder), "--to", "jsonld", "-o", str(out)]).exit_code == 0
    assert len(json.loads(out.read_text("utf-8"))["@graph"]) == len(load())
    assert isinstance(RUN.invoke(app, ["export", "--to", "csv"]).exception, DataError)


def test_check_lists_problems_and_exits_1(tmp_path: Path) -> None:
    file, out = tmp_path / "bad.toml", tmp_path / "problems.json"
    file.write_text('[[practice]]\ntitel = "x"\n')
    assert RUN.invoke(app, ["check", str(file), "-o", str(out)]).exit_code == 1
    rows = json.loads(out.read_text("utf-8"))
    last = rows[-1]
    assert (last["file"], last["line"], last["field"]) == (str(file), 2, "titel")
    assert (last["problem"], last["remedy"]) == ("is not a field of the register", "did you mean 'title'?")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["orientation", "seminar"], "philippines-pre-departure-orientation"),
        (["--kind", "practice", "--country", "Sri Lanka"], "sri-lanka-family-background-report"),
        (["--concern", "portability", "--state", "under-way"], "ibero-american-social-security-2007"),
    ],
)
def test_search_finds(tmp_path: Path, arguments: list[str], expected: str) -> None:
    out = tmp_path / "found.json"
    assert RUN.invoke(app, ["search", *arguments, "-o", str(out)]).exit_code == 0
    assert expected in [row["id"] for row in json.loads(out.read_text("utf-8"))]
