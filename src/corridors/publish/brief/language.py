"""Words, numbers and names of places in the language of a brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from corridors import packaged, places
from corridors.errors import NotFound
from corridors.wording import marked, rounded, the

if TYPE_CHECKING:
    from vl_convert import FormatLocale

LOCALES: Mapping[str, FormatLocale] = {"en": "en-US", "fr": "fr-FR", "es": "es-ES"}
NARROW = "\u00a0"


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages a brief can be written in.

    Examples
    --------
    >>> languages()
    ('en', 'fr', 'es')
    """
    return tuple(_labels())


@cache
def _labels() -> dict[str, dict[str, Any]]:
    return packaged.toml("publish/brief/labels.toml")


@cache
def _names(language: str) -> Mapping[str, str]:
    """Names of places in a language: the preferred one, else the shortest of more than four letters."""
    listed: dict[str, tuple[bool, int, str]] = {}
    for name in places.names():
        if name.language == language and len(name.text) > 4:
            rank = (name.preferred, -len(name.text), name.text)
            listed[name.country] = max(rank, listed.get(name.country, rank))
    return {code: name for code, (_, _, name) in listed.items()} | _labels()[language].get("places", {})


@dataclass(frozen=True, slots=True)
class Language:
    """How a brief speaks.

    Attributes
    ----------
    code
        ``en``, ``fr`` or ``es``.
    """

    code: str

    @property
    def words(self) -> Mapping[str, str]:
        """Labels by key."""
        return {name: word for name, word in _labels()[self.code].items() if isinstance(word, str)}

    @property
    def locale(self) -> FormatLocale:
        """The locale of numbers on charts."""
        return LOCALES[self.code]

    def say(self, key: str, **filled: object) -> str:
        """A label with its gaps filled.

        Examples
        --------
        >>> speak("fr").say("party_to", n=9, all=10, year=2022)
        'Partie à 9 des 10 traités suivis (liste de 2022)'
        """
        return _labels()[self.code][key].format(**filled)

    def place(self, code: str) -> str:
        """The name of a place, in English where the register has no other.

        Examples
        --------
        >>> speak("es").place("PHL"), speak("fr").place("USA"), speak("en").place("TUR")
        ('Filipinas', 'États-Unis', 'Türkiye')
        """
        name = places.find(code).name
        return name if self.code == "en" else _names(self.code).get(code, name)

    def the(self, code: str) -> str:
        """The name within a sentence."""
        return the(self.place(code)) if self.code == "en" else self.place(code)

    def whole(self, value: float, digits: int = 3) -> str:
        r"""A count, rounded to some digits.

        Examples
        --------
        >>> speak("en").whole(704943.4), speak("fr").whole(6094307.0), speak("en").whole(-12)
        ('705,000', '6\xa0090\xa0000', '−12')
        """
        return self._written(rounded(value, digits), 0)

    def decimal(self, value: float, digits: int) -> str:
        """A number with so many digits after the point.

        Examples
        --------
        >>> speak("es").decimal(4.4886, 1), speak("en").decimal(1234.5, 1)
        ('4,5', '1,234.5')
        """
        return self._written(value, digits)

    def amount(self, millions: float) -> str:
        r"""USD million in words.

        Examples
        --------
        >>> speak("en").amount(38049.0), speak("es").amount(2.5)
        ('38.0 billion', '2,5\xa0millones')
        """
        large = millions >= 1000
        value = millions / 1000 if large else millions
        digits = 0 if value >= 100 else 1
        return self.say("billion" if large else "million", n=self._written(value, digits))

    def percent(self, value: float, digits: int = 2) -> str:
        r"""A value in percent, with its sign.

        Examples
        --------
        >>> speak("fr").percent(4.4886)
        '4,49\xa0%'
        """
        return f"{self._written(value, digits)}{NARROW}%"

    def _written(self, value: float, digits: int) -> str:
        labels = _labels()[self.code]
        return marked(value, digits, labels["decimal"], labels["group"])


def speak(code: str) -> Language:
    """A language by its code.

    Raises
    ------
    NotFound
        Briefs are not written in it; says in which they are.

    Examples
    --------
    >>> speak("de")
    Traceback (most recent call last):
    corridors.errors.NotFound: a brief can not be written in 'de'
    """
    if code not in languages():
        raise NotFound(f"a brief can not be written in {code!r}", remedy=f"use {', '.join(languages())}")
    return Language(code)
