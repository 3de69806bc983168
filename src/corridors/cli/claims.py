"""What was said, and what figures say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit, emit_rows, format_of

if TYPE_CHECKING:
    import polars as pl

app = typer.Typer()

VERDICTS = ("supported", "partly-supported", "not-supported", "mixed", "uncertain", "not-checkable")


@app.command(
    epilog=examples(
        "corridors claims", "corridors claims --paragraph 3", "corridors claims --verdict mixed -o mixed.csv"
    )
)
def claims(
    paragraph: Annotated[int | None, typer.Option(help="only this paragraph of the document")] = None,
    verdict: Annotated[
        str | None, typer.Option(help="only this verdict: supported, not-supported, mixed, …")
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Show the statements of the debate of 2011, checked by figures: then, now, verdict, and why."""
    from corridors.atlas import open_atlas
    from corridors.errors import DataError, NotFound

    if verdict is not None and verdict not in VERDICTS:
        raise DataError(f"there is no verdict {verdict!r}", remedy=f"verdicts: {', '.join(VERDICTS)}")
    rows = open_atlas(atlas).sql(
        "SELECT * FROM claim WHERE paragraph = coalesce($p, paragraph) AND verdict = coalesce($v, verdict) "
        "ORDER BY paragraph, claim",
        {"p": paragraph, "v": verdict},
    )
    if rows.is_empty():
        raise NotFound("no statement is like that", remedy="the paragraphs run from 1 to 18")
    if format_of(format, output) is Format.table:
        emit(claims_text(rows), output)
    else:
        emit_rows(rows, format, output)


def claims_text(rows: pl.DataFrame) -> str:
    """Statements as paragraphs of text.

    Parameters
    ----------
    rows
        Rows of the table ``claim``.
    """
    from rich.text import Text

    from corridors.cli.output import rendered

    lines: list[Text] = [Text(str(rows["document"][0]), style="bold")]
    last = None
    for row in rows.to_dicts():
        if row["paragraph"] != last:
            last = row["paragraph"]
            lines += [Text(""), Text(f"Paragraph {last}", style="bold")]
        lines += [Text(line) for line in _told(row)]
    counts = rows["verdict"].value_counts(sort=True)
    total = ", ".join(f"{count} {name}" for name, count in counts.iter_rows())
    old = rows["data_note"].count()
    aged = f"; {old} with a note on the age of the figure" if old else ""
    return rendered(*lines, Text(""), Text(f"{rows.height} statements: {total}{aged}"))


def _told(row: dict[str, Any]) -> list[str]:
    head = f"  {row['verdict'].upper():<17} {row['statement']}  [{row['claim']}]"
    if not row["checkable"]:
        return [head, f"      why not: {row['reason']}", f"      needs: {row['needs'] or row['limits']}"]
    lines = [head, f"      measured: {row['measure']}"]
    if row["then_value"] is not None and row["now_value"] is not None:
        lines.append(f"      then → now: {_figure(row, 'then')} → {_figure(row, 'now')}")
    lines.append(f"      why: {row['explanation']} ({row['certainty']})")
    if row["data_note"]:
        lines.append(f"      age: {row['data_note']}")
    return [*lines, f"      limits: {row['limits']}"]


def _figure(row: dict[str, Any], when: str) -> str:
    from corridors.wording import dated

    value, year, lower, upper = (row[f"{when}_{part}"] for part in ("value", "year", "lower", "upper"))
    return dated(value, row["unit"], year, lower, upper)
