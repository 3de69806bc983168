"""Modelled is not observed: where a matrix comes from, and a guard against regressing on models."""

from __future__ import annotations

import warnings
from typing import Literal, get_args

from corridors.errors import DataError

EstimatedBy = Literal["observed", "ratha-shaw", "seed", "reconciled", "gravity"]
ORIGINS: tuple[str, ...] = get_args(EstimatedBy)


class ModelledEvidenceWarning(UserWarning):
    """A regression runs on figures that a model made."""


def guard(estimated_by: str, *, allow_modelled: bool = False) -> None:
    """Refuse a regression on a modelled matrix, or warn where it was asked for.

    Published bilateral remittance matrices are made from migrant stocks and incomes. A gravity model
    fitted to them gives back the formula that made them, not how people behave.

    Parameters
    ----------
    estimated_by
        Where the figures come from: one of ``ORIGINS``.
    allow_modelled
        Warn instead of refusing.

    Raises
    ------
    DataError
        Unknown origin, or modelled figures without leave.

    Warns
    -----
    ModelledEvidenceWarning
        Modelled figures with leave.

    Examples
    --------
    >>> from corridors.remittances.matrix.provenance import guard
    >>> guard("observed")
    >>> guard("ratha-shaw")
    Traceback (most recent call last):
    corridors.errors.DataError: these flows are modelled (ratha-shaw), not observed
    """
    if estimated_by not in ORIGINS:
        raise DataError(
            f"unknown origin of flows: {estimated_by!r}",
            f"known: {', '.join(ORIGINS)}",
            "say estimated_by='observed' only for flows that somebody counted",
        )
    if estimated_by == "observed":
        return
    title = f"these flows are modelled ({estimated_by}), not observed"
    detail = "A regression on them recovers the formula that made them, not behaviour."
    if not allow_modelled:
        raise DataError(title, detail, "use observed flows, or allow_modelled=True to study the formula")
    warnings.warn(f"{title}. {detail}", ModelledEvidenceWarning, stacklevel=3)
