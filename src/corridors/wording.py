"""Words for people: close names, counts, numbers for reading, rows of a table in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ROW = "__row__"
SHOWN = 5
BLANK = "–"
_LETTERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ARTICLE = re.compile(
    r"^(United |Republic of |State of |Democratic |Dem\. |Central African |Syrian |Lao |Russian |Holy See|"
    r"Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Congo|Isle of )|"
    r"(Islands|Republic|Federation)$"
)


def close_names(name: str, known: Iterable[str], most: int = 3, least: float = 0.6) -> list[str]:
    """Known names that come close to a name, the closest first; capitals do not count.

    Parameters
    ----------
    name
        What was asked for.
    known
        What there is.
    most
        How many names at most.
    least
        How alike they must be, from 0 to 1.

    Examples
    --------
    >>> close_names("Orgin", ["year", "origin"])
    ['origin']
    """
    lowered = {k.lower(): k for k in known}
    return [lowered[c] for c in get_close_matches(name.strip().lower(), lowered, n=most, cutoff=least)]


def similar(name: str, known: Iterable[str]) -> str:
    """Return a 'did you mean' line, or nothing where no name comes close.

    Examples
    --------
    >>> similar("orgin", ["origin", "year"])
    "did you mean 'origin'?"
    """
    return did_you_mean(repr(found) for found in close_names(name, known))


def did_you_mean(names: Iterable[str]) -> str:
    """The question whether one of the names was meant; nothing where there is none.

    Examples
    --------
    >>> did_you_mean(["Mexico (MEX)", "Monaco (MCO)"]), did_you_mean([])
    ('did you mean Mexico (MEX) or Monaco (MCO)?', '')
    """
    text = " or ".join(names)
    return f"did you mean {text}?" if text else ""


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "row"), counted(2, "value")
    ('1 row', '2 values')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def in_letters(number: int) -> str:
    """A whole number as a word, from one to twelve; any other in digits.

    Examples
    --------
    >>> in_letters(6), in_letters(13), in_letters(0)
    ('six', '13', '0')
    """
    return _LETTERS[number - 1] if 1 <= number <= len(_LETTERS) else f"{number:,}"


def number(value: float | None, digits: int = 3, blank: str = BLANK) -> str:
    """A number for reading: whole where it has so many digits, else in so many digits.

    Parameters
    ----------
    value
        The number; None where it is not known.
    digits
        Digits that count.
    blank
        What stands for a number that is not known.

    Examples
    --------
    >>> number(10853105.0), number(14.83), number(0.0), number(None)
    ('10,853,105', '14.8', '0', '–')
    >>> number(3.14159, 4), number(1234.5, 4), number(None, blank="unknown")
    ('3.142', '1,234', 'unknown')
    """
    if value is None:
        return blank
    return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"


def about(value: float, digits: int = 3) -> str:
    """A number of which only so many digits are said.

    Examples
    --------
    >>> about(704943.4), about(4.4886), about(-1234.0)
    ('705,000', '4.49', '-1,230')
    """
    return number(rounded(value, digits), digits)


def rounded(value: float, digits: int = 3) -> float:
    """A number with zeros after its first digits; one with a fraction to show stays as it is.

    Examples
    --------
    >>> rounded(704943.4), rounded(6094307.0, 2), rounded(4.4886)
    (705000, 6100000, 4.4886)
    """
    if abs(value) < 10 ** (digits - 1):
        return value + 0.0
    size = 10 ** (len(str(int(abs(value)))) - digits)
    return round(value / size) * size


def short(value: float) -> str:
    """A number in three digits with a letter for its size, for narrow places.

    Examples
    --------
    >>> short(1917450.1), short(-646407.0), short(53.64), short(0.0)
    ('1.92M', '-646k', '53.6', '0')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 0.9995 * size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def with_unit(value: float, unit: str) -> str:
    """A value with its unit, for a sentence.

    Examples
    --------
    >>> with_unit(0.1108, "share"), with_unit(266637640.0, "persons"), with_unit(7.21, "% of GDP")
    ('11.1 %', '267 million persons', '7.21 % of GDP')
    """
    if unit == "share":
        return f"{100 * value:.3g} %"
    if unit == "USD million":
        return f"USD {value / 1000:,.0f} billion" if abs(value) >= 1e4 else f"USD {value:,.0f} million"
    text = f"{value / 1e6:,.3g} million" if abs(value) >= 1e6 else number(value)
    return f"{text} {unit}".strip()


