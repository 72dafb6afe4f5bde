"""What a spreadsheet makes of our workbooks: LibreOffice opens them, and gives them back."""

from __future__ import annotations

import csv
import subprocess

import pytest
from lxml import etree

from pipeline.intake.drawing import draw
from pipeline.intake.exporting import blank_workbook, workbook_of
from pipeline.intake.forms import Kind, forms
from pipeline.intake.gathering import gather
from pipeline.intake.separated import read_folder
from pipeline.intake.workbook import read_workbook

ODF = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
STARTS = ["=1+1", '=HYPERLINK("http://example.org")', "+44 1632 960123", "-2+3", "@SUM(1;2)", "00123", "1e5", "TRUE"]


@pytest.fixture
def convert(outside_program, tmp_path):
    """A function that lets LibreOffice save a workbook in another form, and gives the folder of what it wrote."""
    soffice = outside_program("soffice")

    def converted(data, form):
        (tmp_path / "in.xlsx").write_bytes(data)
        out = tmp_path / "out"
        profile = (tmp_path / "profile").as_uri()
        command = [
            soffice,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(out),
        ]
        subprocess.run([*command, str(tmp_path / "in.xlsx")], check=True, capture_output=True, timeout=240)
        assert out.is_dir(), "LibreOffice wrote nothing: is its spreadsheet installed (libreoffice-calc)?"
        return out

    return converted


def test_libreoffice_finds_every_drop_down_with_the_words_of_the_schema(convert):
    book = etree.parse(convert(blank_workbook(extra_fields=None), "fods") / "in.fods")
    words = {}
    (sheet,) = book.xpath("//table:table[@table:name='Words']", namespaces=ODF)
    for row in sheet.xpath("table:table-row", namespaces=ODF):
        column = 0
        for cell in row.xpath("table:table-cell", namespaces=ODF):
            repeated = int(cell.get(f"{{{ODF['table']}}}number-columns-repeated", "1"))
            for nth in range(column, column + min(repeated, 99)):
                words.setdefault(nth, []).extend(cell.xpath("text:p/text()", namespaces=ODF))
            column += repeated
    offered = {tuple(each) for each in words.values() if each}
    conditions = book.xpath("//table:content-validation/@table:condition", namespaces=ODF)
    lists = [condition for condition in conditions if "is-in-list" in condition]
    columns = [column for form in forms((), None) for column in form.columns]
    enumerated = [column for column in columns if column.kind is Kind.WORD]
    assert {tuple(column.about["enum"]) for column in enumerated} <= offered
    assert len({condition for condition in lists if "Words" in condition}) == len(offered)


def test_samples_survive_a_spreadsheet_that_saves_the_workbook(convert, sample_agreements):
    saved = (convert(workbook_of(sample_agreements, extra_fields=None), "xlsx") / "in.xlsx").read_bytes()
    gathered, _ = gather(read_workbook(saved), None)
    assert [each.value for each in gathered] == [dict(agreement.record) for agreement in sample_agreements]


def test_a_spreadsheet_carries_nothing_out_and_changes_no_text(convert):
    found = forms((), None)
    rows = {"Agreements": [_row(found[0], f"NR-{nth}", text) for nth, text in enumerate(STARTS)]}
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    out = convert(draw(found, rows, examples=False), form)
    shown = list(csv.DictReader((out / "in-Agreements.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["Closing words"] for row in shown] == STARTS


def test_the_sheets_libreoffice_saves_as_csv_are_read(convert, sample_agreements):
    form = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
    out = convert(workbook_of(sample_agreements, extra_fields=None), form)
    gathered, _ = gather(read_folder(out), None)
    assert [each.problems for each in gathered] == [()] * len(sample_agreements)
    expected = [{k: v for k, v in a.record.items() if k != "extra"} for a in sample_agreements]
    assert [{k: v for k, v in each.value.items() if k != "extra"} for each in gathered] == expected


def _row(form, ref, text):
    given = {"ref": ref, "closing_words": text}
    return [given.get(column.field) for column in form.every_column]
