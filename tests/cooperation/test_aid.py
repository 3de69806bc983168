"""Project files read as published; keywords; sums put right for errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from corridors.cli import aid as aid_command
from corridors.cooperation.aid import (
    Accuracy,
    Rate,
    classify,
    flagged,
    keywords,
    labelling_sample,
    migration_aid,
    open_activities,
)
from corridors.cooperation.aid.adjust import adjusted
from corridors.errors import DataError, NotFound

ROWS = pl.DataFrame(
    {
        "Year": [2020, 2020, 2021, 2021, 2021, 2021],
        "DonorName": ["France", "France", "Allemagne", "Suède", "Suède", "Suède"],
        "RecipientName": ["Mali"] * 3 + ["Côte d'Ivoire"] * 3,
        "FlowName": ["ODA Grants"] * 6,
        "PurposeCode": [15190, 24010, 41030, 15110, 93010, 72040],
        "ProjectTitle": [
            "Divers",
            'Transferts de fonds des "migrants"',
            "Oiseaux migrateurs | zones humides",
            "Retour\nvolontaire",
            "Asylum seekers' first year",
            "Aide aux réfugiés",
        ],
        "ShortDescription": [""] * 6,
        "LongDescription": [""] * 6,
        "USD_Commitment": [10.0, 20, 30, 40, 50, 60],
        "USD_Disbursement": [1.0, 2, 3, None, 5, 6],
        "USD_Commitment_Defl": [11.0, 22, 33, 44, 55, 66],
        "USD_Disbursement_Defl": [1.1, 2.2, 3.3, None, 5.5, 6.6],
    }
)
NEW_NAMES = {
    "Year": "year",
    "DonorName": "donor_name",
    "RecipientName": "recipient_name",
    "FlowName": "flow_name",
    "PurposeCode": "purpose_code",
    "ProjectTitle": "project_title",
    "ShortDescription": "short_description",
    "LongDescription": "long_description",
    **{c: c.lower() for c in ROWS.columns if c.startswith("USD")},
}
SURE = Accuracy(Rate(90, 100), Rate(50, 100), Rate(80, 100), Rate(60, 100))


def written(
    folder: Path, encoding: str = "utf-8", separator: str = "|", name: str = "CRS 2021 data.txt"
) -> Path:
    file = folder / name
    text = ROWS.write_csv(separator=separator, quote_style="non_numeric")
    file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", ["|", ","])
def test_files_as_published_are_read_alike(tmp_path: Path, encoding: str, separator: str) -> None:
    with open_activities(written(tmp_path, encoding, separator)) as rows:
        table = rows.collect()
    assert table["donor_name"].to_list()[2:4] == ["Allemagne", "Suède"]
    assert table["recipient_name"][3] == "Côte d'Ivoire"
    assert table["project_title"][1] == 'Transferts de fonds des "migrants"'
    assert table["project_title"][2] == "Oiseaux migrateurs | zones humides"
    assert table["usd_disbursement"].to_list() == [1, 2, 3, None, 5, 6]
    assert table.schema["purpose_code"] == pl.Int64


def test_the_bulk_parquet_gives_the_same(tmp_path: Path) -> None:
    new = tmp_path / "CRS.parquet"
    ROWS.rename(NEW_NAMES).write_parquet(new)
    old = migration_aid(written(tmp_path), accuracy=SURE).to_polars()
    assert migration_aid(new, accuracy=SURE).to_polars().equals(old)


def test_low_central_high(tmp_path: Path) -> None:
    found = migration_aid(written(tmp_path), accuracy=SURE)
    years = {row["year"]: row for row in found.to_polars().to_dicts()}
    assert (years[2020]["low"], years[2020]["central"]) == (1.1, pytest.approx(3.3))
    # All that is known of 2021 is that something is there: not zero.
    assert years[2021]["central"] is None
    assert years[2021]["without_amount"] == 1
    assert years[2021]["adjusted"] is None
    promised = migration_aid(written(tmp_path), by=["donor", "concern"], amount="commitment", deflated=False)
    rows = {(r["donor"], r["concern"]): r for r in promised.to_polars().to_dicts()}
    assert rows["France", None]["low"] == 10
    assert rows["France", "remittances"]["central"] == 20
    assert rows["Suède", "return"]["central"] == 40
    assert "purpose 15190 alone 10.0; with confident keywords 70.0" in promised.summary()


def test_refugees_at_home_and_in_camps_count_only_when_asked(tmp_path: Path) -> None:
    file = written(tmp_path)
    titles = set(migration_aid(file).projects["project_title"])
    assert not titles & {
        "Asylum seekers' first year",
        "Aide aux réfugiés",
        "Oiseaux migrateurs | zones humides",
    }
    assert "Asylum seekers' first year" in set(migration_aid(file, in_donor=True).projects["project_title"])
    assert "Aide aux réfugiés" in set(migration_aid(file, humanitarian=True).projects["project_title"])


def test_flagged_is_classify_without_the_rest() -> None:
    sample = pl.read_csv(Path(__file__).with_name("aid_sample.csv"))
    all_rows = classify(sample.lazy()).filter(pl.col("stratum").is_not_null()).collect()
    assert flagged(sample.lazy()).collect().equals(all_rows)


def test_capitals_and_accents_do_not_matter() -> None:
    titles = ["RÉINTÉGRATION DES MIGRANTS", "reintegration des migrants", "Réintégration des migrants"]
    rows = pl.LazyFrame({"project_title": titles}).with_columns(
        short_description=None, long_description=None, purpose_code=pl.lit(15110)
    )
    assert classify(rows).collect()["score"].n_unique() == 1


def test_adjustment_by_hand() -> None:
    middle, lower, upper = adjusted(np.r_[100.0], np.r_[40.0], np.r_[0.0], SURE)
    assert middle[0] == pytest.approx(100 + 40 * 0.9 / 0.8)
    # One stratum: precision and recall are the only errors, put together on logarithms.
    (p_low, p_high), (r_low, r_high) = Rate(90, 100).interval(), Rate(80, 100).interval()
    below = np.hypot(np.log(0.9 / p_low), np.log(r_high / 0.8))
    above = np.hypot(np.log(p_high / 0.9), np.log(0.8 / r_low))
    assert lower[0] == pytest.approx(100 + 45 * np.exp(-below))
    assert upper[0] == pytest.approx(100 + 45 * np.exp(above))
    assert [x[0] for x in adjusted(np.r_[7.0], np.r_[0.0], np.r_[0.0], SURE)] == [7, 7, 7]
    unknown = Accuracy(Rate(0, 0), Rate(0, 0), Rate(0, 0), Rate(0, 0))
    assert np.isnan(adjusted(np.r_[7.0], np.r_[1.0], np.r_[0.0], unknown)[0][0])


def test_interval_covers_what_was_put_in() -> None:
    """Where labels are drawn with known precision and recall, 80 % intervals hold the truth that often."""
    rng = np.random.default_rng(3)
    truth = 50 + (30 * 0.85 + 20 * 0.4) / 0.75
    hit = 0
    for _ in range(400):
        draw = Accuracy(
            Rate(int(rng.binomial(80, 0.85)), 80),
            Rate(int(rng.binomial(80, 0.4)), 80),
            Rate(int(rng.binomial(120, 0.75)), 120),
            Rate(0, 0),
        )
        _, lower, upper = adjusted(np.r_[50.0], np.r_[30.0], np.r_[20.0], draw)
        hit += bool(lower[0] <= truth <= upper[0])
    assert 0.75 <= hit / 400 <= 0.87


def test_rate_without_trials_may_be_anything() -> None:
    assert Rate(0, 0).interval() == (0.0, 1.0)
    assert Rate(81, 263).interval(0.95) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_bad_files(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        migration_aid(tmp_path / "no.txt")
    with pytest.raises(DataError, match=r"use \.txt"):
        migration_aid(written(tmp_path, name="x.xls"))
    bare = tmp_path / "bare.csv"
    bare.write_text("Year,DonorName\n2020,France\n")
    with pytest.raises(DataError) as caught:
        migration_aid(bare)
    assert "bare.csv lacks the column(s) recipient_name, purpose_code" in str(caught.value)
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    with pytest.raises(DataError, match="no row of column names"):
        migration_aid(empty)
    words = written(tmp_path)
    words.write_text(words.read_text("utf-8").replace("11.0", '"eleven"'), "utf-8")
    with pytest.raises(DataError, match="eleven"):
        migration_aid(words, amount="commitment")
    odd = written(tmp_path, name="odd.txt")
    odd.write_text(odd.read_text("utf-8").replace("USD_Disbursement_Defl", "other"), "utf-8")
    with pytest.raises(DataError, match="no usd_disbursement_defl"):
        migration_aid(odd)
    with pytest.raises(DataError, match="can not group by sector"):
        migration_aid(odd, by="sector")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no file"):
        migration_aid([])


def test_own_keywords() -> None:
    own = keywords().filter(concern="remittances")
    rows = pl.LazyFrame({"project_title": ["Remittances", "Asylum"], "purpose_code": [1, 1]}).with_columns(
        short_description=None, long_description=None
    )
    assert classify(rows, words=own).collect()["stratum"].to_list() == ["confident", None]
    with pytest.raises(DataError, match="row 1 is no regular expression"):
        classify(rows, words=own.head(1).with_columns(pattern=pl.lit("(")))
    with pytest.raises(DataError, match="row 1: kind=maybe"):
        classify(rows, words=own.with_columns(kind=pl.lit("maybe")))
    with pytest.raises(DataError, match="table 'keywords' has no column 'kind'"):
        classify(rows, words=own.drop("kind"))


@pytest.fixture
def command() -> typer.Typer:
    return aid_command.app


def test_command(tmp_path: Path, command: typer.Typer) -> None:
    file = str(written(tmp_path))
    run = CliRunner().invoke
    shown = run(command, [file, "--by", "year", "--commitments", "-f", "csv"])
    assert shown.exit_code == 0, shown.output
    assert "2020,11.0,33.0" in shown.stdout
    assert "not drawn from the files" in shown.stderr
    target = tmp_path / "label.csv"
    assert run(command, [file, "--to-label", "5", "-o", str(target)]).exit_code == 0
    sheet = pl.read_csv(target)
    assert sheet.height == 2
    sheet.with_columns(relevant=1).write_csv(target)
    again = run(command, [file, "--labelled", str(target)])
    assert "Measured on: label.csv" in again.stderr
    assert "2 of 2" in again.stderr
    sheet.write_csv(target)
    assert "'relevant' is missing in 2 rows" in str(run(command, [file, "--labelled", str(target)]).exception)


def test_sheet_for_labelling_is_balanced() -> None:
    rows = flagged(pl.read_csv(Path(__file__).with_name("aid_sample.csv")).lazy()).collect()
    sheet = labelling_sample(rows, 5)
    assert sheet["stratum"].value_counts().sort("stratum").rows() == [("confident", 5), ("plausible", 5)]
    assert sheet["relevant"].null_count() == 10
