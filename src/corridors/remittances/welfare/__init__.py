"""Poverty and inequality with and without remittances, measured with their errors.

Incomes of households (:func:`survey_measures`, :func:`household_measures`), published deciles
(:func:`fit_grouped`), and what would be without remittances (:func:`without_remittances`,
:func:`remove_from_groups`, :func:`country_welfare`); cross-country elasticities
(:func:`macro_effect`) are an alternative and can not be added to any of these.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
