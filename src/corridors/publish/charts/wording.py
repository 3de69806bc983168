"""Places and numbers within a sentence."""

from __future__ import annotations

import re

_ARTICLE = re.compile(
    r"^(United |Republic of |State of |Democratic |Dem\. |Central African |Syrian |Lao |Russian |Holy See|"
    r"Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Congo|Isle of )|"
    r"(Islands|Republic|Federation)$"
)


def the(name: str) -> str:
    """A place as it stands within an English sentence.

    Examples
    --------
    >>> the("Philippines"), the("Mexico"), the("Solomon Islands")
    ('the Philippines', 'Mexico', 'the Solomon Islands')
    """
    return f"the {name}" if _ARTICLE.search(name) else name


def about(value: float) -> str:
    """A number in three digits.

    Examples
    --------
    >>> about(704943.4), about(4.4886), about(-1234.0)
    ('705,000', '4.49', '-1,230')
    """
    if value == 0:
        return "0"
    if abs(value) < 100:
        return f"{value:.3g}"
    size = 10 ** (len(str(int(abs(value)))) - 3)
    return f"{round(value / size) * size:,.0f}"


def sentence(text: str) -> str:
    """Text with a capital at its beginning and a full stop at its end.

    Examples
    --------
    >>> sentence("the Philippines lost people")
    'The Philippines lost people.'
    """
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
