"""Add tagged content to a tagged PDF: its structure tree stays and grows by what is stamped (ISO 32000-1, 14.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from pipeline.errors import Problem, RecordError

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter
    from pypdf.generic import PdfObject

_INLINE = frozenset({"/Span", "/Link", "/Reference", "/Quote", "/Code", "/Em", "/Strong", "/Sub"})
_DEEPEST = 50
_MOST_NODES = 10_000


def add_object(writer: PdfWriter, each: PdfObject) -> PdfObject:
    """Return a reference to the object, or to its copy if it is of another document."""
    return writer._add_object(each.clone(writer))  # noqa: SLF001  # as in pypdf's manual; it has no other way


class PageTags:
    """The marked contents of one page, and the elements of the structure tree they belong to."""

    def __init__(self, writer: PdfWriter, page: PageObject) -> None:
        """Find them. Raises RecordError when the page is not tagged."""
        self._writer = writer
        self._page = page
        key, tree = page.get("/StructParents"), _entry(writer.root_object, "/StructTreeRoot")
        found = None if key is None else number_tree_value(_entry(tree, "/ParentTree"), int(key))
        if not isinstance(found, ArrayObject):
            raise _untagged()
        self._elements = found

    def add_before(self, mcid: int, element: DictionaryObject, *, contents: int = 1) -> int:
        """Put an element into the tree, before the paragraph with this marked content.

        `contents` says how many marked contents of the page it holds. Returns the number of the first, which no other
        has. Raises RecordError when the tree does not know the paragraph.
        """
        block = self._block(mcid)
        parent = _entry(block, "/P")
        siblings = parent["/K"].get_object()
        if not isinstance(siblings, ArrayObject):
            siblings = ArrayObject([parent.raw_get("/K")])
            parent[NameObject("/K")] = siblings
        at = next((index for index, each in enumerate(siblings) if each.get_object() is block), None)
        if at is None:
            raise _untagged()
        first = len(self._elements)
        element[NameObject("/Type")] = NameObject("/StructElem")
        element[NameObject("/P")] = block.raw_get("/P")
        element[NameObject("/Pg")] = self._page.indirect_reference
        element[NameObject("/K")] = ArrayObject(NumberObject(first + index) for index in range(contents))
        reference = add_object(self._writer, element)
        siblings.insert(at, reference)
        self._elements.extend(reference for _ in range(contents))
        return first

    def _block(self, mcid: int) -> DictionaryObject:
        """Return the paragraph, or whatever stands for one, that holds a marked content."""
        element = self._elements[mcid].get_object() if mcid < len(self._elements) else None
        for _ in range(_DEEPEST):
            if not isinstance(element, DictionaryObject):
                break
            if element.get("/S") not in _INLINE:
                return element
            element = _entry(element, "/P")
        raise _untagged()


def number_tree_value(tree: DictionaryObject, key: int) -> Any:
    """Return what a number tree holds for a key (ISO 32000-1, 7.9.7); None too for a tree that runs in a circle."""
    waiting: list[Any] = [tree]
    for _ in range(_MOST_NODES):
        if not waiting:
            break
        node = waiting.pop()
        numbers = _array(node, "/Nums")
        for number, value in zip(numbers[::2], numbers[1::2], strict=False):
            if number == key:
                return value.get_object()
        waiting += [kid.get_object() for kid in _array(node, "/Kids")]
    return None


def dictionary(parent: DictionaryObject, name: str) -> DictionaryObject:
    """Return the dictionary that an entry holds or refers to; an empty one where there is none."""
    value = _value(parent, name)
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _array(parent: DictionaryObject, name: str) -> list[Any]:
    value = _value(parent, name)
    return list(value) if isinstance(value, ArrayObject) else []


def _entry(parent: DictionaryObject, name: str) -> DictionaryObject:
    value = _value(parent, name)
    if not isinstance(value, DictionaryObject):
        raise _untagged()
    return value


def _value(parent: DictionaryObject, name: str) -> Any:
    value = parent.get(name)
    return None if value is None else value.get_object()


def _untagged() -> RecordError:
    problem = Problem(
        "this page has no tags where the signature belongs", "make the copy again with the standard engine", where="PDF"
    )
    return RecordError([problem])
