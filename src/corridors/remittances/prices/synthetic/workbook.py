"""A small writer of Excel workbooks, with the kinds of cells that the price workbook has.

It exists so that generated quotes can be written with text among numbers, cached formulas and dates
of both sorts, which writers meant for clean tables do not offer.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROWS_AT_ONCE = 20_000

_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write_cells(path: Path, sheets: Mapping[str, pl.DataFrame], kinds: Mapping[str, pl.DataFrame]) -> None:
    """Write sheets whose cells each have a kind.

    Parameters
    ----------
    path
        File to write.
    sheets
        Cells as text by sheet, without a header row of their own; null is no cell.
    kinds
        Kind of each cell, in frames of the same shape: ``s`` text, ``n`` number, ``d`` day as a serial
        number, ``f`` a formula whose cached result is the text.
    """
    shared = _shared(sheets, kinds)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in _fixed(list(sheets)).items():
            book.writestr(name, content)
        with book.open("xl/sharedStrings.xml", "w") as part:
            part.write(f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{shared.height}">'.encode())
            items = shared.select(
                pl.format('<si><t xml:space="preserve">{}</t></si>', _escaped(pl.col("text")))
            ).to_series()
            part.write("".join(items).encode())
            part.write(b"</sst>")
        for number, (name, cells) in enumerate(sheets.items(), 1):
            with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for first in range(0, cells.height, _ROWS_AT_ONCE):
                    rows = cells.slice(first, _ROWS_AT_ONCE)
                    part.write(_rows(rows, kinds[name].slice(first, _ROWS_AT_ONCE), shared, first))
                part.write(b"</sheetData></worksheet>")


def letters(column: int) -> str:
    """Letters of a column, counted from 0.

    Examples
    --------
    >>> from corridors.remittances.prices.synthetic.workbook import letters
    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    more, last = divmod(column, 26)
    return (letters(more - 1) if more else "") + chr(65 + last)


def _fixed(names: Sequence[str]) -> dict[str, str]:
    parts = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(parts, names, strict=True)
    )
    targets = {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in parts}
    targets |= {"rIdS": ("styles", "styles.xml"), "rIdT": ("sharedStrings", "sharedStrings.xml")}
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}"/>' for n in parts
    )
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
    return {
        "[Content_Types].xml": f"{_TYPES}{overrides}</Types>",
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _HEAD + book,
        "xl/_rels/workbook.xml.rels": _relations(targets),
        "xl/styles.xml": _STYLES,
    }


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _escaped(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)


def _shared(sheets: Mapping[str, pl.DataFrame], kinds: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    texts = [
        cells[column].filter(kinds[name][column] == "s").drop_nulls().unique().alias("text")
        for name, cells in sheets.items()
        for column in cells.columns
    ]
    return pl.concat(texts).unique().sort().to_frame().with_row_index("at")


def _rows(cells: pl.DataFrame, kinds: pl.DataFrame, shared: pl.DataFrame, first: int) -> bytes:
    number = pl.Series("row", range(first + 1, first + cells.height + 1)).cast(pl.String)
    made = [
        _column(cells[column], kinds[column], shared, number, letters(at))
        for at, column in enumerate(cells.columns)
    ]
    rows = pl.DataFrame([number, *made]).select(
        pl.format('<row r="{}">{}</row>', pl.col("row"), pl.concat_str(pl.exclude("row"), ignore_nulls=True))
    )
    return "".join(rows.to_series()).encode()


def _column(
    cells: pl.Series, kinds: pl.Series, shared: pl.DataFrame, number: pl.Series, at: str
) -> pl.Series:
    frame = pl.DataFrame({"text": cells, "kind": kinds, "row": number}).join(
        shared, on="text", how="left", maintain_order="left"
    )
    text = _escaped(pl.col("text"))
    where = pl.concat_str(pl.lit(f'<c r="{at}'), pl.col("row"), pl.lit('"'))
    cell = (
        pl.when(kind="s")
        .then(pl.format('{} t="s"><v>{}</v></c>', where, pl.col("at")))
        .when(kind="f")
        .then(pl.format('{} t="str"><f>C{}&amp;I{}</f><v>{}</v></c>', where, "row", "row", text))
        .when(kind="d")
        .then(pl.format('{} s="1"><v>{}</v></c>', where, text))
        .otherwise(pl.format("{}><v>{}</v></c>", where, text))
    )
    return frame.select(cell.alias(at)).to_series()
