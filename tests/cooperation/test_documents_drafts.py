"""From statements of a document to drafts that the register and the monitor take."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from corridors.atlas.indicators import indicators
from corridors.cli.document import app
from corridors.cooperation.documents import (
    DraftMeasure,
    day_of,
    draft_entries,
    drafts_as_toml,
    parse,
    read_document,
)
from corridors.cooperation.documents.draft_targets import in_unit, target_of
from corridors.cooperation.monitor import judge
from corridors.cooperation.register import load
from corridors.errors import DataError

TEXTS = Path(__file__).parent / "documents"
MEASURES = {n: DraftMeasure(d.title, d.unit, d.better, d.scope) for n, d in indicators().items()}
PERCENT = "% of the amount sent"
SCOPES = {n: d.scope for n, d in indicators().items()}


@pytest.mark.parametrize("name", sorted(p.stem for p in TEXTS.glob("*.txt") if "french" not in p.stem
                                        and "spanish" not in p.stem))  # fmt: skip
def test_drafts_of_every_text_are_accepted(name: str, tmp_path: Path) -> None:
    document = read_document(TEXTS / f"{name}.txt")
    try:
        drafts = draft_entries(document, MEASURES, stated=date(2026, 1, 1))
    except DataError as error:
        assert "no statement that commits" in error.title  # noqa: PT017
        return
    path = tmp_path / "drafts.toml"
    path.write_text(drafts_as_toml(document, drafts, MEASURES, {}), "utf-8")
    register = load(path, indicators=SCOPES)
    assert [e.id for e in register.entries] == [d.entry.id for d in drafts]
    assert len({d.entry.id for d in drafts}) == len(drafts)
    leads = {s.id for s in document.statements if s.text.endswith(":")}
    assert not leads & {d.statement for d in drafts}


def test_actor_target_date_indicator_and_paragraph(tmp_path: Path) -> None:
    document = read_document(TEXTS / "compact.txt")
    drafts = {d.entry.id: d.entry for d in draft_entries(document, MEASURES)}
    cost = drafts["a-res-83-195-annex1-p4-a-s1"]
    assert (cost.kind, cost.actor) == ("commitment", ("Heads of State and Government",))
    assert (cost.indicator, cost.direction, cost.target_value) == ("remittance_cost", "at-most", 3.0)
    assert (cost.target_date, cost.paragraph) == (date(2030, 12, 31), "annex 1, 4 (a)")
    assert cost.transitions[0].date == day_of(document) == date(2028, 12, 19)
    above = drafts["a-res-83-195-annex1-p4-a-s1-above-5"]
    assert (above.indicator, above.target_value, above.direction) == ("corridors_above_5pct", 0.0, "at-most")
    path = tmp_path / "drafts.toml"
    path.write_text(drafts_as_toml(document, draft_entries(document, MEASURES), MEASURES, {}), "utf-8")
    seen = pl.DataFrame(
        {
            "indicator": ["remittance_cost"] * 2,
            "place": ["WLD"] * 2,
            "year": [2028, 2030],
            "value": [5.0, 2.5],
        }
    )
    judged = judge(load(path).commitments(), seen, as_of=date(2031, 6, 30)).to_polars()
    assert judged.filter(commitment=cost.id)["status"].to_list() == ["met"]


def test_a_call_in_a_resolution() -> None:
    drafts = draft_entries(read_document(TEXTS / "ga_resolution.txt"), MEASURES)
    urged = drafts[0].entry
    assert (urged.kind, urged.actor, urged.addressee) == (
        "recommendation",
        ("General Assembly",),
        ("Member States",),
    )
    assert (urged.indicator, urged.direction, urged.baseline_year) == (
        "state_parties_icrmw",
        "increase",
        2034,
    )


@pytest.mark.parametrize(
    ("text", "unit", "better", "value", "year", "direction"),
    [
        ("We commit to cut costs to 3 per cent by 2030", PERCENT, "lower", 3.0, 2030, "at-most"),
        ("We commit to cut costs to 3 per cent by 2030", "share", "lower", 0.03, 2030, "at-most"),
        ("We will cut costs by 5 per cent by 2030", PERCENT, "lower", None, None, "decrease"),
        ("We will cut costs to 3 per cent", PERCENT, "lower", None, None, "decrease"),
        ("We will reach one third of workers within five years", "share", "higher", 1 / 3, 2025, "at-least"),
        ("We want at least 60 States by the end of 2027", "states", "higher", 60.0, 2027, "at-least"),
        ("We will end costs higher than 5 per cent by 2030", "share", "lower", None, None, "decrease"),
        ("We will send US$ 2 bn by 2030", "USD million", "", None, None, None),
        ("We will increase it to US$ 2 bn by 2030", "USD million", "", 2000.0, 2030, "at-least"),
    ],
)  # fmt: skip
def test_targets(
    text: str, unit: str, better: str, value: float | None, year: int | None, direction: str | None
) -> None:
    found = parse(f"1. {text}.")
    target = target_of(text, found.quantities, unit, better, date(2020, 5, 1))
    assert target.value == pytest.approx(value) if value is not None else target.value is None
    assert (target.day.year if target.day else None, target.direction) == (year, direction)


def test_units_that_do_not_fit() -> None:
    (count,) = parse("1. They trained 60 nurses.").quantities
    assert in_unit(count, "share") is in_unit(count, "states") is None
    assert in_unit(count, "persons") == 60


def test_what_gives_no_draft() -> None:
    with pytest.raises(DataError, match="no statement whose force is known") as caught:
        draft_entries(read_document(TEXTS / "french.txt"), MEASURES)
    assert "the text is in French" in str(caught.value)
    with pytest.raises(DataError, match="commits or calls upon anybody"):
        draft_entries(parse("1. People move."), MEASURES, stated=date(2020, 1, 1))
    with pytest.raises(DataError, match="has no date"):
        draft_entries(parse("1. We commit to act."), MEASURES)


def test_command(tmp_path: Path) -> None:
    run = CliRunner().invoke
    target = tmp_path / "drafts.toml"
    compact = str(TEXTS / "compact.txt")
    none = str(tmp_path / "none.duckdb")
    found = run(app, [compact, "--commitments", "--atlas", none, "-o", str(target)])
    assert found.exit_code == 0, found.output
    assert "12 drafts, 2 with an indicator, 2 with a target" in found.stderr
    assert "remittance_cost: no atlas here to take a figure from" in found.stderr
    text = target.read_text("utf-8")
    assert len(tomllib.loads(text)["commitment"]) == 11
    assert "# annex1.p4.a.s1\n# remittance_cost (" in text
    assert isinstance(run(app, [compact, "--commitments", "--akn"]).exception, DataError)
