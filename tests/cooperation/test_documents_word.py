"""DOCX files as Word writes them: numbers it makes, tracked changes, tables, footnotes, hidden text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from corridors.cooperation.documents import Document, read_document
from corridors.cooperation.documents.word_numbers import numeral
from corridors.errors import DataError

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def level(depth: int, form: str, text: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:numbering {_NS}><w:abstractNum w:abstractNumId="0">'
    + level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)") + level(2, "lowerRoman", "(%3)")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">' + level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%2.")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="2">' + level(0, "bullet", "-") + "</w:abstractNum>"
    + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    + '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    + '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
    + '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    + '<w:startOverride w:val="9"/></w:lvlOverride></w:num></w:numbering>'
)  # fmt: skip
STYLES = (
    f'<w:styles {_NS}>'
    '<w:style w:styleId="Base"><w:name w:val="Single Txt"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    '</w:pPr></w:style><w:style w:styleId="Para"><w:name w:val="_Para"/><w:basedOn w:val="Base"/></w:style>'
    '<w:style w:styleId="H1"><w:name w:val="_H_1"/><w:pPr><w:outlineLvl w:val="0"/><w:numPr>'
    '<w:numId w:val="2"/></w:numPr></w:pPr></w:style></w:styles>'
)  # fmt: skip
NOTES = (
    f'<w:footnotes {_NS}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
    '<w:footnote w:id="5"><w:p><w:r><w:t>See the annex.</w:t></w:r></w:p></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:t>See the report.</w:t></w:r></w:p></w:footnote></w:footnotes>'
)


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def p(inside: str, *, style: str = "", number: str = "", depth: int = 0) -> str:
    inside = inside if inside.startswith("<") else run(inside)
    of = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{of}</w:pPr>{inside}</w:p>"


def read(tmp_path: Path, *body: str) -> Document:
    path = tmp_path / "made.docx"
    with zipfile.ZipFile(path, "w") as archive:
        text = f"<w:document {_NS}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"
        archive.writestr("word/document.xml", text)
        archive.writestr("word/numbering.xml", NUMBERING)
        archive.writestr("word/styles.xml", STYLES)
        archive.writestr("word/footnotes.xml", NOTES)
    return read_document(path)


def test_numbers_that_word_makes(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        p("A/99/1"),
        p("Aims", style="H1"),
        p("The Board noted the report.", style="Para"),
        p("Governments are encouraged:", style="Para"),
        p("To publish prices, by:", number="1", depth=1),
        p("Asking banks;", number="1", depth=2),
        p("Asking posts;", number="1", depth=2),
        p("To ratify the Convention.", number="1", depth=1),
        p("Means", style="H1"),
        p("It was decided to meet again.", style="Para"),
        p("The count goes on from nine.", number="4"),
        p("And from there.", number="4"),
    )
    assert [(s.number, s.title) for s in found.sections] == [("I", "Aims"), ("II", "Means")]
    ids = ["p1", "p2", "p2.a", "p2.a.i", "p2.a.ii", "p2.b", "p3", "p9", "p10"]
    assert [one.id for one in found.paragraphs] == ids
    assert found.paragraph("p2.b").text == "To ratify the Convention."
    assert [s.type for s in found.statements][1:6] == ["call"] * 5
    told = {f.kind: f.message for f in found.findings}
    assert told["automatic_numbers"] == "11 numbers that Word makes worked out from the lists of the file"
    assert told["missing_number"] == "no paragraph 4 to 8 before paragraph 9"


def test_a_second_level_of_plain_numbers_is_a_list(tmp_path: Path) -> None:
    found = read(
        tmp_path, p("Aims", style="H1"), p("Members were urged:", style="Para"),
        p("To act;", number="2", depth=1), p("To report.", number="2", depth=1),
        p("They left.", style="Para"),
    )  # fmt: skip
    assert [one.id for one in found.paragraphs] == ["p1", "p1.1", "p1.2", "p2"]


def test_a_style_list_of_word_and_typed_numbers_read_alike(tmp_path: Path) -> None:
    texts = [
        "Member States were urged to act.",
        "Fees fell to 6 per cent.",
        "The Board decided to meet again.",
    ]
    for typed in (True, False):
        made = docx.Document()
        made.add_paragraph("A/99/999")
        made.add_heading("I. Introduction", 1)
        for i, text in enumerate(texts, 1):
            made.add_paragraph(f"{i}. {text}" if typed else text, style=None if typed else "List Number")
        made.save(str(tmp_path / "made.docx"))
        found = read_document(tmp_path / "made.docx")
        assert [(one.id, one.text) for one in found.paragraphs] == [
            (f"p{i}", t) for i, t in enumerate(texts, 1)
        ]
        assert any(f.kind == "automatic_numbers" for f in found.findings) is not typed


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        p("Aims", style="H1"),
        p(run("Costs fell to ") + "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>"
          + "<w:ins>" + run("6") + "</w:ins>" + run(" per cent."), style="Para"),
        "<w:p><w:pPr><w:pStyle w:val=\"Para\"/><w:rPr><w:del/></w:rPr></w:pPr>"
        "<w:del><w:r><w:delText>Struck out.</w:delText></w:r></w:del></w:p>",
        p("<w:moveTo>" + run("They met.") + "</w:moveTo>", style="Para"),
        p("<w:sdt><w:sdtContent>" + run("A field.") + "</w:sdtContent></w:sdt>", style="Para"),
    )  # fmt: skip
    assert [one.text for one in found.paragraphs] == ["Costs fell to 6 per cent.", "They met.", "A field."]
    assert [one.id for one in found.paragraphs] == ["p1", "p2", "p3"]
    told = {f.kind: f.message for f in found.findings}
    assert told["tracked_insertions"] == "2 tracked insertions read as accepted"
    assert told["tracked_deletions"] == "2 tracked deletions left out as accepted"
    assert "Struck" not in found.to_json()


def test_tables_footnotes_hidden_text_and_boxes(tmp_path: Path) -> None:
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    rows = "".join(
        "<w:tr>" + "".join(cell.format(run(text)) for text in row) + "</w:tr>"
        for row in (["Year", "Cost"], ["2030", "6"])
    )
    box = "<w:txbxContent>" + p("In a box.") + "</w:txbxContent>"
    found = read(
        tmp_path,
        p("Aims", style="H1"),
        p(run("It was noted.") + '<w:r><w:footnoteReference w:id="2"/></w:r>', style="Para"),
        f"<w:tbl>{rows}</w:tbl>",
        p(run("It was stressed.") + '<w:r><w:footnoteReference w:id="5"/></w:r>'
          + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret.</w:t></w:r>"
          + f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
          "</mc:AlternateContent></w:r>", style="Para"),
    )  # fmt: skip
    assert found.paragraph("t1").text == "Year | Cost\n2030 | 6"
    assert [(n.number, n.text) for n in found.footnotes] == [
        ("1", "See the report."),
        ("2", "See the annex."),
    ]
    assert found.paragraph("p2").notes == ("2",)
    assert found.to_json().count("In a box.") >= 1
    assert [one.text for one in found.paragraphs].count("In a box.") == 1
    assert "Secret" not in found.to_json()
    assert {"hidden_text", "text_boxes", "automatic_numbers"} <= {f.kind for f in found.findings}


def test_a_file_without_a_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/styles.xml", STYLES)
    with pytest.raises(DataError, match="is no DOCX file"):
        read_document(path)


def test_numerals() -> None:
    assert [numeral(n, "lowerLetter") for n in (1, 26, 27)] == ["a", "z", "aa"]
    assert [numeral(n, "upperRoman") for n in (4, 9, 14, 40)] == ["IV", "IX", "XIV", "XL"]
