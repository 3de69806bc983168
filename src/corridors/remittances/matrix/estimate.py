"""Bilateral remittances of one year from tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, matrix_of, take
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.matrix.exponent import fit_exponent
from corridors.remittances.matrix.inputs import INCOME, MatrixInputs, matrix_inputs
from corridors.remittances.matrix.interval import matrix_intervals
from corridors.remittances.matrix.provenance import EstimatedBy
from corridors.remittances.matrix.reconciliation import relative_error
from corridors.remittances.matrix.refusals import check_rule
from corridors.remittances.matrix.remittance_matrix import RemittanceMatrix
from corridors.remittances.matrix.world_matrix import Recipe, solve


def bilateral_remittances(
    stock: IntoTable,
    economy: IntoTable,
    remittances: IntoTable,
    year: int,
    *,
    rule: str = "income-gap",
    exponent: float | None = None,
    reference: IntoTable | None = None,
    seed_table: IntoTable | None = None,
    reliability: str | Mapping[str, str] | None = None,
    rest_share: float | None = None,
    closed: Sequence[tuple[str, str]] = (),
    missing_income: str = "mean",
    income_column: str = INCOME,
    draws: int = 0,
    seed: int = 0,
) -> RemittanceMatrix:
    """Estimate who sends how much to whom in one year.

    Parameters
    ----------
    stock, economy, remittances, year, income_column
        As in :func:`matrix_inputs`.
    rule
        One of ``RULES``; see :func:`propensity`.
    exponent
        Of the income gap. Where not given it is fitted to ``reference``, or else the parameter
        ``ratha_shaw_exponent``, which was fitted to a published matrix. No world total can tell it.
    reference
        Columns ``sending``, ``receiving``, ``value``: known corridors of the year to fit the exponent to.
    seed_table
        The same columns: any prior used instead of the rule, such as a gravity model's; see
        :func:`gravity_prior`. A pair without a row gets nothing.
    reliability
        Class of senders' reported outflows, for all or by code (others ``low``): ``exact``, ``high``,
        ``medium``, ``low``, ``none``. The matrix is then reconciled with them; see :func:`reconcile`.
        A recorded outflow of zero binds nothing unless its sender is named. By default the matrix
        keeps to inflows alone, because reported outflows are the worse half.
    rest_share
        As in :func:`reconcile`.
    closed
        Unordered pairs between which nothing flows, such as ``("IND", "PAK")``.
    missing_income
        As ``missing`` in :func:`remittance_shares`.
    draws, seed
        Draws behind the intervals, 0 for none, and their seed.

    Returns
    -------
    RemittanceMatrix

    Raises
    ------
    DataError
        Tables that can not be read, unknown rule or reliability; names what is wrong.
    InfeasibleError
        Exact outflows that can not be met; names them.

    Notes
    -----
    Ratha and Shaw (2007). The result is a model's, and tagged so.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.matrix import bilateral_remittances
    >>> stock = pl.DataFrame({"origin": ["A", "A"], "destination": ["B", "C"], "year": 2020,
    ...                       "value": [30, 10]})
    >>> economy = pl.DataFrame({"country": ["A", "B", "C"], "year": 2020,
    ...                         "gdp_per_capita_ppp2021": [2000, 40_000, 2000]})
    >>> money = pl.DataFrame({"country": ["A"], "year": [2020], "received": [100.0], "paid": [None]})
    >>> matrix = bilateral_remittances(stock, economy, money, 2020, exponent=0.75)
    >>> matrix.to_polars().select("sending", "receiving", pl.col("value").round(1)).rows()
    [('B', 'A', 87.6), ('C', 'A', 12.4)]
    """
    return estimated(
        matrix_inputs(stock, economy, remittances, year, income_column=income_column),
        rule=rule,
        exponent=exponent,
        reference=reference,
        seed_table=seed_table,
        reliability=reliability,
        rest_share=rest_share,
        closed=closed,
        missing_income=missing_income,
        draws=draws,
        seed=seed,
    )


def estimated(
    inputs: MatrixInputs,
    *,
    rule: str = "income-gap",
    exponent: float | None = None,
    reference: IntoTable | None = None,
    seed_table: IntoTable | None = None,
    reliability: str | Mapping[str, str] | None = None,
    rest_share: float | None = None,
    closed: Sequence[tuple[str, str]] = (),
    missing_income: str = "mean",
    draws: int = 0,
    seed: int = 0,
) -> RemittanceMatrix:
    """Estimate a matrix from figures that were read already, by several rules from one reading.

    Parameters
    ----------
    inputs
        Figures of a year, of :func:`matrix_inputs`.
    rule, exponent, reference, seed_table, reliability, rest_share, closed, missing_income, draws, seed
        As in :func:`bilateral_remittances`.

    Returns
    -------
    RemittanceMatrix

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix import MatrixInputs, estimated
    >>> inputs = MatrixInputs(("A", "B"), 2020, np.array([[0.0, 9], [0, 0]]), np.ones(2),
    ...                       np.array([5.0, np.nan]), np.full(2, np.nan))
    >>> estimated(inputs, rule="migrants").to_polars()["value"].to_list()
    [5.0]
    """
    beta, source = _exponent(inputs, rule, exponent, reference, missing_income, seeded=seed_table is not None)
    recipe = Recipe(
        rule,
        beta,
        missing_income,
        None if seed_table is None else _square(seed_table, inputs.places, "seed", blank=0.0),
        _closed(closed, inputs.places),
        _outflow_sd(reliability, inputs),
        rest_share,
    )
    solved = solve(inputs, recipe)
    bounds = matrix_intervals(inputs, recipe, solved.table, draws, seed) if draws > 0 else None
    name = rule if seed_table is None else "seed"
    tag: EstimatedBy = "ratha-shaw" if seed_table is None else "seed"
    return RemittanceMatrix(
        inputs.places,
        inputs.year,
        name if solved.reconciled is None else f"{name}+totals",
        beta,
        source,
        solved.table[:, :-1],
        solved.table[:, -1],
        inputs.inflow,
        inputs.outflow,
        bounds,
        solved.reconciled,
        tag if solved.reconciled is None else "reconciled",
        inputs.notes,
    )


def _exponent(
    inputs: MatrixInputs,
    rule: str,
    exponent: float | None,
    reference: IntoTable | None,
    missing: str,
    *,
    seeded: bool,
) -> tuple[float | None, str]:
    check_rule(rule, 0.5 if exponent is None else exponent)
    if rule != "income-gap" or seeded:
        return None, ""
    if exponent is not None:
        return exponent, "given"
    if reference is None:
        return value("ratha_shaw_exponent"), "parameter ratha_shaw_exponent"
    wanted = _square(reference, inputs.places, "reference", blank=np.nan)
    inflow = np.nan_to_num(inputs.inflow)
    wanted[inflow == 0] = np.nan
    fit = fit_exponent(
        inputs.stock, inputs.income, inflow, reference=wanted, missing=missing, labels=inputs.places
    )
    return fit.value, fit.summary()


def _outflow_sd(reliability: str | Mapping[str, str] | None, inputs: MatrixInputs) -> Array | None:
    if reliability is None:
        return None
    named: Mapping[str, str] = {} if isinstance(reliability, str) else reliability
    if strangers := sorted(set(named) - set(inputs.places)):
        raise DataError(f"reliability is given for places not in the tables: {', '.join(strangers)}")
    others = relative_error(reliability if isinstance(reliability, str) else "low")
    # A recorded zero is mostly a blank; only a reader who names the sender can mean it.
    each = np.where(inputs.outflow == 0, np.inf, others)
    for k, place in enumerate(inputs.places):
        if place in named:
            each[k] = relative_error(named[place])
    return each


def _closed(pairs: Sequence[tuple[str, str]], places: Sequence[str]) -> NDArray[np.bool_] | None:
    if not pairs:
        return None
    index = {code: i for i, code in enumerate(places)}
    shut = np.zeros((len(places), len(places)), dtype=np.bool_)
    for pair in pairs:
        if len(pair) != 2 or not set(pair) <= set(index):
            raise DataError(f"a closed corridor is not a pair of places in the tables: {pair}")
        for a, b in permutations(pair):
            shut[index[a], index[b]] = True
    return shut


def _square(table: IntoTable, places: Sequence[str], name: str, *, blank: float) -> Array:
    """A table of corridors as recipient by sender."""
    ends = ["receiving", "sending"]
    asked = TableSpec(name, texts=ends, numbers=["value"], key=ends, at_least={"value": 0})
    frame = take(table, asked)
    if frame.filter(pl.all_horizontal(pl.col(ends).is_in(list(places)))).is_empty():
        raise DataError(f"no corridor of table '{name}' is among the places", remedy="spell places alike")
    out = matrix_of(frame, places, absent=blank)
    np.fill_diagonal(out, 0.0 if blank == 0 else np.nan)
    return out
