from .income import diaspora_income as diaspora_income
from .income import diaspora_savings_matrix as diaspora_savings_matrix
from .labelled import diaspora_savings as diaspora_savings
from .savings import DiasporaSavings as DiasporaSavings
