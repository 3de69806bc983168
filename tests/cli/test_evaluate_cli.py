"""Flows of the atlas held against a file of reported ones, on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl
import pytest

import corridors as co
from corridors import cli


def test_a_file_of_reports_is_compared_method_by_method(
    atlas_folder: Path,
    atlas: co.Atlas,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    moved = atlas.table("migrant_flow", where="kind = 'total' AND sex = 'total' AND period_start = 2005")
    best = moved.filter(method="pseudo-bayes", destination="SWE").filter(pl.col("value") >= 50)
    # Half of what was estimated, year by year.
    years = best.select("origin", "destination", pl.col("value") / 10).join(
        pl.DataFrame({"year": range(2005, 2010)}), how="cross"
    )
    years.write_csv(tmp_path / "reported.csv")
    asked = ["corridors", "evaluate", "flows", str(tmp_path / "reported.csv"), "-f", "json"]
    asked += ["--by", "reporter", "-m", "pseudo-bayes", "--atlas", str(atlas_folder)]
    monkeypatch.setattr(sys, "argv", asked)
    with pytest.raises(SystemExit) as left:
        cli.main()
    out, err = capsys.readouterr()
    assert left.value.code in (0, None)
    whole, swedish = json.loads(out)
    assert (whole["part"], swedish["part"]) == ("all", "SWE")
    assert (whole["pairs"], whole["reporters"]) == (best.height, 1)
    assert whole["count"] == pytest.approx(1.0)
    assert whole["bias"] == pytest.approx(1.0)
    assert f"{best.height:,} pairs of places and periods from 1 reporters" in err
