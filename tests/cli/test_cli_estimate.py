"""Flows from a user's own files, on the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from corridors import cli
from corridors.remittances.prices import generated_quotes, write_generated

YEARS = list(range(2010, 2016))
STOCKS = pl.DataFrame(
    {
        "origin": ["North", "South", "North", "South"],
        "destination": ["South", "North", "South", "North"],
        "year": [2010, 2010, 2015, 2015],
        "value": [10.0, 5.0, 16.0, 4.0],
    }
)
PEOPLE = pl.DataFrame(
    {
        "country": ["North"] * 6 + ["South"] * 6,
        "year": YEARS * 2,
        "population": [100.0] * 6 + [100.0, 101, 102, 103, 104, 105],
        "births": [1.0] * 12,
        "deaths": [1.0] * 12,
    }
)


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    STOCKS.write_csv("stocks.csv")
    PEOPLE.write_excel("people.xlsx")

    def call(*arguments: str, what: str = "flows") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["corridors", "estimate", what, *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    return call


OWN = ("--stocks", "stocks.csv", "--population", "people.xlsx")


def test_files_in_file_out(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, out, err = run(*OWN, "-o", "flows.csv")
    assert (code, out) == (0, "")
    assert "world is balanced" in err
    flows = pl.read_csv(tmp_path / "flows.csv")
    assert flows["method"].n_unique() == 7
    total = flows.filter(method="minimum-closed", kind="total")
    north = total.filter(destination="North")["value"].sum() - total.filter(origin="North")["value"].sum()
    # South grows by five and North by none without births and deaths; the world must balance: -2.5.
    assert north == pytest.approx(-2.5, abs=0.2)


def test_methods_seed_and_intervals(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    pl.DataFrame({"origin": ["North"], "destination": ["South"], "value": [2.0]}).write_csv("prior.csv")
    code, out, _ = run(*OWN, "-m", "pseudo-bayes", "--seed-file", "prior.csv", "--draws", "3", "-f", "csv")
    assert code == 0
    assert out.splitlines()[0].endswith("value,lower,upper")
    assert "pseudo-bayes" in out
    assert "independence" not in out
    code, out, _ = run(*OWN, "-m", "minimum-closed")
    assert "North" in out
    assert code == 0


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("stocks.csv", "origin,destination,year,value\nNorth,South,2010,ten\n", "value=ten"),
        ("stocks.csv", "origin,destination,year,value\nNorth,South,2010,-5\n", "-5"),
        ("stocks.csv", "origin,destination,year\nNorth,South,2010\n", "value"),
        ("stocks.csv", "origin,destination,year,value\nNorth,South,2010,5\nNorth,South,2010,6\n", "North"),
        ("stocks.csv", "origin,destination,year,value\nNorth,South,2010,5\n", "one year only"),
        ("stocks.csv", "", "empty"),
        ("stocks.csv", "origin,destination,year,value\nEast,South,2010,5\nEast,South,2015,5\n", "East"),
    ],
)
def test_bad_files_are_refused_by_name(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, file: str, text: str, words: str
) -> None:
    (tmp_path / file).write_text(text)
    code, out, err = run(*OWN, "-o", "flows.csv")
    assert code == 1
    assert words in err
    assert "Traceback" not in out + err
    assert not (tmp_path / "flows.csv").exists()


def test_contradictions_stop_unless_repaired(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    STOCKS.with_columns(value=pl.when(origin="North", year=2015).then(200).otherwise("value")).write_csv(
        "stocks.csv"
    )
    code, _, err = run(*OWN, "-m", "minimum-closed")
    assert code == 1
    assert "larger than the population" in err
    code, out, err = run(*OWN, "-m", "minimum-closed", "--repair", "-f", "csv")
    assert code == 0
    assert "scaled by" in err
    assert "minimum-closed" in out


def test_unknown_method_and_missing_file(run: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = run(*OWN, "-m", "gravity")
    assert code == 1
    assert "pseudo-bayes" in err
    code, _, err = run("--stocks", "stock.csv", "--population", "people.xlsx")
    assert code == 1
    assert "stocks.csv" in err


def test_prices_of_a_workbook(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    write_generated(tmp_path / "quotes.xlsx", generated_quotes(0, 6, ["2015Q4", "2019Q1", "2020Q3"]))
    code, out, err = run("quotes.xlsx", "-f", "csv", what="prices")
    assert code == 0, err
    world = pl.read_csv(out.encode())
    assert world["quarter"].to_list() == ["2015Q4", "2019Q1", "2020Q3"]
    assert world["weighting"].str.contains("services").all()
    assert "quotes" in err
    code, out, _ = run("quotes.xlsx", "--by", "corridor", "--over", "corridors", what="prices")
    assert code == 0
    code, _, err = run("quotes.xlsx", "--over", "banks", what="prices")
    assert code == 1
    assert "services or corridors" in err
    code, _, err = run("people.xlsx", what="prices")
    assert code == 1
    assert "Remedy" in err
    assert "Traceback" not in err


def test_remittance_matrix(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, out, err = run("--year", "2020", "--rule", "income-gap", "-f", "csv", what="remittances")
    assert code == 0
    assert "MODELLED" in err
    assert "closed: 3 (ARM–AZE, IND–PAK, ISR–LBN)" in err
    rows = pl.read_csv(out.encode())
    assert rows.row(0, named=True)["receiving"] == "MEX"
    assert ((rows["lower"] < rows["value"]) & (rows["value"] < rows["upper"])).all()
    # What a run with another exponent made, given back as known corridors, tells that exponent.
    known = tmp_path / "known.csv"
    _, out, _ = run("--year", "2020", "--exponent", "0.6", "-f", "csv", what="remittances")
    pl.read_csv(out.encode()).filter(pl.col("sending") != "UNK").write_csv(known)
    code, _, err = run("--year", "2020", "--reference", str(known), "-f", "csv", what="remittances")
    assert code == 0
    assert "exponent 0.600 (0.6000, fitted to matrix" in err
    code, out, _ = run("--year", "2020", "--reconcile", what="remittances")
    assert code == 0
    assert "income-gap+totals" in out


def test_remittance_matrix_with_closed_corridors_and_reliable_senders(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    def sent(*options: str) -> dict[tuple[str, str], float]:
        code, out, _ = run("--year", "2020", "-f", "csv", *options, what="remittances")
        assert code == 0
        rows = pl.read_csv(out.encode()).select("sending", "receiving", "value")
        return {(a, b): value for a, b, value in rows.iter_rows()}

    assert ("PAK", "IND") not in sent()
    assert sent("--closed", "none")["PAK", "IND"] > 1000
    other = sent("--closed", "Mexico-USA")
    assert ("USA", "MEX") not in other
    assert ("PAK", "IND") in other
    firm = sent("--reliability", "none", "--reliability", "USA=exact")
    assert sum(v for (a, _), v in firm.items() if a == "USA") == pytest.approx(66_538, rel=0.02)
    code, _, err = run("--year", "2020", "--closed", "IND", what="remittances")
    assert (code, "write it as IND-PAK" in err) == (1, True)
    code, _, err = run("--year", "2020", "--reliability", "USA=fair", what="remittances")
    assert (code, "unknown reliability: 'fair'" in err) == (1, True)


def test_remittance_matrix_refuses_what_it_has_not(run: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = run("--year", "1950", what="remittances")
    assert code == 1
    assert "1950" in err
    code, _, err = run("--year", "2020", "--rule", "luck", what="remittances")
    assert code == 1
    assert "income-gap" in err
