"""Statements of a document, and the rules that judge them by figures."""
