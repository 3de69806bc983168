"""A country brief, and how it is set."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import jinja2
import polars as pl
import typst

from corridors import packaged
from corridors.errors import DataError
from corridors.publish.brief.content import BriefSection, Figure, Key
from corridors.publish.brief.language import speak
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class Brief(Result):
    """A country on two pages.

    Attributes
    ----------
    country, name, language
        Code, name, and language of the brief.
    group
        Region, subregion and income group.
    headline
        The main figures in sentences.
    keys
        Large numbers under the headline.
    sections
        Stocks, flows, money, poverty, health workers, treaties, agreements, commitments (where the
        atlas has them), what is uncertain, sources.
    made
        Software, atlas and run.
    built
        When the atlas was built; the date of the PDF.
    """

    country: str
    name: str
    language: str
    group: str
    headline: str
    keys: tuple[Key, ...]
    sections: tuple[BriefSection, ...]
    made: str
    built: datetime

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every number of the brief with its row in the atlas."""
        return tuple(figure for section in self.sections for figure in section.figures)

    def section(self, id: str) -> BriefSection | None:
        """A section by its key; None where the brief has none."""
        return next((section for section in self.sections if section.id == id), None)

    def summary(self) -> str:
        """Name and headline."""
        return f"{self.name}: {self.headline}"

    def to_typst(self) -> str:
        """The brief as a Typst document that needs nothing beside it."""
        content = json.dumps(json.dumps(self._content(), ensure_ascii=False), ensure_ascii=False)
        template = _data("brief.typ")
        return f"#let brief = json(bytes({content}))\n{template}"

    def to_pdf(self) -> bytes:
        """Two A4 pages, tagged for screen readers (PDF/UA-1); the same bytes for the same atlas.

        Raises
        ------
        DataError
            The document can not be set.
        """
        try:
            made = typst.compile(
                self.to_typst().encode(),
                format="pdf",
                ignore_system_fonts=True,
                timestamp=self.built,
                pdf_standards="ua-1",
            )
        except typst.TypstError as error:
            raise DataError(f"the brief of {self.name} can not be set", str(error)) from error
        assert isinstance(made, bytes)
        return made

    def to_html(self) -> str:
        """One page without anything from elsewhere, to read or to print."""
        environment = jinja2.Environment(
            autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
        )
        environment.filters["image"] = _image
        return environment.from_string(_data("brief.html.j2")).render(
            brief=self, words=speak(self.language).words, css=_data("brief.css")
        )

    def _content(self) -> dict[str, Any]:
        content = asdict(self)
        del content["built"]
        for section in content["sections"]:
            del section["figures"]
        content["sections"] = {section["id"]: section for section in content["sections"]}
        content["words"] = dict(speak(self.language).words)
        return content

    def to_polars(self) -> pl.DataFrame:
        """One row a number of the brief: what it is, the value, as it is written, its interval, its table."""
        columns = ("name", "value", "text", "lower", "upper", "table", "column")
        return pl.DataFrame([{c: getattr(figure, c) for c in columns} for figure in self.figures])


def _image(svg: str) -> str:
    """A chart as an address that holds it, so that the names inside charts do not meet."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _data(name: str) -> str:
    return packaged.text(f"publish/brief/{name}")
