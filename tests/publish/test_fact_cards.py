"""Fact cards: every kind, every place, every form."""

from __future__ import annotations

import json
from datetime import date as Day
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from corridors.atlas import Atlas
from corridors.cli import cards as facts_cards
from corridors.errors import DataError, NotFound
from corridors.publish.cards import (
    card_kind,
    card_kinds,
    cards_of,
    html,
    json_ld,
    make_card,
    markdown,
    text,
)


@pytest.fixture
def command() -> typer.Typer:
    return facts_cards.app


def one(atlas: Atlas, country: str, name: str):
    return cards_of(atlas, country, [card_kind(name)])[0]


def test_every_kind_answers_for_every_place(atlas: Atlas) -> None:
    countries = ("PHL", "USA", "ITA", "XKX", "SRB", "GGY", "CHI", "SSD", "WLF")
    for country in countries:
        for card in cards_of(atlas, country, list(card_kinds().values())):
            assert card.known == (card.reason == ""), card
            assert card.does_not_say
            assert card.source, card.name
            if card.known:
                assert card.date
            if card.unit.startswith("%") and card.known:
                assert 0 <= card.value <= 100 or card.name == "remittances_gdp"


def test_figures_are_those_of_the_tables(atlas: Atlas) -> None:
    stock = atlas.table("migrant_stock", where="destination = 'USA' AND year = 2024 AND sex = 'total'")
    people = atlas.table("population", where="country = 'USA' AND year = 2024")["population"].item()
    assert one(atlas, "USA", "migrant_share").value == pytest.approx(100 * stock["value"].sum() / people)
    origins = one(atlas, "USA", "main_origins")
    assert origins.parts[0][0] == "Mexico"
    biggest = stock["value"].max()
    assert origins.parts[0][1] == pytest.approx(100 * biggest / stock["value"].sum())
    assert origins.value == pytest.approx(sum(v for _, v in origins.parts))
    money = atlas.table("remittance_total", where="country = 'PHL' AND year = 2024")["received"].item()
    assert one(atlas, "PHL", "remittances_received").value == money
    assert (
        one(atlas, "PHL", "migrant_workers_convention")
        .summary()
        .partition("a party since ")[2]
        .startswith("1995 (2022-08")
    )
    assert "not a party" in text(one(atlas, "USA", "migrant_workers_convention"))


def test_what_is_not_known_is_not_zero(atlas: Atlas) -> None:
    for name in ("migrant_share", "emigrants", "main_origins"):
        card = one(atlas, "XKX", name)
        assert card.value is None
        assert "counted within Serbia" in card.reason
    assert one(atlas, "GGY", "migrant_share").reason.startswith("counted within Channel Islands")
    # Two islands, one stock: their people are the denominator together.
    assert one(atlas, "CHI", "migrant_share").detail == "counts Guernsey and Jersey"
    assert "Kosovo" in one(atlas, "SRB", "migrant_share").detail
    assert one(atlas, "CHI", "agreement_cover").value is None
    assert one(atlas, "XKX", "migrant_workers_convention").value is None
    card = one(atlas, "PHL", "refugees_from")
    assert card.value is None or card.date == "2023"
    assert "value" not in json.loads(json_ld(one(atlas, "XKX", "emigrants")))["@graph"][0]["variableMeasured"]


def test_guesses_stand_beside_the_figure(atlas: Atlas) -> None:
    card = one(atlas, "Italy", "migrant_share")
    assert (card.perceived, round(card.residual or 0, 1)) == (30, 7.7)
    assert "7.7 points above" in text(card)
    assert "doi 10.1177/00016993241311523" in card.does_not_say
    assert one(atlas, "Italy", "doctors").perceived is None
    assert one(atlas, "MEX", "migrant_share").perceived is None
    graph = json.loads(json_ld(card))["@graph"]
    assert [thing["@type"] for thing in graph] == [["Dataset", "prov:Entity"], "ClaimReview"]
    assert graph[1]["itemReviewed"]["about"]["@id"] == graph[0]["@id"]
    assert graph[0]["prov:wasDerivedFrom"]
    assert graph[0]["license"] == "CC BY 3.0 IGO"


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.said += data


def test_forms_escape_what_they_are_given() -> None:
    nasty = "</script><b>*x*|\"'&"
    rows = [{"value": 3.5, "lower": 3, "upper": 4, "date": "2020", "detail": nasty, "label": nasty}]
    for name in ("doctors", "main_origins"):
        card = make_card(card_kind(name), nasty, rows)
        reader = Reader()
        reader.feed(html(card))
        assert not {"b", "script"} & set(reader.tags)
        assert nasty in reader.said
        assert "</script" not in json_ld(card)
        assert json.loads(json_ld(card))["@graph"][0]["spatialCoverage"]["name"] == nasty
        assert "<b>" not in markdown(card).replace("\\<b\\>", "")
    assert "Interval: 3 to 4" in text(make_card(card_kind("doctors"), "X", rows))


@pytest.mark.parametrize(
    ("name", "rows", "words"),
    [
        ("doctors", [{"date": "2020"}], "row 1 of card doctors lacks value"),
        ("main_origins", [{"value": 1.0}], "lacks label"),
        ("doctors", [{"value": 1.0}, {"value": 2.0}], "given 2 rows"),
        ("doctors", [{"value": "many"}], "'many'"),
    ],
)
def test_refusals(name: str, rows: list[dict[str, object]], words: str) -> None:
    with pytest.raises(DataError, match=words):
        make_card(card_kind(name), "X", rows)


def test_unknown_card_names_close_ones() -> None:
    with pytest.raises(NotFound, match="did you mean 'doctors'"):
        card_kind("doctor")


def test_command(
    atlas_folder: Path, tmp_path: Path, command: typer.Typer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRIDORS_ATLAS", str(atlas_folder))
    run = CliRunner().invoke
    shown = run(command, ["PHL"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.count("What it does not say") == len(card_kinds())
    target = tmp_path / "cards.csv"
    assert run(command, ["PHL", "-o", str(target)]).exit_code == 0
    assert pl.read_csv(target).height == len(card_kinds())
    single = run(command, ["ITA", "--card", "migrant_share", "--json-ld"])
    assert json.loads(single.output)["@graph"][0]["@id"] == "#migrant_share"
    several = run(command, ["ITA", "--card", "doctors", "--card", "nurses", "--json-ld"])
    assert len(json.loads(several.output)) == 2
    assert run(command, ["ITA", "--card", "nurses", "--markdown"]).output.startswith("### Nurses")
    assert "<article" in run(command, ["ITA", "--card", "nurses", "--html"]).output
    both = run(command, ["ITA", "--markdown", "--html"])
    assert isinstance(both.exception, DataError)


@pytest.mark.parametrize(
    ("date", "when"),
    [
        ("2020", "2020, six years old"),
        ("2020Q3", "2020Q3, six years old"),
        ("2023", "2023"),
        ("2025Q3", "2025Q3"),
    ],
)
def test_an_old_figure_says_so_beside_its_date(date: str, when: str) -> None:
    rows = [{"value": 0.5, "date": date}]
    card = make_card(card_kind("doctors"), "Malawi", rows, day=Day(2026, 6, 30))
    assert card.when == when
    assert f"0.5 per 10,000 people ({when})" in text(card)
    assert card.date == date
    assert make_card(card_kind("doctors"), "Malawi", rows).when == date
    unknown = make_card(card_kind("doctors"), "Malawi", [], day=Day(2026, 6, 30))
    assert unknown.age == ""
