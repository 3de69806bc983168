"""Which pages does an answer in JSON have, and are they all there?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corridors.errors import DataError
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.tabular import changed, json_object

_MOST_PAGES = 5_000
_PAGE = re.compile(r"(?<=[?&])page=\d+")


def further_pages(card: SourceCard, request: Request, path: Path, count: str) -> tuple[Request, ...]:
    """Requests for all pages after the first, whose number the first answer tells.

    Parameters
    ----------
    card, request, path
        As the readers get them; the address has a part ``page=1``.
    count
        Field of the answer with the number of pages.
    """
    if request.file not in card.addresses:
        return ()
    pages = page_count(json_object(path, card), count, card)
    return tuple(
        Request(_page_file(request.file, n), _PAGE.sub(f"page={n}", request.address), request.kind)
        for n in range(2, pages + 1)
    )


def answers(card: SourceCard, files: Mapping[str, Path], count: str) -> Iterator[dict[str, Any]]:
    """All pages of all addresses of a card, in order.

    Raises
    ------
    DataError
        A page is missing, or a later one tells of another number of pages: the figures changed
        while they were fetched.
    """
    for file in card.addresses:
        pages = 1
        number = 0
        while number < pages:
            number += 1
            name = file if number == 1 else _page_file(file, number)
            if name not in files:
                raise DataError(
                    f"source '{card.name}' lacks page {number} of {pages}", name, "fetch the source again"
                )
            answer = json_object(files[name], card)
            told = page_count(answer, count, card)
            if number > 1 and told != pages:
                raise DataError(
                    f"source '{card.name}' changed while it was fetched",
                    f"page {number} tells of {told} pages, the first of {pages}",
                    "fetch the source again",
                )
            pages = told
            yield answer


def page_count(answer: Mapping[str, Any], field: str, card: SourceCard) -> int:
    """The number of pages that an answer tells; none at all counts as one empty page.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> page_count({"maxPages": 13}, "maxPages", source("unhcr-population"))
    13
    """
    value = answer.get(field)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_PAGES:
        raise changed(card, f"no number of pages in '{field}': {str(value)[:60]}")
    return max(value, 1)


def _page_file(file: str, page: int) -> str:
    path = Path(file)
    return f"{path.stem}.page{page:04d}{path.suffix}"
