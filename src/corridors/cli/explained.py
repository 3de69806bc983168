"""Where a figure is from, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.cli.output import rendered, table_text
from corridors.wording import cell as shown

if TYPE_CHECKING:
    from corridors.atlas import Explanation


def explanation_text(why: Explanation) -> str:
    """The lineage of a figure, in words and tables."""
    from rich.text import Text

    key = ", ".join(f"{k} {v}" for k, v in why.key.items())
    value = {k: v for k, v in why.figure.items() if k not in why.key and k != "source"}
    lines = [f"{why.table}: {key}", ""]
    lines += [f"  {name:<18}{shown(cell)}" for name, cell in value.items()]
    lines += ["", "How it is made", f"  {why.recipe['formula']}", f"  in code: {why.recipe['function']}"]
    lines += ["", "How sure it is", f"  {why.recipe['uncertainty']}"]
    if why.recipe["caveat"]:
        lines += ["", "What it does not say", f"  {why.recipe['caveat']}"]
    if why.parameters:
        lines += ["", "Parameters"]
        lines += [
            f"  {p['name']} = {p['value']} ({p['unit']}; {p['source']}; {p['source_status']})"
            for p in why.parameters
        ]
    text = rendered(*(Text(line) for line in lines))
    for title, frame in why.inputs.items():
        text += f"\nInput: {title}\n" + table_text(frame.drop("source", strict=False))
    cards = ["", "Sources"]
    for card in why.sources:
        cards += [
            f"  {card['title']}",
            f"    {card['publisher']}; {card['revision']}; {card['licence']}",
            f"    file {card['file']}, sha256 {card['sha256'][:16]}…, {card['rows']:,} rows",
            f"    {card['note']}",
        ]
    return text + rendered(*(Text(line) for line in cards))
