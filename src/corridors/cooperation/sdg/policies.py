"""SDG 10.7.2: the range of migration policies a government reports."""

from __future__ import annotations

from functools import cache

import polars as pl

from corridors import packaged
from corridors.cooperation.sdg.indicator import Indicator
from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, refuse, refuse_twice, take
from corridors.parameters import value

OVERALL = "overall"
_ANSWERS = TableSpec(
    "answers",
    texts=["place", "domain", "subcategory"],
    any_places=["place"],
    whole=["year"],
    numbers=["score"],
    optional=["year"],
    blank=["score"],
)


@cache
def policy_questions() -> pl.DataFrame:
    """The 30 sub-categories: domain, domain_name, subcategory, subcategory_name, half_point, source.

    Examples
    --------
    >>> from corridors.cooperation.sdg import policy_questions
    >>> policy_questions().group_by("domain").len()["len"].to_list()
    [5, 5, 5, 5, 5, 5]
    """
    text = packaged.content("cooperation/sdg/10_7_2.csv")
    return pl.read_csv(text, schema_overrides={"domain": pl.String, "half_point": pl.Int8})


@cache
def policy_categories() -> pl.DataFrame:
    """Categories of the index: least value, category, source.

    Examples
    --------
    >>> from corridors.cooperation.sdg import policy_categories
    >>> policy_categories()["category"].to_list()
    ['Requires further progress', 'Partially meets', 'Meets', 'Fully meets']
    """
    text = packaged.content("cooperation/sdg/10_7_2_categories.csv")
    return pl.read_csv(text, schema_overrides={"least": pl.Float64}).sort("least")


def policy_category(value: float) -> str:
    """The category of a value of the index.

    Parameters
    ----------
    value
        Percent, 0 to 100.

    Raises
    ------
    DataError
        The value is no percentage.

    Examples
    --------
    >>> from corridors.cooperation.sdg import policy_category
    >>> policy_category(79.9), policy_category(80)
    ('Partially meets', 'Meets')
    """
    if not 0 <= value <= 100:
        raise DataError(f"{value} is no value of the index", remedy="give a percentage, 0 to 100")
    return pl.DataFrame({"value": [float(value)]}).select(_category("value")).item()


