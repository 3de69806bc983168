"""Rows that the commands on prices print: of the atlas's tables, or made from prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from corridors.cli.price_question import asked_of, few_marked, not_priced, rows_of
from corridors.errors import DataError, NotFound

if TYPE_CHECKING:
    import polars as pl

    from corridors.atlas import Atlas
    from corridors.cli.price_question import Question
    from corridors.remittances.prices.eligible import Prices

_WAYS = {"receiving": "to", "receiving_region": "to", "sending": "from", "sending_region": "from"}
_HAIR = 1e-12
_SAVED = (
    "of target_pct saved lower upper least most flow priced_share corridors above cost_pct marked "
    "as_published price_quarter flow_year"
)


def averages(atlas: Atlas, question: Question) -> pl.DataFrame:
    """Averages of the atlas: all kinds for the world, over corridors for places, the price of a corridor."""
    import polars as pl

    if question.kind == "corridor":
        rows = _corridors(atlas, question).with_columns(average=pl.lit("mean of the corridor"))
        return rows.select("of", "average", "quarter", "cost_pct", "quotes", "mark")
    rows = atlas.table("price_index").filter(pl.col("scope").is_in(question.scopes), place=question.place)
    if rows.is_empty():
        prices = atlas.table("remittance_price").drop("source")
        return averages_of(prices, question, (), None, 0)
    shown = ["quarter", "cost_pct", "lower", "upper", "corridors", "quotes"]
    if question.kind == "world":
        shown += ["least", "most", "priced_share", "flow_year"]
    return (
        _way(rows, question)
        .rename({"weighting": "average", "value": "cost_pct"})
        .sort("of", "average", "quarter")
        .select("of", "average", *shown)
    )


def averages_of(
    prices: Prices, question: Question, by: Sequence[str], over: str | None, draws: int
) -> pl.DataFrame:
    """Averages of quotes or of averages of corridors, by quarter and groups."""
    import polars as pl

    from corridors.remittances.prices import average_cost

    if over not in (None, "services", "corridors"):
        raise DataError(f"an average is over services or corridors, not over {over!r}")
    made = [
        average_cost(some, by=by, over=cast(Any, over), draws=draws)
        .to_polars()
        .with_columns(of=pl.lit(way))
        .rename({"mean_pct": "cost_pct", "services": "quotes", "weighting": "average"})
        for way, some in asked_of(prices, question).items()
    ]
    rows = pl.concat(made)
    first = ["of", "average", "quarter"]
    return rows.select(*first, *(name for name in rows.columns if name not in first))


def standing(atlas: Atlas, question: Question) -> pl.DataFrame:
    """Standing of a place on target 10.c."""
    import polars as pl

    rows = atlas.table("price_target").filter(pl.col("scope").is_in(question.scopes), place=question.place)
    if rows.is_empty():
        prices = atlas.table("remittance_price").drop("source")
        return standing_of(prices, question, corridors=False)
    return _way(rows, question).drop("scope", "place").sort("of", "quarter").select("of", pl.exclude("of"))


def standing_of(prices: Prices, question: Question, corridors: bool) -> pl.DataFrame:
    """Standing on target 10.c from prices; with quotes by the cheapest qualifying services."""
    import polars as pl

    from corridors.remittances.prices import Quotes, distance_to_targets, sdg_10c, smart_average

    made: list[pl.DataFrame] = []
    for way, some in asked_of(prices, question).items():
        if corridors or question.kind == "corridor":
            rows = distance_to_targets(some).to_polars()
        else:
            smart = smart_average(some) if isinstance(some, Quotes) else None
            rows = sdg_10c(some, smart=smart).to_polars()
        made.append(rows.with_columns(of=pl.lit(way)))
    rows = pl.concat(made)
    order = ["target_pct", "cost_pct"] if "target_pct" in rows.columns else ["of", "quarter"]
    return rows.sort(order, descending="target_pct" in rows.columns).select("of", pl.exclude("of"))


def five_by_five_of(asked: Mapping[str, Prices]) -> pl.DataFrame:
    """Verdict of the five-by-five objective, year by year."""
    import polars as pl

    from corridors.remittances.prices import five_by_five

    made = [five_by_five(prices).to_polars().with_columns(of=pl.lit(way)) for way, prices in asked.items()]
    rows = pl.concat(made).rename({"measure": "average"})
    return rows.select("of", pl.exclude("of", "target"))


def corridor_gaps(atlas: Atlas, question: Question) -> pl.DataFrame:
    """Corridors of a place, dearest first, and how far each is above 5 % and 3 %."""
    import polars as pl

    rows = _corridors(atlas, question)
    targets = _parameters(atlas, "price_target_corridor", "price_target_average")
    gaps = {f"above_{target:g}": pl.col("cost_pct") - target for target in targets}
    return rows.sort("cost_pct", descending=True).select(
        "of", "sending", "receiving", "quarter", "cost_pct", "quotes", "mark", **gaps
    )


def savings(atlas: Atlas, question: Question) -> pl.DataFrame | None:
    """Savings of the atlas's own table; None where it has none of the place."""
    import polars as pl

    rows = atlas.table("price_saving")
    income = pl.col("scope") == "income" if question.kind == "world" else pl.lit(False)
    mine = pl.col("scope").is_in(question.scopes) & (pl.col("place") == question.place)
    rows = rows.filter(mine | income)
    if rows.is_empty():
        return None
    income = pl.col("scope") == "income"
    named = _way(rows, question).with_columns(of=pl.when(income).then("place").otherwise("of"))
    return named.sort("target_pct", income, "of", descending=[True, False, True]).select(_SAVED.split())


