# ruff: noqa: E501 (Word's mark-up reads better in one line)
"""Write the faulty templates beside this script from the sources below: `python tests/cases/templates/build.py`.

Each case is a Word file with Word's own structures, and a JSON file that says what a check must find and where. The
tests read the files, not this script: adding a case is adding a file, made here or in Word.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import docx

HERE = Path(__file__).resolve().parent
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CASES: dict[str, tuple[dict[str, bytes], dict[str, Any]]] = {}


def r(text: str, properties: str = "") -> str:
    """Return a run."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    formatted = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{formatted}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str, style: str = "") -> str:
    """Return a paragraph; what does not begin with < is a run."""
    runs = "".join(each if each.startswith("<") else r(each) for each in content)
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs}</w:p>"


def row(*cells: str, head: bool = False) -> str:
    """Return a table row; a cell is a paragraph or a text."""
    mark = "<w:trPr><w:tblHeader/></w:trPr>" if head else ""
    opening = '<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>'
    filled = (opening + (each if each.startswith("<") else p(each)) + "</w:tc>" for each in cells)
    return f"<w:tr>{mark}{''.join(filled)}</w:tr>"


def table(*rows: str, first_row: int = 0) -> str:
    """Return a table of two columns; with `first_row` it looks as if its first row were a header."""
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="6000" w:type="dxa"/><w:tblLook w:val="0000" w:firstRow="{first_row}"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/></w:tblGrid>{"".join(rows)}</w:tbl>{p()}'
    )


def parts_of(*body: str, header: str = "", footer: str = "") -> dict[str, bytes]:
    """Return the parts of a Word file with a title and this body."""
    document = docx.Document()
    document.add_heading("Outcome agreement", level=1)
    section = document.sections[0]
    if header:
        section.header.paragraphs[0].text = header
    if footer:
        section.footer.paragraphs[0].text = footer
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as package:
        parts = {name: package.read(name) for name in package.namelist() if not name.startswith("docProps/thumb")}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"docProps/thumbnail.jpeg", b"docProps/app.xml")
    main = parts["word/document.xml"].decode()
    opening = main[main.index("<w:document") : main.index(">", main.index("<w:document")) + 1]
    main = main.replace(opening, f'<w:document {NAMES} mc:Ignorable="">')
    parts["word/document.xml"] = main.replace("<w:sectPr", "".join(body) + "<w:sectPr", 1).encode()
    return parts


def related(parts: dict[str, bytes], kind: str, target: str, *, outside: bool = False, key: str = "rId900") -> None:
    """Add a relationship of the body."""
    name = "word/_rels/document.xml.rels"
    mode = ' TargetMode="External"' if outside else ""
    link = f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    parts[name] = parts[name].replace(b"</Relationships>", link.encode())


def part(parts: dict[str, bytes], name: str, data: bytes, content: str) -> None:
    """Add a part with its content type."""
    parts[name] = data
    types = f'<Override PartName="/{name}" ContentType="{content}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", types.encode())


