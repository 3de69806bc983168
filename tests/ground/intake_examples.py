"""A good call of every public function that takes a table: the tables with no more columns than it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from corridors import migration
from corridors.cooperation import agreements, aid, composite, documents, monitor, perception, sdg
from corridors.migration import annual, diagrams, projection, summaries
from corridors.publish import charts
from corridors.remittances import diaspora, matrix, prices, stress

Table = dict[str, list[Any]]


@dataclass(frozen=True)
class Example:
    """Tables and settings of a good call, and which mistakes are none here.

    Names are of columns, or of a table for what holds of all its columns.
    """

    tables: Mapping[str, Table]
    settings: Mapping[str, Any] = field(default_factory=dict)
    optional: Sequence[str] = ()
    blank: Sequence[str] = ()
    signed: Sequence[str] = ()
    repeats: Sequence[str] = ()
    empty: Sequence[str] = ()
    call: Callable[..., Any] | None = None


AGREED: Table = {
    "agreement": [1, 2, 3, 4],
    "party_a": ["PHL", "PHL", "PHL", "PHL"],
    "party_b": ["JOR", "SAU", "KOR", "QAT"],
    "year": [1995, 2003, 2013, 2017],
    "quota": [1, 1, 0, 1],
    "remittances": [1, 0, 0, 1],
}
ONE_AGREED: Table = {name: cells[:1] for name, cells in AGREED.items()}
GUIDED: Table = {
    "block": ["pay", "pay"],
    "item": ["bank", "limit"],
    "question": ["Paid by bank?", "Is there a limit?"],
    "column": ["wage_protection", "quota"],
}
REGIONS: Table = {
    "country": ["PHL", "JOR", "SAU", "KOR", "QAT"],
    "region": ["Asia", "Asia", "Asia", "Asia", "Asia"],
    "income_group": ["LM", "LM", "H", "H", "H"],
}
CODED = ("quota", "remittances")
PAIRS: Table = {
    "origin": ["PHL", "USA"],
    "destination": ["USA", "PHL"],
    "year": [2010, 2010],
    "value": [9, 5],
}
WORDS: Table = {
    "language": ["en", "en"],
    "kind": ["include", "exclude"],
    "weight": [1.0, 1.0],
    "concern": ["remittances", ""],
    "pattern": ["remittance", "bird migration"],
}
PROJECTS = pl.LazyFrame(
    {"purpose_code": [24010, 41030], "project_title": ["Cost of remittances", "Bird migration"]}
).with_columns(short_description=None, long_description=None)
ANSWERS: Table = {
    "unit": ["A", "A", "B", "B"],
    "area": ["x", "y", "x", "y"],
    "dimension": ["d", "e", "d", "e"],
    "item": ["i", "j", "i", "j"],
    "answer": [100, 0, 0, 50],
}
INDICATORS: Table = {
    "name": ["boats", "trains"],
    "title": ["Boats", "Trains"],
    "definition": ["Number of boats", "Number of trains"],
    "terms": ["fishing boats", "night trains"],
}
DESCRIBED = ("title", "definition", "terms")
PROMISES: Table = {
    "commitment": ["5x5", "3x3"],
    "indicator": ["cost", "cost"],
    "place": ["WORLD", "WORLD"],
    "direction": ["decrease", "decrease"],
    "baseline_year": [2009, 2009],
    "baseline_value": [10.0, 10.0],
    "target_value": [5.0, 3.0],
    "target_date": ["2014-12-31", "2016-12-31"],
}
SEEN: Table = {
    "indicator": ["cost", "cost"],
    "place": ["WORLD"] * 2,
    "year": [2011, 2012],
    "value": [9.0, 8.6],
}
PROMISED = [name for name in PROMISES if name != "commitment"]

STOCK: Table = {
    "origin": ["A", "B", "A", "B"],
    "destination": ["B", "A", "B", "A"],
    "year": [2010, 2010, 2015, 2015],
    "value": [10.0, 5, 16, 4],
}
PEOPLE: Table = {
    "country": ["A"] * 6 + ["B"] * 6,
    "year": [*range(2010, 2016)] * 2,
    "population": [100] * 12,
    "births": [1] * 12,
    "deaths": [1] * 12,
}
AGES: Table = {
    "country": ["A", "A", "B", "B"],
    "year": [2010] * 4,
    "age": ["0-64", "65+", "0-64", "65+"],
    "female": [40, 12, 45, 5],
    "male": [40, 8, 45, 5],
}
EVENTS: Table = {
    "country": ["A", "B"],
    "year": [2010, 2010],
    "female_births_pct": [49.0, 48],
    "female_deaths_pct": [45.0, 47],
}
NET: Table = {
    "country": ["A", "A", "B", "B"],
    "year": [2018, 2019, 2018, 2019],
    "net_migration": [-4.0, 1, 4, -1],
}
RATES: Table = {
    "country": ["A", "A", "B", "B"],
    "year": [2000, 2001, 2000, 2001],
    "population": [110, 100, 95, 90],
    "net_migration": [10, 1, -5, 2],
}
FLOWS: Table = {"origin": ["A", "B", "A"], "destination": ["B", "A", "C"], "value": [9.0, 8.0, 1.0]}
POINTS: Table = {"place": ["A", "B", "C"], "lat": [1.0, 2.0, 3.0], "lon": [4.0, 5.0, 6.0]}
GROUPS: Table = {"place": ["A", "B", "C"], "group": ["North", "North", "South"]}
_TIED = [(a, b) for a in "ABCD" for b in "ABCD" if a < b]
TIES: Table = {
    "origin": [a for a, _ in _TIED],
    "destination": [b for _, b in _TIED],
    "distance_km": [10, 40, 90, 20, 50, 30],
    "contiguous": [1, 0, 0, 1, 0, 1],
    "common_language": [0, 1, 0, 1, 0, 0],
    "colonial_tie": [0, 0, 1, 0, 0, 0],
}
TIED = ("distance_km", "contiguous", "common_language", "colonial_tie")
_BOTH = [(a, b) for a in "ABCD" for b in "ABCD" if a != b]
PANEL: Table = {
    "origin": [a for a, _ in _BOTH],
    "destination": [b for _, b in _BOTH],
    "period_start": [2010] * 12,
    "value": [9.0, 4, 2, 7, 5, 3, 2, 8, 6, 1, 4, 9],
    "log_distance": [2.0, 3.5, 4.4, 2.0, 3, 4, 3.5, 3, 3.4, 4.4, 4, 3.4],
}
FIT = migration.GravityFit({"log_distance": -1.0}, {"log_distance": 0.1}, 6, 12, 0.9, "value ~ log_distance")

ECONOMY: Table = {"country": ["A", "B"], "year": [2012, 2012], "gdp_per_capita_ppp2021": [2e3, 3e4]}
MONEY: Table = {"country": ["A", "B"], "year": [2012, 2012], "received": [5.0, 1.0], "paid": [2.0, 3.0]}
SENT: Table = {"sending": ["B", "A"], "receiving": ["A", "B"], "value": [4.0, 1.0]}
OBSERVED: Table = {
    "sending": [a for a, _ in _BOTH],
    "receiving": [b for _, b in _BOTH],
    "value": [9.0, 4, 2, 7, 5, 3, 2, 8, 6, 1, 4, 9],
}
MATRIX: dict[str, Table] = {"stock": STOCK, "economy": ECONOMY, "remittances": MONEY}
FIGURES = ("received", "paid", "gdp_per_capita_ppp2021")
_QUARTERS = [f"{year}Q{quarter}" for year in (2016, 2017, 2018) for quarter in (1, 2, 3, 4)]
PRICES: Table = {
    "sending": ["USA"] * 12 + ["DEU"] * 12,
    "receiving": ["MEX"] * 12 + ["TUR"] * 12,
    "quarter": _QUARTERS * 2,
    "cost_usd200_pct": [9 - k / 4 for k in range(12)] + [7 - k / 5 for k in range(12)],
}
WEIGHTS: Table = {"sending": ["USA", "DEU"], "receiving": ["MEX", "TUR"], "value": [30, 20]}
COST = ("cost_usd200_pct",)
REACHED = prices.SmartCriteria(cheapest=1, penetration={"account": 50})
QUOTES: Table = {
    "quarter": ["2016Q4"] * 3,
    "sending": ["USA"] * 3,
    "receiving": ["MEX"] * 3,
    "firm": ["a", "b", "c"],
    "price_point": [200] * 3,
    "total_pct": [3.0, 5.0, 4.0],
    "transparent": [True] * 3,
    "speed_days": [1.0, 2.0, 0.0],
    "paid_out": ["cash"] * 3,
    "sheet": ["after"] * 3,
    "coverage": ["high"] * 3,
    "sent_through": ["online"] * 3,
}
QUOTED = ("speed_days", "paid_out", "sheet", "coverage", "sent_through")

PERIODS: Table = {
    "period_start": [2010, 2015],
    "period_end": [2015, 2020],
    "value": [100.0, 200.0],
    "lower": [90.0, 150.0],
    "upper": [120.0, 250.0],
}
ENDS: Table = {name: cells[-1:] * 2 for name, cells in PERIODS.items()}
SPAN = ("value", "lower", "upper", "lower95", "upper95")
SERIES: Table = {"series": ["received", "received", "paid"], "year": [2019, 2020, 2020], "value": [5.0, 6, 1]}
QUARTERLY: Table = {
    "series": ["receiving", "receiving", "sending"],
    "quarter": ["2019Q1", "2019Q2", "2019Q2"],
    "value": [5.0, 6.0, 1.0],
}
FORECAST: Table = {
    "series": ["observed", "observed", "projected"],
    "year": [2022, 2023, 2024],
    "value": [-5.0, -4.0, -3.0],
    "lower": [-6.0, -5.0, -4.0],
    "upper": [-4.0, -3.0, -2.0],
    "lower95": [-7.0, -6.0, -5.0],
    "upper95": [-3.0, -2.0, -1.0],
}
POOR: Table = {
    "line": [2.15, 3.65],
    "year": [2015, 2015],
    "value": [0.1, 0.2],
    "lower": [0.05, 0.1],
    "upper": [0.2, 0.3],
    "without": [0.2, 0.3],
    "without_lower": [0.1, 0.2],
    "without_upper": [0.3, 0.4],
}


def drawn(source: Table, settings: Mapping[str, Any], **more: Any) -> Example:
    """An example of a drawing: rows may repeat, and figures may be unknown or below zero."""
    figures = [name for name, cells in source.items() if isinstance(cells[0], float) and name != "line"]
    return Example(
        {"source": source},
        settings,
        blank=figures,
        signed=[*figures, "line"],
        repeats=["source"],
        empty=["source"],
        **more,
    )


def summary(*, settings: Mapping[str, Any] | None = None, **more: Any) -> Example:
    """An example of a summary of flows, which may be none."""
    return Example({"flows": FLOWS}, settings or {}, empty=["flows"], **more)


def priced(settings: Mapping[str, Any] | None = None, **tables: Table) -> Example:
    """An example on averages of corridors, whose cost may be unknown or below zero."""
    return Example({"prices": PRICES} | tables, settings or {}, blank=COST, signed=COST)


EXAMPLES: dict[Callable[..., Any], Example] = {
    agreements.as_agreements: Example({"table": AGREED}, optional=CODED, blank=CODED),
    agreements.as_guidance: Example({"table": GUIDED}, blank=["column"]),
    agreements.assess: Example(
        {"agreement": ONE_AGREED, "guidance": GUIDED}, optional=CODED, blank=[*CODED, "column"]
    ),
    agreements.assess_all: Example(
        {"agreements": AGREED, "guidance": GUIDED}, optional=CODED, blank=[*CODED, "column"]
    ),
    agreements.checklist: Example(
        {"agreements": AGREED, "guidance": GUIDED, "places": REGIONS},
        {"party_a": "Philippines", "party_b": "Qatar", "least": 2},
        optional=CODED,
        blank=[*CODED, "column", "region", "income_group"],
    ),
    agreements.co_occurrence: Example({"agreements": AGREED}, optional=CODED, blank=CODED),
    agreements.coder_agreement: Example(
        {"first": AGREED, "second": AGREED}, {"draws": 20}, optional=CODED, blank=CODED
    ),
    agreements.coverage: Example(
        {"agreements": AGREED, "stock": PAIRS}, optional=CODED, blank=[*CODED, "value"]
    ),
    agreements.provision_trends: Example({"agreements": AGREED}, optional=CODED, blank=CODED),
    agreements.provisions: Example(
        {"agreements": AGREED, "places": REGIONS},
        {"by": "income_pair"},
        optional=CODED,
        blank=[*CODED, "region", "income_group"],
    ),
    agreements.similar: Example(
        {"agreements": AGREED, "places": REGIONS},
        {"number": 2, "peers": "region"},
        optional=CODED,
        blank=[*CODED, "region", "income_group"],
    ),
    agreements.similarity: Example({"agreements": AGREED}, {"weights": "equal"}, optional=CODED, blank=CODED),
    aid.accuracy_of: Example(
        {"labelled": {"project_title": ["Remittances", "Roads"], "relevant": [1, 0]}, "words": WORDS},
        blank=["project_title", "concern"],
        signed=["weight"],
        repeats=["labelled"],
    ),
    aid.classify: Example({"words": WORDS}, {"rows": PROJECTS}, blank=["concern"], signed=["weight"]),
    aid.flagged: Example({"words": WORDS}, {"rows": PROJECTS}, blank=["concern"], signed=["weight"]),
    composite.audit_score: Example({"answers": ANSWERS}, {"scale": "mipex", "draws": 8}, blank=["answer"]),
    composite.rank_units: Example(
        {"answers": ANSWERS},
        {"scale": "mipex", "audit": composite.audit_score(pl.DataFrame(ANSWERS), "mipex", draws=8)},
        blank=["answer"],
    ),
    composite.score_items: Example({"answers": ANSWERS}, {"scale": "mipex"}, blank=["answer"]),
    documents.parse: Example(
        {"indicators": INDICATORS},
        {"content": "1. Two fishing boats left.", "threshold": 0.0},
        blank=DESCRIBED,
    ),
    documents.read_document: Example({"indicators": INDICATORS}, {"path": "2011"}, blank=DESCRIBED),
    documents.vocabulary_of: Example({"table": INDICATORS}, blank=DESCRIBED),
    monitor.judge: Example(
        {"commitments": PROMISES, "observations": SEEN},
        {"as_of": date(2013, 6, 1)},
        optional=PROMISED,
        blank=[*PROMISED, "value"],
        signed=["baseline_value", "target_value", "value"],
        empty=["observations"],
    ),
    perception.perception_table: Example(
        {"shares": {"country": ["A", "B", "C"], "perceived": [10.0, 20, 30], "actual": [2.0, 9, 20]}}
    ),
    sdg.deaths_in_migration: Example(
        {
            "incidents": {"year": [2019, 2020], "dead": [3, 1], "missing": [6, 0]},
            "movers": {"year": [2019, 2020], "movers": [100, 200]},
        },
        optional=["dead", "missing"],
        blank=["dead", "missing"],
        signed=["dead", "missing"],
        repeats=["incidents"],
    ),
    sdg.policy_index: Example(
        {
            "answers": {
                "place": ["KEN", "KEN"],
                "domain": ["1", "2"],
                "subcategory": ["a", "b"],
                "score": [1.0, 0.0],
            }
        },
        blank=["score"],
    ),
    sdg.recruitment_cost: Example(
        {"workers": {"cost": [4000.0, 1000, 0], "earnings": [500.0, 400, 300]}},
        blank=["cost", "earnings"],
        repeats=["workers"],
    ),
    sdg.refugees_by_origin: Example(
        {"counts": {"place": ["X", "Y"], "refugees": [250, 10], "population": [750, 990]}}
    ),
    migration.estimate_flows: Example(
        {
            "stock": STOCK,
            "population": PEOPLE,
            "seed_table": {k: v[:2] for k, v in STOCK.items() if k != "year"},
        },
        {"period": (2010, 2015), "methods": ["minimum-closed"]},
        # Blank where the period does not need them.
        blank=["births", "deaths"],
    ),
    migration.reported_flows: Example(
        {
            "table": {
                "origin": ["DNK", "NOR"],
                "destination": ["SWE", "SWE"],
                "year": [2005, 2005],
                "value": [900.0, 800],
            }
        },
        {"periods": [(2005, 2006)], "least_years": 1},
        blank=["value"],
    ),
    migration.evaluate_flows: Example(
        {
            "estimates": {
                "origin": ["DNK", "NOR", "FIN"],
                "destination": ["SWE", "SWE", "SWE"],
                "period_start": [2005, 2005, 2005],
                "period_end": [2010, 2010, 2010],
                "method": ["minimum", "minimum", "minimum"],
                "value": [900.0, 800, 700],
            },
            "reported": {
                "origin": ["DNK", "NOR", "FIN"],
                "destination": ["SWE", "SWE", "SWE"],
                "reporter": ["SWE", "SWE", "SWE"],
                "side": ["immigrants", "immigrants", "immigrants"],
                "period_start": [2005, 2005, 2005],
                "period_end": [2010, 2010, 2010],
                "value": [1000.0, 700, 600],
            },
            "population": {"country": ["DNK", "NOR"], "year": [2005, 2005], "population": [5e6, 4e6]},
        },
        blank=["population"],
    ),
    migration.fit_gravity: Example(
        {"panel": PANEL}, {"ties": ["log_distance"]}, blank=["log_distance"], signed=["log_distance"]
    ),
    migration.gravity_panel: Example(
        {"flows": FLOWS, "proximity": TIES}, blank=TIED, signed=TIED[1:], repeats=["flows", "proximity"]
    ),
    migration.GravityFit.seed: Example(
        {"proximity": {name: TIES[name] for name in ("origin", "destination", "distance_km")}},
        {"places": ["A", "B", "C"]},
        blank=["distance_km"],
        repeats=["proximity"],
        call=FIT.seed,
    ),
    migration.carry_events: Example({"population": PEOPLE}, blank=["births", "deaths"]),
    migration.of_sex: Example(
        {"population": PEOPLE, "ages": AGES, "events": EVENTS},
        {"sex": "female"},
        blank=["population", "births", "deaths"],
    ),
    migration.period_tables: Example(
        {"stock": STOCK, "population": PEOPLE}, {"period": (2010, 2015)}, blank=["births", "deaths"]
    ),
    annual.annual_flows: Example(
        {"flows": {k: v[:2] for k, v in FLOWS.items()}, "net": NET},
        {"period": (2018, 2020), "dates": "mid-year"},
        blank=["net_migration"],
        signed=["net_migration"],
        empty=["flows"],
    ),
    diagrams.chord_diagram: summary(),
    diagrams.flow_map: Example(
        {"flows": FLOWS, "points": POINTS}, blank=["lat", "lon"], signed=["lat", "lon"], empty=["flows"]
    ),
    diagrams.sankey_diagram: summary(),
    projection.rate_panel: Example({"population": RATES}, signed=["net_migration"]),
    summaries.aggregate_flows: Example(
        {"flows": FLOWS, "groups": GROUPS},
        optional=["place", "group"],
        blank=["place", "group"],
        repeats=["groups"],
        empty=["flows"],
    ),
    summaries.expand_flows: Example(
        {"flows": FLOWS, "groups": GROUPS},
        optional=["place", "group"],
        blank=["place", "group"],
        repeats=["groups"],
        empty=["flows"],
    ),
    summaries.flow_rows: summary(),
    summaries.lump_flows: summary(settings={"threshold": 5}),
    summaries.one_table: summary(),
    summaries.pair_totals: summary(),
    summaries.place_totals: summary(),
    summaries.top_corridors: summary(settings={"k": 1}),
    charts.corridor: drawn(PERIODS, {"origin": "MEX", "destination": "USA"}),
    charts.flow_methods: drawn(
        {"method": ["pseudo-bayes", "independence"]} | ENDS, {"origin": "MEX", "destination": "USA"}
    ),
    charts.net_migration: drawn(FORECAST, {"country": "MEX"}),
    charts.price_distribution: drawn(
        {
            "sending": ["USA", "DEU"],
            "receiving": ["PHL", "TUR"],
            "quarter": ["2020Q1"] * 2,
            "value": [3.0, 5],
        },
        {"country": "PHL"},
    ),
    charts.remittance_price: drawn(QUARTERLY, {"country": "PHL"}),
    charts.remittances: drawn(SERIES, {"country": "PHL"}),
    charts.stock_by_birthplace: drawn(
        {"name": ["Algeria", "Algeria"], "year": [2015, 2020], "value": [5.0, 6.0]}, {"country": "FRA"}
    ),
    charts.top_corridors: drawn({"name": ["Mexico", "Canada"]} | ENDS, {"country": "PHL"}),
    charts.welfare: drawn(POOR, {"country": "PHL"}),
    diaspora.diaspora_savings: Example(
        {
            "stock": {"origin": ["A", "B"], "destination": ["B", "C"], "persons": [3e6, 1e6]},
            "economy": {"country": ["B", "C"], "gdp_per_capita_usd": [30_000, 20_000]},
            "tertiary": {"origin": ["A", "B"], "share": [0.3, 0.2]},
        },
        {"draws": 2},
        blank=["gdp_per_capita_usd", "share"],
    ),
    matrix.bilateral_remittances: Example(MATRIX | {"reference": SENT}, {"year": 2012}, blank=FIGURES),
    matrix.stock_in: Example({"stock": STOCK}, {"year": 2012}),
    matrix.gravity_prior: Example(
        {
            "flows": OBSERVED,
            "proximity": {k: v for k, v in TIES.items() if k in ("origin", "destination", "distance_km")},
        },
        {"ties": ["log_distance"], "estimated_by": "observed"},
        blank=["value", "distance_km"],
        repeats=["proximity"],
    ),
    matrix.matrix_inputs: Example(MATRIX, {"year": 2012}, blank=FIGURES),
    prices.average_cost: priced(weights=WEIGHTS),
    prices.median_cost: priced(),
    prices.decompose_change: priced({"start": "2016Q1", "end": "2018Q4"}, weights=WEIGHTS),
    prices.distance_to_targets: priced(),
    prices.five_by_five: priced(weights=WEIGHTS),
    prices.flow_weights: Example({"flows": WEIGHTS}),
    prices.panel_index: priced(weights=WEIGHTS),
    prices.remittance_cost: Example(
        {
            "corridors": {
                "sending": ["A", "B"],
                "receiving": ["C", "C"],
                "fee": [5.0, 9.0],
                "fx_margin_pct": [1.5, 2.5],
            }
        },
        blank=["fee", "fx_margin_pct"],
        signed=["fx_margin_pct"],
    ),
    prices.savings: priced({"draws": 20}, flows=WEIGHTS),
    prices.sdg_10c: priced(),
    prices.weighted_cost: priced({"draws": 20}, flows=WEIGHTS),
    prices.smart_average: Example(
        {"quotes": QUOTES, "access": {"country": ["MEX", "USA"], "account": [60.0, 90.0]}},
        {"criteria": REACHED},
        blank=["firm", "total_pct", "transparent", "account", *QUOTED],
        signed=["total_pct", "price_point", *QUOTED],
        repeats=["quotes"],
    ),
    stress.stress_corridors: Example(
        {"corridors": {"sending": ["USA", "ESP"], "receiving": ["MEX", "MEX"], "usd_million": [500.0, 50.0]}},
        {"expelled": {"USA": 0.1}, "draws": 0},
    ),
}
