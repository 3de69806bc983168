"""What people living abroad earn and save, by country of birth."""

from corridors.remittances.diaspora.income import diaspora_income, diaspora_savings_matrix
from corridors.remittances.diaspora.labelled import diaspora_savings
from corridors.remittances.diaspora.savings import DiasporaSavings

__all__ = ["DiasporaSavings", "diaspora_income", "diaspora_savings", "diaspora_savings_matrix"]