def savings_of(
    asked: Mapping[str, Prices], money_of: tuple[pl.DataFrame, list[pl.DataFrame], int | None], seed: int
) -> pl.DataFrame:
    """Savings of prices with flows, and what share of the flows has a price."""
    import polars as pl

    from corridors.remittances.prices import savings as saving

    flows, others, year = money_of
    made: list[pl.DataFrame] = []
    for way, prices in asked.items():
        table = rows_of(prices)
        end = "receiving" if way.startswith("to ") else "sending" if way != "the world" else None
        mine = flows if end is None else flows.filter(pl.col(end).is_in(table[end].unique().to_list()))
        if " to " in way:
            mine = flows.join(table, on=["sending", "receiving"], how="semi")
        if mine.join(table, on=["sending", "receiving"], how="semi").is_empty():
            elsewhere = "whoever counts migrants may count those of the place under another, as Kosovo's"
            raise NotFound(f"there are prices, but no flows of money, {way}", elsewhere, "give --flows")
        found = saving(prices, mine, others=others, by="receiving_region", seed=seed)
        world = found.to_polars().filter(receiving_region="World").drop("receiving_region")
        last = str(table["quarter"].max())
        made.append(
            world.with_columns(
                of=pl.lit(way), as_published=pl.lit(None, pl.Float64), price_quarter=pl.lit(last),
                flow_year=pl.lit(year, pl.Int64),
            )
        )  # fmt: skip
    return pl.concat(made).select(_SAVED.split())


