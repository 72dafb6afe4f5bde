"""What is put into a place to sign: a picture of a signature, or words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignatureImage:
    """The picture of a signature and nothing else: no metadata, no paper, no colour of the ground.

    `rgba` holds four bytes a pixel (red, green, blue, opacity), row by row from the upper left corner. Where
    there is no ink, all four are zero.
    """

    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True, slots=True)
class ImageMark:
    """A drawn or scanned signature for the place with this caption.

    `printed_name` and `on` (the date in the words of the page) stand beside the picture; either may be empty. `alt`
    is what a screen reader says instead of the picture. `language` (BCP 47) is given when the words are in another
    language than the page.
    """

    caption: str
    image: SignatureImage
    printed_name: str
    on: str
    alt: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class TextMark:
    """Words for the place with this caption, one paragraph a line, such as ("Not signed",) or a typed name and date.

    They are real text: whatever must be seen of the signature is in them. Long lines are broken between words.
    """

    caption: str
    lines: tuple[str, ...]
    language: str | None = None


Mark = ImageMark | TextMark
