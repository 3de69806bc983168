"""Documents of the United Nations as structure."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from corridors.cli.options import FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit, emit_rows, format_of

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
    )
)
def document(
    file: Annotated[Path, typer.Argument(help="text, HTML, DOCX or PDF; 2011 for the embedded debate")],
    what: Annotated[Part | None, typer.Option(help="list one part [as rows: paragraphs]")] = None,
    akn: Annotated[bool, typer.Option("--akn", help="write Akoma Ntoso 3.0")] = False,
    json: Annotated[bool, typer.Option("--json", help="write everything as JSON")] = False,
    indicators: Annotated[
        Path | None, typer.Option(help="own indicators: name, title, definition, terms")
    ] = None,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="least probability of a link")] = 0.5,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Read a document: sections, numbered paragraphs, statements, quantities, links to indicators.

    Numbers that are missing or stand twice, joined pages and other doubts are listed as findings.
    """
    from corridors.cooperation.documents import read_document
    from corridors.errors import DataError

    if sum((what is not None, akn, json)) > 1:
        raise DataError("--what, --akn and --json exclude one another", remedy="give one of them")
    if (akn or json) and format is not None:
        raise DataError("--format is for rows", remedy="leave out --akn and --json, or --format")
    if not (akn or json) and what is None and format_of(format, output) is not Format.table:
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
    elif what is None:
        emit(found.summary() + "\n", output)
    else:
        rows = found.to_polars(what.value)
        if format_of(format, output) is Format.table:
            rows = rows.select(_COLUMNS.get(what, rows.columns))
        emit_rows(rows, format, output)
