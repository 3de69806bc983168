"""Fact cards of a country from a built atlas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit, emit_rows, format_of

if TYPE_CHECKING:
    from corridors.publish.cards import FactCard

app = typer.Typer()


@app.command(
    epilog=examples(
        "corridors facts PHL",
        "corridors facts Italy --card migrant_share --markdown",
        "corridors facts USA --card migrant_share --json-ld -o share.jsonld",
        "corridors facts PHL -f csv -o cards.csv",
    )
)
def facts(
    country: Annotated[str, typer.Argument(help="code or name")],
    card: Annotated[list[str] | None, typer.Option(help="only this card; several times for several")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="as Markdown")] = False,
    json_ld: Annotated[bool, typer.Option("--json-ld", help="as JSON-LD (schema.org, PROV)")] = False,
    html: Annotated[bool, typer.Option("--html", help="as a fragment of HTML")] = False,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Print fact cards: a figure, its definition, date and source, and what it does not say."""
    from corridors.atlas import open_atlas
    from corridors.errors import DataError
    from corridors.publish.cards import card_kind, card_kinds, card_table, cards_of

    if markdown + json_ld + html + (format is not None) > 1:
        raise DataError("choose one of --markdown, --json-ld, --html and --format")
    kinds = [card_kind(name) for name in card] if card else list(card_kinds().values())
    with open_atlas(atlas) as source:
        cards = cards_of(source, country, kinds)
    written = "markdown" if markdown else "json_ld" if json_ld else "html" if html else "text"
    chosen = format_of(format, output)
    if written == "text" and chosen is not Format.table:
        emit_rows(card_table(cards), chosen, output)
    else:
        emit(written_cards(cards, written), output)


def written_cards(cards: list[FactCard], how: str) -> str:
    """Cards one after the other as text, Markdown, HTML or JSON-LD (a list where several)."""
    from corridors.publish import cards as room

    made = [getattr(room, how)(card) for card in cards]
    if how == "json_ld":
        return made[0] if len(made) == 1 else "[\n" + ",\n".join(one.rstrip() for one in made) + "\n]\n"
    return "\n".join(made)
