"""The paragraphs of a Word part as a reader sees them, in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.documents.reading.model import COUNTED, SOFT, Paragraph
from pipeline.documents.word.names import MC, W

if TYPE_CHECKING:
    from collections.abc import Iterator

# What these fields show, the engine works out itself; of every other field the stored result is printed.
_COUNTED_FIELDS = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|PAGEREF)\b")
_PARAGRAPH, _RUN, _TEXT = f"{W}p", f"{W}r", f"{W}t"
_FIELD_CODE, _FIELD_MARK, _SIMPLE_FIELD = f"{W}instrText", f"{W}fldChar", f"{W}fldSimple"
_TEXT_BOX, _FALLBACK, _VANISH = f"{W}txbxContent", f"{MC}Fallback", f"{W}vanish"
_ROW, _REPEATED = f"{W}tr", f"{W}tblHeader"
_PROPERTIES, _NUMBER, _STYLE, _VALUE = f"{W}pPr", f"{W}numPr", f"{W}pStyle", f"{W}val"
_NOT_SHOWN = {f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "tblPr", "trPr", "tcPr", "instrText")}
_NOT_SHOWN |= {_TEXT_BOX, _FALLBACK}
_OFF = ("0", "false", "off")
_SHOWN = {
    f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "-", f"{W}softHyphen": SOFT,
    f"{W}sym": COUNTED, f"{W}footnoteReference": COUNTED, f"{W}endnoteReference": COUNTED,
    f"{W}footnoteRef": COUNTED, f"{W}endnoteRef": COUNTED, f"{W}pgNum": COUNTED,
}  # fmt: skip


def paragraphs(root: Any, place: str, numbered_styles: frozenset[str]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a part that show anything, with neither hidden nor deleted text."""
    hides, has_boxes, has_fallbacks = (_has_any(root, tag) for tag in (_VANISH, _TEXT_BOX, _FALLBACK))
    has_numbers = bool(numbered_styles) or _has_any(root, _NUMBER)
    repeated = _repeated_rows(root)
    for number, element in enumerate(root.iter(_PARAGRAPH), 1):
        if has_fallbacks and _is_within(element, _FALLBACK):
            continue
        text = _Reader(hides=hides).read(element)
        if text.strip(f" \n\t{SOFT}"):
            yield Paragraph(
                place=f"{place}, paragraph {number}",
                text=text,
                numbered=has_numbers and _is_numbered(element, numbered_styles),
                floating=has_boxes and _is_within(element, _TEXT_BOX),
                repeated=bool(repeated) and next(element.iterancestors(_ROW), None) in repeated,
            )


def _has_any(root: Any, tag: str) -> bool:
    return next(root.iter(tag), None) is not None


def _is_within(element: Any, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None


def _repeated_rows(root: Any) -> frozenset[Any]:
    """Return the rows that their tables repeat at the top of each page."""
    if not _has_any(root, _REPEATED):
        return frozenset()
    marks = ((row, row.find(f"{W}trPr/{_REPEATED}")) for row in root.iter(_ROW))
    return frozenset(row for row, mark in marks if mark is not None and mark.get(_VALUE, "true") not in _OFF)


def styles_with_numbers(styles: Any) -> frozenset[str]:
    """Return the ids of the paragraph styles that print a number or a bullet, their heirs included."""
    if styles is None:
        return frozenset()
    by_id = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    return frozenset(name for name in by_id if any(_has_number(style) for style in _line(name, by_id)))


def _line(name: str, by_id: dict[str, Any]) -> Iterator[Any]:
    """Yield a style and the styles it is based on; a template may name itself or one that is not there."""
    seen = set()
    while name in by_id and name not in seen:
        seen.add(name)
        yield by_id[name]
        above = by_id[name].find(f"{W}basedOn")
        name = above.get(f"{W}val") if above is not None else ""


def _has_number(element: Any) -> bool:
    return element.find(f"{_PROPERTIES}/{_NUMBER}") is not None


def _is_numbered(paragraph: Any, numbered_styles: frozenset[str]) -> bool:
    """Say whether a paragraph or its style has a number; its properties are its first child, if it has any."""
    told = {each.tag: each for properties in paragraph.iterchildren(_PROPERTIES) for each in properties}
    return _NUMBER in told or (_STYLE in told and told[_STYLE].get(_VALUE) in numbered_styles)


class _Reader:
    """Reads one paragraph; a complex field spreads over several runs, so its state is kept between them.

    With `hides`, some run of the part is hidden, and each has to be asked.
    """

    def __init__(self, *, hides: bool) -> None:
        self._hides = hides
        self._fields: list[list[str]] = []

    def read(self, element: Any) -> str:
        pieces: list[str] = []
        self._read(element, pieces)
        return "".join(pieces)

    def _read(self, element: Any, pieces: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag == _FIELD_CODE and self._fields:
                self._fields[-1][0] += child.text or ""
            elif tag == _FIELD_MARK:
                pieces += self._field_mark(child.get(f"{W}fldCharType"))
            elif tag == _SIMPLE_FIELD and _COUNTED_FIELDS.match(child.get(f"{W}instr", "")):
                pieces.append(COUNTED)
            elif tag in _NOT_SHOWN or (self._hides and _is_hidden(child)):
                continue
            elif self._fields and self._shows_nothing():
                self._skip(child, pieces)
            elif tag == _TEXT:
                pieces.append(child.text or "")
            elif tag in _SHOWN:
                pieces.append(_SHOWN[tag])
            elif isinstance(tag, str):
                self._read(child, pieces)

    def _skip(self, child: Any, pieces: list[str]) -> None:
        """Go on looking for the marks of a field whose result is not read."""
        if isinstance(child.tag, str) and len(child):
            self._read(child, pieces)

    def _shows_nothing(self) -> bool:
        return any(state != "shown" for _, state in self._fields)

    def _field_mark(self, kind: str | None) -> Iterator[str]:
        if kind == "begin":
            self._fields.append(["", "instruction"])
        elif kind == "separate" and self._fields:
            counted = _COUNTED_FIELDS.match(self._fields[-1][0]) is not None
            self._fields[-1][1] = "counted" if counted else "shown"
            if counted:
                yield COUNTED
        elif kind == "end" and self._fields:
            instruction, state = self._fields.pop()
            if state == "instruction" and _COUNTED_FIELDS.match(instruction):
                yield COUNTED


def _is_hidden(run: Any) -> bool:
    if run.tag != _RUN:
        return False
    vanish = run.find(f"{W}rPr/{_VANISH}")
    return vanish is not None and vanish.get(_VALUE, "true") not in _OFF
