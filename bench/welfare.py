"""Welfare: ten million households out of core, and published deciles against microdata.

    python bench/welfare.py [--rows N] [--quick] [--output FILE]

1. Time and memory of FGT, Watts, Gini and their errors of a generated household file, each case in a process
   of its own.
2. Headcounts, gaps and severity from published deciles at USD 2.15, 3.65 and 6.85 a day against those of the
   World Bank's Poverty and Inequality Platform from the microdata (about 2,200 surveys; needs
   ../shared/data). Nothing is tuned on the countries reported: those at an odd place of the alphabet.
Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.remittances.welfare import fit_grouped
from corridors.remittances.welfare.grouped import zone

SURVEYS = Path(__file__).parents[2] / "shared/data/pip_ppp2017_distribution_deciles_2022-09.csv.gz"
LINES = (2.15, 3.65, 6.85)
MEASURES = ("headcount_ratio", "poverty_gap_index", "poverty_severity")
FORMS = ("interpolated", "best", "quadratic", "beta", "lognormal")
CASES = {
    "incomes only": {},
    "weights and sizes": {"weight": "weight", "size": "size"},
    "design": {"weight": "weight", "size": "size", "strata": "stratum", "cluster": "cluster"},
    "design, two sources": {"weight": "weight", "size": "size", "strata": "stratum", "cluster": "cluster"},
}
CHILD = """
import json, resource, sys, time
from corridors.remittances.welfare import household_measures
path, income, options = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
start = time.perf_counter()
found = household_measures(path, 2.15, income, **options)
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
                  found.measures["headcount"], found.measures["gini"]]))
"""


def generate(path: Path, rows: int) -> None:
    """A household file in the layout of a survey, generated."""
    rng = np.random.default_rng(1)
    columns = {
        "wages": rng.lognormal(2.4, 0.8, rows),
        "remittances": np.where(rng.random(rows) < 0.15, rng.lognormal(1.4, 1.0, rows), 0.0),
        "size": rng.integers(1, 9, rows),
        "weight": rng.uniform(50, 500, rows),
        "stratum": rng.integers(0, 40, rows).astype(np.int32),
        "cluster": rng.integers(0, 2000, rows).astype(np.int32),
    }
    pl.DataFrame(columns).write_parquet(path)


def households(rows: int) -> list[str]:
    """Table of times and peak memory."""
    lines = [f"## {rows:,} generated households", "", "| case | seconds | peak GB | headcount | Gini |",
             "|---|---|---|---|---|"]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "households.parquet"
        generate(path, rows)
        for name, options in CASES.items():
            income = ["wages", "remittances"] if "sources" in name else "wages"
            ran = subprocess.run(
                [sys.executable, "-c", CHILD, str(path), json.dumps(income), json.dumps(options)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            seconds, memory, poor, gini = json.loads(ran.stdout.splitlines()[-1])
            lines.append(f"| {name} | {seconds:.1f} | {memory:.2f} | {poor:.4f} | {gini:.4f} |")
    return lines


def survey_errors(path: Path = SURVEYS, *, every: int = 1) -> pl.DataFrame:
    """Estimate less published, in points, by survey, line, measure and form."""
    shares, cuts = ([f"decile{k}_share" for k in range(1, 11)], [f"decile{k}_thr" for k in range(1, 10)])
    surveys = pl.read_csv(path, infer_schema_length=None).drop_nulls(shares)
    names = {name: k for k, name in enumerate(sorted(surveys["iso3"].unique()))}
    rows: list[dict[str, object]] = []
    for survey in surveys[::every].iter_rows(named=True):
        share, cut = [survey[c] for c in shares], [survey[c] for c in cuts]
        for line in LINES:
            true = [
                survey[f"{m}_{round(line * 100)}"] * s for m, s in zip(MEASURES, (1, 1, 100), strict=True)
            ]
            known = {"iso3": survey["iso3"], "held_out": names[survey["iso3"]] % 2 == 1, "line": line}
            known["inside"] = cut[0] <= line <= cut[-1]
            for form in FORMS:
                try:
                    fit = fit_grouped(share, survey["mean"], line=line,
                                      thresholds=cut if form == "interpolated" else None,
                                      form=None if form == "best" else form)  # fmt: skip
                except DataError as problem:
                    rows.append({**known, "form": form, "zone": "refused", "refused": problem.title})
                    continue
                made = [100 * fit.distribution.fgt(line, alpha) for alpha in (0, 1, 2)]
                error = {m: made[k] - true[k] for k, m in enumerate(MEASURES)}
                # Lines far below every income say nothing of a method.
                trivial = true[0] == 0 and made[0] < 0.05
                rows.append({**known, "form": form, "chosen": fit.form, "zone": zone(fit, line),
                             "trivial": trivial, **error})  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def accuracy(errors: pl.DataFrame) -> pl.DataFrame:
    """Quantiles of the absolute error on the countries held out, by form, zone and measure."""
    long = errors.filter(pl.col("held_out") & ~pl.col("trivial")).unpivot(
        MEASURES, index=["form", "zone"], variable_name="measure"
    )
    size = pl.col("value").abs()
    return (
        long.group_by("form", "zone", "measure")
        .agg(
            cases=pl.len(),
            **{f"q{round(q * 100)}": size.quantile(q) for q in (0.5, 0.8, 0.9)},
            within_half=(size <= 0.5).mean(),
        )
        .sort(pl.col("form").replace_strict({f: k for k, f in enumerate(FORMS)}), "zone", "measure")
    )


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--quick", action="store_true", help="a tenth of rows and surveys")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    text = households(given.rows // 10 if given.quick else given.rows)
    if SURVEYS.exists():
        errors = survey_errors(every=10 if given.quick else 1)
        inside = errors.filter((pl.col("form") == "interpolated") & pl.col("inside"))
        size = inside["headcount_ratio"].abs()
        text += ["", "## Published deciles", "",
                 f"All {size.len()} cases with the line between the thresholds: median error "
                 f"{size.median():.3f} points, {(size <= 0.5).mean():.2%} within 0.5.", "",
                 "| form | line | measure | cases | median | 80 % | 90 % | within 0.5 |",
                 "|---|---|---|---|---|---|---|---|"]  # fmt: skip
        for r in accuracy(errors).iter_rows(named=True):
            text.append(f"| {r['form']} | {r['zone']} | {r['measure']} | {r['cases']} | {r['q50']:.3f} | "
                        f"{r['q80']:.3f} | {r['q90']:.3f} | {r['within_half']:.3f} |")  # fmt: skip
    else:
        text += ["", f"Published deciles: left out, {SURVEYS} is not there."]
    print("\n".join(text))
    if given.output:
        given.output.write_text("\n".join(text) + "\n", "utf-8")


if __name__ == "__main__":
    main()