def words_on_savings(rows: pl.DataFrame) -> str:
    """What a saving does not say, and why published ones are larger."""
    import polars as pl

    shares = dict(rows.select("of", "priced_share").iter_rows())
    told = "; ".join(f"{of}: {share:.0%}" for of, share in shares.items() if share < 1)
    priced = f"A surveyed price is known for this share of the money ({told}); the rest saves nothing here."
    lines = [priced] if told else []
    lines.append("Flows are held as they are; least and most are the results by the rules that make them.")
    if rows["as_published"].null_count() < rows.height:
        lines.append(
            "Published figures (some USD 20 billion to reach 3 %) are the mean over services less the "
            "target, times all money of low- and middle-income countries: as_published. Money goes through "
            "cheaper corridors than the mean service, and much of it through corridors without a price."
        )
    marked = rows.filter(pl.col("marked") > 0.05 * pl.col("saved"))
    if not marked.is_empty():
        of = ", ".join(
            f"{row['of']} at {row['target_pct']:g} %: {row['marked'] / row['saved']:.0%}"
            for row in marked.iter_rows(named=True)
        )
        lines.append(f"marked: saved in corridors whose average one quote can turn ({of}).")
    return "\n".join(lines)


def money(
    flows: Path | None, atlas: Path | None, quarter: str
) -> tuple[pl.DataFrame, list[pl.DataFrame], int | None]:
    """Flows of a file, or those of the atlas nearest to a quarter with the other rules', and their year."""
    from corridors.atlas import open_atlas
    from corridors.evidence import read_file

    if flows is not None:
        return read_file(flows, "money"), [], None
    opened = open_atlas(atlas)
    near = "SELECT year FROM remittance_flow ORDER BY abs(year - left($q, 4)::INT), year LIMIT 1"
    year = int(opened.sql(near, {"q": quarter})["year"].item())
    rows = opened.table("remittance_flow", where=f"year = {year} AND value > 0")
    by_rule = rows.partition_by("rule", as_dict=True)
    columns = ["sending", "receiving", "value", "lower", "upper"]
    of = {str(rule): part.select(columns) for (rule,), part in sorted(by_rule.items())}
    first = of.pop("reconciled")
    return first, [part.drop("lower", "upper") for part in of.values()], year


def money_by_year(atlas: Atlas) -> pl.DataFrame:
    """Reconciled flows of all years."""
    rows = atlas.table("remittance_flow", where="rule = 'reconciled' AND sending <> 'UNK' AND value > 0")
    return rows.select("sending", "receiving", "year", "value")


def changes(
    asked: Mapping[str, Prices],
    ends: tuple[str | None, str | None],
    unit: Sequence[str],
    flows: pl.DataFrame | None,
) -> pl.DataFrame:
    """The change of each average that is asked for, and its parts."""
    import polars as pl

    from corridors.remittances.prices import decompose_change
    from corridors.remittances.prices.change import PARTS
    from corridors.remittances.prices.weights import nearest_years

    made: list[dict[str, Any]] = []
    for way, prices in asked.items():
        start, end = _span(prices, ends)
        pair = None
        if flows is not None:
            years = nearest_years(pl.Series([start, end]), flows["year"])["flow_year"]
            pair = tuple(flows.filter(year=year).drop("year") for year in years)
        finer = ("sending", "receiving", *unit)
        change = decompose_change(prices, start, end, unit=finer, weights=cast(Any, pair))
        row = {"of": way, "from": start, "to": end, "before": change.before, "after": change.after}
        parts = {"change": change.total} | {part: getattr(change, part) for part in PARTS}
        row |= {part: points if abs(points) > _HAIR else 0.0 for part, points in parts.items()}
        counts = {part: change.table.filter(part=part).height for part in ("price", "entry", "exit")}
        row |= {"stayed": counts["price"], "came": counts["entry"], "left": counts["exit"]}
        made.append(row | {"average": change.weighting})
    return pl.DataFrame(made)


def panels(
    asked: Mapping[str, Prices], ends: tuple[str | None, str | None], unit: Sequence[str], fixed: bool
) -> pl.DataFrame:
    """The index of each average that is asked for."""
    import polars as pl

    from corridors.remittances.prices import panel_index

    made: list[pl.DataFrame] = []
    for way, prices in asked.items():
        start, end = _span(prices, ends)
        quarters = [quarter for quarter in quarters_of(prices) if start <= quarter <= end]
        finer = ("sending", "receiving", *unit)
        rows = panel_index(prices, quarters=quarters, unit=finer, chained=not fixed)
        made.append(rows.select(pl.lit(way).alias("of"), pl.all()))
    return pl.concat(made)


