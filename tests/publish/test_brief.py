"""Country briefs: two pages, the same bytes, and no number that is not in the atlas."""

from __future__ import annotations

import hashlib
import html
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

import corridors as co
from corridors import places
from corridors.cli import brief as command
from corridors.errors import NotFound
from corridors.publish.brief import Brief, Figure, brief, languages
from corridors.publish.brief.language import _labels, speak
from corridors.wording import in_letters

# Rich, poor, tiny, long names, within others, no state, no money, counted with others.
DIVERSE = ("PHL", "MEX", "FRA", "ARE", "TUV", "XKX", "CHI", "JEY", "VEN", "COD", "BES", "TWN", "SRB", "IND")
NUMBER = re.compile(r"[−-]?\d+(?:[.,\u00a0]\d+)*")


class Text(HTMLParser):
    """The words of a page, without those of its style."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skip = False
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip = tag == "style"
        self.references += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        self.skip = False

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.parts.append(data)


def read(page: str) -> Text:
    text = Text()
    text.feed(page)
    return text


def ago(atlas: co.Atlas, year: int) -> str:
    """Years between a year and the day of the atlas, in words."""
    return in_letters(int(str(atlas.table("run")["as_of"].item())[:4]) - year)


@pytest.fixture(scope="module")
def philippines(atlas: co.Atlas) -> Brief:
    return brief(atlas, "PHL")


@pytest.mark.parametrize("country", DIVERSE)
def test_exactly_two_pages_of_a4(country: str, atlas: co.Atlas) -> None:
    made = PdfReader(io.BytesIO(brief(atlas, country).to_pdf()))
    assert len(made.pages) == 2
    for page in made.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert len(page.extract_text()) > 300
    # The last lines of both pages are there: nothing was cut off.
    assert "2 of 2" in made.pages[1].extract_text()
    assert "imply no opinion" in re.sub(r"\s+", " ", made.pages[1].extract_text())


@pytest.mark.parametrize("country", ["PHL", "FRA", "TUV"])
def test_every_figure_is_a_row_of_the_atlas(country: str, atlas: co.Atlas) -> None:
    made = brief(atlas, country)
    assert len(made.figures) >= 15
    for figure in made.figures:
        assert float(atlas.sql(figure.sql).item()) == figure.value, figure.name
        if figure.lower is not None:
            ends = atlas.sql(
                f"SELECT {', '.join(figure.columns)} FROM {figure.table} WHERE {figure.key}"
            ).row(0)
            assert ends == (figure.lower, figure.upper), figure.name


def written(figure: Figure, code: str) -> set[str]:
    """All ways a figure may be printed."""
    speech = speak(code)
    found: set[str] = set()
    for value in (figure.value, figure.lower, figure.upper):
        if value is None:
            continue
        for scaled in (value, 100 * value, value / 1000):
            found |= {speech.whole(scaled), *(speech.decimal(scaled, digits) for digits in (0, 1, 2))}
    return found


@pytest.mark.parametrize(("country", "language"), [("PHL", "en"), ("FRA", "es"), ("TUV", "fr")])
def test_no_other_number_is_printed(country: str, language: str, atlas: co.Atlas) -> None:
    made = brief(atlas, country, language)
    allowed = set().union(*(written(figure, language) for figure in made.figures))
    # Dates, poverty lines, targets, levels and units are no figures of the country.
    for section in made.sections:
        if section.id in ("commitments", "uncertain", "sources"):
            continue
        printed = [*section.sentences, *(cell for t in section.tables for row in t.rows for cell in row[1:])]
        for text in [made.headline, *(key.text for key in made.keys), *printed]:
            numbers = {number for number in NUMBER.findall(text) if not _label(number, text)}
            assert numbers <= allowed, (section.id, text)


def _label(number: str, text: str) -> bool:
    year = re.fullmatch(r"(19|20)\d\d", number) is not None
    known = {"200", "5", "3", "10", "80", "10\u00a0000", "10,000", "1\u00a0000", "1,000"}
    ago = f"{number} ans" in text or f"hace {number} años" in text or f"{number} years ago" in text
    return year or ago or number in known or f"Q{number} " in text or f"T{number} " in text


def test_headline_says_what_is_known(philippines: Brief, atlas: co.Atlas) -> None:
    assert philippines.headline.startswith("In 2024, 6,990,000 people born in the Philippines lived abroad")
    assert (
        "4.12\u00a0% in Q3 2025, mean over corridors, below 5\u00a0% but above the 3\u00a0%"
        in philippines.headline
    )
    assert "not known" in brief(atlas, "XKX").headline
    assert "paid abroad" in brief(atlas, "SAU").headline


def test_what_is_not_known_is_said_and_is_not_zero(atlas: co.Atlas) -> None:
    kosovo, jersey = brief(atlas, "XKX"), brief(atlas, "JEY")
    assert "counted within Serbia" in " ".join(kosovo.section("stock").sentences)
    assert "recorded remittances are 45\u00a0% of what" in " ".join(kosovo.section("welfare").sentences)
    assert kosovo.section("welfare").tables == kosovo.section("welfare").drawings == ()
    assert "it is not known here" in " ".join(kosovo.section("treaties").sentences)
    assert "does not mean that none are sent" in " ".join(jersey.section("money").sentences)
    assert [key.known for key in jersey.keys] == [False] * 5
    assert not any(key.text == "0" for key in (*kosovo.keys, *jersey.keys))
    assert "Kosovo" in " ".join(brief(atlas, "SRB").section("stock").notes)


def test_treaties_name_those_that_are_lacking(atlas: co.Atlas) -> None:
    said = " ".join(brief(atlas, "FRA").section("treaties").sentences)
    joined = atlas.table("treaty", where="country = 'FRA'")["treaty"].to_list()
    assert "icrmw" not in joined
    assert "Not party to: migrant workers (ICRMW)." in said


def test_intervals_stand_beside_estimates(philippines: Brief) -> None:
    flow = philippines.section("flow")
    assert all(" – " in row[2] for table in flow.tables for row in table.rows)
    assert flow.kind.endswith("estimates")
    assert philippines.section("stock").kind.startswith("Stock:")


def test_sources_have_revision_and_licence(philippines: Brief, atlas: co.Atlas) -> None:
    said = philippines.section("sources").sentences
    cards = atlas.table("source").to_dicts()
    known = {f"{c['publisher']}: {c['title']}. {c['revision']}. {c['licence']}.": c for c in cards}
    assert len(said) >= 8
    cited = [citation.split(" Newer: ") for citation in said]
    assert {citation for citation, *_ in cited} <= set(known)
    # Who reads an old figure reads what has taken its place.
    newer = {citation: rest[0].rstrip(".") if rest else None for citation, *rest in cited}
    assert newer == {citation: known[citation]["superseded"] for citation in newer}
    assert any(newer.values())


def test_old_figures_say_how_long_ago_and_what_is_ahead_has_its_interval(
    philippines: Brief, atlas: co.Atlas
) -> None:
    survey = f"Household survey of 2018, {ago(atlas, 2018)} years ago;"
    assert philippines.section("welfare").kind.startswith(survey)
    assert "2024" in philippines.section("stock").kind
    assert "ago" not in philippines.section("stock").kind + philippines.headline
    french = brief(atlas, "PHL", "fr")
    year = int(str(atlas.table("run")["as_of"].item())[:4])
    assert f"2018, il y a {year - 2018} ans" in french.section("welfare").kind
    row = atlas.sql(
        "SELECT population, lower, upper FROM population_projection WHERE country = 'PHL' AND year = 2050"
    ).row(0)
    low, middle, high = (speak("en").whole(row[i]) for i in (1, 0, 2))
    assert philippines.section("stock").sentences[-1] == (
        f"The United Nations project {middle} residents in 2050 (80 % interval {low} – {high})."
    )


def test_the_page_is_whole_and_safe(philippines: Brief, atlas: co.Atlas) -> None:
    page = read(philippines.to_html())
    assert all(reference.startswith("data:image/svg+xml;base64,") for reference in page.references)
    assert len(page.references) >= 6
    assert philippines.headline in "".join(page.parts)
    hostile = replace(philippines, name="<script>alert(1)</script>", headline='"]); #panic("x") \\ & <b>')
    assert "<script>" not in hostile.to_html()
    assert html.escape(hostile.name) in hostile.to_html()
    assert "panic" in PdfReader(io.BytesIO(hostile.to_pdf())).pages[0].extract_text()


def test_the_same_bytes_from_two_processes(philippines: Brief, atlas_folder: Path) -> None:
    script = (
        "import hashlib, corridors as co\nfrom corridors.publish.brief import brief\n"
        "made = brief(co.open(), 'PHL')\n"
        "print(*(hashlib.sha256(x).hexdigest() for x in (made.to_pdf(), made.to_html().encode())))"
    )
    ours = [hashlib.sha256(x).hexdigest() for x in (philippines.to_pdf(), philippines.to_html().encode())]
    for seed in ("1", "2"):
        environment = {**os.environ, "CORRIDORS_ATLAS": str(atlas_folder), "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert ran.stdout.split() == ours


def test_pdf_is_dated_by_the_atlas_and_tagged(philippines: Brief, atlas: co.Atlas) -> None:
    made = PdfReader(io.BytesIO(philippines.to_pdf()))
    built = atlas.table("run")["built_at"][0]
    assert made.metadata is not None
    assert made.metadata["/CreationDate"][2:10] == built[:10].replace("-", "")
    assert made.metadata.title == "Philippines · Country brief"
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - an object of pypdf


def test_labels_are_complete_in_every_language() -> None:
    english = {name: word for name, word in _labels()["en"].items() if isinstance(word, str)}
    for code in languages():
        words = {name: word for name, word in _labels()[code].items() if isinstance(word, str)}
        assert words.keys() == english.keys()
        for name, word in words.items():
            gaps = set(re.findall(r"{(\w+)}", word))
            assert gaps <= set(re.findall(r"{(\w+)}", english[name])), (code, name)
            assert word or name == "uncertain_note", (code, name)


@pytest.mark.parametrize(("language", "name", "heading", "number"), [
    ("fr", "Mexique", "Qui est parti, qui est venu", "8\u00a0160\u00a0000"),
    ("es", "México", "Quién se fue, quién vino", "8\u00a0160\u00a0000"),
])  # fmt: skip
def test_languages(language: str, name: str, heading: str, number: str, atlas: co.Atlas) -> None:
    assert brief(atlas, "MEX", language).name == name
    made = brief(atlas, "ARE", language)
    assert made.section("flow").title == heading
    assert number in made.headline
    assert len(PdfReader(io.BytesIO(made.to_pdf())).pages) == 2


def test_names_of_all_places_in_all_languages() -> None:
    for code in languages():
        named = [speak(code).place(place.code) for place in places.every()]
        assert len(set(named)) == len(named), code
        assert all(named)


def test_remittances_stand_beside_aid_and_investment_of_one_year(atlas: co.Atlas) -> None:
    money = brief(atlas, "NPL").section("money")
    [said] = [text for text in money.sentences if text.startswith("Beside the economy in ")]
    shares = {f.name: f for f in money.figures if f.name.startswith("beside_")}
    assert set(shares) == {"beside_remittances", "beside_aid", "beside_investment"}
    assert len({figure.key.split("year = ")[1] for figure in shares.values()}) == 1
    assert shares["beside_remittances"].value > shares["beside_aid"].value > 0
    assert all(figure.text in said for figure in shares.values())
    assert f"upper middle income (2019, {ago(atlas, 2019)} years ago)" in brief(atlas, "VEN").group


def test_refusals(atlas: co.Atlas) -> None:
    with pytest.raises(NotFound, match="in 'tlh'"):
        brief(atlas, "PHL", "tlh")
    with pytest.raises(NotFound, match="Utopia"):
        brief(atlas, "Utopia")
    with pytest.raises(NotFound, match="SUN"):
        brief(atlas, "SUN")


def test_command_line(atlas_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIDORS_ATLAS", str(atlas_folder))
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    assert run.invoke(command.app, ["brief", "Tuvalu", "-q"]).exit_code == 0
    assert Path("brief_TUV.pdf").read_bytes().startswith(b"%PDF-")
    assert run.invoke(command.app, ["brief", "TUV", "-o", "t.html", "--language", "fr"]).exit_code == 0
    assert 'lang="fr"' in Path("t.html").read_text("utf-8")
    assert run.invoke(command.app, ["chart", "corridor", "MEX", "USA", "-o", "c.svg"]).exit_code == 0
    assert Path("c.svg").read_text("utf-8").startswith("<svg")
    refused = run.invoke(command.app, ["brief", "TUV", "-o", "t.docx"])
    assert ".html" in refused.exception.remedy  # type: ignore[union-attr]
