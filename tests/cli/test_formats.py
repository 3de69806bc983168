"""Every command that has ``--format`` writes every format, to the standard output and to a file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from corridors import cli, packaged
from corridors.cli.output import Format
from corridors.remittances.prices import example_quotes

# Good arguments for each command; {name} stands for a file of the fixture below.
GOOD: dict[str, list[str]] = {
    "corridor": ["corridor MEX USA"],
    "country": ["country PHL --sex female"],
    "table": ["table", "table commitment"],
    "why": ["why migrant_flow MEX USA 2010"],
    "prices average": ["prices average", "prices average ARE-IND", "prices average {quotes} --by firm_type"],
    "prices targets": ["prices targets", "prices targets PHL --corridors"],
    "prices decompose": ["prices decompose"],
    "prices savings": ["prices savings IND"],
    "prices smart": ["prices smart {quotes}"],
    "prices panel": ["prices panel NPL"],
    "monitor": ["monitor --status on-course", "monitor --register {register} --as-of 2026-06-30"],
    "indicator": ["indicator 10.7.1 {workers}"],
    "claims": ["claims --paragraph 3"],
    "document": ["document 2011", *(f"document 2011 --what {what}" for what in ("statements", "findings"))],
    "register check": ["register check {register}"],
    "register search": ["register search remittances"],
    "agreements coverage": ["agreements coverage PHL", "agreements coverage --findings"],
    "agreements provisions": ["agreements provisions", "agreements provisions --trends"],
    "agreements assess": ["agreements assess 751"],
    "agreements similar": ["agreements similar 751"],
    "agreements checklist": ["agreements checklist NPL QAT"],
    "facts": ["facts PHL"],
    "aid": ["aid {aid}"],
    "sources list": ["sources list"],
    "sources check": ["sources check {own}"],
    "estimate flows": ["estimate flows --stocks {stocks} --population {people}"],
    "estimate prices": ["estimate prices {quotes} --by corridor"],
    "estimate remittances": ["estimate remittances --year 2020"],
    "evaluate flows": ["evaluate flows {reported} --method pseudo-bayes --by size"],
}
# These need files fetched from a publisher, who is played in tests/evidence/test_sources_commands.py.
FETCHED = {"sources verify", "sources diff"}


def commands(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


def with_format() -> set[str]:
    found = commands(typer.main.get_command(cli.app))
    return {name for name, command in found if any("--format" in p.opts for p in command.params)}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("files")
    texts = {
        "workers.csv": "cost,earnings\n4000,500\n1000,400\n",
        "stocks.csv": "origin,destination,year,value\nN,S,2010,10\nS,N,2010,5\nN,S,2015,16\nS,N,2015,4\n",
        "reported.csv": "origin,destination,year,value\n"
        + "".join(f"DNK,SWE,{year},{year}\nNOR,SWE,{year},900\n" for year in range(2005, 2010)),
        "people.csv": "country,year,population,births,deaths\n"
        + "".join(f"{place},{year},100,1,1\n" for place in "NS" for year in range(2010, 2016)),
        "aid.txt": '"year"|"donor_name"|"recipient_name"|"purpose_code"|"project_title"|'
        '"usd_disbursement_defl"\n'
        '2020|"Sweden"|"Kenya"|15190|"Migration policy"|2.5\n',
        "own/treaty.csv": "country,treaty\n",
        "register.toml": packaged.text("cooperation/register/entries/remittances.toml"),
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    example_quotes().table.write_parquet(folder / "quotes.parquet")
    return {path.stem: str(path) for path in folder.iterdir()}


@pytest.fixture
def run(atlas_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CORRIDORS_ATLAS", str(atlas_folder))
    monkeypatch.setenv("CORRIDORS_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Result:
        result = CliRunner().invoke(cli.app, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def rows_of(data: bytes, format: Format) -> tuple[list[str], int]:
    """Columns and number of rows."""
    if format is Format.json:
        rows = json.loads(data)
        return (list(rows[0]) if rows else [], len(rows))
    read = (
        partial(pl.read_csv, infer_schema_length=None)
        if format in (Format.csv, Format.spreadsheet)
        else pl.read_parquet
    )
    frame = read(io.BytesIO(data))
    return frame.columns, frame.height


def test_each_command_with_a_format_has_an_example() -> None:
    assert with_format() == {*GOOD, *FETCHED}


@pytest.mark.parametrize("words", [words for each in GOOD.values() for words in each])
def test_formats(words: str, files: dict[str, str], run: Any, tmp_path: Path) -> None:
    arguments = words.format_map(files).split()
    shown = run(*arguments)
    assert shown.output.strip(), "something for a reader"
    seen: dict[str, tuple[list[str], int]] = {}
    for format in Format:
        if format is Format.table:
            continue
        printed = run(*arguments, "-f", format.value)
        assert printed.exit_code == shown.exit_code, printed.stderr
        file = tmp_path / f"rows.{format.value}"
        assert run(*arguments, "-o", str(file)).stdout == "", "the file's name says the format"
        assert file.read_bytes() == printed.stdout_bytes
        if format is not Format.md and not (words.startswith("why") and format is Format.json):
            seen[format.value] = rows_of(file.read_bytes(), format)
    columns, height = seen["csv"]
    assert columns
    assert all(count == height for _, count in seen.values())
    assert all(names == columns for names, count in seen.values() if count)
