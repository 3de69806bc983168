"""Which indicator speaks of what a sentence speaks of: a ranking that may abstain."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from corridors import packaged
from corridors.cooperation.documents.parts import Link, Statement
from corridors.cooperation.documents.sentence_ends import STOP_WORDS

if TYPE_CHECKING:
    from corridors.intake import IntoTable

THRESHOLD = 0.5
_WORD = re.compile(r"[a-z]{2,}")
_COMMON = (
    "another most all share number states state countries country international migration migrant migrants "
    "development set up live lives born whose year five cent non"
)
_STOP = STOP_WORDS.union(_COMMON.split())
_K1, _B, _PHRASE, _GRAMS = 1.2, 0.5, 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Indicators ready for ranking: names, words and phrases with weights."""

    names: tuple[str, ...]
    words: tuple[Counter[str], ...]
    phrases: tuple[tuple[str, tuple[str, ...]], ...]
    grams: tuple[frozenset[str], ...]
    idf: dict[str, float]
    mean_length: float


def vocabulary_of(table: IntoTable) -> Vocabulary:
    """A vocabulary from a table of indicators.

    Parameters
    ----------
    table
        Columns name, title, definition, terms (phrases with ``;`` between).

    Raises
    ------
    DataError
        A column is missing, the table is empty, or a name stands twice.

    Examples
    --------
    >>> import polars as pl
    >>> row = {"name": ["a"], "title": ["Cost"], "definition": [""], "terms": ["fee"]}
    >>> vocabulary_of(pl.DataFrame(row)).names
    ('a',)
    """
    from corridors.intake import TableSpec, take

    told = ("title", "definition", "terms")
    indicators = take(table, TableSpec("indicators", texts=["name", *told], blank=told, key=["name"]))
    return _vocabulary([{k: v or "" for k, v in row.items()} for row in indicators.iter_rows(named=True)])


@cache
def default_vocabulary() -> Vocabulary:
    """The vocabulary that comes with the package.

    Examples
    --------
    >>> "remittance_cost" in default_vocabulary().names
    True
    """
    with packaged.path("cooperation/documents/indicator_terms.csv").open(encoding="utf-8") as file:
        return _vocabulary(list(csv.DictReader(file)))


def _vocabulary(rows: Sequence[dict[str, str]]) -> Vocabulary:
    names = [row["name"] for row in rows]
    words = [Counter(_words(f"{r['title']} {r['title']} {r['definition']} {r['terms']}")) for r in rows]
    held = Counter(word for bag in words for word in bag)
    n = len(rows)
    idf = {word: math.log(1 + (n - df + 0.5) / (df + 0.5)) for word, df in held.items()}
    phrases = tuple((r["name"], tuple(filter(None, map(_plain, r["terms"].split(";"))))) for r in rows)
    grams = tuple(frozenset().union(*(_grams(word) for word in bag)) for bag in words)
    return Vocabulary(
        tuple(names), tuple(words), phrases, grams, idf, sum(b.total() for b in words) / n or 1.0
    )


def _stem(word: str) -> str:
    for end, new in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if word.endswith(end) and len(word) > len(end) + 3 and not word.endswith("ss"):
            return word[: -len(end)] + new
    return word


def _words(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


@cache
def _grams(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(padded[i : i + 4] for i in range(len(padded) - 3))


def links_of(
    statements: Sequence[Statement],
    vocabulary: Vocabulary | None = None,
    *,
    threshold: float = THRESHOLD,
    most: int = 3,
) -> tuple[Link, ...]:
    """Links of statements to indicators, best first; none where nothing is likely enough.

    Parameters
    ----------
    statements
        Sentences.
    vocabulary
        Indicators; those of the package where not given.
    threshold
        Least probability, 0 to 1.
    most
        Most links of a statement.

    Notes
    -----
    BM25 (Robertson and Zaragoza, 2009) over titles, definitions and terms, with words of similar
    spelling by their shared 4-grams and a bonus for whole phrases. The probability is an isotonic
    curve through the hand-marked texts of the tests; it is rough.

    Examples
    --------
    >>> from corridors.cooperation.documents import parse
    >>> [k.indicator for k in parse("1. Reduce the transfer costs of remittances.").links]
    ['remittance_cost']
    """
    known = vocabulary or default_vocabulary()
    found: list[Link] = []
    for statement in statements:
        ranked = [
            (score, name, why) for score, name, why in _scores(statement.text, known)
            if probability(score) >= threshold
        ]  # fmt: skip
        ranked.sort(key=lambda item: (-item[0], item[1]))
        for rank, (score, name, why) in enumerate(ranked[:most], 1):
            place = (statement.paragraph, statement.id)
            found.append(Link(*place, name, rank, round(score, 3), round(probability(score), 3), why))
    return tuple(found)


def probability(score: float) -> float:
    """Probability that a reader would make a link with this score.

    Examples
    --------
    >>> probability(0.0) < 0.1 < 0.9 < probability(30.0)
    True
    """
    scores, chances = _curve()
    return float(np.interp(score, scores, chances))


@cache
def _curve() -> tuple[list[float], list[float]]:
    with packaged.path("cooperation/documents/link_curve.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [float(row["score"]) for row in rows], [float(row["probability"]) for row in rows]


def _scores(text: str, known: Vocabulary) -> list[tuple[float, str, tuple[str, ...]]]:
    asked = Counter(_words(text))
    plain = f" {_plain(text)} "
    scored: list[tuple[float, str, tuple[str, ...]]] = []
    for name, bag, (_, phrases), grams in zip(
        known.names, known.words, known.phrases, known.grams, strict=True
    ):
        whole = [phrase for phrase in phrases if f" {phrase} " in plain]
        shared = [word for word in asked if word in bag]
        if not shared and not whole:
            continue
        length = _K1 * (1 - _B + _B * bag.total() / known.mean_length)
        score = sum(known.idf[w] * bag[w] * (_K1 + 1) / (bag[w] + length) for w in shared)
        # Phrases within longer ones that also stand there add nothing.
        outer = [p for p in whole if not any(p != q and f" {p} " in f" {q} " for q in whole)]
        score += _PHRASE * sum(sum(known.idf.get(_stem(w), 0.0) for w in p.split()) + 1.0 for p in outer)
        score += _GRAMS * _similar(asked, bag, grams)
        scored.append((score, name, tuple(dict.fromkeys([*outer, *shared]))))
    return scored


def _similar(asked: Counter[str], bag: Counter[str], grams: frozenset[str]) -> float:
    new = [word for word in asked if word not in bag and len(word) > 6]
    close = sum(len(_grams(word) & grams) / len(_grams(word)) > 0.7 for word in new)
    return 0.25 * min(close, 2)
