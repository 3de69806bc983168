"""Checks of figures: columns, tables, and between tables."""
