"""The part of a brief about health workers, treaties, agreements and commitments."""

from __future__ import annotations

from corridors.atlas.commitments_of import commitments_of
from corridors.publish.brief.asking import Asker
from corridors.publish.brief.content import BriefSection, Figure

LATEST_AGREEMENTS = 6
MOST_COMMITMENTS = 4
_WORDY = 130


def health_section(ask: Asker) -> BriefSection:
    """Densities of health workers, and whether recruiting them is discouraged."""
    title = ask.say("health")
    rows = ask.rows("SELECT * FROM health_workforce WHERE country = $code")
    if not rows:
        return BriefSection("health", title, "", (ask.say("health_unknown"),))
    sentences: list[str] = []
    figures: list[Figure] = []
    for label, column in (("physicians", "physicians_per_10000"), ("nurses", "nurses_midwives_per_10000")):
        key = f"country = '{ask.code}'"
        figure = ask.figure(label, "health_workforce", key, column, lambda v: ask.language.decimal(v, 1))
        if figure is not None:
            figures.append(figure)
            sentences.append(ask.say(label, value=figure.text, year=ask.aged(rows[0][f"{column}_year"])))
    first = "; ".join(sentences) + "." if sentences else ask.say("health_unknown")
    listed = ask.say("safeguards_yes" if rows[0]["safeguards_list_2023"] else "safeguards_no")
    return BriefSection("health", title, "", (f"{first} {listed}",), figures=tuple(figures))


def treaty_section(ask: Asker) -> BriefSection:
    """To which human rights treaties the state is not a party."""
    title = ask.say("treaties")
    rows = ask.rows(
        "SELECT t.treaty, p.state_party_since AS since FROM (SELECT DISTINCT treaty FROM treaty) t "
        "LEFT JOIN treaty p ON p.treaty = t.treaty AND p.country = $code ORDER BY t.treaty"
    )
    if all(row["since"] is None for row in rows):
        return BriefSection("treaties", title, "", (ask.say("treaties_unknown"),))
    count = ask.language.whole
    parties = ask.figure("parties", "treaty", f"country = '{ask.code}'", "count(*)", count)
    watched = ask.figure("treaties", "treaty", "true", "count(DISTINCT treaty)", count)
    assert parties is not None
    assert watched is not None
    lacking = [ask.say(f"treaty_{row['treaty']}") for row in rows if row["since"] is None]
    last = ask.rows("SELECT max(state_party_since) AS year FROM treaty")[0]["year"]
    said = (
        [ask.say("party_to", n=parties.text, all=watched.text, year=ask.aged(last)) + "."]
        if lacking
        else [ask.say("party_all", year=ask.aged(last))]
    )
    if lacking:
        said.append(ask.say("not_party", list=", ".join(lacking)))
    joined = next((row["since"] for row in rows if row["treaty"] == "icrmw"), None)
    if joined is not None:
        said.append(ask.say("icrmw_since", year=joined))
    return BriefSection("treaties", title, "", (" ".join(said),), figures=(parties, watched))


def agreement_section(ask: Asker) -> BriefSection:
    """How many labour agreements there are, and the latest."""
    title = ask.say("agreements")
    last = ask.rows("SELECT max(year) AS year FROM labour_agreement")[0]["year"]
    key = f"(party_a = '{ask.code}' OR party_b = '{ask.code}')"
    count = ask.language.whole
    signed = ask.figure("agreements", "labour_agreement", key, "count(*)", count)
    coded = ask.figure("agreements coded", "labour_agreement", f"{key} AND coded", "count(*)", count)
    if signed is None or coded is None or not signed.value:
        return BriefSection("agreements", title, "", (ask.say("agreements_none", year=ask.aged(last)),))
    rows = ask.rows(
        "SELECT DISTINCT if(party_a = $code, party_b, party_a) AS other, year FROM labour_agreement "
        f"WHERE {key} ORDER BY year DESC, other LIMIT {LATEST_AGREEMENTS}"
    )
    latest = "; ".join(f"{ask.language.place(row['other'])} {row['year']}" for row in rows)
    said = ask.say("agreements_sentence", n=signed.text, coded=coded.text, year=ask.aged(last))
    return BriefSection("agreements", title, "", (f"{said} {latest}.",), figures=(signed, coded))


def commitment_section(ask: Asker) -> BriefSection | None:
    """Commitments that name the country, else those of all states; None where the atlas has none."""
    if "commitment" not in ask.tables:
        return None
    own, every = commitments_of(ask.atlas, ask.code)
    state = bool(ask.rows("SELECT 1 FROM treaty WHERE country = $code LIMIT 1"))
    shown = own or (every if state else [])
    if not shown:
        return None
    kind = ask.say("commitments_own" if own else "commitments_all")
    said = tuple(
        f"{row['title']} ({_shortened(row['document'])}; {row['state'].replace('-', ' ')})." for row in shown
    )
    return BriefSection("commitments", ask.say("commitments"), kind, said[:MOST_COMMITMENTS])


def _shortened(text: str) -> str:
    return text if len(text) <= _WORDY else text[: _WORDY - 1].rstrip() + "…"
