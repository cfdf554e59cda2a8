"""Files of data as people have them, written here by hand."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from workbench.datasets.reading import columnar, open_table
from workbench.datasets.table import Table

_OPEN = "http://schemas.openxmlformats.org"
_LINKS = f"{_OPEN}/officeDocument/2006/relationships"
_PACKAGE = f"{_OPEN}/package/2006"
_MAIN = f"{_OPEN}/spreadsheetml/2006/main"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>"
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="22"/></cellXfs></styleSheet>'
)
DAY, MOMENT = 1, 2
"""Styles of a cell: a number shown as a date, or as a date with its time."""


def text_file(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    """Return a file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def all_of(table: Table) -> pl.DataFrame:
    """Return all rows of a table, through its batches."""
    return pl.concat(list(table.batches()))


def read(path: Path | Sequence[Path], **options: str) -> pl.DataFrame:
    """Return a file's rows as everything in the workbench sees them: through the columnar copy."""
    first = path if isinstance(path, Path) else path[0]
    table = columnar(open_table(path, options=options), first.parent / f"copy of {first.name}")
    return all_of(table)


def cell(place: str, value: object, style: int = 0) -> str:
    """Return a cell of a sheet; ``#…`` is an error, ``=…`` a formula without a result."""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    text = str(value)
    if text.startswith("="):
        return f'<c r="{place}"><f>{text[1:]}</f></c>'
    if text.startswith("#"):
        return f'<c r="{place}" t="e"><v>{text}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(path: Path, sheets: Mapping[str, Sequence[str]]) -> Path:
    """Write an Excel file; a sheet is rows of cells as `cell` makes them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _links({"r0": ("officeDocument", "xl/workbook.xml")}))
        parts = {f"s{k}": ("worksheet", f"worksheets/sheet{k}.xml") for k in range(len(sheets))}
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _links({"r0": ("styles", "styles.xml"), **parts})
        )
        listed = "".join(
            f'<sheet name="{name}" sheetId="{k + 1}" r:id="s{k}"/>' for k, name in enumerate(sheets)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr("xl/styles.xml", _STYLES)
        for k, rows in enumerate(sheets.values()):
            body = "".join(f'<row r="{n}">{row}</row>' for n, row in enumerate(rows, 1))
            archive.writestr(
                f"xl/worksheets/sheet{k}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
            )
    return path


def _links(targets: Mapping[str, tuple[str, str]]) -> str:
    """Return what says which parts belong to a part."""
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