def picture(key: str = "rId901", *, descr: str = "", attribute: str = "embed") -> str:
    """Return a run with a picture."""
    said = f' descr="{descr}"' if descr else ""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="360000" cy="360000"/><wp:docPr id="7" name="Picture 7"{said}/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="7" name="p.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:{attribute}="{key}"/>'
        '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="360000" cy="360000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def png() -> bytes:
    """Return a grey square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\xcc\xcc\xcc\xcc" * 4))
        + chunk(b"IEND", b"")
    )


def case(name: str, parts: dict[str, bytes] | tuple[str, ...], *expected: dict[str, Any], settings: str = "") -> None:
    """Keep a case: what a check must find, nothing more and nothing less."""
    made = parts if isinstance(parts, dict) else parts_of(*parts)
    told: dict[str, Any] = {"expect": list(expected)}
    if settings:
        told["settings"] = settings
    CASES[name] = (made, told)


def found(rule: str, paragraph: int | None = 2, part: str = "body", **more: Any) -> dict[str, Any]:
    """Return one expected finding; the title is paragraph 1 of the body."""
    place = {"part": part} | ({"paragraph": paragraph} if paragraph is not None else {})
    place |= {key: more.pop(key) for key in ("table", "row", "cell", "heading") if key in more}
    return {"rule": rule, "place": place, **more}


PROOF = '<w:proofErr w:type="spellStart"/>'
MARK, UNMARK = '<w:bookmarkStart w:id="3" w:name="here"/>', '<w:bookmarkEnd w:id="3"/>'
BOLD = "<w:b/>"


def tags_split_by_word() -> None:
    """Tags in pieces, as Word leaves them after an edit: read as one, and said so."""
    split = found("tag-split")
    case("split-in-two-runs", (p(r("{{ re"), r("f }}")),), split)
    case("split-inside-the-braces", (p(r("{"), r("{ ref }"), r("}")),), split)
    case(
        "split-with-proofing-marks", (p(r("{{ "), PROOF, r("ref"), '<w:proofErr w:type="spellEnd"/>', r(" }}")),), split
    )
    case("split-by-a-bookmark", (p(r("{{ "), MARK, r("ref"), UNMARK, r(" }}")),), split)
    case("split-half-bold", (p(r("{{ re"), r("f }}", BOLD)),), split)
    case("split-by-a-line-break", (p(r("{{ "), "<w:r><w:br/></w:r>", r("ref }}")),), split)
    case(
        "split-by-a-page-that-was-rendered", (p(r("{{ "), "<w:r><w:lastRenderedPageBreak/></w:r>", r("ref }}")),), split
    )
    case("split-paragraph-tag", (p(r("{%p "), PROOF, r("if ref %}")), p("Yes"), p("{%p endif %}")), split)
    case("split-row-tag", (table(row("Head", "Head", head=True), row(p(r("{%tr for i in it"), r("ems or [] %}")), ""),
         row("{{ i.text }}", ""), row("{%tr endfor %}", "")),), found("tag-split", 1, table=1, row=2, cell=1))  # fmt: skip
    case("split-in-a-header", parts_with_header(), found("tag-split", 1, part="header of section 1"))
    case("split-with-a-wrong-name", (p(r("{{ incident"), PROOF, r("_lin }}")),), split, found("unknown-name"))
    case("split-in-five", (p(r("{"), r("{"), MARK, r(" ref "), UNMARK, r("}"), r("}")),), split)


def parts_with_header() -> dict[str, bytes]:
    """Return a file whose header has a tag in two runs."""
    parts = parts_of(p("{{ ref }}"), header="HERE")
    name = next(name for name in parts if name.startswith("word/header"))
    parts[name] = parts[name].replace(b"<w:r><w:t>HERE</w:t></w:r>", (r("{{ re") + r("f }}")).encode())
    return parts


def slips() -> None:
    """What a keyboard slips into tags: read as it was meant, and said so."""
    slip = found("tag-slip")
    case("slip-german-quotes", (p("{% if outcome == \u201eagreement\u201c %}x{% endif %}"),), slip)
    case("slip-french-quotes", (p("{% if outcome == \u00abagreement\u00bb %}x{% endif %}"),), slip)
    case("slip-curly-quotes", (p("{% if outcome == \u201cagreement\u201d %}x{% endif %}"),), slip)
    case("slip-single-curly-quotes", (p("{% if outcome == \u2018agreement\u2019 %}x{% endif %}"),), slip)
    case("slip-dash", (p("{{ version \u2013 1 }}"),), slip)
    case("slip-non-breaking-space", (p("{{\u00a0ref\u00a0}}"),), slip)
    case("slip-non-breaking-space-in-a-paragraph-tag", (p("{%p\u00a0if ref %}"), p("Yes"), p("{%p endif %}")), slip)
    case("slip-soft-hyphen", (p("{{ re\u00adf }}"),), slip)
    case("slip-in-two-runs", (p(r("{{\u00a0re"), r("f }}")),), found("tag-split"), slip)


def syntax() -> None:
    """Tags that cannot be read; every one is told, not only the first."""
    bad = found("tag-unreadable")
    case("syntax-double-bar", (p("{{ review_date || date }}"),), bad)
    case("syntax-two-faults", (p("{{ ref ref }}"), p("{{ ref }}"), p("{{ 1 + }}")), bad, found("tag-unreadable", 4))
    case("syntax-empty-tag", (p("{{ }}"),), bad)
    case("syntax-if-without-a-condition", (p("{% if %}x{% endif %}"),), bad)
    case("syntax-for-without-in", (p("{% for item of items %}x{% endfor %}"),), bad)
    case("syntax-space-before-p", (p("{% p if ref %}"), p("x"), p("{%p endif %}")), bad, found("block-not-opened", 4))
    case("syntax-unknown-word", (p("{% repeat 3 %}"),), bad)
    case("syntax-macro", (p("{% macro m() %}x{% endmacro %}"),), bad)
    case("syntax-include", (p('{% include "other.docx" %}'),), bad)
    case("syntax-call-of-a-method", (p("{{ ref.upper() }}"),), bad)
    case("syntax-open-text", (p("{{ 'ref }}"),), bad)
    case("not-closed", (p("{{ ref and more"), p("{{ ref }}")), found("tag-not-closed"))
    case("not-closed-with-one-brace", (p("{{ ref }"),), found("tag-not-closed"))
    case("not-opened", (p("ref }} and more"),), found("tag-not-opened"))
    case("over-two-paragraphs", (p("{{ re"), p("f }}")), found("tag-not-closed"), found("tag-not-opened", 3))
    case(
        "over-a-link",
        (p(r("{{ "), f'<w:hyperlink w:anchor="here">{r("ref")}</w:hyperlink>', r(" }}")),),
        found("tag-holds-something"),
    )
    case(
        "over-a-note",
        (p(r("{{ "), "<w:smartTag>" + r("ref") + "</w:smartTag>", r(" }}")),),
        found("tag-holds-something"),
    )
    case("rich-text-tag", (p("{{r ref }}"),), found("tag-not-for-records"))
    case("document-tag", (p("{{p ref }}"),), found("tag-not-for-records"))


def blocks() -> None:
    """Blocks without an end, a beginning, or a place."""
    case("if-without-endif", (p("{%p if ref %}"), p("x")), found("block-not-closed"))
    case("for-without-endfor", (p("{% for item in items or [] %}{{ item.text }}"),), found("block-not-closed"))
    case("endif-without-if", (p("x{% endif %}"),), found("block-not-opened"))
    case("else-without-if", (p("{%p else %}"), p("x")), found("block-not-opened"))
    case(
        "endfor-for-an-if",
        (p("{%p if ref %}"), p("x"), p("{%p endfor %}")),
        found("block-not-closed"),
        found("block-not-opened", 4),
    )
    case("two-else", (p("{% if ref %}a{% else %}b{% else %}c{% endif %}"),), found("block-not-opened"))
    case(
        "if-inside-for-not-closed",
        (p("{%p for item in items or [] %}"), p("{%p if item.when %}"), p("x"), p("{%p endfor %}")),
        found("block-not-closed", 3),
    )
    case("block-from-paragraph-to-text", (p("{%p if ref %}"), p("x{% endif %}")), found("block-crosses", 3))
    case(
        "block-from-text-into-a-cell",
        (p("{% if ref %}a"), table(row("{% endif %}", "b"))),
        found("block-crosses", 1, table=1, row=1, cell=1),
    )
    case(
        "block-from-row-to-text",
        (
            table(
                row("Head", "Head", head=True), row("{%tr for item in items or [] %}", ""), row("{{ item.text }}", "")
            ),
            p("x{% endfor %}"),
        ),
        found("block-crosses", 3),
    )
    case(
        "percent-in-a-paragraph-tag",
        (p("{%p if version % 2 == 1 %}"), p("x"), p("{%p endif %}")),
        found("sign-in-block-tag"),
    )
    case(
        "row-tag-outside-a-table",
        (p("{%tr if ref %}"), p("x"), p("{%tr endif %}")),
        found("tag-outside-table"),
        found("tag-outside-table", 4),
    )
    case(
        "words-beside-a-paragraph-tag",
        (p("Please: {%p if ref %}"), p("x"), p("{%p endif %}")),
        found("text-beside-paragraph-tag"),
    )
    case(
        "tag-beside-a-paragraph-tag",
        (p("{%p if ref %}{{ ref }}"), p("x"), p("{%p endif %}")),
        found("text-beside-paragraph-tag"),
    )
    case("two-paragraph-tags-in-one-paragraph", (p("{%p if ref %}x{%p endif %}"),), found("two-tags-in-one-paragraph"))
    case(
        "words-in-the-row-of-a-row-tag",
        (
            table(
                row("Head", "Head", head=True),
                row("{%tr for item in items or [] %}", "lost"),
                row("{{ item.text }}", ""),
                row("{%tr endfor %}", ""),
            ),
        ),
        found("text-beside-row-tag", 1, table=1, row=2, cell=1),
    )
    case(
        "loop-in-one-row",
        (
            table(
                row("Head", "Head", head=True), row("{%tr for item in items or [] %}{{ item.text }}", "{%tr endfor %}")
            ),
        ),
        found("two-tags-in-one-row", 1, table=1, row=2, cell=1),
    )
    case(
        "loop-in-one-cell",
        (table(row("{%tc for item in items or [] %}{{ item.text }}{%tc endfor %}", "b")),),
        found("two-tags-in-one-cell", 1, table=1, row=1, cell=1),
    )
    case(
        "words-beside-a-cell-tag",
        (table(row("{%tc if ref %} lost", "b", "{%tc endif %}")),),
        found("text-beside-cell-tag", 1, table=1, row=1, cell=1),
    )
    rows = (row("{%tr for item in items or [] %}", ""), row("{{ item.text }}", ""), row("{%tr endfor %}", ""))
    case("table-that-can-lose-its-rows", (table(*rows),), found("table-without-rows", 1, table=1, row=1, cell=1))
    case(
        "table-with-a-filtered-loop",
        (p("{%p if items %}"), table(row("{%tr for item in items if item.when %}", ""), *rows[1:]), p("{%p endif %}")),
        found("table-without-rows", 1, table=1, row=1, cell=1),
    )


def names() -> None:
    """Names that do not exist, each with the nearest; and fields that nobody may see."""
    wrong = found("unknown-name")
    case("name-misspelt", (p("{{ incident_lin }}"),), {**wrong, "do": "incident_line"})
    case(
        "name-in-a-loop",
        (p("{% for participant in participants %}{{ participant.dispaly_name }}{% endfor %}"),),
        {**wrong, "what": "participant.dispaly_name", "do": "display_name"},
    )
    case(
        "name-three-deep",
        (p("{% for item in items %}{{ item.help.who.displayname }}{% endfor %}"),),
        {**wrong, "what": "item.help.who.displayname", "do": "display_name"},
    )
    case("name-twice", (p("{{ reff }}"), p("{{ versio }}")), wrong, found("unknown-name", 3))
    case(
        "name-in-a-footer",
        parts_of(p("{{ ref }}"), footer="{{ cod }}"),
        found("unknown-name", 1, part="footer of section 1", do="code"),
    )
    case(
        "name-in-a-cell",
        (table(row("A", "{{ versoin }}")),),
        found("unknown-name", 1, table=1, row=1, cell=2, do="version"),
    )
    case(
        "name-under-a-heading",
        (p("Signatures", style="Heading2"), p("{{ signatoris }}")),
        found("unknown-name", 3, heading="Signatures"),
    )
    case("filter-unknown", (p("{{ review_date | dat }}"),), {**wrong, "do": "date"})
    case("test-unknown", (p("{% if version is evn %}x{% endif %}"),), {**wrong, "do": "even"})
    case("printing-a-list", (p("{{ items }}"),), wrong)
    case("field-of-a-text", (p("{{ ref.text }}"),), wrong)
    case(
        "hidden-from-everybody",
        (p("{% for person in participants %}{% if person.withheld %}x{% endif %}{% endfor %}"),),
        found("hidden-field"),
        found("branch-never-ran"),
    )
    only = 'name = "case"\ncarries = "nothing"\nreaders = ["outside"]\n[titles]\nagreement = "Slip"\n[signature]\nwidth_mm = 70\nheight_mm = 13\n'
    case(
        "hidden-from-the-readers-it-is-for",
        (p("{% if closing_words %}{{ closing_words }}{% endif %}"),),
        found("hidden-field"),
        found("branch-never-ran"),
        settings=only,
    )
    case("printed-without-a-test", (p("{{ incident_line }}"),), found("value-not-there"))


def words_of_word() -> None:
    """What Word can put into a page that a copy would not show."""
    tracked = '<w:ins w:id="5" w:author="A" w:date="2026-01-01T00:00:00Z">' + r("new") + "</w:ins>"
    case("tracked-insertion", (p("{{ ref }}"), p(r("Old "), tracked)), found("tracked-change", 3))
    gone = '<w:del w:id="6" w:author="A" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>gone</w:delText></w:r></w:del>'
    case("tracked-deletion", (p(r("Kept "), gone),), found("tracked-change"))
    case("hidden-words", (p(r("Seen"), r(" unseen", "<w:vanish/>")),), {**found("hidden-text"), "text": "unseen"})
    box = (
        '<w:r><w:pict><v:shape style="width:90pt;height:40pt"><v:textbox><w:txbxContent>'
        + p("In a box")
        + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    case(
        "text-box",
        (p(r("Beside"), box),),
        {**found("text-box"), "text": "In a box"},
        {"rule": "trial-failed", "place": {"part": "DOCX, body, paragraph 3"}},
    )
    control = "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>" + r("Choose") + "</w:sdtContent></w:sdt>"
    case("content-control", (p(r("Please "), control),), {**found("content-control"), "text": "Choose"})
    case(
        "typeface-unknown",
        (p(r("Fine words", '<w:rFonts w:ascii="Wonderhand" w:hAnsi="Wonderhand"/>')),),
        {**found("font-missing"), "text": "Wonderhand"},
    )
    parts = parts_of(p(r("A picture "), picture()))
    parts["word/media/p.png"] = png()
    types = b'<Default Extension="png" ContentType="image/png"/><Default Extension="rels"'
    if b'Extension="png"' not in parts["[Content_Types].xml"]:
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b'<Default Extension="rels"', types)
    related(parts, "image", "media/p.png", key="rId901")
    case("picture-without-words", parts, found("no-alternative-text"))
    case(
        "header-row-for-the-eye",
        (table(row("What", "Who"), row("a", "b"), first_row=1),),
        found("no-header-row", 1, table=1, row=1, cell=1),
    )
    case("no-title", no_title(), {"rule": "no-title", "place": {"part": "body"}})
    case("no-language", no_language(), {"rule": "no-language", "place": {"part": "styles"}})
    case("comment", with_comment(), found("comment"))
    case("endnote", with_endnote(), found("endnote"))


def no_title() -> dict[str, bytes]:
    """Return a file whose first line only looks like a title."""
    parts = parts_of(p("{{ ref }}"))
    parts["word/document.xml"] = parts["word/document.xml"].replace(b'<w:pStyle w:val="Heading1"/>', b"")
    return parts


def no_language() -> dict[str, bytes]:
    """Return a file that names no language."""
    parts = parts_of(p("{{ ref }}"))
    styles = parts["word/styles.xml"].decode()
    begin = styles.index("<w:lang ")
    parts["word/styles.xml"] = (styles[:begin] + styles[styles.index("/>", begin) + 2 :]).encode()
    return parts


def with_comment() -> dict[str, bytes]:
    """Return a file with a comment at its second paragraph."""
    document = docx.Document()
    document.add_heading("Outcome agreement", level=1)
    paragraph = document.add_paragraph("{{ ref }}")
    document.add_comment(paragraph.runs, text="Is this right?", author="An author", initials="A")
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as package:
        parts = {name: package.read(name) for name in package.namelist() if not name.startswith("docProps/thumb")}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"docProps/thumbnail.jpeg", b"docProps/app.xml")
    return parts


def with_endnote() -> dict[str, bytes]:
    """Return a file with an endnote at its second paragraph."""
    parts = parts_of(p(r("Words"), '<w:r><w:endnoteReference w:id="2"/></w:r>'))
    notes = f'<w:endnotes {NAMES}><w:endnote w:id="2">{p("A note")}</w:endnote></w:endnotes>'
    part(
        parts,
        "word/endnotes.xml",
        notes.encode(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml",
    )
    related(parts, "endnotes", "endnotes.xml")
    return parts


def refused() -> None:
    """Files that the program does not open."""
    parts = parts_of(p(r("A picture "), picture("rId900", descr="A boat", attribute="link")))
    related(parts, "image", "https://example.org/p.png", outside=True)
    case("refused-linked-picture", parts, found("outside-link"))
    parts = parts_of(p("{{ ref }}"))
    related(parts, "attachedTemplate", "file:///T:/normal.dotm", outside=True)
    case("refused-attached-template", parts, {"rule": "unsafe-file", "place": {"part": "word/_rels/document.xml.rels"}})
    parts = parts_of(p(r("An object "), '<w:r><w:object><o:OLEObject Type="Embed" r:id="rId900"/></w:object></w:r>'))
    related(parts, "oleObject", "embeddings/o.bin")
    parts["word/embeddings/o.bin"] = b"x"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b'<Default Extension="rels"',
        b'<Default Extension="bin" ContentType="application/octet-stream"/><Default Extension="rels"',
    )
    case(
        "refused-embedded-object",
        parts,
        found("outside-link"),
        {"rule": "unsafe-file", "place": {"part": "word/embeddings/o.bin"}},
    )
    parts = parts_of(p("{{ ref }}"))
    parts["word/vbaProject.bin"] = b"x"
    case("refused-macro", parts, {"rule": "unsafe-file", "place": {"part": "word/vbaProject.bin"}})
    old = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + r("fill in")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    case("refused-old-form-field", (p(r("Name: "), old),), found("field"))
    case(
        "refused-including-field",
        (p(r("Text: "), '<w:fldSimple w:instr=" INCLUDETEXT C:/other.docx ">' + r("x") + "</w:fldSimple>"),),
        found("field"),
    )
    parts = with_comment()
    parts["word/comments.xml"] = parts["word/comments.xml"].replace(b"Is this right?", b"{{ ref }}")
    case(
        "refused-tag-in-a-comment", parts, {"rule": "tag-never-filled", "place": {"part": "comments"}}, found("comment")
    )
    parts = parts_of(p("{{ ref }}"))
    parts["word/document.xml"] = (
        b'<!DOCTYPE w [<!ENTITY a "b">]>'
        + parts["word/document.xml"][parts["word/document.xml"].index(b"<w:document") :]
    )
    case("refused-document-type", parts, {"rule": "unsafe-file", "place": {"part": "body"}})
    parts = parts_of(
        p("{{ wrong_name }}"), p(r("Text: "), '<w:fldSimple w:instr=" DATABASE x ">' + r("x") + "</w:fldSimple>")
    )
    case("refused-and-misspelt-at-once", parts, found("field", 3), found("unknown-name"))


def settings_and_clauses() -> None:
    """Protected clauses, places to sign, settings."""
    base = 'name = "case"\ncarries = "{carries}"\n[titles]\nagreement = "Agreement"\n[signature]\nwidth_mm = 70\nheight_mm = 13\n'
    clause = (
        base.format(carries="nothing")
        + '[clauses]\nvoluntary = "Nobody has to agree, and everybody may say no at any time."\n'
    )
    case("clause-missing", (p("{{ ref }}"),), {"rule": "clause-missing", "place": {"part": "body"}}, settings=clause)
    case(
        "clause-reworded",
        (p("Nobody has to agree, and everybody may say no before the meeting."),),
        found("clause-reworded"),
        settings=clause,
    )
    tag = base.format(carries="nothing") + '[clauses]\ncomplaint_route = "{{ service.complaint_route }}"\n'
    case(
        "clause-that-is-a-tag-missing",
        (p("Ring us."),),
        {"rule": "clause-missing", "place": {"part": "body"}},
        settings=tag,
    )
    four = (
        base.format(carries="nothing")
        + '[clauses]\nvoluntary = "Nobody has to agree, and everybody may say no at any time."\n'
        + 'confidential = "What was said stays between the people who were there."\n'
        + 'complaint_route = "{{ service.complaint_route }}"\ndata_holder = "{{ service.privacy_text }}"\n'
    )
    kept = {
        "voluntary": "Nobody has to agree, and everybody may say no at any time.",
        "confidential": "What was said stays between the people who were there.",
        "complaint_route": "{{ service.complaint_route }}",
        "data_holder": "{{ service.privacy_text }}",
    }
    missing = {"rule": "clause-missing", "place": {"part": "body"}}
    about = {
        "voluntary": "nobody has to agree",
        "confidential": "who is told",
        "complaint_route": "how to complain",
        "data_holder": "who holds",
    }
    # Beside the clause that is missing stand other tags, which have braces, too.
    for name in kept:
        others = tuple(p(words) for other, words in kept.items() if other != name)
        case(f"one-of-four-clauses-missing-{name}", others, missing | {"what": about[name]}, settings=four)
    everyone = [missing | {"what": words} for words in about.values()]
    case("all-four-clauses-missing", (p("{{ ref }}"), p("{{ service.next_steps }}")), *everyone, settings=four)
    reworded = {
        "voluntary": "Nobody needs to agree, and everybody may say no at any time.",
        "confidential": "What was said stays between the people who met.",
        "complaint_route": "{{ service.complaint_route | capitalize }}",
        "data_holder": "{{ service.privacy_text | capitalize }}",
    }
    paragraphs = tuple(p(words) for words in reworded.values())
    changed = [found("clause-reworded", number) for number in range(2, 6)]
    case("all-four-clauses-reworded", paragraphs, *changed, settings=four)
    case(
        "no-place-to-sign",
        (p("{% for item in items or [] %}{{ item.text }} {% endfor %}"),),
        {"rule": "no-signature-place", "place": {"part": "body"}},
        settings=base.format(carries="agreement"),
    )
    case(
        "setting-unknown",
        (p("{{ ref }}"),),
        {"rule": "settings", "place": {"part": "template.toml, fots"}},
        settings=base.format(carries="nothing") + "[fots]\n",
    )


def main() -> None:
    """Write every case."""
    for make in (tags_split_by_word, slips, syntax, blocks, names, words_of_word, refused, settings_and_clauses):
        make()
    for name, (parts, told) in CASES.items():
        with zipfile.ZipFile(HERE / f"{name}.docx", "w") as package:
            for member, data in parts.items():
                info = zipfile.ZipInfo(member, date_time=(1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(info, data)
        (HERE / f"{name}.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
