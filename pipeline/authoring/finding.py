"""What a check finds: the rule, how bad it is, the place, the text itself, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Severity(StrEnum):
    """How bad a finding is, the worst first."""

    REFUSED = "refused"
    FAULT = "fault"
    HINT = "hint"
    REPAIRED = "repaired"


SEVERITIES: Mapping[Severity, str] = {
    Severity.REFUSED: "the program does not open such a file, whatever else is right in it",
    Severity.FAULT: "copies would be wrong, or some records would fail",
    Severity.HINT: "worth a look; copies are made all the same",
    Severity.REPAIRED: "read as it was meant each time copies are made; nothing to do",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a Word file, in the words of somebody who has it open in Word.

    `part` is "body", "header of section 2", "footnote 3", "settings" (of the template) and the like. `heading` is the
    nearest one above. Tables are counted in their part, rows and cells in their table, paragraphs in their cell or
    else among those of the part that stand in no table; all from 1.
    """

    part: str
    heading: str | None = None
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    paragraph: int | None = None

    def in_words(self) -> str:
        """Return the place as a line: "body, under "Signatures", table 3, row 2, cell 1, paragraph 1"."""
        heading = [f'under "{self.heading}"'] if self.heading else []
        names = ("table", "row", "cell", "paragraph")
        steps = [f"{name} {number}" for name in names if (number := getattr(self, name)) is not None]
        return ", ".join([self.part, *heading, *steps])


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check says. `text` is what stands there; `paragraph` the Word element, for a comment."""

    rule: str
    place: Place
    what: str
    do: str
    text: str = ""
    paragraph: Any = None

    @property
    def severity(self) -> Severity:
        """Return how bad it is: each rule has one severity."""
        return RULES[self.rule].severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding. `structural` rules hold for any template of docxtpl, whatever data it is filled with."""

    severity: Severity
    finds: str
    structural: bool = False


_R, _F, _H, _M = Severity.REFUSED, Severity.FAULT, Severity.HINT, Severity.REPAIRED

RULES: Mapping[str, Rule] = {
    "unsafe-file": Rule(_R, "A macro, a linked picture, an embedded object, a damaged or outsized part."),
    "outside-link": Rule(_R, "Something that lies outside the file, or a link to another kind of place than the web."),
    "field": Rule(_R, "A field of Word that fetches something or can be filled in, old form fields among them."),
    "tag-never-filled": Rule(_R, "A tag in a comment, a style or a property, where none is ever filled in."),
    "settings": Rule(_R, "`template.toml` is missing or has a setting that it cannot have."),
    "font-refused": Rule(_R, "A file in `fonts` that is no TrueType font, or whose licence forbids embedding it."),
    "tag-not-closed": Rule(_F, "A tag begins and does not end in its paragraph.", structural=True),
    "tag-not-opened": Rule(_F, "Two closing braces end no tag.", structural=True),
    "tag-holds-something": Rule(_F, "A tag runs over a link, a field, a picture or a note.", structural=True),
    "tag-unreadable": Rule(_F, "A tag is not written as the language of templates is."),
    "tag-not-for-records": Rule(_F, "`{{r`, `{{p`, `{{tr`, `{{tc`: for values that records do not have."),
    "block-not-closed": Rule(_F, "`if` without `endif`, `for` without `endfor`.", structural=True),
    "block-not-opened": Rule(_F, "`endif`, `endfor`, `else` or `elif` without a beginning.", structural=True),
    "block-crosses": Rule(_F, "A block begins in one kind of place and ends in another.", structural=True),
    "sign-in-block-tag": Rule(_F, "`%` or `}` inside `{%p %}`, `{%tr %}`, `{%tc %}`, `{%r %}`.", structural=True),
    "two-tags-in-one-paragraph": Rule(_F, "Two `{%p %}` share a paragraph.", structural=True),
    "two-tags-in-one-row": Rule(_F, "Two `{%tr %}` share a table row.", structural=True),
    "two-tags-in-one-cell": Rule(_F, "Two `{%tc %}` share a cell.", structural=True),
    "text-beside-paragraph-tag": Rule(_F, "Words or a picture beside `{%p %}`: they are lost.", structural=True),
    "text-beside-row-tag": Rule(_F, "Words or a picture in the row of `{%tr %}`: they are lost.", structural=True),
    "text-beside-cell-tag": Rule(_F, "Words or a picture in the cell of `{%tc %}`: they are lost.", structural=True),
    "tag-outside-table": Rule(_F, "`{%tr %}` or `{%tc %}` stands in no table.", structural=True),
    "table-without-rows": Rule(_F, "A table that has no row left when its list is empty.", structural=True),
    "unknown-name": Rule(_F, "A name, field, filter or test that does not exist."),
    "hidden-field": Rule(_F, "A field that no reader of this template may see."),
    "value-not-there": Rule(_F, "A value is printed without a test, and some records or readers do not have it."),
    "text-box": Rule(_F, "A text box: what stands in it can be missing from the PDF."),
    "hidden-text": Rule(_F, "Hidden text: in the Word copy, not on the page."),
    "tracked-change": Rule(_F, "A change that nobody accepted or rejected."),
    "endnote": Rule(_F, "An endnote: use a footnote."),
    "font-missing": Rule(_F, "A typeface that the PDF engine lacks and that is not embedded."),
    "no-language": Rule(_F, "The file does not say in which language its words are."),
    "no-alternative-text": Rule(_F, "A picture without alternative text."),
    "no-header-row": Rule(_F, "A table whose first row is a header to the eye only."),
    "no-signature-place": Rule(_F, "A template that carries the agreement has no `signature(person)`."),
    "clause-missing": Rule(_F, "A protected clause of `template.toml` is not in the Word file."),
    "clause-reworded": Rule(_F, "A protected clause of `template.toml` stands there in other words."),
    "language-differs": Rule(_F, "The Word file of one language lacks a field, clause or signature place of another."),
    "trial-failed": Rule(_F, "A copy made for trial did not pass its proofs."),
    "no-title": Rule(_H, "No paragraph has the style Title or Heading 1."),
    "comment": Rule(_H, "A comment: it is left out of every copy."),
    "content-control": Rule(_H, "A content control: what stands in it is printed as plain text."),
    "branch-never-ran": Rule(_H, "None of the trial records reached this part, so nobody has seen it printed."),
    "tag-split": Rule(_M, "Word split a tag into pieces (runs, proofing marks, bookmarks)."),
    "tag-slip": Rule(_M, "Curly quotes, long dashes or unusual spaces inside a tag."),
}
"""Every rule by its name. The names are stable: editors and CI may rely on them."""
