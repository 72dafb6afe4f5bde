"""A letter that no font has is drawn as a box; its PDF still says which letter it is."""

from __future__ import annotations

import io

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from pipeline.documents.engines.boxes import refuse_boxes
from pipeline.errors import RecordError


def outline(*corners):
    pen = TTGlyphPen(None)
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


BOX = ((0, 0), (0, 700), (400, 700), (400, 0))
TRIANGLE = ((0, 0), (200, 700), (400, 0))


def with_font(letter, box=BOX):
    """Return a PDF with a font of two glyphs: the box for missing letters, and a letter."""
    names = [".notdef", "heh"]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({0x6C1: "heh"})
    font.setupGlyf({".notdef": outline(*box) if box else TTGlyphPen(None).glyph(), "heh": outline(*letter)})
    font.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupPost()
    written = io.BytesIO()
    font.save(written)
    document = pikepdf.new()
    program = document.make_stream(written.getvalue())
    document.Root.Font = document.make_indirect(pikepdf.Dictionary(FontFile2=program))
    return document


def test_a_letter_that_is_drawn_as_the_box_for_missing_ones_is_refused():
    with pytest.raises(RecordError, match="drawn as empty boxes"):
        refuse_boxes(with_font(BOX))


def test_a_letter_with_a_shape_of_its_own_is_not():
    refuse_boxes(with_font(TRIANGLE))


def test_a_font_that_leaves_missing_letters_empty_is_not_taken_for_one_with_boxes():
    refuse_boxes(with_font(TRIANGLE, box=None))


def test_a_font_that_cannot_be_read_is_left_to_the_proof():
    document = with_font(BOX)
    document.Root.Font.FontFile2 = document.make_stream(b"no font at all")
    refuse_boxes(document)
