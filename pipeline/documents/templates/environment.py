"""The language of templates: a small, closed part of Jinja that can print values and do nothing else.

Three fences stand one behind the other. What a template may *say* is an allow-list of Jinja's syntax, checked
before anything runs. What it may *reach* is an allow-list of lookups: keys of plain values, never methods or
attributes of Python objects. What it may *print* is text and numbers: printing nothing ("None") is a fault,
so that a page never has a hole where a name should be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final

from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateAssertionError, TemplateRuntimeError
from jinja2.filters import do_batch
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.documents.templates import filters
from pipeline.languages.wording import is_right_to_left, isolated

_MOST_LOOPS: Final = 4
_LONGEST_JOIN: Final = 100_000
_LARGEST_NUMBER: Final = 10**15
_LARGEST_BATCH: Final = 100
_MOST_STEPS: Final = 100_000
_LONGEST_PART: Final = 20 * 1024 * 1024
_STEPS: Final = "_steps"
_BINARY_OPERATORS: Final = frozenset({"+", "-", "*", "/", "//", "%", "**"})
LOOP_FIELDS: Final = frozenset(
    {"index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem"}
)
"""What `loop` knows of itself."""

UNPRINTABLE: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but the line break, and halves of characters: categories Cc and Cs of Unicode."""

ANY_LANGUAGE: Final = "en"
"""For what is the same in all of them: what tags say, and which filters there are."""

_TESTS: Final = frozenset(
    {"none", "true", "false", "odd", "even", "in", "eq", "equalto", "==", "ne", "!=", "lt", "le", "gt", "ge"}
    | {"<", "<=", ">", ">=", "divisibleby", "string", "number", "sequence", "mapping", "boolean"}
)
_SYNTAX: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign),
    *(nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Keyword),
    *(nodes.Filter, nodes.Test, nodes.Call, nodes.CondExpr, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Add, nodes.Sub, nodes.Mul, nodes.Mod, nodes.List, nodes.Tuple),
)


class NothingThereError(TemplateRuntimeError):
    """A template prints, or looks into, a value that this record does not have (or this reader may not see)."""


class UnprintableError(TemplateRuntimeError):
    """A value holds a character that no page can show."""


class SignatureCaptions:
    """The function `signature(person)`: gives the caption of that person's signature place.

    `captions` pairs each person of the context's `signatories` with a caption. People are told apart by
    identity first: a reader may not see the ids of others, and two people may share a name.
    """

    def __init__(self, captions: list[tuple[Mapping[str, Any], str]]) -> None:
        """Keep the pairs of person and caption."""
        self._captions = captions

    def __call__(self, person: object) -> str:
        """Return the caption, such as "Signature 2"."""
        for signatory, caption in self._captions:
            if signatory is person:
                return caption
        for signatory, caption in self._captions:
            if isinstance(person, Mapping) and person.get("id") and person.get("id") == signatory.get("id"):
                return caption
        raise NothingThereError("signature(person) wants one of `signatories`; use it in a loop over them")


class _Steps:
    """Counts the steps of all loops of one part, so that none goes on for ever."""

    def __init__(self) -> None:
        self.left = _MOST_STEPS

    def of(self, values: Any) -> Iterator[Any]:
        for value in values:
            self.left -= 1
            if self.left < 0:
                raise SecurityError("the loops of this part take more steps than a page needs")
            yield value


@pass_context
def _counted(context: Context, values: Any) -> Iterator[Any]:
    steps: _Steps = context.__dict__.setdefault(_STEPS, _Steps())  # one context a part that is filled
    return steps.of(values)


def mark(number: int) -> str:
    """Return what stands for some words of a template while its tags are read; no value can print such signs."""
    return f"\x01{number}\x02"


