"""How far a classification can be trusted, from projects that somebody read and labelled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from corridors import packaged
from corridors.cooperation.aid.about_migration import classify
from corridors.cooperation.aid.reading import TEXTS
from corridors.intake import IntoTable, TableSpec, refuse, take
from corridors.numerics.intervals import wilson
from corridors.parameters import value
from corridors.results import Result

_LABELLED = TableSpec(
    "labelled projects",
    texts=TEXTS,
    whole=["purpose_code"],
    truths=["relevant"],
    optional=[*TEXTS[1:], "purpose_code"],
    blank=["project_title", "relevant"],
)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of labelled projects.

    Attributes
    ----------
    successes, trials
        Counts.
    """

    successes: int
    trials: int

    @property
    def value(self) -> float:
        """The share; not a number without trials."""
        return self.successes / self.trials if self.trials else float("nan")

    def interval(self, level: float = 0.8) -> tuple[float, float]:
        """Wilson interval; 0 to 1 without trials."""
        lower, upper = wilson(self.successes, self.trials, level=level)
        return (float(lower), float(upper)) if self.trials else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Accuracy(Result, keys=("measure",)):
    """Precision by stratum, and recall, of the keywords (purpose code not used).

    Attributes
    ----------
    confident, plausible
        Precision: of projects so flagged, those that are about migration.
    recall
        Of projects about migration, those flagged confident or plausible.
    confident_recall
        Of projects about migration, those flagged confident.
    origin
        What was labelled.
    weight
        How much of a labelled project of the files one of these counts in an interval.
    """

    confident: Rate
    plausible: Rate
    recall: Rate
    confident_recall: Rate
    origin: str = "labelled projects of the user"
    weight: float = 1.0

    def summary(self, level: float = 0.8) -> str:
        """The rates with Wilson intervals."""
        lines = [f"Measured on: {self.origin}"]
        for name, rate in self._rates().items():
            low, high = rate.interval(level)
            lines.append(
                f"  {name}: {rate.successes} of {rate.trials} ({100 * low:.0f} to {100 * high:.0f} %)"
            )
        if self.weight < 1:
            lines.append(
                f"  Not measured on your files: in the interval each of these counts {self.weight:g} of a "
                "labelled project"
            )
        return "\n".join(lines)

    def to_polars(self) -> pl.DataFrame:
        """One row a rate: measure, successes, trials, value and its 80 % Wilson interval."""
        rows = [(name, r.successes, r.trials, r.value, *r.interval()) for name, r in self._rates().items()]
        columns = ["measure", "successes", "trials", "value", "lower", "upper"]
        return pl.DataFrame(rows, schema=columns, orient="row").with_columns(pl.col("value").fill_nan(None))

    def _rates(self) -> dict[str, Rate]:
        return {
            "precision, confident": self.confident,
            "precision, plausible": self.plausible,
            "recall, confident or plausible": self.recall,
            "recall, confident": self.confident_recall,
        }


def accuracy_of(
    labelled: IntoTable,
    *,
    words: IntoTable | None = None,
    humanitarian: bool = False,
    in_donor: bool = False,
    origin: str = "labelled projects of the user",
) -> Accuracy:
    """Measure the keywords on labelled projects.

    Parameters
    ----------
    labelled
        ``relevant`` (1 or 0) and ``project_title``; optionally the two descriptions and
        ``purpose_code``. The code decides only which purposes are set aside.
    words, humanitarian, in_donor
        As in :func:`classify`.
    origin
        What was labelled, for the record.

    Returns
    -------
    Accuracy

    Raises
    ------
    DataError
        Columns missing, labels other than 0 and 1; names rows.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"project_title": ["Fair recruitment", "Roads"], "relevant": [1, 0]})
    >>> accuracy_of(rows).recall
    Rate(successes=1, trials=1)
    """
    table = take(labelled, _LABELLED)
    unlabelled = pl.col("relevant").is_null()
    title = "table 'labelled projects': column 'relevant' is missing"
    remedy = "write 1 where a project is about migration, else 0"
    refuse(table, unlabelled, title, remedy, ["project_title", "relevant"])
    found = classify(
        table.lazy(), words=words, humanitarian=humanitarian, in_donor=in_donor, use_code=False
    ).collect()

    def rate(where: pl.Expr, hit: pl.Expr) -> Rate:
        some = found.filter(where)
        return Rate(some.filter(hit).height, some.height)

    relevant, stratum = pl.col("relevant"), pl.col("stratum")
    return Accuracy(
        rate(stratum == "confident", relevant),
        rate(stratum == "plausible", relevant),
        rate(relevant, stratum.is_not_null()),
        rate(relevant, stratum == "confident"),
        origin,
    )


@cache
def embedded_accuracy() -> Accuracy:
    """Accuracy on the held-out part of descriptions that the authors of this software wrote themselves.

    They are in the style of the files but not drawn from them, with many hard negatives: real precision
    differs. Label a sample of your own file to know it; see :func:`labelling_sample`.

    Examples
    --------
    >>> embedded_accuracy().origin
    'descriptions that the authors of this software wrote themselves, not drawn from the files'
    """
    text = packaged.content("cooperation/aid/accuracy.csv")
    rows = {name: Rate(k, n) for name, k, n in pl.read_csv(text).iter_rows()}
    return Accuracy(
        rows["confident"],
        rows["plausible"],
        rows["recall"],
        rows["confident_recall"],
        "descriptions that the authors of this software wrote themselves, not drawn from the files",
        value("aid_written_sample_weight"),
    )
