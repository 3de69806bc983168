"""Which projects are about migration: by purpose code, surely by keyword, plausibly by keyword."""

from __future__ import annotations

import polars as pl

from corridors.cooperation.aid.keyword_list import ascii_words, checked
from corridors.cooperation.aid.reading import TEXTS
from corridors.intake import IntoTable

MIGRATION_PURPOSE = 15190
IN_DONOR_PURPOSE = 93010
CONFIDENT, PLAUSIBLE = 1.0, 0.4
STRATA = ("coded", "confident", "plausible")
_ACCENTS = dict(zip("àáâãäåçèéêëìíîïñòóôõöùúûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy", strict=True)) | {
    "ß": "ss",
    "œ": "oe",
    "’": "'",
    "\r\n": " ",
    "\n": " ",
    "\t": " ",
    '"': "",
    "“": "",
    "”": "",
    "\xa0": " ",
}


def classify(
    rows: pl.LazyFrame,
    *,
    humanitarian: bool = False,
    in_donor: bool = False,
    words: IntoTable | None = None,
    use_code: bool = True,
) -> pl.LazyFrame:
    """Add the stratum, score and concern of each project.

    Parameters
    ----------
    rows
        Columns of :func:`open_activities`.
    humanitarian
        Let projects under humanitarian purposes (72xxx, 73xxx, 74xxx) count by keyword.
    in_donor
        Let refugees' costs in donor countries (93010) count by keyword.
    words
        Keywords of your own, as :func:`keywords`.
    use_code
        Whether purpose 15190 makes the stratum ``coded``; off to measure the keywords alone.

    Returns
    -------
    LazyFrame
        The rows with ``score``, ``concern`` and ``stratum``: ``coded`` (purpose 15190), ``confident``
        (score 1 or more), ``plausible`` (0.4 or more), else missing. The score is the greatest over
        languages of the weights found. The concern is that of the greatest weight, a special one before
        ``policy``; missing where no keyword was found.

    Examples
    --------
    >>> import polars as pl
    >>> titles = ["Lower cost of remittances", "Bird migration", "Migration des données"]
    >>> rows = pl.LazyFrame({"purpose_code": [24010, 41030, 22040], "project_title": titles,
    ...     "short_description": None, "long_description": None})
    >>> classify(rows).collect()["stratum"].to_list()
    ['confident', None, None]
    """
    return _scored(rows, checked(words), humanitarian=humanitarian, in_donor=in_donor, use_code=use_code)


def flagged(
    rows: pl.LazyFrame,
    *,
    humanitarian: bool = False,
    in_donor: bool = False,
    words: IntoTable | None = None,
) -> pl.LazyFrame:
    """Only the projects that have a stratum; much faster than to classify all.

    Parameters
    ----------
    rows, humanitarian, in_donor, words
        As :func:`classify`.

    Returns
    -------
    LazyFrame
        As :func:`classify`, without rows that are about something else.
    """
    table = checked(words)
    includes = table.filter(kind="include")["pattern"]
    coded = pl.col("purpose_code") == MIGRATION_PURPOSE
    mentions = _folded().str.contains(ascii_words("|".join(includes)))
    some = rows.filter(coded.fill_null(False) | mentions)
    scored = _scored(some, table, humanitarian=humanitarian, in_donor=in_donor, use_code=True)
    return scored.filter(pl.col("stratum").is_not_null())


def _scored(
    rows: pl.LazyFrame, table: pl.DataFrame, *, humanitarian: bool, in_donor: bool, use_code: bool
) -> pl.LazyFrame:
    text = _folded()
    if excluded := table.filter(kind="exclude")["pattern"].to_list():
        text = text.str.replace_all(ascii_words("|".join(excluded)), " # ")
    rows = rows.with_columns(_text=text)
    hits = table.filter(pl.col("kind") != "exclude").with_row_index("i").to_dicts()
    rows = rows.with_columns(
        (pl.col("_text").str.contains(ascii_words(h["pattern"])).cast(pl.Float64) * h["weight"]).alias(
            f"_{h['i']}"
        )
        for h in hits
    )
    rows = rows.with_columns(score=_score(hits).fill_null(0.0)).with_columns(concern=_concern(hits))
    kept = pl.lit(True)
    purpose = pl.col("purpose_code")
    if not humanitarian:
        kept = kept & ~(purpose // 1000).is_in([72, 73, 74]).fill_null(False)
    if not in_donor:
        kept = kept & (purpose != IN_DONOR_PURPOSE).fill_null(True)
    coded = (purpose == MIGRATION_PURPOSE).fill_null(False) if use_code else pl.lit(False)
    stratum = (
        pl.when(coded)
        .then(pl.lit("coded"))
        .when(kept & (pl.col("score") >= CONFIDENT - 1e-9))
        .then(pl.lit("confident"))
        .when(kept & (pl.col("score") >= PLAUSIBLE - 1e-9))
        .then(pl.lit("plausible"))
    )
    return rows.with_columns(stratum=stratum).drop("_text", *(f"_{h['i']}" for h in hits))


def _folded() -> pl.Expr:
    text = pl.concat_str([pl.col(c).cast(pl.String) for c in TEXTS], separator=" | ", ignore_nulls=True)
    return text.str.to_lowercase().str.replace_many(list(_ACCENTS), list(_ACCENTS.values()))


def _score(hits: list[dict[str, object]]) -> pl.Expr:
    scores: list[pl.Expr] = []
    for language in dict.fromkeys(h["language"] for h in hits):
        mine = [h for h in hits if h["language"] == language]
        direct = [pl.col(f"_{h['i']}") for h in mine if h["kind"] == "include"]
        around = [pl.col(f"_{h['i']}") for h in mine if h["kind"] == "context"]
        if not direct:
            continue
        found = pl.sum_horizontal(direct)
        extra = pl.sum_horizontal(around) if around else pl.lit(0.0)
        scores.append(pl.when(found > 0).then(found + extra).otherwise(0.0))
    return pl.max_horizontal(scores) if scores else pl.lit(0.0)


def _concern(hits: list[dict[str, object]]) -> pl.Expr:
    names = [n for n in dict.fromkeys(h["concern"] for h in hits) if n and n != "policy"]
    sums = {
        name: pl.sum_horizontal([pl.col(f"_{h['i']}") for h in hits if h["concern"] == name])
        for name in names
    }
    if not sums:
        return pl.when(pl.col("score") > 0).then(pl.lit("policy")).alias("concern")
    best = pl.max_horizontal(list(sums.values()))
    special = pl.coalesce(pl.when(best == total).then(pl.lit(name)) for name, total in sums.items())
    return (
        pl.when(pl.col("score") <= 0)
        .then(pl.lit(None, pl.String))
        .when(best > 0)
        .then(special)
        .otherwise(pl.lit("policy"))
    )
