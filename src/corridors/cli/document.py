"""Documents of the United Nations as structure."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit, emit_rows, format_of

if TYPE_CHECKING:
    from corridors.cooperation.documents import Document

app = typer.Typer()


class Part(StrEnum):
    """Parts of a document that can be listed."""

    sections = "sections"
    paragraphs = "paragraphs"
    statements = "statements"
    quantities = "quantities"
    links = "links"
    findings = "findings"
    footnotes = "footnotes"


_COLUMNS = {
    Part.sections: ["id", "number", "title", "level", "page"],
    Part.paragraphs: ["id", "kind", "section", "text"],
    Part.statements: ["id", "type", "actor", "addressee", "rationale", "text"],
    Part.quantities: ["statement", "text", "value", "low", "high", "unit", "period", "qualifier"],
    Part.links: ["statement", "indicator", "probability", "rationale"],
}


@app.command(
    epilog=examples(
        "corridors document 2011",
        "corridors document report.pdf --what statements -f csv -o statements.csv",
        "corridors document resolution.docx --akn -o resolution.xml",
        "corridors document resolution.docx --commitments -o drafts.toml",
    )
)
def document(
    file: Annotated[Path, typer.Argument(help="text, HTML, DOCX or PDF; 2011 for the embedded debate")],
    what: Annotated[Part | None, typer.Option(help="list one part [as rows: paragraphs]")] = None,
    akn: Annotated[bool, typer.Option("--akn", help="write Akoma Ntoso 3.0")] = False,
    json: Annotated[bool, typer.Option("--json", help="write everything as JSON")] = False,
    commitments: Annotated[
        bool, typer.Option("--commitments", help="write drafts for the register, with today's figures")
    ] = False,
    indicators: Annotated[
        Path | None, typer.Option(help="own indicators: name, title, definition, terms")
    ] = None,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="least probability of a link")] = 0.5,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Read a document: sections, numbered paragraphs, statements, quantities, links to indicators.

    Numbers that are missing or stand twice, joined pages and other doubts are listed as findings. Drafts are
    TOML that 'corridors register check' and 'corridors monitor --register' take.
    """
    from corridors.cooperation.documents import read_document
    from corridors.errors import DataError

    if sum((what is not None, akn, json, commitments)) > 1:
        title = "--what, --akn, --json and --commitments exclude one another"
        raise DataError(title, remedy="give one of them")
    whole = akn or json or commitments
    if whole and format is not None:
        raise DataError(
            "--format is for rows", remedy="leave out --akn, --json and --commitments, or --format"
        )
    if not whole and what is None and format_of(format, output) is not Format.table:
        what = Part.paragraphs
    vocabulary = None
    if indicators is not None:
        from corridors.evidence import read_file

        vocabulary = read_file(indicators, "indicators")
    found = read_document(file, indicators=vocabulary, threshold=threshold)
    if akn:
        emit(found.to_akoma_ntoso(), output)
    elif json:
        emit(found.to_json(), output)
    elif commitments:
        _drafts(found, atlas, output)
    elif what is None:
        emit(found.summary() + "\n", output)
    else:
        rows = found.to_polars(what.value)
        if format_of(format, output) is Format.table:
            rows = rows.select(_COLUMNS.get(what, rows.columns))
        emit_rows(rows, format, output)


def _drafts(found: Document, atlas: Path | None, output: Path | None) -> None:
    """Write drafts of register entries, and print today's figure of each indicator they are linked to."""
    from datetime import date

    from corridors.atlas.indicators import indicators
    from corridors.cooperation.documents import DraftMeasure, day_of, draft_entries, drafts_as_toml
    from corridors.wording import counted

    measures = {n: DraftMeasure(d.title, d.unit, d.better, d.scope) for n, d in indicators().items()}
    drafts = draft_entries(found, measures, stated=date.today())
    linked = dict.fromkeys(link.indicator for draft in drafts for link in draft.links)
    figures = _figures(list(linked), atlas)
    emit(drafts_as_toml(found, drafts, measures, figures), output)
    measured = sum(draft.entry.indicator is not None for draft in drafts)
    aimed = sum(draft.entry.target_value is not None for draft in drafts)
    told = [counted(len(drafts), "draft"), f"{measured} with an indicator", f"{aimed} with a target"]
    if day_of(found) is None:
        told.append("no date in the masthead: today's stands for it")
    typer.echo(", ".join(told), err=True)
    for name, words in figures.items():
        typer.echo(f"  {name}: {words}", err=True)


def _figures(names: list[str], atlas: Path | None) -> dict[str, str]:
    """Today's figure of the world of each indicator, in words."""
    from corridors.atlas import open_atlas
    from corridors.atlas.indicators import indicators
    from corridors.errors import NotFound
    from corridors.wording import number

    try:
        table = open_atlas(atlas).table("indicator")
    except NotFound:
        return dict.fromkeys(names, "no atlas here to take a figure from; 'corridors build' makes one")
    found: dict[str, str] = {}
    for name in names:
        rows = table.filter(indicator=name, place="WLD").drop_nulls("value")
        if rows.is_empty():
            found[name] = "no figure of the world"
            continue
        row = rows.sort("year").row(-1, named=True)
        unit = indicators()[name].unit
        ends = [row["value"], row["lower"], row["upper"]]
        share = 100.0 if unit == "share" else 1.0
        value, low, high = (None if end is None else number(share * end) for end in ends)
        between = "" if low is None or high is None else f" ({low} to {high})"
        found[name] = f"{value}{between} {'%' if unit == 'share' else unit} in {row['year']}, world"
    return found
