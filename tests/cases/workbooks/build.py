#!/usr/bin/env python3
"""Build the faulty workbooks that lie beside this file, and say beside each what the program answers.

python tests/cases/workbooks/build.py

Each begins as a small workbook with two agreements, AG-0001 and AG-0002, and gets one fault (or a few that
belong together). What is expected stands in NAME.json: the exit code, and for each problem its place and what is
wrong. Read the change of every NAME.json before committing it: the test believes it.
"""

from __future__ import annotations

import json
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook

from pipeline.errors import SetupError
from pipeline.intake.forms import forms
from pipeline.intake.importing import exit_code_of, import_records, read_tables
from pipeline.intake.spreading import rows_of
from pipeline.service.starting import FIRST_RECORD

HERE = Path(__file__).resolve().parent
SHEETS = ("Agreements", "People", "Items", "Consents to the outcome", "Payments", "Payers", "Instalments")


class Faulty:
    """A workbook with two good agreements, into which a fault is put."""

    def __init__(self):
        record = json.loads(FIRST_RECORD.read_bytes())
        self.book = Workbook()
        self.book.remove(self.book.active)
        for form in forms((), None):
            if form.name in SHEETS:
                sheet = self.book.create_sheet(form.name)
                sheet.append([column.label + (" *" if column.required else "") for column in form.every_column])
                for ref in ("AG-0001", "AG-0002"):
                    for row in rows_of(form, record | {"ref": ref}):
                        sheet.append(row)

    def at(self, sheet, row, label):
        """Return the cell under this head."""
        heads = [str(cell.value).rstrip(" *") for cell in self.book[sheet][1]]
        return self.book[sheet].cell(row, heads.index(label) + 1)

    def put(self, sheet, row, label, value):
        self.at(sheet, row, label).value = value

    def data(self):
        out = BytesIO()
        self.book.save(out)
        return out.getvalue()


def with_part(data, name, content):
    """Return the workbook with one more part in its ZIP, or another in the place of one."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def put(*changes):
    """Return a builder that puts each (sheet, row, head, value) into its cell."""

    def build():
        faulty = Faulty()
        for sheet, row, label, value in changes:
            faulty.put(sheet, row, label, value)
        return faulty.data()

    return build


def change(how):
    """Return a builder that changes the workbook as a whole."""

    def build():
        faulty = Faulty()
        how(faulty)
        return faulty.data()

    return build


def _kept_value():
    """A formula with the value a spreadsheet kept for it."""
    faulty = Faulty()
    faulty.put("People", 2, "Name to print", '=CONCATENATE("Ru","th")')
    data = faulty.data()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("sheet2.xml"))
        part = archive.read(name)
    return with_part(data, name, part.replace(b"<v></v>", b"<v>Ruth</v>").replace(b"<v />", b"<v>Ruth</v>"))


def _payment(faulty):
    for row in (3, 5):
        faulty.put("Items", row, "Kind", "payment")
    for ref in ("AG-0001", "AG-0002"):
        faulty.book["Payments"].append([ref, None, "b", 480, "GBP", None, "service", "harmed-1"])
        faulty.book["Payers"].append([ref, None, "b", "responsible-1", 480])
        faulty.book["Instalments"].append([ref, None, "b", "2026-12-01", None, 240])
        faulty.book["Instalments"].append([ref, None, "b", "2027-01-01", None, 240])


def _wrong_sum(faulty):
    _payment(faulty)
    faulty.put("Instalments", 3, "Amount", 241)


def _two_payments(faulty):
    _payment(faulty)
    faulty.put("Instalments", 2, "Row", "z")


def _rename(faulty):
    faulty.book["People"].title = "Peopel"


def _no_agreements(faulty):
    del faulty.book["Agreements"]


def _stranger(faulty):
    faulty.book.create_sheet("My notes").append(["Ring Ruth on Tuesday"])


def _twice(faulty):
    sheet = faulty.book["Agreements"]
    sheet.append([cell.value for cell in sheet[2]])


def _two_heads(faulty):
    faulty.at("People", 1, "Pronouns").value = "Name to print"


def _no_ref_column(faulty):
    faulty.book["People"].delete_cols(1)


def _two_versions(faulty):
    sheet = faulty.book["Agreements"]
    sheet.append([cell.value for cell in sheet[2]])
    faulty.put("Agreements", 4, "Version", 2)
    faulty.put("People", 2, "Version", None)


def _bomb():
    return with_part(Faulty().data(), "xl/media/white.xml", b" " * (101 * 1024 * 1024))


def _entities():
    part = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    return with_part(Faulty().data(), "xl/worksheets/sheet1.xml", part)


def _linked():
    return with_part(Faulty().data(), "xl/externalLinks/externalLink1.xml", b"<externalLink/>")


def _program():
    return with_part(Faulty().data(), "xl/vbaProject.bin", b"Sub Auto_Open()")


def _csv(**changes):
    """Return a ZIP of CSV files made from the workbook; `changes` replace texts in a sheet's file."""

    def build():
        book = load_workbook(BytesIO(Faulty().data()))
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for sheet in book.worksheets:
                lines = [";".join(_quoted(cell.value) for cell in row) for row in sheet.iter_rows()]
                text = "\r\n".join(lines)
                for old, new in changes.get(sheet.title, ()):
                    if old not in text:
                        raise LookupError(old)
                    text = text.replace(old, new, 1)
                encoding = "utf-8-sig" if sheet.title != changes.get("latin") else "latin-1"
                archive.writestr(f"{sheet.title}.csv", text.encode(encoding))
        return out.getvalue()

    return build