def policy_index(answers: IntoTable, *, most_missing: float | None = None) -> Indicator:
    """SDG 10.7.2 from answers: six domains and overall.

    Parameters
    ----------
    answers
        ``place``, ``domain`` (1 to 6), ``subcategory`` (a to e) and ``score``: 1 yes, 0 no, in domain 1 also
        0.5 for "yes, only with legal immigration status"; optionally ``year``. A blank or absent answer is
        missing.
    most_missing
        Share of missing answers above which no value is given, only its bounds.

    Returns
    -------
    Indicator
        By place, year and domain (``overall`` last): value, lower (missing as 0), upper (missing as 1),
        missing, category, category_lower, category_upper.

    Raises
    ------
    DataError
        An answer stands twice, is of no known sub-category, or is a number that it can not be.

    Notes
    -----
    ``D_i = 100 * sum(s) / 5``; overall the unweighted mean of all 30 (UN metadata of 10.7.2, March 2021). The
    metadata count a missing answer as 0, so the value is the lower bound; that takes silence for a no, hence
    the upper bound beside it and the limit, which is a choice of this project.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.sdg import policy_index, policy_questions
    >>> said = policy_questions().select("domain", "subcategory", place=pl.lit("KEN"), score=pl.lit(1.0))
    >>> policy_index(said).table.filter(domain="overall").select("value", "category").row(0)
    (100.0, 'Fully meets')
    """
    most_missing = value("policy_index_most_missing") if most_missing is None else most_missing
    if not 0 <= most_missing <= 1:
        raise DataError(f"most_missing can not be {most_missing}", remedy="give a share, 0 to 1")
    said = _answers(answers)
    asked = policy_questions().select("domain", "domain_name", "subcategory")
    every = said.select("place", "year").unique(maintain_order=True).join(asked, how="cross")
    full = every.join(
        said,
        on=["place", "year", "domain", "subcategory"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    overall = full.with_columns(domain=pl.lit(OVERALL), domain_name=pl.lit("All domains"))
    by = ["place", "year", "domain", "domain_name"]
    table = pl.concat([full, overall]).group_by(by, maintain_order=True).agg(
        lower=100 * pl.col("score").fill_null(0).sum() / pl.len(),
        upper=100 * pl.col("score").fill_null(1).sum() / pl.len(),
        missing=pl.col("score").null_count(),
        n=pl.len(),
    )  # fmt: skip
    allowed = pl.col("missing") <= most_missing * pl.col("n") + 1e-9
    table = table.with_columns(value=pl.when(allowed).then(pl.col("lower"))).select(
        *by, "value", "lower", "upper", "missing", _category("value"),
        _category("lower").alias("category_lower"), _category("upper").alias("category_upper"),
    )  # fmt: skip
    order = table.select("place", "year").unique(maintain_order=True).with_row_index("_order")
    table = table.join(order, on=["place", "year"], nulls_equal=True).sort("_order", "domain").drop("_order")
    return Indicator(
        "10.7.2",
        "Migration policies that facilitate orderly, safe, regular and responsible migration",
        "percent of measures",
        table,
        "bounds, missing answers as 0 and as 1; the answers are reported, not sampled",
        _notes(table, most_missing),
        ("place", "year", "domain"),
    )


def policy_shares(index: Indicator) -> pl.DataFrame:
    """Share of places in each category: what is published for regions and the world.

    Parameters
    ----------
    index
        From :func:`policy_index`.

    Returns
    -------
    DataFrame
        year, domain, category, places, share; places without a value are left out.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.sdg import policy_index, policy_questions, policy_shares
    >>> said = policy_questions().select("domain", "subcategory", place=pl.lit("KEN"), score=pl.lit(0.0))
    >>> policy_shares(policy_index(said)).row(0)
    (None, '1', 'Requires further progress', 1, 1.0)
    """
    known = index.table.filter(pl.col("value").is_not_null())
    return (
        known.group_by("year", "domain", "category")
        .agg(places=pl.len())
        .with_columns(share=pl.col("places") / pl.col("places").sum().over("year", "domain"))
        .sort("year", "domain", "category")
    )


def _answers(answers: IntoTable) -> pl.DataFrame:
    table = take(answers, _ANSWERS).with_columns(
        pl.col("subcategory").str.to_lowercase(), pl.col("domain").str.strip_suffix(".0")
    )
    key = ["place", "year", "domain", "subcategory"]
    table = table.join(
        policy_questions().select("domain", "subcategory", "half_point"),
        on=["domain", "subcategory"],
        how="left",
        maintain_order="left",
    )
    refuse(
        table,
        pl.col("half_point").is_null(),
        "table 'answers': no such sub-category",
        "use domains 1 to 6, answers a to e",
        key,
    )
    refuse_twice(table, key, "answers")
    score, half = pl.col("score"), pl.col("half_point") == 1
    wrong = ~(score.is_in([0.0, 1.0]) | (half & (score == 0.5)))
    refuse(
        table,
        wrong,
        "table 'answers': an answer is not possible",
        "use 1 or 0, and 0.5 in domain 1 only",
        [*key, "score"],
    )
    return table.drop("half_point")


def _category(column: str) -> pl.Expr:
    steps = policy_categories()
    found = pl.when(pl.col(column).is_null()).then(None).otherwise(pl.lit(steps["category"][0]))
    for least, name in steps.select("least", "category").iter_rows():
        # Sums of halves are exact; the hair is for what users computed themselves.
        found = pl.when(pl.col(column) >= least - 1e-9).then(pl.lit(name)).otherwise(found)
    return found.alias("category")


def _notes(table: pl.DataFrame, most_missing: float) -> tuple[str, ...]:
    held = table["value"].null_count()
    lacking = table.filter(pl.col("domain") == OVERALL)["missing"].sum()
    notes = (
        [f"{lacking} answers are missing; the UN metadata count them as 0, as value does"] if lacking else []
    )
    if held:
        notes.append(f"{held} values are withheld: more than {most_missing:.0%} of their answers are missing")
    notes.append("counts policies that exist; says nothing of how they are carried out or what they achieve")
    return tuple(notes)
