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
    accuracy_of,
    classify,
    embedded_accuracy,
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
    some, none = np.full(40, 1.0), np.empty(0)
    middle, lower, upper = adjusted(100, some, none, SURE)
    assert middle == pytest.approx(100 + 40 * 0.9 / 0.8)
    assert lower < middle < upper
    assert adjusted(7, none, none, SURE) == (7, 7, 7)
    unknown = Accuracy(Rate(0, 0), Rate(0, 0), Rate(0, 0), Rate(0, 0))
    assert np.isnan(adjusted(7, some, none, unknown)[0])
    # Many projects: what is left is the error of the rates, as the delta method has it.
    middle, lower, upper = adjusted(0, np.full(100_000, 0.001), none, SURE)
    relative = np.sqrt((1 - 0.9) / (0.9 * 100) + (1 - 0.8) / (0.8 * 100))
    assert (np.log(upper / lower) / 2) == pytest.approx(1.2816 * relative, rel=0.08)


def test_few_projects_make_a_wide_interval() -> None:
    """However well the rates are known, one project more or less is all the money of one project."""
    three = np.r_[1.0, 2.0, 3.0]
    _, lower, upper = adjusted(0, three, np.empty(0), embedded_accuracy())
    assert (lower, upper) != pytest.approx((6, 6), rel=0.1)
    assert lower <= 5
    assert upper >= 7


@pytest.mark.parametrize(
    ("projects", "weight", "least", "most"),
    [(400, 1.0, 0.73, 0.87), (12, 1.0, 0.73, 0.87), (3, 1.0, 0.73, 0.88), (60, 0.1, 0.73, 0.9)],
)
def test_interval_covers_what_was_put_in(projects: int, weight: float, least: float, most: float) -> None:
    """An 80 % interval holds the true sum that often: sample, truth and keywords drawn anew each time.

    With a weight below 1 the rates of the files are others than those of the sample, as far from them as
    so many fewer labels would leave room for.
    """
    rng = np.random.default_rng(3)
    hit, n = 0, 300
    rates = np.array([0.85, 0.4, 0.75])
    trials = np.array([80, 80, 120])
    for _ in range(n):
        labels = [Rate(int(k), int(t)) for k, t in zip(rng.binomial(trials, rates), trials, strict=True)]
        mine = (
            rates
            if weight == 1
            else rng.beta(weight * trials * rates + 0.5, weight * trials * (1 - rates) + 0.5)
        )
        about = rng.lognormal(0, 1.2, rng.poisson(projects))
        found = rng.random(len(about)) < mine[2]
        surely = found & (rng.random(len(about)) < 0.7)
        maybe = found & ~surely
        wrong = [rng.poisson(x.sum() * (1 - p) / p) for x, p in ((surely, mine[0]), (maybe, mine[1]))]
        confident, plausible = (
            np.r_[about[x], rng.lognormal(0, 1.2, w)] for x, w in zip((surely, maybe), wrong, strict=True)
        )
        _, lower, upper = adjusted(
            50, confident, plausible, Accuracy(*labels, Rate(0, 0), weight=weight), others=np.r_[
                rng.lognormal(0, 1.2, 200), confident
            ], draws=400,
        )  # fmt: skip
        hit += lower - 1e-9 <= 50 + about.sum() <= upper + 1e-9
    print(f"{projects} projects, weight {weight}: {hit / n:.3f}")
    assert least <= hit / n <= most


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


HEAD = "Year|DonorName|RecipientName|PurposeCode|ProjectTitle|LongDescription|USD_Disbursement_Defl"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (['2021|A|K|15190|Hub|"Migration|2', "2021|B|M|15190|School|y|5", '2021|C|M|15190|Return|help"|7'],
         ["looks like other rows in 1 row", "row 1: Year=2021, DonorName=A", "close the quote"]),
        # The quote closes in the very next row, so one row is lost and the shape stays.
        (["2021|A|K|15190|Hub|x|2", '2021|B|M|15190|School|"open|5', '2021|C|M|15190|Return|shut"|7'],
         ["looks like other rows in 1 row", "row 2: Year=2021, DonorName=B"]),
        (['2021|"A|K|15190|Hub|x|2', '2021|B"|M|15190|School|y|5', "2021|C|M|15190|Return|z|7"],
         ["looks like other rows in 1 row", "row 1"]),
        (["2021|A|K|15190|Hub|x|2", '2021|B|M|15190|"Screen 15" for migration"|""|5'],
         ["row 2: a quote in the middle", '"Screen 15" for migration"']),
        (["2021|A|K|15190|Hub|x|2", "2021|B|M|15190|Hub|x|y|5"], ["row 2 has 8 fields, the header 7"]),
        (["2021|A|K|15190|Hub|x|2", "2021|B|M|15190|Hub|x|.."],
         ["column 'USD_Disbursement_Defl' holds no number in 1 row", "row 2", "leave the cell blank"]),
        (["2021|A|K|15190|Hub|x|2", "2021|B|M|151.9|Hub|x|5"], ["'PurposeCode' holds no whole number"]),
        (["2021/22|A|K|15190|Hub|x|2"], ["column 'Year' holds no whole number", "Year=2021/22"]),
        (["2021|A|K|15190|Hub|x|1.234"], ["'USD_Disbursement_Defl' can be read in two ways", "or 1,234"]),
        (["2021|A|K|15190|Hub|x|inf"], ["column 'USD_Disbursement_Defl'", "inf"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path, rows: list[str], words: list[str]) -> None:
    for mark, name in (("|", "a.txt"), (";", "b.csv")):
        file = tmp_path / name
        file.write_text("\n".join([HEAD, *rows, ""]).replace("|", mark))
        with pytest.raises(DataError) as caught:
            migration_aid(file)
        for part in words:
            assert part in str(caught.value)
        assert "POLARS" not in str(caught.value)


def test_quotes_that_belong_to_the_text_are_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    rows = [
        '2021|A|K|15190|Say ""x""|"two\nlines | with ""marks"" | in them"|2',
        '2021|B|K|15190|5" pipe|x|3',
        '2021|C|K|15190|a 6" pipe|x|4',
        "2021|D|K|11110|z|y|9",
    ]
    file.write_text("\n".join([HEAD, *rows, ""]))
    found = migration_aid(file)
    assert found.to_polars()["low"].to_list() == [9.0]
    assert found.projects["long_description"][0] == 'two\nlines | with "marks" | in them'


def test_labelled_projects_come_through_the_common_door(tmp_path: Path) -> None:
    file = tmp_path / "label.csv"
    file.write_bytes("project_title;relevant\nRéintégration des migrants;1\nRoads;0\n".encode("cp1252"))
    assert accuracy_of(file).recall == Rate(1, 1)
    file.write_text("project_title,relevant\nFair recruitment,maybe\n")
    with pytest.raises(DataError, match="relevant=maybe"):
        accuracy_of(file)


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
    assert "the authors of this software wrote themselves" in shown.stderr
    assert "0.1 of a labelled project" in shown.stderr
    assert "wrote themselves" in shown.stdout
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
