"""Every published or peer's worked example is tested somewhere."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def test_every_case_of_the_index_is_here_and_used() -> None:
    """Each case is named in a test, in full or, for flows from stocks, without its prefix."""
    tests = "".join(p.read_text("utf-8") for p in HERE.parent.rglob("test_*.py"))
    with (HERE / "golden" / "INDEX.csv").open(encoding="utf-8", newline="") as file:
        cases = [row["case"] for row in csv.DictReader(file)]
    assert len(cases) == 47
    names = [case.removeprefix("ffs_demo_") for case in cases]
    assert [name for name in names if f'{name}"' not in tests and f"{name}." not in tests] == []


def test_roots_of_a_quadratic() -> None:
    """The peer ships its own solver for the equation behind net-migration factors; the library has one."""
    case = json.loads((HERE / "golden" / "quadratic_doc.json").read_text())
    a, b, c = (case["inputs"][name]["data"] for name in "abc")
    roots = case["outputs"]["out"]["data"]
    np.testing.assert_allclose(sorted(np.roots([a, b, c]).real), sorted(roots), rtol=1e-10)
