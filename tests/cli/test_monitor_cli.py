"""The commands of the monitor."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from corridors.cli.monitor import app
from corridors.errors import CorridorsError, DataError, NotFound


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def atlas_with(folder: Path, **tables: pl.DataFrame) -> Path:
    with duckdb.connect(str(folder / "atlas.duckdb")) as db:
        for name, table in tables.items():
            db.register("given", table)
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    return folder


INDICATOR = pl.DataFrame(
    {
        "indicator": ["cost"] * 2, "place": ["WLD"] * 2, "year": [2011, 2012], "value": [9.0, 8.6],
        "lower": [None, None], "upper": [None, None],
    },
    schema_overrides={"lower": pl.Float64, "upper": pl.Float64},
)  # fmt: skip


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register in place of the reader's own, which has its own tests."""

    class Fixed:
        def commitments(self, as_of: date) -> pl.DataFrame:
            return pl.DataFrame(
                {
                    "commitment": ["5x5"], "indicator": ["cost"], "place": ["WLD"], "direction": ["decrease"],
                    "baseline_year": [2009], "baseline_value": [10.0], "target_value": [5.0],
                    "target_date": ["2014-12-31"],
                }
            )  # fmt: skip

    monkeypatch.setattr("corridors.cooperation.register.load", lambda path, indicators: Fixed())
    return tmp_path


def test_register_against_the_atlas(register: Path) -> None:
    atlas = atlas_with(register, indicator=INDICATOR)
    base = ("monitor", "--register", register, "--atlas", atlas, "--as-of", "2013-01-01", "-f", "csv")
    found = run(*base)
    assert found.exit_code == 0, found.output
    assert "off-course" in found.stdout
    assert "1 commitments as of 2013-01-01: off-course 1" in found.stderr
    own = register / "own.csv"
    own.write_text("indicator,place,year,value\ncost,WLD,2012,4.9\n")
    better = run(*base, "--observations", own)
    assert ",met," in better.stdout
    # Own observations do without an atlas.
    alone = run(
        "monitor", "--register", register, "--atlas", register / "none", "--observations", own, "-f", "csv"
    )
    assert ",met," in alone.stdout
    table = run(*base[:-2])
    assert "explanation" in table.stdout
    assert "baseline_note" not in table.stdout


def test_atlas_commitments(tmp_path: Path) -> None:
    judged = pl.DataFrame(
        {"commitment": ["a"], "status": ["met"], "title": ["t"], "data_note": ["last observation 2020, …"],
         "explanation": ["Done."]}
    )  # fmt: skip
    atlas = atlas_with(tmp_path, commitment=judged, run=pl.DataFrame({"as_of": ["2026-11-28"]}))
    shown = run("monitor", "--atlas", atlas)
    assert "Done." in shown.stdout
    assert "last observation 2020" in shown.stdout
    counted = "1 commitments as of 2026-11-28: met 1; 1 with a note on the age of its data"
    assert shown.stderr.strip() == counted
    assert (
        run("monitor", "--atlas", atlas, "-f", "csv").stdout.splitlines()[0]
        == "commitment,status,title,data_note,explanation"
    )
    found = run("monitor", "--atlas", atlas, "--as-of", "2020-01-01")
    assert isinstance(found.exception, DataError)
    assert "give --register" in str(found.exception)


@pytest.mark.parametrize(
    ("name", "text", "options", "words"),
    [
        ("10.7.1", "cost,earnings\n4000,500\n1000,400\n", [], "ratio of means"),
        ("10.7.2", "place,domain,subcategory,score\nKEN,1,a,0.5\n", [], "overall"),
        ("10.7.3", "year,deaths\n2020,12\n", [], "2020,1,12.0"),
        ("10.7.4", "place,refugees,population\nX,250,750\n", [], "25000.0"),
        ("10.C.1", "sending,receiving,fee,fx_margin_pct\nA,B,5,1\n", ["--amount", "100"], "simple,6.0"),
    ],
)
def test_indicators_from_files(tmp_path: Path, name: str, text: str, options: list[str], words: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(text)
    found = run("indicator", name, file, "-f", "csv", *options)
    assert found.exit_code == 0, found.output
    assert words in found.stdout
    assert "interval:" in found.stderr


def test_rates_from_two_files(tmp_path: Path) -> None:
    deaths, movers = tmp_path / "deaths.csv", tmp_path / "movers.csv"
    deaths.write_text("year,deaths,route\n2020,12,X\n2020,3,Y\n")
    movers.write_text("route,movers\nX,6000\n")
    found = run("indicator", "10.7.3", deaths, "--by", "route", "--movers", movers, "-f", "csv")
    assert "200.0" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("indicator", "10.7.9", "x.csv"), NotFound, "known: 10.7.1"),
        (("indicator", "10.7.1", "x.csv"), NotFound, "there is no file"),
        (("monitor", "--atlas", "nowhere"), NotFound, "no atlas at nowhere"),
    ],
)
def test_refusals(arguments: tuple[str, ...], kind: type[CorridorsError], words: str) -> None:
    found = run(*arguments)
    assert found.exit_code == 1
    assert isinstance(found.exception, kind)
    assert words in str(found.exception)


