"""Tell ink from paper: find where somebody wrote, and make everything else transparent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageFilter, ImageMath

from pipeline.errors import Problem, RecordError
from pipeline.signing.model import SignatureImage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

_LONGEST = 800  # pixels of the result: about 500 dots an inch where it stands
_OVERVIEW = 800  # pixels of the picture in which the ink is looked for
_SMALLEST = 12  # pixels; less is a speck
_CELLS = 32  # how many cells of paper brightness the longer side is divided into
_NEIGHBOURS = 9  # cells that must hold some paper: wider than any stroke, narrower than a shadow
_PAPER_RANGE = 0.7  # the darkest shadow is taken for paper, against the brightest paper of the picture
_PAPER = 45  # less difference from the paper than this is grain, not ink (of 255)
_FULL_INK = 140  # more is ink, wholly opaque
_LONELY = 60  # mean opacity of a pixel and its eight neighbours: a line one pixel wide has 85, a speck 28
_PALE = 200  # mean brightness of ink that nobody would see on white paper
_MOST_INK = 0.7  # of the area; more is a photograph, or a dark ground
_MARGIN = 0.01  # of the longer side, left around the ink


def only_ink(image: Image.Image) -> SignatureImage:
    """Return the ink of an RGBA picture, trimmed and at most 800 pixels long.

    A picture that is transparent already keeps its own opacity. Raises RecordError when there is no ink, when the
    ink is too pale for white paper, or when nearly everything is dark.
    """
    drawn = any(image.getchannel("A").histogram()[:128])
    box = _ink_box(image, drawn=drawn)
    inked = _limited(image.crop(box), _LONGEST)
    result = _own_opacity(inked) if drawn else _without_paper(inked)
    if _brightness(result) > _PALE:
        raise _refusal("the ink is too pale for white paper", "use a dark pen, or dark ink on a light ground")
    return SignatureImage(result.width, result.height, result.tobytes())


def _ink_box(image: Image.Image, *, drawn: bool) -> tuple[int, int, int, int]:
    """Return the box of all ink, with a little margin."""
    overview = _limited(image, _OVERVIEW)
    ink = (_own_opacity(overview) if drawn else _without_paper(overview)).getchannel("A").point(_mostly)
    box = ink.getbbox()
    if box is None or max(box[2] - box[0], box[3] - box[1]) < _SMALLEST:
        raise _refusal("there is no signature in the picture", "check that it is the right one; use a dark pen")
    if not drawn and ink.histogram()[255] > _MOST_INK * ink.width * ink.height:
        raise _refusal(
            "nearly the whole picture is dark", "photograph or scan the signature on white paper, in good light"
        )
    scale = max(image.size) / max(overview.size)
    margin = max(2.0, _MARGIN * max(image.size))
    left, top, right, bottom = (edge * scale for edge in box)
    return (
        max(0, int(left - margin)),
        max(0, int(top - margin)),
        min(image.width, int(right + margin) + 1),
        min(image.height, int(bottom + margin) + 1),
    )


def _limited(image: Image.Image, longest: int) -> Image.Image:
    """Return the picture, scaled down if it is longer; colours count by their opacity, so no edge turns dark."""
    if max(image.size) <= longest:
        return image
    scale = longest / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.convert("RGBa").resize(size, Image.Resampling.BOX).convert("RGBA")


def _own_opacity(image: Image.Image) -> Image.Image:
    """Return the picture with no colour left where nothing is seen."""
    ground = Image.new("RGBA", image.size)
    return Image.composite(image, ground, image.getchannel("A").point(lambda value: 255 if value else 0))


def _without_paper(image: Image.Image) -> Image.Image:
    """Return ink alone: how far each pixel is from the paper around it becomes its opacity, the rest its colour."""
    white = Image.new("RGBA", image.size, "white")
    seen = Image.alpha_composite(white, image).convert("RGB")
    even = [_over(channel, _paper(channel)) for channel in seen.split()]
    opacity = _without_grain(Image.merge("RGB", even).convert("L").point(_opacity))
    colours = [_unmixed(channel, opacity) for channel in even]
    return _own_opacity(Image.merge("RGBA", (*colours, opacity)))


def _without_grain(opacity: Image.Image) -> Image.Image:
    """Return the opacity without lonely pixels, the grain of a scanner; the finest line has neighbours."""
    near_ink = opacity.filter(ImageFilter.BoxBlur(1)).point(lambda value: 255 if value > _LONELY else 0)
    return ImageChops.darker(opacity, near_ink.filter(ImageFilter.MaxFilter(3)))


def _paper(channel: Image.Image) -> Image.Image:
    """Return how bright the paper is at each place: light falls unevenly on a photographed page."""
    cell = max(1, max(channel.size) // _CELLS)
    size = (max(1, channel.width // cell), max(1, channel.height // cell))
    cells = channel.resize(size, Image.Resampling.BOX).filter(ImageFilter.MaxFilter(_NEIGHBOURS))
    darkest = max(1, int(_brightest(channel) * _PAPER_RANGE))
    smooth = cells.filter(ImageFilter.GaussianBlur(2)).point(lambda value: max(value, darkest))
    return smooth.resize(channel.size, Image.Resampling.BILINEAR)


def _brightest(channel: Image.Image) -> int:
    return max(value for value, count in enumerate(channel.histogram()) if count)


def _over(channel: Image.Image, paper: Image.Image) -> Image.Image:
    """Return the channel as it were on white paper."""

    def on_white(pictures: Mapping[str, Any]) -> Any:
        return pictures["min"](pictures["channel"] * 255 / pictures["paper"], 255)

    return _calculated(on_white, channel=channel, paper=paper)


def _opacity(value: int) -> int:
    share = (255 - value - _PAPER) / (_FULL_INK - _PAPER)
    return round(255 * min(1.0, max(0.0, share)))


def _unmixed(channel: Image.Image, opacity: Image.Image) -> Image.Image:
    """Return the colour of the ink, without the white that shines through at its edges."""

    def ink(pictures: Mapping[str, Any]) -> Any:
        share = pictures["max"](pictures["opacity"], 1)
        return pictures["max"](255 - (255 - pictures["channel"]) * 255 / share, 0)

    return _calculated(ink, channel=channel, opacity=opacity)


def _calculated(formula: Callable[[Mapping[str, Any]], Any], **channels: Image.Image) -> Image.Image:
    result: Image.Image = ImageMath.lambda_eval(formula, **channels)
    return result.convert("L")


def _mostly(opacity: int) -> int:
    return 255 if opacity > 128 else 0


def _brightness(image: Image.Image) -> float:
    """Return the mean brightness of the ink, by opacity."""
    seen = image.convert("L").histogram(image.getchannel("A").point(_mostly))
    total = sum(seen)
    return sum(value * count for value, count in enumerate(seen)) / total if total else 255.0


def _refusal(what: str, do: str) -> RecordError:
    return RecordError([Problem(what, do, where="picture of a signature")])
