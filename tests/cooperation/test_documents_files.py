"""Documents from files: DOCX, HTML, PDF, and files that are none."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from corridors.cli.document import app
from corridors.cooperation.documents import Document, read_document, validate_akoma_ntoso
from corridors.cooperation.documents.readers import read_content
from corridors.errors import CorridorsError, DataError, NotFound

TEXTS = Path(__file__).parent / "documents"
MARKS = json.loads((TEXTS / "report_pages.json").read_text("utf-8"))
SECTIONS = [("I.", "Purpose"), ("II.", "Findings")]


def agrees(found: Document, ids: list[str]) -> None:
    assert [p.id for p in found.paragraphs] == ids
    assert [(s.number, s.title) for s in found.sections] == [("I", "Purpose"), ("II", "Findings")]
    assert validate_akoma_ntoso(found.to_akoma_ntoso()) == ()


@pytest.fixture
def word(tmp_path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("CHM/2031/30")
    made.add_paragraph("Distr.: General")
    made.add_paragraph("2 July 2031")
    made.add_heading("I. Purpose", 1)
    made.add_paragraph("1. The Board noted the report.")
    made.add_paragraph("2. Members were urged:")
    made.add_paragraph("(a) To publish prices;")
    made.add_paragraph("(b) To ratify the Convention.")
    made.add_heading("II. Findings", 1)
    table = made.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Year", "Cost", "2030", "6"), strict=True
    ):
        cell.text = text
    made.add_paragraph("3. Costs fell to 6 per cent in 2030.")
    made.save(str(tmp_path / "report.docx"))
    return tmp_path / "report.docx"


def test_docx(word: Path) -> None:
    found = read_document(word)
    agrees(found, ["p1", "p2", "p2.a", "p2.b", "t1", "p3"])
    assert (found.metadata.symbol, found.metadata.date) == ("CHM/2031/30", "2031-07-02")
    assert found.paragraph("t1").text == "Year | Cost\n2030 | 6"
    assert [s.type for s in found.statements] == ["acknowledgement", "call", "call", "call", "fact"]


def test_html(tmp_path: Path) -> None:
    page = """<html><head><title>x</title><script>alert(1)</script></head><body><p>CHM/2031/31</p>
    <h2>I. Purpose</h2><p>1. The Board noted the report.<sup>1</sup></p><p>2. Members were urged:</p>
    <ul><li>(a) To publish prices;</li><li>(b) To ratify.</li></ul><h2>II. Findings</h2>
    <table><tr><th>Year</th><th>Cost</th></tr><tr><td>2030</td><td>6</td></tr></table>
    <div>3. Costs fell – to 6 per cent.</div><p class="footnote">1 See para. 4.</p></body></html>"""
    path = tmp_path / "page.html"
    path.write_text(page, "utf-8")
    found = read_document(path)
    agrees(found, ["p1", "p2", "p2.a", "p2.b", "t1", "p3"])
    assert found.paragraph("p1").notes == ("1",)
    assert found.footnotes[0].text == "See para. 4."
    assert "alert" not in found.to_json()


def test_html_lists_have_the_numbers_that_a_browser_makes(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<body><h2>I. Purpose</h2><ol><li>The Board noted it.</li><li>Members were urged:<ol type=a>"
        "<li>To publish prices;</li><li><p>To ratify.</p></li></ol></li></ol>"
        '<h2>II. Findings</h2><ol start="3"><li>Costs fell.</li></ol></body>'
    )
    found = read_document(path)
    agrees(found, ["p1", "p2", "p2.a", "p2.b", "p3"])
    assert [s.type for s in found.statements] == ["acknowledgement", "call", "call", "call", "fact"]
    assert [f.kind for f in found.findings] == ["automatic_numbers"]
    path.write_text("<body><p>1. Members were urged:</p><ol><li>To act;</li><li>To report.</li></ol></body>")
    assert [p.id for p in read_document(path).paragraphs] == ["p1", "p1.1", "p1.2"]


def test_html_expands_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    path = tmp_path / "evil.html"
    path.write_text(f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "{"a" * 9}">]>'
                    "<body><p>1. Words &x; &y;.</p></body>")  # fmt: skip
    found = read_document(path)
    assert "hidden" not in found.to_json()
    assert "aaaaaaaaa" not in "".join(p.text for p in found.paragraphs)


def pdf(tmp_path: Path, source: str) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(typst.compile(source.encode()))
    return path


def test_pdf(tmp_path: Path) -> None:
    long = "The Conference recalled that remittances matter to families in many countries of origin. " * 24
    source = f"""#set page(width: 16cm, height: 14cm, header: [CHM/2031/32],
  footer: context [31-04417 #h(1fr) #counter(page).display()])
#set par(justify: true)
#set text(hyphenate: true, lang: "en")
Distr.: General \\ 2 July 2031

I. Purpose

1\\. {long}

2\\. Members were urged to ratify the Convention.

II. Findings

3\\. Costs fell to 6 per cent in 2030.
"""
    found = read_document(pdf(tmp_path, source))
    assert [p.id for p in found.paragraphs] == ["p1", "p2", "p3"]
    assert found.paragraph("p1").text == long.strip()
    assert [s.title for s in found.sections] == ["Purpose", "Findings"]
    assert validate_akoma_ntoso(found.to_akoma_ntoso()) == ()


def test_pdf_that_can_not_be_read(tmp_path: Path) -> None:
    scan = pdf(tmp_path, "#rect(width: 4cm)")
    with pytest.raises(DataError, match="has no text"):
        read_document(scan)
    writer = pypdf.PdfWriter(clone_from=pdf(tmp_path, "1. Words."))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = tmp_path / "locked.pdf"
    writer.write(locked)
    with pytest.raises(DataError, match="encrypted"):
        read_document(locked)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(DataError, match="can not be read as PDF"):
        read_document(broken)


def test_files_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, data, words in [
        ("empty.txt", b" \n", "is empty"),
        ("zero.txt", b"a\0b", "is not a text"),
        ("empty.html", b"", "is empty"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "encrypted or in the old"),
        ("no.docx", b"no archive", "can not be read as DOCX"),
        ("a.xyz", b"a", "of a kind that is not read"),
    ]:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(DataError, match=words):
            read_document(path)
    with pytest.raises(NotFound, match="no file"):
        read_document(tmp_path / "gone.txt")
    monkeypatch.setattr("corridors.cooperation.documents.readers.MAXIMUM_BYTES", 3)
    (tmp_path / "long.txt").write_text("1. Words.")
    with pytest.raises(DataError, match="larger than"):
        read_document(tmp_path / "long.txt")


def test_docx_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridors.cooperation.documents.readers.MAXIMUM_UNPACKED", 1000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "a" * 100_000)
    path = tmp_path / "bomb.docx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(DataError, match="unpacks to more"):
        read_document(path)


@given(st.binary(max_size=400), st.sampled_from([".txt", ".html", ".docx", ".pdf"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    try:
        content = read_content(path)
    except CorridorsError as error:
        assert error.title  # noqa: PT017
    else:
        assert content


def test_command(tmp_path: Path, word: Path) -> None:
    run = CliRunner().invoke
    overview = run(app, ["2011"])
    assert "5 sections, 18 paragraphs" in overview.output
    csv = tmp_path / "out.csv"
    assert run(app, [str(word), "--what", "paragraphs", "-o", str(csv)]).exit_code == 0
    assert csv.read_text("utf-8").splitlines()[1].startswith("p1,1,The Board noted")
    for part in ("sections", "statements", "quantities", "links", "findings", "footnotes"):
        assert run(app, ["2011", "--what", part]).exit_code == 0
    xml = tmp_path / "out.xml"
    assert run(app, ["2011", "--akn", "-o", str(xml)]).exit_code == 0
    assert validate_akoma_ntoso(xml.read_bytes()) == ()
    assert json.loads(run(app, ["2011", "--json"]).output)["metadata"]["agenda_item"] == "22 (c)"
    assert isinstance(run(app, ["2011", "--json", "--akn"]).exception, DataError)