COMMITMENT = (
    "kind,title,text,actor,document,concern,indicator,place,direction,target_value,target_date,transitions\n"
    "commitment,Kenya lowers its cost,Kenya will bring the cost of sending to 5 per cent,Kenya,Made-up plan,"
    "remittances,remittance_cost,Kenya,at-most,5,2022-12-31,stated:2015-01-01:Made-up plan\n"
)


@pytest.mark.parametrize("place", ["KEN", "Kenya", "كينيا"])
def test_observations_count_however_the_place_is_spelt(tmp_path: Path, place: str) -> None:
    (tmp_path / "register.csv").write_text(COMMITMENT)
    rows = "".join(f"remittance_cost,{place},{year},{cost}\n" for year, cost in ((2018, 9), (2022, 4.5)))
    (tmp_path / "seen.csv").write_text("indicator,place,year,value\n" + rows)
    files = ("--register", tmp_path / "register.csv", "--observations", tmp_path / "seen.csv")
    found = run("monitor", *files, "--as-of", "2023-06-30", "--atlas", tmp_path, "-f", "json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)[0]["status"] == "met"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("remittance_cost,Atlantis,2022,4.5", "column 'place' holds what is no place"),
        ("Remittance cost,KEN,2022,4.5", "did you mean 'remittance_cost'"),
    ],
)
def test_observations_that_match_nothing_are_refused(tmp_path: Path, row: str, words: str) -> None:
    (tmp_path / "register.csv").write_text(COMMITMENT)
    (tmp_path / "seen.csv").write_text(f"indicator,place,year,value\n{row}\n")
    files = ("--register", tmp_path / "register.csv", "--observations", tmp_path / "seen.csv")
    found = run("monitor", *files, "--as-of", "2023-06-30", "--atlas", tmp_path)
    assert found.exit_code == 1
    assert words in str(found.exception)


PLEDGES = """\
[[commitment]]
id = "phl-recruitment"
title = "Recruitment shall cost a worker no more than a month of earnings"
text = "Made up for this test."
actor = ["Philippines"]
concern = "recruitment"
document = "Made-up plan, recalled in A/RES/73/195, paragraph 22"
year = 2020
indicator = "recruitment_cost_months"
indicator_definition = "What workers paid for their job abroad, in months of what it pays."
indicator_unit = "months of earnings"
judged_as = "log"
place = "PHL"
direction = "decrease"
target_value = 1.0
target_date = 2030-12-31
transitions = [["stated", 2020-05-01, "Made-up plan"]]

[[commitment]]
id = "npl-survey"
title = "Survey what recruitment costs"
text = "Made up for this test."
actor = ["Nepal"]
addressee = ["workers"]
concern = "evidence"
document = "Made-up plan, 2019"
indicator = "sdg_10_7_1"
place = "NPL"
direction = "decrease"
transitions = [["stated", 2020-05-01, "Made-up plan"]]
"""


@pytest.fixture
def pledges(tmp_path: Path) -> tuple[str | Path, ...]:
    (tmp_path / "pledges.toml").write_text(PLEDGES)
    (tmp_path / "survey.csv").write_text(
        "indicator,place,year,value,lower,upper\n"
        "recruitment_cost_months,PHL,2020,5,4.5,5.5\nrecruitment_cost_months,PHL,2022,4.2,3.8,4.7\n"
        "recruitment_cost_months,Philippines,2024,3.9,3.5,4.4\n"
        "sdg_10_7_1,NPL,2020,12,11,13\nsdg_10_7_1,NPL,2024,9,8.2,9.8\n"
    )
    files = ("--register", tmp_path / "pledges.toml", "--observations", tmp_path / "survey.csv")
    return ("monitor", *files, "--as-of", "2025-06-30", "--atlas", tmp_path)


def test_own_indicators_are_promised_and_followed(pledges: tuple[str | Path, ...]) -> None:
    found = run(*pledges, "-f", "json")
    assert found.exit_code == 0, found.output
    rows = {row["commitment"]: row for row in json.loads(found.stdout)}
    own, official = rows["phl-recruitment"], rows["npl-survey"]
    assert (own["status"], own["judged_as"], own["target_date"]) == ("off-course", "log", "2030-12-31")
    assert own["projected_lower"] > 0
    assert official["status"] == "on-course"
    assert "9 in 2024 against 12 in 2020: as was asked (decrease)" in official["explanation"]


