"""Briefs and figures for print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridors.cli.options import AtlasOption, QuietOption, examples

app = typer.Typer(no_args_is_help=True)


@app.command(
    epilog=examples(
        "corridors brief PHL", "corridors brief Mexico -o mexico.html", "corridors brief SEN --language fr"
    )
)
def brief(
    country: Annotated[str, typer.Argument(help="code or name")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="file: .pdf, .html or .typ [brief_PHL.pdf]")
    ] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="en, fr or es")] = "en",
    quiet: QuietOption = False,
    atlas: AtlasOption = None,
) -> None:
    """Write a brief of two pages on a country; every number is a row of the atlas."""
    from corridors.atlas import open_atlas
    from corridors.cli.output import emit
    from corridors.errors import DataError
    from corridors.publish.brief import brief as brief_of

    with open_atlas(atlas) as opened:
        made = brief_of(opened, country, language)
    path = output if output is not None else Path(f"brief_{made.country}.pdf")
    writers = {".pdf": made.to_pdf, ".html": made.to_html, ".typ": made.to_typst}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise DataError(
            f"a brief can not be written as {path.name!r}", remedy=f"let the name end in {', '.join(writers)}"
        )
    emit(write(), path)
    if not quiet:
        typer.echo(f"{path}: {made.summary()}", err=True)


@app.command(
    epilog=examples(
        "corridors chart corridor MEX USA -o corridor.svg",
        "corridors chart remittance-price PHL -o price.png --paper",
        "corridors chart stock-by-birthplace FRA emigrants -o abroad.pdf",
    )
)
def chart(
    name: Annotated[str, typer.Argument(help="which figure: see below")],
    arguments: Annotated[list[str], typer.Argument(help="places, as the figure wants them")],
    output: Annotated[Path, typer.Option("--output", "-o", help="file: .svg, .png or .pdf")],
    paper: Annotated[bool, typer.Option("--paper", help="on the colour of paper instead of none")] = False,
    atlas: AtlasOption = None,
) -> None:
    """Draw a figure: corridor, flow-methods, top-corridors, stock-by-birthplace, net-migration,
    remittances, remittance-price, price-distribution or welfare.
    """
    from corridors.atlas import open_atlas
    from corridors.publish.charts import Setting, save
    from corridors.publish.charts import chart as drawn

    with open_atlas(atlas) as opened:
        save(drawn(opened, name, *arguments, setting=Setting(paper=paper)), output)
