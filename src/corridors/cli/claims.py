"""What was said, and what figures say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit, emit_rows, format_of

if TYPE_CHECKING:
    import polars as pl

app = typer.Typer()


@app.command(
    epilog=examples(
        "corridors claims --checkable",
        "corridors claims --paragraph 3",
        "corridors claims --checkable -f md -o debate.md",
        "corridors claims --verdict mixed -o mixed.csv",
    )
)
def claims(
    paragraph: Annotated[int | None, typer.Option(help="only this paragraph of the document")] = None,
    verdict: Annotated[
        str | None,
        typer.Option(help="only this verdict: supported, half-supported, supported-on-proxy, mixed, …"),
    ] = None,
    checkable: Annotated[
        bool, typer.Option("--checkable", help="only what figures of the atlas can check")
    ] = False,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Show the statements of the debate of 2011, checked by figures: then, now, verdict, and why."""
    from corridors.atlas import open_atlas
    from corridors.atlas.verdicts import verdicts
    from corridors.errors import DataError, NotFound

    if verdict is not None and verdict not in verdicts():
        raise DataError(f"there is no verdict {verdict!r}", remedy=f"verdicts: {', '.join(verdicts())}")
    rows = open_atlas(atlas).sql(
        "SELECT * FROM claim WHERE paragraph = coalesce($p, paragraph) AND verdict = coalesce($v, verdict) "
        "AND (checkable OR NOT $only) ORDER BY paragraph, claim",
        {"p": paragraph, "v": verdict, "only": checkable},
    )
    if rows.is_empty():
        raise NotFound("no statement is like that", remedy="the paragraphs run from 1 to 18")
    chosen = format_of(format, output)
    if chosen is Format.table:
        emit(claims_text(rows), output)
    elif chosen is Format.md:
        emit(claims_markdown(rows), output)
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
        said = [f"{name}: {words}" for name, words in _said(row)]
        lines += [Text(f"  {row['statement']}  [{row['claim']}]"), Text(f"      {_verdict(row).upper()}")]
        lines += [Text(f"      {line}") for line in said]
    return rendered(*lines, Text(""), Text(_counted(rows)))


def claims_markdown(rows: pl.DataFrame) -> str:
    """Statements as a document in Markdown, for a note.

    Parameters
    ----------
    rows
        Rows of the table ``claim``.
    """
    from corridors.atlas.verdicts import verdicts
    from corridors.wording import in_markdown

    lines = [f"# {in_markdown(str(rows['document'][0]))}", "", f"{in_markdown(_counted(rows))}."]
    last = None
    for row in rows.to_dicts():
        if row["paragraph"] != last:
            last = row["paragraph"]
            lines += ["", f"## Paragraph {last}"]
        lines += ["", f"**{in_markdown(row['statement'])}** (`{row['claim']}`)", ""]
        lines += [f"- **{_capital(_verdict(row))}**"]
        lines += [f"- {_capital(name)}: {in_markdown(words)}" for name, words in _said(row)]
    lines += ["", "## What the verdicts mean", ""]
    shown = set(rows["verdict"])
    lines += [
        f"- {_capital(v.words)} (`{v.verdict}`): {in_markdown(v.meaning)}."
        for v in verdicts().values()
        if v.verdict in shown
    ]
    return "\n".join(lines) + "\n"


def _counted(rows: pl.DataFrame) -> str:
    from corridors.atlas.verdicts import verdicts

    found = dict(rows["verdict"].value_counts().iter_rows())
    total = ", ".join(f"{found[key]} {key}" for key in verdicts() if key in found)
    old = rows["data_note"].count()
    return f"{rows.height} statements: {total}" + (
        f"; {old} with a note on the age of the figure" if old else ""
    )


def _verdict(row: dict[str, Any]) -> str:
    from corridors.atlas.verdicts import verdicts

    words, proxy = verdicts()[row["verdict"]].words, row["proxy"]
    if not proxy:
        return words
    article = "an" if proxy == "implied" else "a"
    return f"{words} ({proxy})" if words.endswith("proxy") else f"{words} (on {article} {proxy} proxy)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _said(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What is told of a statement, by what it is."""
    if not row["checkable"]:
        return [("why not", row["reason"]), ("needs", row["needs"] or row["limits"])]
    said = [("measured", row["measure"])]
    if row["proxy"]:
        said.append(("proxy", row["proxy_reason"]))
    if row["then_value"] is not None and row["now_value"] is not None:
        ends = [_figure(row, when) for when in ("then", "now")]
        if ends[0] != ends[1] and not all(end in row["explanation"] for end in ends):
            said.append(("then → now", " → ".join(ends)))
    said.append(("why", f"{row['explanation']} ({row['certainty']})"))
    if row["data_note"]:
        said.append(("age", row["data_note"]))
    return [*said, ("limits", row["limits"])]


def _figure(row: dict[str, Any], when: str) -> str:
    from corridors.wording import dated

    value, year, lower, upper = (row[f"{when}_{part}"] for part in ("value", "year", "lower", "upper"))
    return dated(value, row["unit"], year, lower, upper)
