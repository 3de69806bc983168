"""Symbols of documents of the United Nations, and the address each is read at."""

from __future__ import annotations

import re

# The form in which libraries send readers to the Official Document System: this and the symbol.
ADDRESS = "https://undocs.org/"
_ORGANS = r"(?:A|E|S|ST|CEDAW|CMW|CRC|HRI|CCPR|CERD|CAT)"
_SYMBOL = re.compile(rf"(?<![\w/])({_ORGANS}(?:/[A-Z0-9][A-Za-z0-9.\-]*)*/\d+(?:/[A-Z0-9][A-Za-z0-9.\-]*)*)")


def symbols_in(text: str) -> list[str]:
    """Symbols in a text, in their order, each once.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> symbols_in("Resolution A/RES/73/195, 2018; recalled in A/65/944.")
    ['A/RES/73/195', 'A/65/944']
    >>> symbols_in("WHA63.16, 5 and/or 6 of A73/9")
    []
    """
    return list(dict.fromkeys(found.rstrip(".-") for found in _SYMBOL.findall(text)))


def address_of(symbol: str) -> str:
    """Where the document with a symbol is read.

    Parameters
    ----------
    symbol
        Such as ``A/RES/73/195``.

    Notes
    -----
    ``https://undocs.org/`` and the symbol (Vanderbilt University Libraries, guide to United Nations
    documents: symbols).

    Examples
    --------
    >>> address_of("A/RES/73/195")
    'https://undocs.org/A/RES/73/195'
    """
    return ADDRESS + symbol


def address_in(text: str | None) -> str | None:
    """The address of the first symbol in a text, if there is one.

    Examples
    --------
    >>> address_in("Addis Ababa Action Agenda, A/RES/69/313, 2015"), address_in("Speech, 2020")
    ('https://undocs.org/A/RES/69/313', None)
    """
    found = symbols_in(text or "")
    return address_of(found[0]) if found else None


def parted(text: str) -> list[tuple[str, str | None]]:
    """A text in pieces, those that are symbols with their address.

    Parameters
    ----------
    text
        Any text; the pieces together are the text.

    Examples
    --------
    >>> parted("see A/65/944, 3")
    [('see ', None), ('A/65/944', 'https://undocs.org/A/65/944'), (', 3', None)]
    """
    pieces: list[tuple[str, str | None]] = []
    end = 0
    for match in _SYMBOL.finditer(text):
        symbol = match.group(1).rstrip(".-")
        if match.start() > end:
            pieces.append((text[end : match.start()], None))
        pieces.append((symbol, address_of(symbol)))
        end = match.start() + len(symbol)
    if end < len(text):
        pieces.append((text[end:], None))
    return pieces
