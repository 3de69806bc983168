"""Poverty and inequality with and without remittances, measured with their errors.

Incomes of households (:func:`survey_measures`, :func:`household_measures`), published deciles
(:func:`fit_grouped`), and what would be without remittances (:func:`without_remittances`,
:func:`remove_from_groups`, :func:`country_welfare`); cross-country elasticities
(:func:`macro_effect`) are an alternative and can not be added to any of these.
"""

from corridors.remittances.welfare.accuracy import typical_error
from corridors.remittances.welfare.allocation import allocate
from corridors.remittances.welfare.counterfactual import Comparison, without_remittances
from corridors.remittances.welfare.country import country_welfare
from corridors.remittances.welfare.curve import Distribution
from corridors.remittances.welfare.grouped import GroupedFit, fit_grouped, fit_points, grouped_measures
from corridors.remittances.welfare.households import survey_measures
from corridors.remittances.welfare.incidence import GroupedRemoval, remove_from_groups
from corridors.remittances.welfare.income_sources import SourceDecomposition, gini_by_source, gini_change
from corridors.remittances.welfare.lognormal import Lognormal
from corridors.remittances.welfare.lorenz import Beta, Quadratic
from corridors.remittances.welfare.macro import (
    MacroEffect,
    PovertyElasticity,
    combine,
    macro_effect,
    poverty_elasticity,
)
from corridors.remittances.welfare.measured import Measures
from corridors.remittances.welfare.measures import fgt, fgt_by_group, generalised_entropy, gini, watts
from corridors.remittances.welfare.microdata import HouseholdMeasures, household_measures
from corridors.remittances.welfare.published import Interpolated
from corridors.remittances.welfare.simulation import KnownTruth, known_truth
from corridors.remittances.welfare.survey import Design, survey_design

__all__ = [
    "Beta",
    "Comparison",
    "Design",
    "Distribution",
    "GroupedFit",
    "GroupedRemoval",
    "HouseholdMeasures",
    "Interpolated",
    "KnownTruth",
    "Lognormal",
    "MacroEffect",
    "Measures",
    "PovertyElasticity",
    "Quadratic",
    "SourceDecomposition",
    "allocate",
    "combine",
    "country_welfare",
    "fgt",
    "fgt_by_group",
    "fit_grouped",
    "fit_points",
    "generalised_entropy",
    "gini",
    "gini_by_source",
    "gini_change",
    "grouped_measures",
    "household_measures",
    "known_truth",
    "macro_effect",
    "poverty_elasticity",
    "remove_from_groups",
    "survey_design",
    "survey_measures",
    "typical_error",
    "watts",
    "without_remittances",
]
