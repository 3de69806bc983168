"""Exports for other programs, read back by other programs."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import corridors as co
from corridors.atlas.schema import atlas_schema
from corridors.cli import app
from corridors.errors import DataError, NotFound
from corridors.publish.packages import SDMX_TABLES, data_package, sdmx_csv


@pytest.fixture(scope="module")
def package(atlas: co.Atlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "package"
    data_package(atlas, folder)
    return folder


def test_every_table_is_there_with_its_hash(atlas: co.Atlas, package: Path) -> None:
    told = json.loads((package / "datapackage.json").read_text("utf-8"))
    assert {r["path"] for r in told["resources"]} == {p.name for p in package.glob("*.parquet")}
    names = {r["name"].replace("-", "_") for r in told["resources"]}
    assert names == set(atlas.tables()) & set(atlas_schema())
    for resource in told["resources"]:
        content = (package / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    assert told["licenses"]
    assert any("Population Division" in source["title"] for source in told["sources"])


@pytest.mark.parametrize("name", ["migrant_stock", "claim", "remittance_price", "labour_agreement"])
def test_tables_come_back_as_they_are(atlas: co.Atlas, package: Path, name: str) -> None:
    assert pl.read_parquet(package / f"{name}.parquet").equals(atlas.table(name))


def test_frictionless_accepts_the_descriptor(package: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own dependencies
        from frictionless import Package

        found = Package.metadata_validate(json.loads((package / "datapackage.json").read_text("utf-8")))
        problems = [error.message for error in found]
    assert problems == []


def test_the_values_keep_to_the_schema_of_the_package(package: Path) -> None:
    told = json.loads((package / "datapackage.json").read_text("utf-8"))
    types = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    for resource in told["resources"]:
        frame = pl.read_parquet(package / resource["path"])
        schema = resource["schema"]
        assert frame.columns == [field["name"] for field in schema["fields"]]
        for field in schema["fields"]:
            column, limits = frame[field["name"]], field.get("constraints", {})
            assert column.dtype == types[field["type"]], (resource["name"], field["name"])
            assert not (limits.get("required") and column.null_count()), (resource["name"], field["name"])
            if "minimum" in limits and column.drop_nulls().len():
                assert column.min() >= limits["minimum"], (resource["name"], field["name"])
        if "primaryKey" in schema:
            assert not frame.select(schema["primaryKey"]).is_duplicated().any(), resource["name"]


def test_sdmx_is_read_by_another_program(atlas: co.Atlas, tmp_path: Path) -> None:
    written = sdmx_csv(atlas, tmp_path / "sdmx", ["migrant_stock", "remittance_price", "net_migration"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pysdmx.io import read_sdmx

        message = read_sdmx(tmp_path / "sdmx" / "CORRIDORS_DF_MIGRANT_STOCK.csv", validate=False)
    data = message.data[0].data
    assert written["migrant_stock"] == len(data) == atlas.table("migrant_stock").height
    row = data[(data["ORIGIN"] == "MEX") & (data["DESTINATION"] == "USA") & (data["SEX"] == "F")]
    row = row[row["TIME_PERIOD"].astype(str) == "2020"]
    expected = atlas.table(
        "migrant_stock", where="origin='MEX' AND destination='USA' AND year=2020 AND sex='female'"
    )
    assert float(row["OBS_VALUE"].iloc[0]) == expected["value"].item()


@pytest.mark.parametrize("name", SDMX_TABLES)
def test_sdmx_has_one_row_a_key_and_no_blank_figure(atlas: co.Atlas, tmp_path: Path, name: str) -> None:
    sdmx_csv(atlas, tmp_path / "sdmx", [name])
    frame = pl.read_csv(next((tmp_path / "sdmx").glob("*.csv")), infer_schema_length=None)
    measures = {"OBS_VALUE", "LOWER", "UPPER", "UNIT_MEASURE", "UNIT_MULT"}
    assert frame.columns[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert frame["OBS_VALUE"].null_count() == 0
    assert not frame.select([c for c in frame.columns if c not in measures]).is_duplicated().any()
    if frame["TIME_PERIOD"].dtype == pl.String:
        assert frame["TIME_PERIOD"].str.contains(r"^\d{4}(-Q[1-4]|-01-01/P\d+Y)$").all()


def test_nothing_half_written_and_nothing_overwritten(atlas: co.Atlas, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no table 'nothing'"):
        data_package(atlas, tmp_path / "a", ["nothing"])
    with pytest.raises(NotFound, match="no dataflow"):
        sdmx_csv(atlas, tmp_path / "a", ["place"])
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="not empty"):
        data_package(atlas, kept, ["claim"])
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]
    assert (kept / "mine.txt").read_text() == "mine"


def test_commands(atlas_folder: Path, tmp_path: Path) -> None:
    for kind, name in (("data", "claim"), ("sdmx", "remittance_total")):
        folder = tmp_path / kind
        words = ["export", kind, str(folder), "--table", name, "--atlas", str(atlas_folder)]
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
        assert any(folder.iterdir())
