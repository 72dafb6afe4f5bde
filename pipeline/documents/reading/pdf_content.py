"""Read the text of a PDF content stream: glyph codes to letters, with the marks that say what each text is.

Only the operators that show or mark text matter here (ISO 32000-1, 9.4 and 14.6); positions are left to pdfium.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.documents.pages.pdf_strings import decode_string, string_of
from pipeline.documents.reading.model import SOFT
from pipeline.documents.reading.pdf_fonts import codes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.documents.reading.pdf_fonts import Font, Fonts

# Numbers and the operators that paint are passed over: only what shows or marks text is a token.
_TOKEN = re.compile(
    rb"""
    [^/\[(<BTEDqQ'"%]*+                                          # nothing of interest begins here
    (?:
      /Artifact\s+BMC[^()\[\]<>/]*?\bEMC\b                       # an artifact that is only lines
    | (?:/Artifact\s+BMC|/(?!Artifact\b)\w+\s+<<\s*/MCID\s+(?P<id>[0-9]+)\s*>>\s*BDC)\s+q\s+BT\s  # as we write words
      (?P<tagged>(?:(?:[0-9.\s-]*+rg\s)?(?:\s*/\w+\s[0-9.\s-]*+Tf\s)?[0-9.\s-]*+Tm\s
        \s*\[(?:[^\]()]++|\((?:[^()\\]++|\\.)*+\))*+\]\s*TJ\s)++)\s*ET\s+Q\s+EMC\b
    | (?P<array>\[(?:[^\]()]++|\((?:[^()\\]++|\\.)*+\))*+\])\s*TJ # [(literal) -20 <hex>] TJ
    | (?P<string>\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)) # (literal), one level of brackets inside
    | (?P<hex><[0-9A-Fa-f\s]*+>)
    | /MCID\s+(?P<mcid>[0-9]+)
    | /(?P<name>[^\s()<>\[\]{}/%]*)
    | (?P<word>BT|Tf|Tj|TJ|BDC|BMC|EMC|Do|q|Q)(?!\w)
    | (?P<quote>['"])
    | %[^\r\n]*                                                  # comment
    | BI\b.*?\bID\s.*?\sEI\b                                     # picture in the stream
    | .
    )
    """,
    re.DOTALL | re.VERBOSE,
)
_PIECE = re.compile(
    rb"(?:/(\w+)\s[0-9.\s-]*+Tf\s)?[0-9.\s-]*+Tm\s\s*(\[(?:[^\]()]++|\((?:[^()\\]++|\\.)*+\))*+\])", re.DOTALL
)
_DEEPEST_FORM = 8


@dataclass(frozen=True, slots=True)
class Marked:
    """The text shown under one marked-content sequence.

    `mcid` links it to the structure tree; None stands for text outside of it, which is an error unless it is an
    `artifact`. `glyphs` is what is drawn, in drawing order; `text` is `/ActualText` where there is one.
    """

    mcid: int | None
    artifact: bool
    text: str
    glyphs: str


_Key = tuple[int | None, bool]
"""The mark's number, and whether it is an artifact."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A marked-content sequence that has not ended yet, with what it inherits from those around it."""

    mcid: int | None
    artifact: bool
    replaced: bool


def marked_texts(content: bytes, resources: Any, fonts: Fonts) -> list[Marked]:
    """Return the texts of a content stream and of the forms it draws, one for each marked-content sequence."""
    reader = _Reader(fonts)
    reader.read(content, resources, depth=0)
    return [
        Marked(mcid, artifact, text, glyphs)
        for ((mcid, artifact), text), glyphs in zip(reader.texts.items(), reader.glyphs.values(), strict=True)
    ]


class _Named:
    """The resources of one content stream, looked up by the last name among an operator's operands."""

    def __init__(self, resources: Any, fonts: Fonts) -> None:
        self.resources = resources
        self._fonts = fonts
        self._known: dict[bytes, Font | None] = {}

    def resource(self, kind: str, operands: list[tuple[str, bytes]]) -> Any:
        """Return a resource, or None if there is none of this name."""
        name = _last_name(operands)
        of_kind = self.resources.get(kind) if self.resources is not None else None
        return of_kind.get(f"/{name.decode('latin-1')}") if of_kind is not None and name else None

    def font(self, operands: list[tuple[str, bytes]]) -> Font | None:
        """Return a font; the same few are named again and again."""
        return self.font_called(_last_name(operands))

    def font_called(self, name: bytes) -> Font | None:
        """Return the font of this name, or None if there is none."""
        if name not in self._known:
            dictionary = self.resource("/Font", [("name", name)])
            self._known[name] = self._fonts.font(dictionary) if dictionary is not None else None
        return self._known[name]


def _last_name(operands: list[tuple[str, bytes]]) -> bytes:
    return next((value for kind, value in reversed(operands) if kind == "name"), b"")


class _Reader:
    def __init__(self, fonts: Fonts) -> None:
        self.texts: dict[_Key, str] = {}
        self.glyphs: dict[_Key, str] = {}
        self._fonts = fonts
        self._font: Font | None = None
        self._marks = [self._mark(None, artifact=False, replaced=False)]

    def _mark(self, mcid: int | None, *, artifact: bool, replaced: bool) -> _Mark:
        self._add("", "", (mcid, artifact))
        return _Mark(mcid, artifact, replaced)

    def read(self, content: bytes, resources: Any, depth: int) -> None:
        """Read a content stream; `depth` counts the forms around it."""
        named = _Named(resources, self._fonts)
        operands: list[tuple[str, bytes]] = []
        saved: list[Font | None] = []
        for token in _TOKEN.finditer(content):
            kind = token.lastgroup
            if kind is None:
                continue
            value = token.group(kind)
            if kind == "tagged":
                self._tagged(token.group("id"), value, named)
            elif kind == "array":
                self._show(codes_of(value))
            elif kind in ("word", "quote"):
                self._operator(value, operands, saved, named, depth)
            else:
                operands.append((kind, string_of(value) if kind in ("string", "hex") else value))
                continue
            operands.clear()

    def _tagged(self, mcid: bytes | None, code: bytes, named: _Named) -> None:
        """Do at once what BDC, q, BT, Tf, TJ, ET, Q and EMC do one after the other; each Tm begins a word, as in rdocx.

        An artifact begins with BMC and has no number. Where the operators come in another order, as LibreOffice writes
        them, a Tm may move a piece of a word.
        """
        around, words = self._marks[-1], self._fonts.words(self._font)
        pieces = [SOFT]
        for name, array in _PIECE.findall(code):
            if name:
                words = self._fonts.words(named.font_called(name))
            pieces += (SOFT, words[array])
        letters = "".join(pieces)
        key = (around.mcid, True) if mcid is None else (int(mcid), around.artifact)
        self._add(SOFT if around.replaced else letters, letters, key)

    def _operator(
        self, word: bytes, operands: list[tuple[str, bytes]], saved: list[Font | None], named: _Named, depth: int
    ) -> None:
        match word:
            case b"q":
                saved.append(self._font)
            case b"Q" if saved:
                self._font = saved.pop()
            case b"BT":
                self._add(SOFT, SOFT, self._key())
            case b"EMC" if len(self._marks) > 1:
                self._marks.pop()
            case b"BDC" | b"BMC":
                self._begin(operands, named)
            case b"Tf":
                self._font = named.font(operands)
            case b"Tj" | b"TJ" | b"'" | b'"':
                self._show(b"".join(value for kind, value in operands if kind in ("string", "hex")))
            case b"Do" if depth < _DEEPEST_FORM:
                self._form(operands, named, depth)

    def _form(self, operands: list[tuple[str, bytes]], named: _Named, depth: int) -> None:
        form = named.resource("/XObject", operands)
        if form is not None and form.get("/Subtype") == "/Form":
            self.read(form.read_bytes(), form.get("/Resources", named.resources), depth + 1)

    def _begin(self, operands: list[tuple[str, bytes]], named: _Named) -> None:
        around = self._marks[-1]
        properties = _properties(operands, named)
        actual = properties.get(b"ActualText")
        mark = self._mark(
            int(properties[b"MCID"]) if b"MCID" in properties else around.mcid,
            artifact=around.artifact or (bool(operands) and operands[0][1] == b"Artifact"),
            replaced=around.replaced or actual is not None,
        )
        self._marks.append(mark)
        if actual is not None and not around.replaced:
            self._add(decode_string(actual), "", self._key())

    def _show(self, codes: bytes) -> None:
        letters = self._font.decode(codes) if self._font is not None else codes.decode("latin-1")
        self._add("" if self._marks[-1].replaced else letters, letters, self._key())

    def _key(self) -> _Key:
        return self._marks[-1].mcid, self._marks[-1].artifact

    def _add(self, text: str, glyphs: str, key: _Key) -> None:
        # Two texts a mark, not two lists: a page has hundreds of marks, and each list is one more thing to look after.
        self.texts[key] = self.texts.get(key, "") + text
        self.glyphs[key] = self.glyphs.get(key, "") + glyphs


def _properties(operands: list[tuple[str, bytes]], named: _Named) -> Mapping[bytes, bytes]:
    """Return a mark's MCID and ActualText, written in place or kept among the resources."""
    if [kind for kind, _ in operands] == ["name", "name"]:
        kept = named.resource("/Properties", operands) or {}
        actual = {b"ActualText": bytes(kept["/ActualText"])} if "/ActualText" in kept else {}
        return actual | ({b"MCID": str(kept["/MCID"]).encode()} if "/MCID" in kept else {})
    found = {}
    for kind, value in operands:
        if kind == "mcid":
            found[b"MCID"] = value
    for (_, name), (kind, value) in pairwise(operands):
        if name == b"ActualText" and kind in ("string", "hex"):
            found[name] = value
    return found
