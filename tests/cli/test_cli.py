"""The command line: what a person sees, exit codes, files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

import corridors as co
from conftest import few_remittances
from corridors import cli
from corridors.evidence import load
from corridors.wording import cell


@pytest.fixture
def run(atlas_folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]):
    """Run the command line as a shell would; gives exit code, output, errors."""
    monkeypatch.setenv("CORRIDORS_ATLAS", str(atlas_folder))
    monkeypatch.setenv("COLUMNS", "160")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["corridors", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    return call


def test_corridor_on_one_screen(run) -> None:
    code, out, err = run("corridor", "MEX", "USA")
    assert (code, err) == (0, "")
    for words in (
        "Mexico (MEX) → United States of America (USA)",
        "11,279,561",
        "People who moved from Mexico to the United States of America",
        "of it back to the birthplace",
        "80 %, errors of stocks alone",
        "2020–2024",
        "6 other methods: --methods",
        # Money runs against people.
        "Money sent home from the United States of America to Mexico (modelled)",
        "Price of sending money from the United States of America to Mexico",
        "Mexico received",
        "the United States of America paid",
    ):
        assert words in out, words
    assert max(map(len, out.splitlines())) <= 160
    assert "minimum-closed" not in out
    _, every, _ = run("corridor", "MEX", "USA", "--methods")
    lines = [line.strip() for line in every.splitlines()]
    best, other = (
        next(i for i, line in enumerate(lines) if line.startswith(words))
        for words in ("recommended estimate", "minimum-closed")
    )
    assert best < other
    assert "income-gap" in every


def test_country_has_its_largest_corridors_and_commitments(run) -> None:
    _, out, _ = run("country", "PHL")
    text = " ".join(out.split())
    for words in (
        "Born in the Philippines, living in (persons, 2024)",
        "United States of America 2,263,697 32 %",
        "Left the Philippines for (estimate, persons, 2020–2024)",
        "Money sent home to the Philippines from (modelled, USD million, 2024)",
        "Commitments none in the register names it",
        "commitments of all Member States",
        "arrivals, recommended estimate",
    ):
        assert words in text, words
    assert "independence" not in out
    # A member of the unit of another has no corridors of its own, and is no state of the register's.
    _, out, _ = run("country", "XKX")
    assert "living in (persons" not in out
    assert "Member States" not in out
    assert out.splitlines()[1].startswith("The migrant-stock tables count Kosovo")


def test_no_figure_is_cut_off_on_a_narrow_screen(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = run("country", "IND")
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out
    assert "18,533,845" in out


def test_country_by_sex(run) -> None:
    _, both, _ = run("country", "Philippines")
    _, women, _ = run("country", "PHL", "--sex", "female")
    assert "6,988,383" in both
    assert "6,988,383" not in women
    code, _, err = run("country", "PHL", "--sex", "women")
    assert code == 1
    assert "total, female or male" in err


def test_why_reads_out_the_lineage(run) -> None:
    code, out, _ = run("why", "migrant_flow", "MEX", "USA", "2010")
    assert code == 0
    for words in ("How it is made", "weight x minimum-closed", "pseudo_bayes_weight = 0.87", "11,895,927",
                  "World Population Prospects 2024", "CC BY 3.0 IGO", "sha256"):  # fmt: skip
        assert words in out, words


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet"])
def test_rows_in_files(run, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"rows.{suffix}"
    code, out, _ = run("corridor", "PHL", "ITA", "-o", str(file))
    assert (code, out) == (0, "")
    read = {"csv": pl.read_csv, "json": read_json, "parquet": pl.read_parquet}[suffix]
    rows = read(file)
    assert rows.columns == ["origin", "destination", "measure", "detail", "sex", "year", "period", "value",
                            "lower", "upper", "unit", "table_name"]  # fmt: skip
    assert rows.height > 100
    assert list(tmp_path.iterdir()) == [file]


def read_json(file: Path) -> pl.DataFrame:
    return pl.DataFrame(json.loads(file.read_text()), infer_schema_length=None)


def test_formats_on_the_standard_output(run) -> None:
    _, out, _ = run("table", "treaty", "--where", "country = 'MEX'", "--format", "csv")
    assert out.splitlines()[0] == "treaty,country,state_party_since,source"
    _, out, _ = run("why", "treaty", "icrmw", "MEX", "--format", "json")
    assert json.loads(out)["figure"]["state_party_since"] == 1999
    _, out, _ = run("why", "treaty", "icrmw", "MEX", "--format", "csv")
    assert out.splitlines()[0] == "input,row,column,value"
    _, out, _ = run("table", "population")
    assert "40 of 9,440 rows" in out
    _, out, _ = run("table")
    assert "migrant_flow" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("corridor", "MEX", "Atlantis"), 1, "no place is called 'Atlantis'"),
        (("corridor", "Mexco", "USA"), 1, "Mexico (MEX)"),
        (("table", "migrant_stok"), 1, "did you mean 'migrant_stock'"),
        (("table", "treaty", "--where", "x = "), 1, "can not be used"),
        (("why", "migrant_flow", "MEX"), 1, "Remedy"),
        (("corridor", "MEX"), 2, "Missing argument"),
        (("--nonsense",), 2, "No such option"),
        (("country", "PHL", "-o", "/nowhere/at/all.csv"), 1, "can not be written"),
        (("build", "--executor", "cloud"), 1, "no executor is called 'cloud'"),
        (("build", "--figures", "no_such_folder"), 1, "no_such_folder"),
        (("country", "PHL", "--atlas", "no_such_folder"), 1, "corridors build"),
    ],
)
def test_errors_are_words_not_traces(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments, code, words
) -> None:
    monkeypatch.chdir(tmp_path)
    left, out, err = run(*arguments)
    assert left == code
    assert words in err
    assert "Traceback" not in out + err


def test_build_says_what_it_made_and_what_to_try(run, tmp_path: Path) -> None:
    code, out, err = run("build", "--out", str(tmp_path), "--draws", "0", "--executor", "serial")
    assert code == 0
    assert err == ""
    for words in ("236 countries and areas", "9,042 corridors", "304.0 million migrants", "2015–2020",
                  "22.1 million of other and unknown origins", "2020–2024 (4 years)", "PHL",
                  "corridors why migrant_flow MEX USA 2010"):  # fmt: skip
        assert words in out, words


def test_a_quiet_build_says_nothing(run, tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    figures.mkdir()
    few_remittances().with_columns(pl.col(pl.Boolean).cast(pl.Int8)).write_csv(figures / "remittances.csv")
    stock = load().table("migrant_stock").drop("source").filter(pl.col("year") >= 2020)
    stock.write_csv(figures / "migrant_stock.csv")
    where = ("--figures", str(figures), "--out", str(tmp_path / "atlas"))
    code, out, _ = run("build", *where, "--draws", "0", "--quiet", "--executor", "serial")
    assert (code, out) == (0, "")


def test_bad_own_file_stops_the_build_and_keeps_the_old_atlas(run, tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    figures.mkdir()
    (figures / "treaty.csv").write_text("treaty,country,state_party_since\ncat,ALB,1994\ncat,ALB,1995\n")
    out = tmp_path / "atlas"
    out.mkdir()
    (out / "atlas.duckdb").write_bytes(b"old")
    code, _, err = run("build", "--figures", str(figures), "--out", str(out), "--draws", "0")
    assert code == 1
    assert "treaty" in err
    assert "ALB" in err
    assert "Remedy" in err
    assert (out / "atlas.duckdb").read_bytes() == b"old"


def test_doctor(run, tmp_path: Path) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    assert "all valid" in out
    with co.open() as opened:
        day = opened.table("run")["as_of"].item()
        years = dict(opened.table("source").select("table_name", "last_year").iter_rows())
    old = {name: year for name, year in years.items() if year is not None and int(day[:4]) - year > 3}
    assert old
    assert "labour_agreement" in old
    listed = re.findall(r"^      (\w+): (\d{4}), \w+ years old", out, re.MULTILINE)
    assert [int(year) for _, year in listed] == sorted(old.values())
    assert {name: int(year) for name, year in listed} == old
    assert f"{len(old)} of {len(years)} sources end more than three years before {day}" in out
    code, out, _ = run("doctor", "--atlas", str(tmp_path))
    assert code == 1
    assert "FAIL  atlas" in out


def test_every_command_has_help_with_an_example() -> None:
    runner = CliRunner()
    top = runner.invoke(cli.app, ["--help"]).output
    for name in typer.main.get_command(cli.app).commands:  # type: ignore[attr-defined]
        assert name in top
        page = runner.invoke(cli.app, [name, "--help"])
        assert page.exit_code == 0
        if name not in ("export", "register", "agreements", "sources", "estimate"):
            assert f"corridors {name}" in page.output


def test_help_imports_nothing_slow() -> None:
    """The budget of `--help` is half a second; what takes longer than that to import stays out."""
    slow = ["polars", "numpy", "scipy", "duckdb", "pandas", "pyarrow"]
    program = (
        "import sys; from typer.testing import CliRunner; from corridors.cli import app; "
        "CliRunner().invoke(app, ['--help']); "
        f"print([m for m in {slow} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_numbers_for_reading() -> None:
    assert [cell(x) for x in (None, 2010, 12, 1234567, 0.0, 53.6, 1e6, "a", True)] == [
        "–", "2010", "12", "1,234,567", "0", "53.6", "1,000,000", "a", "True",
    ]  # fmt: skip
