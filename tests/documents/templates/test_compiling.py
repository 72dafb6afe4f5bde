"""The tags of a template are read once, also where one process reads them for another."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
from jinja2.exceptions import TemplateSyntaxError

from pipeline.documents.templates import compiling
from pipeline.documents.templates.compiling import bound, learn, learned, part_of, readable, syntax_of

PAGE = "<w:p><w:t>Callum {{ ref }} and {% if version %}more{% endif %}</w:t></w:p>"
TO_ANOTHER = """
import pickle, sys
from pipeline.documents.templates.compiling import learned, readable
readable(sys.argv[1])
sys.stdout.buffer.write(pickle.dumps(learned()))
"""


@pytest.fixture(autouse=True)
def _forget():
    compiling._parts.clear()  # noqa: SLF001 - as in a process that begins
    compiling._codes.clear()  # noqa: SLF001
    syntax_of.cache_clear()
    bound.cache_clear()


def _filled(xml: str) -> str:
    part = readable(xml)
    text = bound(part.source, "en").render(ref="NR-0412", version=1)
    for mark, words in part.words.items():
        text = text.replace(mark, words)
    return text


def test_what_another_process_read_fills_the_same_text_and_is_not_parsed_again():
    told = subprocess.run([sys.executable, "-c", TO_ANOTHER, PAGE], check=True, capture_output=True).stdout
    learn(pickle.loads(told))  # noqa: S301 - written by that script

    text = _filled(PAGE)

    assert "Callum NR-0412 and more" in text
    assert syntax_of.cache_info().misses == 0


def test_languages_of_one_template_share_their_code():
    welsh = PAGE.replace("Callum", "Mae Callum").replace("more", "mwy")

    assert readable(PAGE).source == readable(welsh).source
    assert len(learned().codes) == 1
    assert "Mae Callum" in _filled(welsh)


def test_a_tag_that_cannot_be_read_is_learned_by_nobody():
    with pytest.raises(TemplateSyntaxError):
        readable("<w:p>{% if %}</w:p>")
    assert learned().codes == {}


def test_of_many_parts_the_oldest_are_let_go():
    for number in range(100):
        readable(f"<w:p>{{{{ a{number} }}}}</w:p>")

    assert (len(learned().parts), len(learned().codes)) == (64, 64)
    assert "<w:p>{{ a99 }}</w:p>" in learned().parts
    assert part_of("<w:p>{{ a0 }}</w:p>").words  # read again, as if it were new
