"""The script that compares two atlas files finds every kind of difference and nothing else."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import ROOT

compare: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "compare_builds.py"))

BASE = (
    "CREATE TABLE treaty (treaty VARCHAR, country VARCHAR, state_party_since BIGINT, source VARCHAR)",
    "INSERT INTO treaty VALUES ('cat', 'ALB', 1994, 'x'), ('cat', 'DZA', 1989, 'x')",
    "CREATE TABLE finding (rule VARCHAR, value DOUBLE)",
    "INSERT INTO finding VALUES ('a', 1), ('a', 1), ('b', NULL)",
    "CREATE TABLE population (country VARCHAR, year BIGINT, population DOUBLE)",
    "INSERT INTO population VALUES ('ALB', 2020, 3e6), ('DZA', 2020, 'nan'), ('AND', 2020, 0)",
    "CREATE TABLE run (version VARCHAR, built_at VARCHAR)",
    "INSERT INTO run VALUES ('1', 'noon')",
    "CREATE VIEW facts AS SELECT 1 AS one",
    "CREATE MACRO twice(x) AS 2 * x",
)


def atlas(path: Path, *changes: str) -> Path:
    with duckdb.connect(path) as db:
        for statement in (*BASE, *changes):
            db.execute(statement)
    return path


def names(tmp_path: Path, *changes: str) -> list[str]:
    old, new = atlas(tmp_path / "old.duckdb"), atlas(tmp_path / "new.duckdb", *changes)
    return [found.name for found in compare["Pair"](old, new).differences()]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE run SET built_at = 'midnight'", []),
        ("INSERT INTO treaty SELECT * FROM treaty WHERE false", []),
        ("UPDATE run SET version = '2'", ["run.only-old", "run.only-new"]),
        ("UPDATE treaty SET source = 'y' WHERE country = 'ALB'", ["treaty.source"]),
        (
            "UPDATE population SET population = 3000000.0000000005 WHERE country = 'ALB'",
            ["population.population"],
        ),
        (
            "DELETE FROM population WHERE country = 'AND'; "
            "INSERT INTO population VALUES ('AND', 2020, '-0.0'::DOUBLE)",
            ["population.population"],
        ),
        ("UPDATE population SET population = NULL WHERE country = 'DZA'", ["population.population"]),
        ("DELETE FROM treaty WHERE country = 'DZA'", ["treaty.only-old"]),
        ("INSERT INTO treaty VALUES ('cat', 'FRA', 1986, 'x')", ["treaty.only-new"]),
        ("DELETE FROM finding WHERE rule = 'a'; INSERT INTO finding VALUES ('a', 1)", ["finding.only-old"]),
        ("DROP TABLE finding", ["finding"]),
        ("CREATE TABLE place (country VARCHAR)", ["place"]),
        ("ALTER TABLE treaty ADD COLUMN since DATE", ["treaty.since"]),
        ("ALTER TABLE treaty ALTER state_party_since TYPE DOUBLE", ["treaty.state_party_since"]),
        ("CREATE OR REPLACE VIEW facts AS SELECT 2 AS one", ["view.facts"]),
        ("CREATE OR REPLACE MACRO twice(x) AS x + x", ["macro.twice"]),
    ],
)
def test_a_change_is_found_by_its_name(tmp_path: Path, change: str, expected: list[str]) -> None:
    assert names(tmp_path, change) == expected


def test_what_is_allowed_is_told_and_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = atlas(tmp_path / "old.duckdb")
    new = atlas(tmp_path / "new.duckdb", "UPDATE population SET population = 4e6 WHERE country = 'ALB'")
    assert compare["main"]([str(old), str(new)]) == 1
    told = capsys.readouterr().out
    assert "population.population: 1 cells, at most 0.25 of the figure" in told
    assert "ALB, 2020: 3000000.0 -> 4000000.0" in told
    assert compare["main"]([str(old), str(new), "--allow", "treaty.*"]) == 1
    capsys.readouterr()
    assert compare["main"]([str(old), str(new), "--allow", "treaty.*", "population.population"]) == 0
    assert "allowed population.population: 1 cells" in capsys.readouterr().out
