"""Made-up quotes in the layout of the price workbook, for tests and examples."""
