"""How right are estimated flows? They are held against flows that offices have counted.

:func:`reported_flows` brings a file of reported flows to the periods of an estimate: one criterion, years
added up, years that lack made up for. :func:`evaluate_flows` puts the two side by side: correlations of
counts, logarithms, shares and rates, of totals and of net migration, mean and relative errors, coverage of
intervals; for all pairs, by reporter, by size, or by whatever column there is.

Reports err, too: registers miss people who leave, and offices count by different rules. What is measured is
how near an estimate comes to what an office would report.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
