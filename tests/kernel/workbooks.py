"""Workbooks for tests, honest and hostile."""

import io
import zipfile
from datetime import date

import xlsxwriter
import xlwt

_PLAIN, _DAY = xlwt.easyxf(), xlwt.easyxf(num_format_str="DD/MM/YYYY")

HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
FAR_CELL = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'


def workbook(*sheets):
    """The bytes of an XLSX with these sheets, each a list of rows; the first is called "1"."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        for number, rows in enumerate(sheets, 1):
            page = book.add_worksheet(str(number))
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(at, column, cell)
                    elif cell is not None:
                        page.write(at, column, cell)
    return out.getvalue()


def old_workbook(*sheets, far=None):
    """The bytes of an XLS with these sheets; ``far``: a last cell at this row and column of the first, from 0."""
    book = xlwt.Workbook(encoding="utf-8")
    for number, rows in enumerate(sheets, 1):
        page = book.add_sheet(str(number))
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(at, column, cell, _DAY if isinstance(cell, date) else _PLAIN)
    if far:
        book.get_sheet(0).write(*far, 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_sheet(rows_xml):
    """The bytes of an XLSX whose only sheet has these rows, as XML."""
    return rezipped(workbook([["x"]]), {"xl/worksheets/sheet1.xml": f"{HEAD}{rows_xml}{TAIL}".encode()})


def rezipped(archive, changed=None, added=()):
    """``archive`` with some entries ``changed`` and others ``added``, as (name, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (changed or {}).get(name, old.read(name)))
        for name, content in added:
            new.writestr(name, content)
    return out.getvalue()


def far_cell(column, row):
    return with_sheet(FAR_CELL.format(column=column, row=row))


def million_rows():
    return with_sheet("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001)))


def bomb(megabytes=200):
    return rezipped(workbook([["x"]]), added=[("xl/media/image1.png", b"\0" * (megabytes << 20))])
