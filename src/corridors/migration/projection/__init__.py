"""Net migration of every country projected with its uncertainty.

The hierarchical autoregressive model of net-migration rates of Azose and Raftery (2015): fit it,
see whether its chains converged, forecast from it, and score it on years that are known.
"""

from corridors.migration.projection.backtest import BackTest, back_test
from corridors.migration.projection.diagnostics import Diagnostics, diagnose
from corridors.migration.projection.fit import NetRatePosterior, fit_net_rates
from corridors.migration.projection.limits import Thresholds, historical_thresholds
from corridors.migration.projection.model import Prior, net_count, net_rate
from corridors.migration.projection.net_rate_forecast import NetRateForecast, forecast
from corridors.migration.projection.panel import RatePanel, rate_panel
from corridors.migration.projection.scores import coverage, crps

__all__ = [
    "BackTest",
    "Diagnostics",
    "NetRateForecast",
    "NetRatePosterior",
    "Prior",
    "RatePanel",
    "Thresholds",
    "back_test",
    "coverage",
    "crps",
    "diagnose",
    "fit_net_rates",
    "forecast",
    "historical_thresholds",
    "net_count",
    "net_rate",
    "rate_panel",
]