def smart_of(
    prices: Prices, question: Question, corridors: bool, days: float | None, cheapest: int | None
) -> pl.DataFrame:
    """Averages of the cheapest qualifying services."""
    import polars as pl

    from corridors.remittances.prices import Quotes, SmartCriteria, smart_average

    if not isinstance(prices, Quotes):
        raise needs_quotes()
    given = {"days": days, "cheapest": cheapest}
    criteria = SmartCriteria(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    made: list[pl.DataFrame] = []
    for way, some in asked_of(prices, question).items():
        found = smart_average(some, criteria=criteria)
        rows = found.table.sort("smart_pct", descending=True, nulls_last=True) if corridors else found.world
        made.append(rows.select(pl.lit(way).alias("of"), pl.all()))
    return pl.concat(made)


def needs_quotes() -> DataError:
    """That averages of corridors do not tell the cheapest services, and which file does."""
    return DataError(
        "the three cheapest services can not be told from averages of corridors",
        "the atlas has one average a corridor, which a dear bank pulls up; the World Bank's average of the "
        "cheapest is over quotes by service",
        "'corridors sources fetch world-bank-remittance-prices' gets the workbook of quotes (or download "
        "rpw_dataset_….xlsx); then: corridors prices smart rpw_dataset_….xlsx",
    )


def _span(prices: Prices, ends: tuple[str | None, str | None]) -> tuple[str, str]:
    from corridors.remittances.prices import Quarter

    known = quarters_of(prices)
    given = [str(Quarter.parse(end)) if end is not None else None for end in ends]
    start, end = given[0] or known[0], given[1] or known[-1]
    if start >= end:
        raise DataError(f"from {start} to {end} is no time", f"prices run from {known[0]} to {known[-1]}")
    return start, end


def quarters_of(prices: Prices) -> list[str]:
    """Quarters that there are prices of, in order."""
    return rows_of(prices)["quarter"].unique().sort().to_list()


def _corridors(atlas: Atlas, question: Question) -> pl.DataFrame:
    """Prices of the corridors that are asked for, marked where one quote can turn them."""
    import polars as pl

    from corridors.wording import the

    rows = atlas.table("remittance_price").rename({"cost_usd200_pct": "cost_pct"})
    codes = list(question.codes)
    into, out = pl.col("receiving").is_in(codes), pl.col("sending").is_in(codes)
    way = pl.lit("the world")
    if question.kind == "corridor":
        mine, way = (pl.col("sending") == codes[0]) & (pl.col("receiving") == codes[1]), pl.lit(question.name)
    elif question.kind == "world":
        mine = pl.lit(True)
    else:
        name = the(question.name)
        mine, way = into | out, pl.when(into).then(pl.lit(f"to {name}")).otherwise(pl.lit(f"from {name}"))
    found = rows.filter(mine).with_columns(of=way)
    if found.is_empty():
        raise not_priced(rows, question)
    few, extreme = _parameters(atlas, "price_few_quotes", "price_extreme")
    return few_marked(found, few, extreme, "cost_pct").sort("quarter", "sending", "receiving")


def _way(rows: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Name each row by the way the money goes."""
    import polars as pl

    from corridors.wording import the

    if question.kind == "world":
        return rows.with_columns(of=pl.lit("the world"))
    ways = {scope: f"{_WAYS[scope]} {the(question.name)}" for scope in rows["scope"].unique()}
    return rows.with_columns(of=pl.col("scope").replace_strict(ways, return_dtype=pl.String))


def _parameters(atlas: Atlas, *names: str) -> list[float]:
    """Values of parameters, in the order asked."""
    values = dict(atlas.table("parameter").select("name", "value").iter_rows())
    return [float(values[name]) for name in names]