def dated(value: float, unit: str, year: int, lower: float | None = None, upper: float | None = None) -> str:
    """A value with its unit, year and interval, for reading.

    Parameters
    ----------
    value, unit, year
        The figure.
    lower, upper
        Ends of its interval, in the same unit; both or neither.

    Examples
    --------
    >>> dated(7.0, "%", 2020, 6.7, 7.3), dated(0.5, "share", 2011)
    ('7 % in 2020 (6.7 to 7.3)', '50 % in 2011')
    """
    bare = unit if unit in ("share", "USD million") else ""
    span = (
        "" if lower is None or upper is None else f" ({with_unit(lower, bare)} to {with_unit(upper, bare)})"
    )
    return f"{with_unit(value, unit)} in {year}{span}"


def marked(value: float, decimals: int, point: str = ".", group: str = ",", minus: str = "−") -> str:
    """A number with the marks of a language.

    Parameters
    ----------
    value
        The number.
    decimals
        Digits after the point.
    point, group, minus
        The marks; a number that is rounded to zero has no minus.

    Examples
    --------
    >>> marked(1234.56, 1), marked(1234.56, 1, ",", "."), marked(-0.2, 0)
    ('1,234.6', '1.234,6', '0')
    """
    text = f"{abs(value):,.{decimals}f}"
    sign = minus if value < 0 and float(text.replace(",", "")) != 0 else ""
    return sign + text.translate({ord(","): group, ord("."): point})


def cell(value: Any) -> str:
    """A cell of a table for reading: years and texts as they are, large numbers with separators.

    Examples
    --------
    >>> cell(10853105.0), cell(4.256), cell(None), cell(2020), cell("MEX")
    ('10,853,105', '4.26', '–', '2020', 'MEX')
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value}" if 1000 < abs(value) < 2200 else f"{value:,}"
    return number(value) if value is None or isinstance(value, float) else str(value)


def in_markdown(text: str) -> str:
    r"""Text as a reader of Markdown sees it as it is: signs of its markup are escaped, lines joined.

    Examples
    --------
    >>> print(in_markdown("5 % [A|B]"))
    5 % \[A\|B\]
    """
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def the(name: str) -> str:
    """A place as it stands within an English sentence.

    Examples
    --------
    >>> the("Philippines"), the("Mexico"), the("Solomon Islands")
    ('the Philippines', 'Mexico', 'the Solomon Islands')
    """
    return f"the {name}" if _ARTICLE.search(name) else name


def sentence(text: str) -> str:
    """Text with a capital at its beginning and a full stop at its end.

    Examples
    --------
    >>> sentence("the Philippines lost people")
    'The Philippines lost people.'
    """
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def rows_in_words(rows: pl.DataFrame, columns: Sequence[str]) -> str:
    """Quote the first offending rows, one a line.

    Parameters
    ----------
    rows
        The offending rows; a column ``__row__`` holds their number in the data.
    columns
        The columns to quote: the key and the values at fault.

    Examples
    --------
    >>> import polars as pl
    >>> bad = pl.DataFrame({"__row__": [7], "year": ["2020"], "female": ["-3"]})
    >>> rows_in_words(bad, ["year", "female"])
    'row 7: year=2020, female=-3'
    """
    shown = list(dict.fromkeys(columns))
    lines: list[str] = []
    for row in rows.head(SHOWN).iter_rows(named=True):
        place = f"row {row[ROW]}: " if ROW in row else ""
        lines.append(place + in_words([(name, row[name]) for name in shown]))
    if rows.height > SHOWN:
        lines.append(f"and {rows.height - SHOWN:,} more")
    return "\n".join(lines)


def in_words(values: Iterable[tuple[str, object]]) -> str:
    """Write named values as one short line.

    Examples
    --------
    >>> in_words([("country", "ARE"), ("year", 2010), ("births", None)])
    'country=ARE, year=2010, births=(blank)'
    """
    return ", ".join(f"{name}={_shortened(value)}" for name, value in values)


def _shortened(value: object) -> str:
    text = "(blank)" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
