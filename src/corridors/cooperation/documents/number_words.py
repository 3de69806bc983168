"""Numbers as texts write them: digits, words, scales, shares, currencies; patterns and values."""

from __future__ import annotations

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: float(i) for i, word in enumerate(_ONES.split())} | {
    word: 10.0 * i for i, word in enumerate(_TENS.split(), 2)
}
_FULL = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT = {"bn": 1e9, "mn": 1e6, "tn": 1e12, "trn": 1e12, "mio": 1e6}
# One letter is a scale only right behind a figure of money.
_LETTER = {"k": 1e3, "m": 1e6, "b": 1e9}
SCALES = _FULL | _SHORT | _LETTER | {"dozen": 12.0}
_PARTS = {
    "half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fourth": 1 / 4, "fifth": 1 / 5, "sixth": 1 / 6,
    "seventh": 1 / 7, "eighth": 1 / 8, "ninth": 1 / 9, "tenth": 1 / 10, "twentieth": 1 / 20,
    "hundredth": 1 / 100,
}  # fmt: skip
_CODES = "USD|EUR|GBP|CHF|JPY|CNY|INR|PHP|MXN|CAD|AUD|NZD|SEK|NOK|DKK|ZAR|KES|NGN|BDT|PKR|NPR|XOF|SDR"
_SIGNS = {
    "US$": "USD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "A$": "AUD",
    "C$": "CAD",
    "CAN$": "CAD",
    "¥": "JPY",
}
_MONEY_WORDS = {"dollar": "USD", "euro": "EUR"}

WORD = (
    rf"(?:(?:{'|'.join(_TENS.split())})(?:[- ](?:{'|'.join(_ONES.split()[1:10])}))?|"
    rf"{'|'.join(sorted(_ONES.split(), key=len, reverse=True))})"
)
_DIGITS = r"\d{1,3}(?:[, \u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
SCALE = "|".join(_FULL)
_ANY_SCALE = rf"[ -](?:{SCALE})|\s?(?:{'|'.join(_SHORT)})(?!\w)"
NUMBER = rf"(?:{_DIGITS}|{WORD})(?:{_ANY_SCALE})*|(?:a|an) (?:{SCALE}|dozen)"
MONEY_NUMBER = rf"(?:{_DIGITS})(?:(?:{_ANY_SCALE})*|[kmb](?!\w))"
_PART_WORDS = "|".join(_PARTS)
PART = rf"(?:(?:a|one|two|three|four|five|seven|nine) )?(?:{_PART_WORDS})s?"
SHARE = rf"(?:one|two|three|four|five|seven|nine)[ -](?:{_PART_WORDS})s?|half|(?:a|one) (?:{_PART_WORDS})"
_ONE = rf"(?:{_DIGITS}|{WORD})"
_IN = rf" (?:in|out of)(?: every)? (?!(?:19|20)\d{{2}}\b){_ONE}"
_NOUN = r"(?!(?:and|or|to|of|in|per|out)\b)[a-z]+"
# "One migrant in seven is", but not "one office in seven countries".
_PLURAL = r"(?! (?!(?:is|was|has)\b)[a-z]+s\b)"
OUT_OF = rf"{_ONE}{_IN}|one of every {_ONE}|one {_NOUN}{_IN}{_PLURAL}"
CURRENCY = "|".join([*(re.escape(s) for s in sorted(_SIGNS, key=len, reverse=True)), _CODES])


def value_of(words: str) -> float:
    """The number that digits, words and scales say.

    Examples
    --------
    >>> value_of("twenty-one thousand"), value_of("1 234 million"), value_of("2.5 bn"), value_of("40m")
    (21000.0, 1234000000.0, 2500000000.0, 40000000.0)
    """
    value = 0.0
    for word in re.findall(r"\d+(?:\.\d+)?|[a-z]+", words.lower().replace(",", "")):
        if word in SCALES:
            value = (value or 1.0) * SCALES[word]
        elif word in _WORDS:
            value += _WORDS[word]
        elif word not in ("a", "an"):
            # "1 250" is one number with a space inside.
            value = value * 1000 + float(word) if value and float(word) < 1000 else float(word)
    return value


def part_of(words: str) -> float:
    """The share that a fraction in words says.

    Examples
    --------
    >>> part_of("three quarters"), part_of("a tenth"), part_of("half")
    (0.75, 0.1, 0.5)
    """
    *count, part = re.split(r"[ -]", words.lower())
    number = _WORDS.get(count[0], 1.0) if count else 1.0
    return number * _PARTS["half" if part in ("half", "halves") else part.rstrip("s")]


def out_of(words: str) -> float:
    """The share that "x in y" says; more than 1 where it is none.

    Examples
    --------
    >>> out_of("two in five"), out_of("one of every four"), out_of("one migrant in five")
    (0.4, 0.25, 0.2)
    """
    first, last = re.split(r" (?:in|out of|of)(?: every)? ", words.lower())
    whole = value_of(last)
    return value_of(first.split(" ")[0] if first.startswith("one ") else first) / whole if whole else 2.0


def scale_at_end(words: str) -> float | None:
    """The scale that a number ends with, which one before it in a range may share.

    Examples
    --------
    >>> scale_at_end("3 billion"), scale_at_end("25")
    (1000000000.0, None)
    """
    found = re.search(rf"({SCALE}|{'|'.join(_SHORT)})$|(?<=\d)([kmb])$", words, re.IGNORECASE)
    return SCALES[found.group().lower()] if found else None


def money(word: str) -> str | None:
    """The code of a currency that a sign, code or word names.

    Examples
    --------
    >>> money("US$"), money("euros"), money("nurses")
    ('USD', 'EUR', None)
    """
    if word.upper() in _SIGNS or word.upper() in _CODES.split("|"):
        return _SIGNS.get(word.upper(), word.upper())
    return _MONEY_WORDS.get(word.lower().rstrip("s"))
