"""Find the fonts that a run of a Word file asks for: defaults, then styles, then the run itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.documents.word.parts import W, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DRAWINGML = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_THEME_ATTRIBUTES = {"ascii": "asciiTheme", "hAnsi": "hAnsiTheme", "cs": "cstheme"}


@dataclass(slots=True)
class RunFonts:
    """The fonts of the styles and the theme of one document."""

    styles: Mapping[str, Any]
    default_styles: Mapping[str, Any]
    defaults: Any
    theme: Mapping[str, str]
    _by_style: dict[tuple[str | None, ...], dict[str, str]] = field(default_factory=dict)

    def of(self, run: Any) -> dict[str, str]:
        """Return what a run asks for, by slot of `w:rFonts`: "ascii", "hAnsi", "cs", and "asciiTheme" and so on."""
        paragraph = next(run.iterancestors(W + "p"), None)
        table = next(run.iterancestors(W + "tbl"), None)
        key = (_style(table, "tblPr/", "tblStyle"), _style(paragraph, "pPr/", "pStyle"), _style(run, "rPr/", "rStyle"))
        if key not in self._by_style:
            self._by_style[key] = self._cascade(key)
        own = run.find(f"{W}rPr/{W}rFonts")
        return self._by_style[key] if own is None else self._by_style[key] | _slots(own)

    def latin(self, asked: Mapping[str, str]) -> set[str | None]:
        """Return the families that Latin text of such a run may be shown with."""
        families = self._families(asked, "ascii") | self._families(asked, "hAnsi")
        return set(families) or {None}

    def complex(self, asked: Mapping[str, str]) -> set[str | None]:
        """Return the families that Arabic, Hebrew, Hindi or Thai text of such a run may be shown with."""
        return set(self._families(asked, "cs")) or self.latin(asked)

    def _families(self, asked: Mapping[str, str], slot: str) -> set[str]:
        """Return one family, or two where a font and a theme font are both named: engines differ on which one wins."""
        families = {asked[slot]} if slot in asked else set()
        theme = self.theme.get(asked.get(_THEME_ATTRIBUTES[slot], ""))
        return families | {theme} if theme else families

    def _cascade(self, key: tuple[str | None, ...]) -> dict[str, str]:
        asked = _slots(self.defaults)
        for name, kind in zip(key, ("table", "paragraph", "character"), strict=True):
            style = self.styles.get(name) if name else self.default_styles.get(kind)
            for level in reversed(list(self._based_on(style))):
                asked |= _slots(level.find(f"{W}rPr/{W}rFonts"))
        return asked

    def _based_on(self, style: Any) -> Iterator[Any]:
        seen = set()
        while style is not None and style not in seen:
            seen.add(style)
            yield style
            parent = style.find(W + "basedOn")
            style = None if parent is None else self.styles.get(parent.get(W + "val"))


def run_fonts(parts: Mapping[str, bytes]) -> RunFonts:
    """Read styles and theme from the parts of a Word file."""
    theme = next((name for name in sorted(parts) if name.startswith("word/theme/") and name.endswith(".xml")), "")
    return _run_fonts(parts.get("word/styles.xml"), parts.get(theme))


@lru_cache(maxsize=32)  # styles and theme come from the template: the same in every copy
def _run_fonts(styles: bytes | None, theme: bytes | None) -> RunFonts:
    root = None if styles is None else parse(styles)
    found = [] if root is None else list(root.iter(W + "style"))
    return RunFonts(
        styles={style.get(W + "styleId"): style for style in found},
        default_styles={
            style.get(W + "type"): style for style in found if style.get(W + "default") in {"1", "true", "on"}
        },
        defaults=None if root is None else root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts"),
        theme={} if theme is None else _theme(theme),
    )


def _theme(part: bytes) -> dict[str, str]:
    """Return the Latin font of each theme name a run can use."""
    theme = parse(part)
    families: dict[str, str] = {}
    for kind in ("major", "minor"):
        latin = theme.find(f".//{_DRAWINGML}{kind}Font/{_DRAWINGML}latin")
        if latin is not None and latin.get("typeface"):
            families |= {kind + slot: latin.get("typeface") for slot in ("Ascii", "HAnsi")}
    return families


def _slots(fonts: Any) -> dict[str, str]:
    if fonts is None:
        return {}
    names = (*_THEME_ATTRIBUTES, *_THEME_ATTRIBUTES.values())
    return {name: fonts.get(W + name) for name in names if fonts.get(W + name)}


def _style(element: Any, properties: str, name: str) -> str | None:
    found = None if element is None else element.find(f"{W}{properties}{W}{name}")
    return None if found is None else found.get(W + "val")
