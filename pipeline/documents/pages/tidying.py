"""Write a PDF anew after another library has changed it."""

from __future__ import annotations

from io import BytesIO

from pikepdf import ObjectStreamMode, Pdf, PdfError

from pipeline.errors import Problem, RecordError


def tidy(pdf: bytes) -> bytes:
    """Return the same document without earlier revisions and objects that nothing uses; same input, same bytes.

    Raises RecordError if the bytes are not a PDF.
    """
    try:
        with Pdf.open(BytesIO(pdf)) as document:
            if "/ID" in document.trailer:
                del document.trailer["/ID"]
            return saved(document)
    except PdfError as error:
        raise RecordError([Problem("This is not a PDF.", "Make the copy again.", where="PDF")]) from error


def saved(document: Pdf) -> bytes:
    """Return the document's bytes as every one of ours is written: one revision, an id made from what is in it."""
    buffer = BytesIO()
    document.save(
        buffer,
        deterministic_id=True,
        force_version="1.7",  # the version PDF/A-2 is based on
        object_stream_mode=ObjectStreamMode.generate,
        fix_metadata_version=False,
    )
    return buffer.getvalue()
