"""Bilateral remittances of one year from tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, matrix_of, take
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.matrix.closed import closed_cells
from corridors.remittances.matrix.exponent import fit_exponent
from corridors.remittances.matrix.inputs import INCOME, MatrixInputs, matrix_inputs
from corridors.remittances.matrix.interval import Intervals, matrix_intervals
from corridors.remittances.matrix.notes import Note
from corridors.remittances.matrix.provenance import EstimatedBy
from corridors.remittances.matrix.reconciliation import relative_error
from corridors.remittances.matrix.refusals import RULES, check_rule
from corridors.remittances.matrix.remittance_matrix import RemittanceMatrix
from corridors.remittances.matrix.world_matrix import Recipe, Solved, solve

RECONCILED = "reconciled"


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
    closed: Sequence[tuple[str, str]] | None = None,
    missing_income: str = "mean",
    income_column: str = INCOME,
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
        Class of senders' reported outflows, for all or by code (others that of ``*``, or ``low``): ``exact``,
        ``high``, ``medium``, ``low``, ``none``. The matrix is then reconciled with them; see
        :func:`reconcile`. A recorded outflow of zero binds nothing unless its sender is named. By default
        the matrix keeps to inflows alone, because reported outflows are the worse half.
    rest_share
        As in :func:`reconcile`.
    closed
        Unordered pairs between which nothing flows, such as ``("IND", "PAK")``; default
        :func:`closed_corridors` of the year, ``()`` for none.
    missing_income
        As ``missing`` in :func:`remittance_shares`.

    Returns
    -------
    RemittanceMatrix
        With a range of each corridor, over all rules and their measured errors: see :func:`matrix_intervals`.

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
    inputs = matrix_inputs(stock, economy, remittances, year, income_column=income_column)
    check_rule(rule, 0.5 if exponent is None else exponent)
    shut = closed_cells(closed, inputs.places, year)
    beta, source = _exponent(inputs, exponent, reference, missing_income, shut)
    seed = None if seed_table is None else _square(seed_table, inputs.places, "seed", blank=0.0)
    chosen = Recipe(
        rule,
        beta if rule == "income-gap" and seed is None else None,
        missing_income,
        seed,
        shut,
        None if reliability is None else _outflow_sd(reliability, inputs),
        rest_share,
    )
    name = _name(chosen)
    solved = {name: solve(inputs, chosen)}
    solved |= {
        other: solve(inputs, recipe)
        for other, recipe in _recipes(inputs, beta, shut).items()
        if other != name
    }
    return _labelled(inputs, chosen, solved[name], _ranges(inputs, solved), source, shut)


def estimated_by_rules(
    inputs: MatrixInputs, *, closed: Sequence[tuple[str, str]] | None = None
) -> dict[str, RemittanceMatrix]:
    """Estimate a matrix by each rule, and by the income-gap rule reconciled with recorded outflows.

    Parameters
    ----------
    inputs
        Figures of a year, of :func:`matrix_inputs`.
    closed
        As in :func:`bilateral_remittances`.

    Returns
    -------
    dict of RemittanceMatrix
        By ``migrants``, ``income``, ``income-gap`` and ``reconciled`` (outflows of low reliability), all with
        the same ranges.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix import MatrixInputs, estimated_by_rules
    >>> inputs = MatrixInputs(("A", "B"), 2020, np.array([[0.0, 9], [0, 0]]), np.ones(2),
    ...                       np.array([5.0, np.nan]), np.full(2, np.nan))
    >>> {rule: matrix.to_polars()["value"].to_list() for rule, matrix in estimated_by_rules(inputs).items()}
    {'migrants': [5.0], 'income': [5.0], 'income-gap': [5.0], 'reconciled': [4.75, 0.25]}
    """
    shut = closed_cells(closed, inputs.places, inputs.year)
    beta, source = _exponent(inputs, None, None, "mean", shut)
    recipes = _recipes(inputs, beta, shut)
    solved = {name: solve(inputs, recipe) for name, recipe in recipes.items()}
    ranges = _ranges(inputs, solved)
    return {n: _labelled(inputs, recipes[n], found, ranges, source, shut) for n, found in solved.items()}


def _recipes(inputs: MatrixInputs, exponent: float, shut: NDArray[np.bool_]) -> dict[str, Recipe]:
    """The rules whose estimates a range is over."""
    made = {
        rule: Recipe(rule, exponent if rule == "income-gap" else None, "mean", closed=shut) for rule in RULES
    }
    sd = _outflow_sd("low", inputs)
    return made | {RECONCILED: Recipe("income-gap", exponent, "mean", closed=shut, outflow_sd=sd)}


def _name(recipe: Recipe) -> str:
    """Of one of the rules that a range is over, or of none."""
    if recipe.seed is not None:
        return "seed"
    if recipe.outflow_sd is None:
        return recipe.rule
    return RECONCILED if recipe.rule == "income-gap" else f"{recipe.rule}+totals"


def _ranges(inputs: MatrixInputs, solved: Mapping[str, Solved]) -> Intervals:
    return matrix_intervals([found.table for found in solved.values()], inputs.inflow)


def _labelled(
    inputs: MatrixInputs,
    recipe: Recipe,
    solved: Solved,
    ranges: Intervals,
    source: str,
    shut: NDArray[np.bool_],
) -> RemittanceMatrix:
    name = recipe.rule if recipe.seed is None else "seed"
    tag: EstimatedBy = "ratha-shaw" if recipe.seed is None else "seed"
    return RemittanceMatrix(
        inputs.places,
        inputs.year,
        name if solved.reconciled is None else f"{name}+totals",
        recipe.exponent,
        "" if recipe.exponent is None else source,
        solved.table[:, :-1],
        solved.table[:, -1],
        inputs.inflow,
        inputs.outflow,
        ranges,
        solved.reconciled,
        tag if solved.reconciled is None else "reconciled",
        (*inputs.notes, *_closed_notes(inputs, shut)),
    )


def _closed_notes(inputs: MatrixInputs, shut: NDArray[np.bool_]) -> list[Note]:
    pairs = [(i, j) for i, j in np.argwhere(np.triu(shut & (inputs.stock + inputs.stock.T > 0))).tolist()]
    return [
        Note(
            "closed",
            f"{inputs.places[i]}–{inputs.places[j]}",
            float(inputs.stock[i, j] + inputs.stock[j, i]),
            "no money is taken to be sent between them: their migrants get no share",
        )
        for i, j in pairs
    ]


def _exponent(
    inputs: MatrixInputs,
    exponent: float | None,
    reference: IntoTable | None,
    missing: str,
    shut: NDArray[np.bool_],
) -> tuple[float, str]:
    if exponent is not None:
        return exponent, "given"
    if reference is None:
        return value("ratha_shaw_exponent"), "parameter ratha_shaw_exponent"
    wanted = _square(reference, inputs.places, "reference", blank=np.nan)
    inflow = np.nan_to_num(inputs.inflow)
    wanted[inflow == 0] = np.nan
    people = np.where(shut, 0.0, inputs.stock)
    fit = fit_exponent(people, inputs.income, inflow, reference=wanted, missing=missing, labels=inputs.places)
    return fit.value, fit.summary()


def _outflow_sd(reliability: str | Mapping[str, str], inputs: MatrixInputs) -> Array:
    classes: Mapping[str, str] = {"*": reliability} if isinstance(reliability, str) else reliability
    named = {place: relative_error(each) for place, each in classes.items() if place != "*"}
    if strangers := sorted(set(named) - set(inputs.places)):
        raise DataError(f"reliability is given for places not in the tables: {', '.join(strangers)}")
    # A recorded zero is mostly a blank; only a reader who names the sender can mean it.
    each = np.where(inputs.outflow == 0, np.inf, relative_error(classes.get("*", "low")))
    for k, place in enumerate(inputs.places):
        each[k] = named.get(place, each[k])
    return each


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
