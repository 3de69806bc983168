"""Demographic accounts: who lived through the period, by birthplace and residence.

Between two stock tables people are born and die. Taking deaths from the first table
and births from the second leaves two tables of the *same* people, those alive
throughout, who differ only by having moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError, InfeasibleError
from corridors.migration.flows.stocks import both_square
from corridors.numerics import Fit, Repair, fit_margins, least_row_repair
from corridors.numerics.typing import Array

# Birthplaces among which the culprits of an open account are sought first.
_FEW = 40


@dataclass(frozen=True, slots=True)
class Account:
    """People alive throughout a period, where they lived at its two ends.

    Attributes
    ----------
    start, end
        Persons by birthplace (rows) and residence (columns), shape ``(n, n)``.
    births
        Births of the period by birthplace and residence at the end, shape ``(n, n)``.
    deaths
        Deaths of the period by birthplace and residence at the start, shape ``(n, n)``.
    outside_in, outside_out
        Moves from and to places outside the system by birthplace and residence,
        shape ``(n, n)``; zero in a closed account.
    repaired
        Change of each birthplace's total that was needed to make the account close,
        shape ``(n,)``; zero where none was.
    factors
        Log factors of birthplaces by which the tables of the start and of the end were fitted, shape
        ``(2, n)``; zero in an open account.
    """

    start: Array
    end: Array
    births: Array
    deaths: Array
    outside_in: Array
    outside_out: Array
    repaired: Array
    factors: Array

    @property
    def net(self) -> Array:
        """Net migration of each residence within the system, shape ``(n,)``, persons."""
        return self.end.sum(0) - self.start.sum(0)


def demographic_account(
    start: ArrayLike,
    end: ArrayLike,
    births: ArrayLike | None = None,
    deaths: ArrayLike | None = None,
    *,
    closure: str = "closed",
    birth_method: str = "native",
    death_method: str = "proportion",
    match: str = "before",
    repair: bool = False,
    shift: Array | None = None,
    tolerance: float = 1e-10,
    near: Account | None = None,
    labels: Sequence[str] | None = None,
) -> Account:
    """Turn two stock tables and the births and deaths between them into an account.

    Parameters
    ----------
    start, end
        Stocks by birthplace (rows) and residence (columns), natives on the diagonal,
        shape ``(n, n)``, persons.
    births, deaths
        Events of the period by residence, shape ``(n,)``, persons; default none.
    closure
        ``"closed"``: nobody enters or leaves the system; both tables are fitted to the
        mean of their birthplace totals, keeping residence totals, so that each place's
        net migration is that of the accounting identity. ``"open-dr"``, ``"open"``:
        differences of birthplace totals leave for or arrive from outside, spread over
        residences as the table they are taken from, or as the other one.
    birth_method
        ``"native"``: the newborn live where they were born; ``"proportion"``: births are
        spread over birthplaces as the end stock of the residence.
    death_method
        ``"proportion"``: the dead were like the living of their residence;
        ``"accounting"``: deaths are fitted to each birthplace's balance.
    match
        In a closed account, match the world total ``"before"`` the events are taken off, by
        changing the native-born, or ``"after"``, by scaling the tables.
    repair
        Where the closed account is infeasible, change birthplace totals by the least sum
        of absolute changes instead of raising; where births exceed the native-born of a place,
        spread them over birthplaces as the stock there.
    shift
        Change of birthplace totals known to be needed, shape ``(n,)``, persons.
    tolerance
        Largest relative error of a birthplace total.
    near
        The account of similar figures, whose factors to begin from.
    labels
        Names of places for errors.

    Returns
    -------
    Account

    Raises
    ------
    InfeasibleError
        Births exceed the native-born at the end, deaths exceed the population at the start, or
        (closed) birthplaces contradict residences; names them and the least repair.

    Notes
    -----
    Abel (2013, ``open-dr``), Abel and Sander (2014), Abel (2018), Abel and Cohen (2019).

    Examples
    --------
    >>> from corridors.migration import demographic_account
    >>> account = demographic_account([[95, 10], [5, 90]], [[90, 16], [4, 92]], [4, 6], [5, 5])
    >>> account.net.round(6).tolist()
    [-6.008019, 6.008019]
    """
    first, last = both_square(start, end, labels)
    n = first.shape[0]
    born, dead = _events(births, n, "births"), _events(deaths, n, "deaths")
    _one_of("closure", closure, ("closed", "open", "open-dr"))
    _one_of("match", match, ("before", "after"))
    closed = closure == "closed"
    if closed and match == "before":
        first, last = match_world(first, last, born, dead)
    birth_table = _birth_table(last, born, birth_method, repair, labels)
    death_table = _death_table(first, last, born, dead, death_method, labels)
    survivors, stayers = first - death_table, last - birth_table
    if closed and match == "after":
        middle = (survivors.sum() + stayers.sum()) / 2
        survivors, stayers = survivors * (middle / survivors.sum()), stayers * (middle / stayers.sum())
    nothing = np.zeros_like(first)
    if closed:
        survivors, stayers, repaired, factors = close_birthplaces(
            survivors,
            stayers,
            repair=repair,
            shift=shift,
            tolerance=tolerance,
            near=None if near is None else near.factors,
            labels=labels,
        )
        return Account(survivors, stayers, birth_table, death_table, nothing, nothing, repaired, factors)
    survivors, stayers, arrived, left = open_birthplaces(survivors, stayers, swapped=closure == "open")
    return Account(survivors, stayers, birth_table, death_table, arrived, left, np.zeros(n), np.zeros((2, n)))


def match_world(start: Array, end: Array, births: Array, deaths: Array) -> tuple[Array, Array]:
    """Change the native-born so that the world grows by its births less its deaths.

    Half of the discrepancy is taken from the natives at each end, in proportion.

    Parameters
    ----------
    start, end
        Stocks by birthplace and residence, shape ``(n, n)``, persons.
    births, deaths
        Events by residence, shape ``(n,)``, persons.

    Returns
    -------
    tuple of ndarray
        The two stocks, matched, shape ``(n, n)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.flows.accounts import match_world
    >>> a, b = match_world(np.eye(2) * 10, np.eye(2) * 12, np.zeros(2), np.zeros(2))
    >>> float(a.sum()), float(b.sum())
    (22.0, 22.0)
    """
    excess = (births.sum() - deaths.sum()) - (end.sum() - start.sum())
    out = []
    for stock, sign in ((start, -1), (end, +1)):
        natives = np.diag(stock)
        factor = 1 + sign * excess / 2 / natives.sum() if natives.sum() > 0 else 1.0
        if factor < 0:
            raise InfeasibleError(
                "births and deaths contradict the growth of the world population",
                f"unexplained growth {-excess:,.6g}, native-born {natives.sum():,.6g}",
                "check the units of stocks, births and deaths",
            )
        out.append(stock + np.diag(natives * (factor - 1)))
    return out[0], out[1]


def close_birthplaces(
    start: Array,
    end: Array,
    *,
    repair: bool = False,
    shift: Array | None = None,
    tolerance: float = 1e-10,
    near: Array | None = None,
    labels: Sequence[str] | None = None,
) -> tuple[Array, Array, Array, Array]:
    """Give both tables the same birthplace totals, keeping residence totals.

    Parameters
    ----------
    start, end
        Persons alive throughout by birthplace and residence, shape ``(n, n)``, of equal sums.
    repair, shift, tolerance, labels
        As in :func:`demographic_account`.
    near
        Log factors of a similar account, shape ``(2, n)``.

    Returns
    -------
    start, end : ndarray
        Fitted tables, shape ``(n, n)``.
    repaired : ndarray
        Change of the birthplace totals beyond their mean, shape ``(n,)``, before the common
        factor that balances them.
    factors : ndarray
        Log factors of birthplaces in the two fits, shape ``(2, n)``.

    Raises
    ------
    InfeasibleError
        Names the birthplaces and the least change, unless ``repair``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.flows.accounts import close_birthplaces
    >>> tables = np.array([[8.0, 2.0], [1.0, 9.0]]), np.array([[6.0, 2.0], [2.0, 10.0]])
    >>> a, b, _, _ = close_birthplaces(*tables)
    >>> np.allclose(a.sum(1), b.sum(1))
    True
    """
    middle = (start.sum(1) + end.sum(1)) / 2
    if shift is not None:
        middle = np.maximum(middle + shift, 0.0) * (middle.sum() / np.maximum(middle + shift, 0.0).sum())
    names = (labels, labels) if labels is not None else None

    def closed(mend: Repair, *, certificate: bool) -> tuple[list[Fit], Repair]:
        fits = [
            fit_margins(
                table,
                mend.rows,
                table.sum(0),
                tolerance=tolerance,
                certificate=certificate,
                near=begin,
                labels=names,
            )
            for table, begin in zip((start, end), (None, None) if near is None else near, strict=True)
        ]
        return fits, mend

    # A repair found among few birthplaces is the least one if it can be met; the whole program is the rest.
    nothing = Repair(middle, np.zeros_like(middle), 1.0)
    for attempt in (lambda: nothing, lambda: _least_repair(start, end, middle, labels, _FEW)):
        try:
            fits, mend = closed(attempt(), certificate=False)
            break
        except InfeasibleError:
            continue
    else:
        fits, mend = closed(_least_repair(start, end, middle, labels), certificate=True)
    change = _named(mend.change, labels)
    if change and not repair:
        raise InfeasibleError(
            "the account can not be closed: birthplace totals contradict residence totals",
            "\n".join(f"born in {k}: least change {v:+,.6g}" for k, v in list(change.items())[:8]),
            "check the stocks of these birthplaces (a stock of zero may be a missing one), or ask for repair",
            culprits=list(change),
            repair=change,
        )
    factors = np.array([fit.factors for fit in fits])
    return fits[0].table, fits[1].table, mend.change, factors


def _least_repair(
    start: Array, end: Array, middle: Array, labels: Sequence[str] | None, among: int | None = None
) -> Repair:
    try:
        return least_row_repair([start, end], [start.sum(0), end.sum(0)], middle, among=among)
    except InfeasibleError as error:
        change = {labels[int(j)] if labels is not None else j: v for j, v in error.repair.items()}
        raise InfeasibleError(
            "no birthplace totals let the account close: the stocks do not link these residences to the rest",
            "\n".join(
                f"living in {k}: {v:+,.6g} people too many to explain" for k, v in list(change.items())[:8]
            ),
            "give a migrant stock that links them, or leave them out",
            culprits=list(change),
            repair=change,
        ) from error


def open_birthplaces(start: Array, end: Array, *, swapped: bool = False) -> tuple[Array, Array, Array, Array]:
    """Let differences of birthplace totals leave for, or arrive from, outside.

    Parameters
    ----------
    start, end
        Persons alive throughout by birthplace and residence, shape ``(n, n)``.
    swapped
        Spread departures as the end table and arrivals as the start table, rather than
        each as the table it is taken from (Abel 2013). Where a residence has too few people for
        that, it gives all it has and the others give the rest.

    Returns
    -------
    start, end, arrived, left : ndarray
        The two tables with equal birthplace totals and the moves from and to outside,
        shape ``(n, n)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.flows.accounts import open_birthplaces
    >>> a, b, _, _ = open_birthplaces(np.array([[8.0, 2.0], [1.0, 9.0]]), np.array([[6.0, 2.0], [2.0, 9.0]]))
    >>> a.sum(1).tolist() == b.sum(1).tolist()
    True
    """
    surplus = start.sum(1) - end.sum(1)
    by_start, by_end = _shares(start), _shares(end)
    left = _taken(start, by_end if swapped else by_start, np.maximum(surplus, 0))
    arrived = _taken(end, by_start if swapped else by_end, np.maximum(-surplus, 0))
    return np.maximum(start - left, 0.0), np.maximum(end - arrived, 0.0), arrived, left


def _named(change: Array, labels: Sequence[str] | None) -> dict[str | int, float]:
    order: list[int] = np.argsort(-np.abs(change))[: np.count_nonzero(change)].tolist()
    return {(labels[k] if labels is not None else k): float(change[k]) for k in order}


def _shares(table: Array) -> Array:
    totals = table.sum(1, keepdims=True)
    return np.divide(table, totals, out=np.zeros_like(table), where=totals > 0)


def _taken(table: Array, shares: Array, people: Array) -> Array:
    taken = np.minimum(shares * people[:, None], table)
    return taken + _shares(table - taken) * np.maximum(people - taken.sum(1), 0.0)[:, None]


def _events(values: ArrayLike | None, n: int, name: str) -> Array:
    if values is None:
        return np.zeros(n)
    x = np.asarray(values, dtype=np.float64)
    if x.shape != (n,):
        raise DataError(f"{name} must be one number a place: expected {n}, got shape {x.shape}")
    if not np.all(np.isfinite(x)) or np.any(x < 0):
        bad = np.flatnonzero(~np.isfinite(x) | (x < 0))[:5].tolist()
        raise DataError(f"{name} must be finite and not negative", f"at positions {bad}", "correct them")
    return x


def _birth_table(end: Array, births: Array, method: str, repair: bool, labels: Sequence[str] | None) -> Array:
    _one_of("birth_method", method, ("native", "proportion"))
    natives = np.diag(end)
    over = births > natives * (1 + 1e-12)
    if method == "proportion" or (repair and over.any()):
        _not_more(births, end.sum(0), "births", "the population at the end", labels)
        spread = _shares(end.T).T * births
        return spread if method == "proportion" else np.where(over, spread, np.diag(births))
    _not_more(births, natives, "births", "the native-born at the end", labels)
    return np.diag(births)


def _death_table(
    start: Array, end: Array, births: Array, deaths: Array, method: str, labels: Sequence[str] | None
) -> Array:
    _one_of("death_method", method, ("proportion", "accounting"))
    _not_more(deaths, start.sum(0), "deaths", "the population at the start", labels)
    if method == "proportion":
        return _shares(start.T).T * deaths
    balance = start.sum(1) + births - end.sum(1)
    negative = np.flatnonzero(balance < 0).tolist()
    if negative:
        names = labels or [str(i) for i in range(len(balance))]
        raise InfeasibleError(
            "deaths by accounting would be negative for some birthplaces",
            "\n".join(f"born in {names[k]}: {balance[k]:,.6g}" for k in negative[:5]),
            "use death_method='proportion', or match the world total before",
            culprits=[names[k] for k in negative],
        )
    names = (labels, labels) if labels is not None else None
    return fit_margins(start, balance, deaths, labels=names).table


def _not_more(events: Array, people: Array, what: str, whom: str, labels: Sequence[str] | None) -> None:
    over = np.flatnonzero(events > people * (1 + 1e-12)).tolist()
    if over:
        names = labels or [str(i) for i in range(len(events))]
        raise InfeasibleError(
            f"{what} exceed {whom} in {len(over)} place(s)",
            "\n".join(f"{names[j]}: {events[j]:,.6g} against {people[j]:,.6g}" for j in over[:5]),
            "check units (persons of the whole period) and the population of these places",
            culprits=[names[j] for j in over],
            repair={names[j]: float(people[j] - events[j]) for j in over},
        )


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise DataError(f"{name} must be one of {', '.join(map(repr, allowed))}, not {value!r}")
