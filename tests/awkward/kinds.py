"""All kinds of spoiling."""

from awkward import spoilt_books, spoilt_figures, spoilt_rows, spoilt_texts
from awkward.spoiling import KINDS, spoilt

__all__ = ["KINDS", "spoilt", "spoilt_books", "spoilt_figures", "spoilt_rows", "spoilt_texts"]
