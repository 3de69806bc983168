"""What a dollar of remittances is in the money of a survey, and how much of it a survey can hold."""

from __future__ import annotations

from corridors.errors import DataError

# Parities of consumption and of output differ by a third, rarely by half; official rates that nobody gets
# and zeros taken off a currency, by far more.
_OTHER_MONEY = 4.0


def survey_rate(
    lcu_per_usd: float, cpi: float, ppp: float, *, output_rate: float | None = None, where: str = ""
) -> float:
    """PPP dollars of 2017 for one dollar of the survey year.

    Parameters
    ----------
    lcu_per_usd
        Exchange rate of the survey year, units of the currency for a dollar.
    cpi
        Price index of the survey year, 1 in 2017.
    ppp
        Parity of 2017 of what households consume, units of the currency for a PPP dollar.
    output_rate
        The same from the parity of output, to tell whether all are in one unit of money.
    where
        Country and year, for the error.

    Returns
    -------
    float
        ``lcu_per_usd / (cpi * ppp)``.

    Raises
    ------
    DataError
        Figures that are not positive; a rate four times that of output or a quarter of it.

    Notes
    -----
    The World Bank's Poverty and Inequality Platform turns a survey into PPP dollars with these
    factors, so whatever is added to a survey or taken from it must be turned with them, too.
    The parity of output is another: in Egypt a dollar buys 60 % more of it.

    Examples
    --------
    El Salvador uses the dollar:

    >>> from corridors.remittances.welfare import survey_rate
    >>> round(survey_rate(1.0, 1.009226, 0.514999), 3)
    1.924
    """
    if not (lcu_per_usd > 0 and cpi > 0 and ppp > 0):
        raise DataError(f"exchange rate and price factors{_of(where)} must be positive")
    rate = lcu_per_usd / (cpi * ppp)
    if output_rate is not None and not 1 / _OTHER_MONEY < rate / output_rate < _OTHER_MONEY:
        raise DataError(
            f"exchange rate and price factors{_of(where)} do not fit",
            f"a dollar would be {rate:.3g} PPP dollars in the survey and {output_rate:.3g} in all output",
            "give all in one unit of the currency; an official rate that nobody gets does not serve",
        )
    return rate


def _of(where: str) -> str:
    return f" of {where}" if where else ""


def share_held(survey_mean: float, consumption: float) -> float:
    """Share of a flow of the national accounts that a survey can hold, at most 1.

    Parameters
    ----------
    survey_mean
        Mean of the survey, per person.
    consumption
        Consumption of households per person in the national accounts, same unit.

    Raises
    ------
    DataError
        Figures that are not positive.

    Notes
    -----
    Surveys find less than national accounts: of households' consumption some 60 %, in Georgia
    30. To take a whole flow of the accounts from a part of them would take too much.

    Examples
    --------
    >>> from corridors.remittances.welfare import share_held
    >>> share_held(6.0, 8.0), share_held(9.0, 8.0)
    (0.75, 1.0)
    """
    if not (survey_mean > 0 and consumption > 0):
        raise DataError("means of survey and national accounts must be positive")
    return min(1.0, survey_mean / consumption)
