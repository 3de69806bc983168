"""Flows of a period from stocks: accounts, closed forms, intervals."""