def _quoted(value):
    text = "" if value is None else value.date().isoformat() if hasattr(value, "date") else str(value)
    return f'"{text}"' if ";" in text or "\n" in text else text


WORKBOOKS = {
    "formula-as-a-value.xlsx": put(("Items", 2, "Agreed words", '=HYPERLINK("http://example.org","Jamie")')),
    "formula-with-a-kept-value.xlsx": _kept_value,
    "formula-that-starts-a-program.xlsx": put(("People", 2, "Organisation", "=cmd|'/C calc'!A0")),
    "error-of-the-spreadsheet.xlsx": put(("Agreements", 2, "Review date", "#REF!")),
    "date-that-could-be-two-days.xlsx": put(("Agreements", 2, "Review date", "10/11/2026")),
    "day-that-is-in-no-calendar.xlsx": put(("Agreements", 2, "Review date", "2026-11-31")),
    "weekday-that-does-not-fit.xlsx": put(("Items", 3, "When: A date: Day of the week", "Friday")),
    "two-forms-of-a-deadline.xlsx": put(("Items", 3, "When: An event: Event", "his release")),
    "deadline-with-no-form.xlsx": put(
        ("Items", 3, "When: A date: Date", None),
        ("Items", 3, "When: A date: Day of the week", None),
        ("Items", 3, "When: A date: Time", None),
        ("Items", 3, "When: From now on: Review on", "2026-12-18"),
    ),
    "cell-of-another-form.xlsx": put(("Items", 3, "When: An event: Within", "3 months")),
    "no-deadline-at-all.xlsx": put(
        ("Items", 3, "When: A date: Date", None),
        ("Items", 3, "When: A date: Day of the week", None),
        ("Items", 3, "When: A date: Time", None),
    ),
    "word-that-is-not-in-the-list.xlsx": put(("Agreements", 2, "Pathway", "prison")),
    "required-cell-empty.xlsx": put(("People", 2, "Name to print", None), ("Items", 2, "Agreed words", None)),
    "nobody-does-it.xlsx": put(("Items", 3, "Owners", None)),
    "person-who-is-not-there.xlsx": put(("Items", 3, "Who checks", "outside-1")),
    "contact-not-answered.xlsx": put(("People", 2, "No contact: Applies", None)),
    "nothing-withheld-and-not-said.xlsx": put(("People", 2, "Words to withhold", None)),
    "comma-in-words-to-withhold.xlsx": put(("People", 2, "Words to withhold", "Ashdown, 12 Mill Lane")),
    "word-to-withhold-too-short.xlsx": put(("People", 2, "Words to withhold", "Ashdown\nAl")),
    "id-with-a-name.xlsx": put(("People", 2, "Id", "ruth-1")),
    "same-id-twice.xlsx": put(("Items", 3, "Id", "a")),
    "neither-yes-nor-no.xlsx": put(("People", 3, "No contact: Applies", "maybe")),
    "number-in-words.xlsx": put(("Agreements", 2, "Retention: Years", "seven")),
    "payments-that-do-not-add-up.xlsx": change(_wrong_sum),
    "instalment-of-no-payment.xlsx": change(_two_payments),
    "agreement-twice.xlsx": change(_twice),
    "row-of-no-agreement.xlsx": put(("People", 4, "Reference", "AG-0009")),
    "row-without-a-reference.xlsx": put(("People", 4, "Reference", None)),
    "version-not-said.xlsx": change(_two_versions),
    "head-misspelled.xlsx": put(("People", 1, "Words to withhold", "Witheld words")),
    "head-twice.xlsx": change(_two_heads),
    "column-of-references-missing.xlsx": change(_no_ref_column),
    "sheet-misspelled.xlsx": change(_rename),
    "sheet-of-agreements-missing.xlsx": change(_no_agreements),
    "sheet-that-is-none-of-ours.xlsx": change(_stranger),
    "too-large-unpacked.xlsx": _bomb,
    "document-type.xlsx": _entities,
    "linked-to-another-file.xlsx": _linked,
    "with-a-program.xlsx": _program,
    "with-a-password.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "not-a-workbook.xlsx": lambda: b"Reference,Version\nAG-0001,1\n",
    "cut-off.xlsx": lambda: Faulty().data()[:4000],
    "csv-word-that-is-not-in-the-list.zip": _csv(Agreements=[("community", "prison")]),
    "csv-formula.zip": _csv(Items=[("Jamie said", "=Jamie said")]),
    "csv-not-utf-8.zip": _csv(latin="People", People=[("Ruth", "Zoë")]),
    "csv-quotes-do-not-match.zip": _csv(Items=[("Jamie will", 'Jamie;"will')]),
}


def answer(path):
    """Return what the program answers to a workbook: the exit code, and place and fault of each problem."""
    with TemporaryDirectory() as folder:
        try:
            results = list(import_records(read_tables(path), Path(folder), extra_fields=None, replace=False))
        except SetupError as error:
            return {
                "exit_code": 3,
                "problems": [[problem.where, problem.what, problem.do] for problem in error.problems],
            }
    found = [[problem.where, problem.what, problem.do] for result in results for problem in result.problems]
    return {"exit_code": int(exit_code_of(results)), "problems": found}


def main():
    """Write every workbook and what is expected of it."""
    for name, build in WORKBOOKS.items():
        path = HERE / name
        path.write_bytes(build())
        text = json.dumps(answer(path), indent=2, ensure_ascii=False)
        path.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