def rendered(template: Template, values: Mapping[str, Any], *, words: Mapping[str, str]) -> str:
    """Return the template filled with these values, each mark with its `words`, in bounded time and memory.

    Raises what Jinja raises, and SecurityError when the loops take too many steps or the text grows too long.
    """
    pieces, length = [], 0
    for marked in template.generate(values):
        piece = words.get(marked, marked)  # a mark stands between two tags, and Jinja gives such words by themselves
        length += len(piece)
        if length > _LONGEST_PART:
            raise SecurityError("the filled part is longer than a document can be")
        pieces.append(piece)
    return "".join(pieces)


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Jinja, reduced to what an agreement needs; everything else is refused with its line."""

    intercepted_binops = _BINARY_OPERATORS

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check_syntax(tree, loops=0)
        return tree

    def _generate(self, source: nodes.Template, *rest: Any, **more: Any) -> str:
        """Let every loop count its steps; the tree that others read stays as the author wrote it."""
        loops = [(loop, loop.iter) for loop in source.find_all(nodes.For)]
        for loop, values in loops:
            loop.iter = nodes.Filter(values, _STEPS, [], [], None, None, lineno=loop.lineno)
        try:
            return super()._generate(source, *rest, **more)
        finally:
            for loop, values in loops:
                loop.iter = values

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        """Say no: attributes of Python objects are out of reach, except what a loop knows of itself."""
        return isinstance(obj, LoopContext) and attr in LOOP_FIELDS

    def is_safe_callable(self, obj: Any) -> bool:
        """Say yes to `signature` alone."""
        return isinstance(obj, SignatureCaptions)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up `obj.attribute`: a key of a mapping, or what a loop knows of itself."""
        if isinstance(obj, LoopContext) and attribute in LOOP_FIELDS:
            return getattr(obj, attribute)
        return self._key(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up `obj[argument]`: a key of a mapping, or a place in a list."""
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined(obj=obj, name=str(argument))
        return self._key(obj, argument)

    def _key(self, obj: Any, key: Any) -> Any:
        if obj is None:
            raise NothingThereError(f"'{key}' is asked of something that is not there; test for it with 'if' first")
        if isinstance(obj, Mapping):
            return obj[key] if isinstance(key, str) and key in obj else self.undefined(obj=obj, name=str(key))
        if isinstance(obj, Undefined):
            return getattr(obj, str(key))
        raise SecurityError(f"'{key}' is not a field of this value")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers of a sensible size; text is never added, repeated or formatted."""
        for number in (left, right):
            if not isinstance(number, int | float | Decimal) or isinstance(number, bool):
                raise SecurityError(f"'{operator}' is for numbers only; put two tags side by side to join text")
        if operator == "**" or max(abs(left), abs(right)) > _LARGEST_NUMBER:
            raise SecurityError(f"'{operator}' with these numbers is more than a page needs")
        return super().call_binop(context, operator, left, right)


def _unfolded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Keep Jinja from working out a constant while it compiles: one code serves all languages."""

    @pass_context
    def unfolded(_context: Context, *values: Any, **named: Any) -> Any:
        return function(*values, **named)

    return unfolded


@lru_cache(maxsize=32)
def environment(language: str) -> TemplateEnvironment:
    """Return the environment whose filters word dates, money and names in `language` (BCP 47).

    It is shared and never changed: `signature` belongs to one page, so it comes with the context.
    """
    jinja = TemplateEnvironment(
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_unfolded(_printable_apart if is_right_to_left(language) else _printable),
        cache_size=0,
        optimized=False,  # it would work out constants beforehand, which hardly a tag has, in a third of the time
        keep_trailing_newline=True,
    )
    last, length = jinja.filters["last"], jinja.filters["length"]
    own: dict[str, Callable[..., Any]] = {
        "date": _unfolded(partial(filters.date_words, language=language)),
        "money": _unfolded(partial(filters.money_words, language=language)),
        "names": partial(filters.name_words, language=language),
        "plain": _unfolded(partial(filters.plain_words, language=language)),
        "sentences": filters.sentences,
        "capitalize": filters.capital,
        "default": _default,
        "join": _join,
        "upper": _upper,
        "batch": _batch,
        "last": last,
        "length": length,
        _STEPS: _counted,
    }
    jinja.filters.clear()
    jinja.filters.update(own)
    for name in set(jinja.tests) - _TESTS:
        del jinja.tests[name]
    # cycler, joiner, namespace, lipsum, dict and range go: each is a way to an object or to a very long page
    jinja.globals.clear()
    return jinja


def _check_syntax(node: nodes.Node, loops: int) -> None:
    line = node.lineno or 1
    if not isinstance(node, _SYNTAX):
        raise TemplateAssertionError(f"'{type(node).__name__.lower()}' is not part of the template language", line)
    if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name == "signature"):
        raise TemplateAssertionError("only signature(person) can be called", line)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise TemplateAssertionError("a field's name does not begin with an underscore", line)
    if isinstance(node, nodes.For):
        loops += 1
        if node.recursive or loops > _MOST_LOOPS:
            raise TemplateAssertionError(f"more than {_MOST_LOOPS} loops inside one another, or a recursive one", line)
    for child in node.iter_child_nodes():
        _check_syntax(child, loops)


def _printable(value: Any) -> Any:
    """Let text and numbers through to the page; everything else is a fault."""
    if value is None:
        raise NothingThereError("this value is not there, or this reader may not see it; test for it with 'if' first")
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | Undefined):
        raise SecurityError("this is not text or a number, so it cannot be printed; name one of its fields")
    if isinstance(value, str) and UNPRINTABLE.search(value):
        raise UnprintableError("this value holds a control character")
    return value


def _printable_apart(value: Any) -> Any:
    """Let the same through, references and numbers set apart from the right-to-left words around them."""
    value = _printable(value)
    return isolated(value) if type(value) is str and any(sign.isalnum() for sign in value) else value


def _default(value: Any, other: Any) -> Any:
    """Give `other` where a value is not there; a misspelt name stays a fault."""
    return other if value is None else value


def _join(values: Any, separator: str = ", ") -> str:
    texts = [str(_printable(value)) for value in filters.sequence(values)]
    if sum(len(text) + len(separator) for text in texts) > _LONGEST_JOIN:
        raise SecurityError("the joined text is longer than a page can hold")
    return separator.join(texts)


def _batch(values: Any, size: Any, filler: Any = None) -> Iterator[list[Any]]:
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= _LARGEST_BATCH:
        raise SecurityError(f"a batch has from 1 to {_LARGEST_BATCH} values")
    return do_batch(filters.sequence(values), size, filler)


def _upper(value: Any) -> str:
    return str(_printable(value)).upper()
