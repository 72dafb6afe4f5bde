from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pytest
from jinja2.exceptions import TemplateError, UndefinedError

from pipeline.documents.templates.environment import (
    UNPRINTABLE,
    NothingThereError,
    SignatureCaptions,
    UnprintableError,
    environment,
)

ITEM = {"copy": "a copy of the letter", "items": [1, 2], "get": "he gets it", "text": "Tom will ring.", "when": None}
CONTEXT: dict[str, Any] = {
    "items": [ITEM],
    "name": "Ruth",
    "version": 2,
    "nothing": None,
    "flag": True,
    "numbers": [1, 2, 3],
}


def render(source: str, **more: Any) -> str:
    return environment("en").from_string(source).render({**CONTEXT, **more})


PAYLOADS = [
    "{{ cycler.__init__.__globals__.os.popen('id') }}",
    "{{ joiner }}",
    "{{ lipsum() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ namespace(a=1) }}",
    "{{ dict(a=1) }}",
    "{{ range(10**9) | join }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ name.__class__ }}",
    "{{ name['__class__'] }}",
    "{{ name | attr('__class__') }}",
    "{{ name | attr('format') }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ '{0.__class__}'.format_map({'0': name}) }}",
    "{{ '%s' % name }}",
    "{{ '%0999999999d' % 1 }}",
    "{{ 'a' * 10**9 }}",
    "{{ numbers * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 999999999999999 * 999999999999999 * 999999999999999 }}",
    "{{ name ~ name }}",
    "{% set a = name + name %}{{ a }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self }}",
    "{{ items.append(1) }}",
    "{{ items[0].update({'text': 'x'}) }}",
    "{{ items[0].keys() }}",
    "{{ name.upper() }}",
    "{{ signature.__init__ }}",
    "{{ signature.__call__.__globals__ }}",
    "{{ signature._captions }}",
    "{{ signature }}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% macro m() %}{% endmacro %}{{ m() }}",
    "{% block b %}{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% autoescape false %}{{ name }}{% endautoescape %}",
    "{% set a %}{{ name }}{{ name }}{% endset %}",
    "{% for a in items recursive %}{{ loop(items) }}{% endfor %}",
    "{% for a in numbers %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for a in numbers %}{{ loop._iterator }}{% endfor %}",
    "{{ name | safe }}",
    "{{ items | map(attribute='__class__') | join }}",
    "{{ name | pprint }}",
    "{{ name | format }}",
    "{{ (lambda: 1)() }}",
    "{{ items }}",
    "{{ items[0] }}",
    "{{ flag }}",
    "{% for a in numbers %}" * 5 + "x" + "{% endfor %}" * 5,
    "{{ name is callable }}",
    "{{ caller() }}",
    "{{ numbers | batch(2) }}",
    "{{ name[0].__class__ }}",
    "{{ numbers | join('a' * 999999) }}",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_more_than_printing_is_refused(payload: str):
    with pytest.raises(TemplateError):
        render(payload, signature=SignatureCaptions([]))


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("{{ name }}", "Ruth"),
        ("{{ items[0].copy }}", "a copy of the letter"),
        ("{{ items[0].get }}", "he gets it"),
        ("{{ items[0]['text'] }}", "Tom will ring."),
        ("{% for n in items[0].items %}{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}", "1, 2"),
        ("{% for n in numbers if n > 1 %}{{ loop.index }}{% endfor %}", "12"),
        ("{% if nothing %}x{% else %}y{% endif %}", "y"),
        ("{% if nothing is none %}x{% endif %}", "x"),
        ("{% for n in nothing or [] %}x{% endfor %}", ""),
        ("{{ version + 1 }}", "3"),
        ("{{ nothing | default('not named') }}", "not named"),
        ("{{ numbers | join(', ') }}", "1, 2, 3"),
        ("{{ numbers | length }}", "3"),
        ("{{ name | upper }}", "RUTH"),
        ("{{ 'a' if flag is true else 'b' }}", "a"),
        ("{% for pair in numbers | batch(2) %}[{{ pair | join }}]{% endfor %}", "[1, 2][3]"),
        ("{% set n = numbers | last %}{{ n }}", "3"),
        ("{{ version if version > 1 and name in ['Ruth', 'Tom'] else 0 }}", "2"),
    ],
)
def test_ordinary_tags_work(source: str, printed: str):
    assert render(source) == printed


def test_printing_what_is_not_there_is_a_fault():
    with pytest.raises(NothingThereError):
        render("{{ nothing }}")


def test_looking_into_what_is_not_there_is_a_fault():
    with pytest.raises(NothingThereError):
        render("{{ items[0].when.date }}")


@pytest.mark.parametrize("source", ["{{ nmae }}", "{% if nmae %}{% endif %}", "{{ items[0].txet }}", "{{ items[7] }}"])
def test_a_misspelt_name_is_a_fault_even_where_it_is_only_tested(source: str):
    with pytest.raises(UndefinedError):
        render(source)


def test_default_does_not_hide_a_misspelt_name():
    with pytest.raises(TemplateError):
        render("{{ nmae | default('x') }}")


def test_what_cannot_be_printed_are_the_control_characters_of_unicode_and_halves_of_characters():
    every = [chr(code) for code in range(sys.maxunicode + 1)]

    unprintable = [sign for sign in every if unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n"]
    assert UNPRINTABLE.findall("".join(every)) == unprintable


def test_a_control_character_is_never_printed():
    with pytest.raises(UnprintableError):
        render("{{ name }}", name="a\x0cb")


@pytest.mark.parametrize("value", ["{{ 7*7 }}", "{% for %}", "A & B", "<w:p/>", "]]>", "\"'"])
def test_a_value_is_escaped_and_never_read_as_a_template(value: str):
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert render("{{ name }}", name=value) == escaped.replace('"', "&#34;").replace("'", "&#39;")


def test_two_people_of_one_name_have_captions_of_their_own():
    first, second = {"display_name": "Tom", "id": None}, {"display_name": "Tom", "id": None}
    captions = SignatureCaptions([(first, "Signature 1"), (second, "Signature 2")])
    assert render("{{ signature(second) }}", signature=captions, second=second) == "Signature 2"


def test_a_caption_is_given_to_signatories_only():
    with pytest.raises(NothingThereError):
        render("{{ signature(items[0]) }}", signature=SignatureCaptions([]))


def test_a_person_is_known_again_by_the_id_in_the_readers_own_entry():
    captions = SignatureCaptions([({"id": "harmed-1"}, "Signature 1")])
    assert render("{{ signature(reader) }}", signature=captions, reader={"id": "harmed-1"}) == "Signature 1"


@pytest.mark.parametrize(("thing", "attribute"), [("text", "upper"), ({}, "items"), ([], "append"), (str, "mro")])
def test_no_attribute_of_a_python_object_is_safe(thing: object, attribute: str):
    assert not environment("en").is_safe_attribute(thing, attribute, None)


def test_joining_more_than_a_page_holds_is_refused():
    with pytest.raises(TemplateError):
        render("{{ texts | join }}", texts=["x" * 60_000] * 2)
