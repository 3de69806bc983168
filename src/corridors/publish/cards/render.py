"""A card for reading: plain text, Markdown, a fragment of HTML."""

from __future__ import annotations

from html import escape

from corridors.publish.cards.fact_card import FactCard
from corridors.wording import in_markdown, number


def text(card: FactCard) -> str:
    """A card as plain text.

    Parameters
    ----------
    card
        The card.

    Examples
    --------
    >>> from corridors.publish.cards import card_kind, make_card
    >>> print(text(make_card(card_kind("doctors"), "Malawi", [])).splitlines()[1])
    not known: the source has no figure for this place; that is not zero
    """
    lines = [card.title, headline(card), *(f"  {label}: {number(v)} %" for label, v in card.parts)]
    lines += [f"{name}: {said}" for name, said in rows(card)]
    return "\n".join(lines) + "\n"


def markdown(card: FactCard) -> str:
    """A card as Markdown; characters of its markup are escaped.

    Parameters
    ----------
    card
        The card.

    Examples
    --------
    >>> from corridors.publish.cards import card_kind, make_card
    >>> print(markdown(make_card(card_kind("doctors"), "Malawi", [])).splitlines()[0])
    ### Doctors: Malawi
    """
    lines = [f"### {in_markdown(card.title)}", "", f"**{in_markdown(headline(card))}**", ""]
    lines += [f"- {in_markdown(label)}: {number(v)} %" for label, v in card.parts]
    lines += [f"- {name}: {in_markdown(said)}" for name, said in rows(card)]
    return "\n".join(lines) + "\n"


def html(card: FactCard) -> str:
    """A card as a fragment of HTML, everything escaped.

    Parameters
    ----------
    card
        The card.

    Examples
    --------
    >>> from corridors.publish.cards import card_kind, make_card
    >>> html(make_card(card_kind("doctors"), "<b>", [])).splitlines()[1]
    '<h3>Doctors: &lt;b&gt;</h3>'
    """
    lines = [
        f'<article class="fact-card" id="fact-{escape(card.name)}">',
        f"<h3>{escape(card.title)}</h3>",
        f'<p class="fact-value">{escape(headline(card))}</p>',
    ]
    if card.parts:
        items = "".join(f"<li>{escape(label)}: {number(v)} %</li>" for label, v in card.parts)
        lines.append(f"<ol>{items}</ol>")
    lines.append("<dl>")
    lines += [f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in rows(card)]
    return "\n".join([*lines, "</dl>", "</article>"]) + "\n"


def headline(card: FactCard) -> str:
    """The figure with unit and date, or that it is not known and why."""
    if card.value is None:
        return f"not known: {card.reason}"
    if card.unit == "status":
        return f"{card.detail} ({card.when})"
    detail = f", {card.detail}" if card.detail else ""
    if card.parts:
        return f"together {number(card.value)} {card.unit} ({card.when}{detail})"
    return f"{number(card.value)} {card.unit} ({card.when}{detail})"


def rows(card: FactCard) -> list[tuple[str, str]]:
    """The rest of the card as pairs of a heading and what it says."""
    found = [("Definition", card.definition), ("Out of", card.denominator)]
    if card.lower is not None and card.upper is not None:
        found.append(("Interval", f"{number(card.lower)} to {number(card.upper)}"))
    found.append(("How sure", card.uncertainty))
    if card.perceived is not None:
        said = f"people guess {number(card.perceived)} % on average"
        if card.expected_by_rescaling is not None and card.residual is not None:
            side = "above" if card.residual >= 0 else "below"
            said += (
                f"; {card.expected_by_rescaling:.1f} % is what guesses of any share of this size would be; "
                f"{abs(card.residual):.1f} points {side} that"
            )
        found.append(("What people guess", said))
    found += [
        ("What it does not say", card.does_not_say),
        ("Source", card.source),
        ("Edition", card.revision),
        ("Licence", card.licence),
        ("Cite as", card.citation),
    ]
    return [(name, said) for name, said in found if said]
