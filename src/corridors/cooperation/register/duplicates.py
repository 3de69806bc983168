"""Entries that may be the same: alike in title or in text."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from corridors.cooperation.register.entries import Entry
from corridors.errors import DataError
from corridors.parameters import value

THRESHOLD = value("register_similarity_threshold")
_GRAM = 3
SIMILAR: dict[str, pl.DataType] = {
    **dict.fromkeys(("first", "second", "alike"), pl.String()),
    **dict.fromkeys(("title_similarity", "text_similarity"), pl.Float64()),
}


def similar_entries(
    entries: Sequence[Entry], others: Sequence[Entry] | None = None, *, threshold: float = THRESHOLD
) -> pl.DataFrame:
    """Pairs of entries whose titles or texts are nearly the same.

    Parameters
    ----------
    entries
        Entries of a register.
    others
        Entries of another register to compare with; without them, entries are compared with each other.
    threshold
        Least similarity, 0 to 1, that is told. The default is a choice of this project.

    Returns
    -------
    polars.DataFrame
        ``first, second, alike, title_similarity, text_similarity``, most alike first; ``alike`` says
        ``title``, ``text`` or ``title and text``.

    Raises
    ------
    DataError
        The threshold is not between 0 and 1.

    Notes
    -----
    Cosine of counts of three letters each, weighted by how rare they are (Salton and Buckley, 1988).

    Examples
    --------
    >>> from dataclasses import replace
    >>> from corridors.cooperation.register import load
    >>> entry = load()["g8-2009-five-by-five"]
    >>> similar_entries([entry, replace(entry, id="again", text="Other words")])["alike"].to_list()
    ['title']
    """
    if not 0 < threshold <= 1:
        raise DataError(f"the threshold {threshold} is not between 0 and 1")
    right = entries if others is None else others
    if not entries or not right:
        return pl.DataFrame(schema=SIMILAR)
    titles = _cosines([e.title for e in entries], [e.title for e in right])
    texts = _cosines([e.text for e in entries], [e.text for e in right])
    alike = np.maximum(titles, texts) >= threshold
    if others is None:
        alike = np.triu(alike, 1)
    rows, columns = (found.tolist() for found in np.nonzero(alike))
    frame = pl.DataFrame(
        {
            "first": [entries[row].id for row in rows],
            "second": [right[column].id for column in columns],
            "title_similarity": titles[rows, columns].round(3),
            "text_similarity": texts[rows, columns].round(3),
        },
        schema={name: SIMILAR[name] for name in SIMILAR if name != "alike"},
    )
    return frame.with_columns(
        alike=pl.when(pl.min_horizontal("title_similarity", "text_similarity") >= threshold)
        .then(pl.lit("title and text"))
        .when(pl.col("title_similarity") >= pl.col("text_similarity"))
        .then(pl.lit("title"))
        .otherwise(pl.lit("text"))
    ).select(list(SIMILAR)).sort(
        pl.max_horizontal("title_similarity", "text_similarity"), "first", "second",
        descending=[True, False, False],
    )  # fmt: skip


def overlap(first: Sequence[Entry], second: Sequence[Entry], *, threshold: float = THRESHOLD) -> int:
    """Entries of the first register that the second has too, by id or by words; each is matched once.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> entries = load().entries
    >>> overlap(entries[:5], entries[3:8])
    2
    """
    names = {entry.id for entry in second}
    same = {entry.id for entry in first if entry.id in names}
    rest = [entry for entry in first if entry.id not in same]
    pairs = similar_entries(rest, [e for e in second if e.id not in same], threshold=threshold)
    used: tuple[set[str], set[str]] = (set(), set())
    for left, right in pairs.select("first", "second").iter_rows():
        if left not in used[0] and right not in used[1]:
            used[0].add(left)
            used[1].add(right)
    return len(same) + len(used[0])


def _cosines(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    grams = [_grams(text) for text in (*left, *right)]
    rarity = Counter(gram for counts in grams for gram in counts)
    position = {gram: n for n, gram in enumerate(rarity)}
    weight = {gram: math.log((1 + len(grams)) / (1 + n)) + 1 for gram, n in rarity.items()}
    rows = np.repeat(np.arange(len(grams)), [len(counts) for counts in grams])
    columns = np.array([position[gram] for counts in grams for gram in counts], dtype=np.int64)
    values = np.array([n * weight[gram] for counts in grams for gram, n in counts.items()])
    length = np.sqrt(np.bincount(rows, values**2, minlength=len(grams)))
    table = csr_array((values / length[rows], (rows, columns)), shape=(len(grams), max(len(position), 1)))
    return np.asarray((table[: len(left)] @ table[len(left) :].T).todense())


def _grams(text: str) -> Counter[str]:
    flat = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in flat if not unicodedata.combining(c))
    padded = f"  {' '.join(_words(bare))}  "
    return Counter(padded[n : n + _GRAM] for n in range(len(padded) - _GRAM + 1))


def _words(text: str) -> Iterable[str]:
    return re.findall(r"\w+", text)