def test_an_indicator_without_a_definition_is_refused(
    tmp_path: Path, pledges: tuple[str | Path, ...]
) -> None:
    text = "\n".join(line for line in PLEDGES.splitlines() if not line.startswith(("indicator_", "judged")))
    (tmp_path / "pledges.toml").write_text(text)
    found = run(*pledges)
    assert "define one of your own in indicator_definition" in str(found.exception)


@pytest.mark.parametrize("name", ["note.md", "note.docx", "rows.json", "rows.csv", "rows.parquet"])
def test_every_format_is_written(tmp_path: Path, pledges: tuple[str | Path, ...], name: str) -> None:
    file = tmp_path / name
    found = run(*pledges, "-o", file)
    assert found.exit_code == 0, found.output
    printed = run(*pledges, "-f", file.suffix[1:])
    if name != "note.docx":  # an archive is dated
        assert printed.stdout_bytes == file.read_bytes()
    if name == "rows.parquet":
        assert pl.read_parquet(file)["target_date"].to_list() == [date(2030, 12, 31), None]
    if name == "note.md":
        text = file.read_text()
        assert "## Off-course: 1 commitment" in text
        assert "[A/RES/73/195](https://undocs.org/A/RES/73/195)" in text
        assert "### Survey what recruitment costs" in text


def test_a_note_for_a_word_processor_has_links(tmp_path: Path, pledges: tuple[str | Path, ...]) -> None:
    docx = pytest.importorskip("docx")
    run(*pledges, "-o", tmp_path / "note.docx")
    note = docx.Document(str(tmp_path / "note.docx"))
    assert note.paragraphs[0].style.name == "Title"
    links = {link.text: link.address for paragraph in note.paragraphs for link in paragraph.hyperlinks}
    assert links == {"A/RES/73/195": "https://undocs.org/A/RES/73/195"}
    source = next(p for p in note.paragraphs if p.hyperlinks)
    assert source.text == "Source: Made-up plan, recalled in A/RES/73/195, paragraph 22"
    headings = [p.text for p in note.paragraphs if p.style.name == "Heading 2"]
    assert headings == ["Survey what recruitment costs",
                        "Recruitment shall cost a worker no more than a month of earnings"]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (("--status", "on-course"), ["npl-survey"]),
        (("--status", "OnCourse", "--status", "off course"), ["phl-recruitment", "npl-survey"]),
        (("--concern", "recruitment"), ["phl-recruitment"]),
        (("--actor", "WORKERS"), ["npl-survey"]),
        (("--place", "Philippines"), ["phl-recruitment"]),
        (("--place", "PHL", "--concern", "evidence"), "no commitment is like that"),
        (("--place", "World"), "no commitment is like that"),
        (("--status", "met-documented"), "no commitment is like that"),
        (("--status", "good"), "there is no status 'good'"),
        (("--concern", "recruitmnt"), "did you mean 'recruitment'?"),
    ],
)
def test_filters(pledges: tuple[str | Path, ...], asked: tuple[str, ...], left: list[str] | str) -> None:
    found = run(*pledges, *asked, "-f", "json")
    if isinstance(left, str):
        assert left in str(found.exception)
        return
    assert [row["commitment"] for row in json.loads(found.stdout)] == left
    assert found.stderr.startswith(f"{len(left)} commitments as of 2025-06-30")


def test_indicators_from_files_are_observations(tmp_path: Path) -> None:
    workers, answers = tmp_path / "workers.csv", tmp_path / "answers.csv"
    workers.write_text("cost,earnings\n4000,500\n1000,400\n")
    every = [f"KEN,2021,{domain},{part},1" for domain in range(1, 7) for part in "abcde"]
    answers.write_text("\n".join(("place,year,domain,subcategory,score", *every)))
    asked = ("--observe", "--place", "Nepal", "--year", "2024", "-f", "csv")
    found = run("indicator", "10.7.1", workers, *asked)
    assert found.stdout.splitlines()[1].startswith("sdg_10_7_1,NPL,2024,5.55")
    given = run("indicator", "10.7.2", answers, "--observe", "-f", "csv")
    assert given.stdout.splitlines()[1:] == ["sdg_10_7_2,KEN,2021,100.0,100.0,100.0"]
    where = run("indicator", "10.7.1", workers, "--observe", "--year", "2024")
    assert "do not say of which place" in str(where.exception)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("10.7.4", "place,refugees,population\nX,250,750\n", "not among the indicators that are followed"),
        ("10.c.1", "sending,receiving,fee,fx_margin_pct\nA,B,5,1\n", "followed by the prices of the atlas"),
    ],
)
def test_other_indicators_are_not_observed(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / "own.csv").write_text(text)
    found = run("indicator", name, tmp_path / "own.csv", "--observe", "--place", "KEN", "--year", "2020")
    assert words in str(found.exception)
