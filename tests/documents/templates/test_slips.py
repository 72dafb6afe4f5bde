from __future__ import annotations

import io

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.templates.drafting import fill
from pipeline.documents.templates.slips import mend
from pipeline.documents.templates.template import Template
from pipeline.documents.word.parts import write_parts


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("{{\u00a0ref\u00a0}}", "{{ ref }}"),
        ("{%p\u00a0if ref %}", "{%p if ref %}"),
        ("{% if x == \u201eno\u201c %}", '{% if x == "no" %}'),
        ("{% if x == \u00abno\u00bb %}", '{% if x == "no" %}'),
        ("{% if x == \u2018no\u2019 %}", "{% if x == 'no' %}"),
        ("{{ version \u2013 1 }}", "{{ version - 1 }}"),
        ("{{ re\u00adf }}", "{{ ref }}"),
        (
            "<w:t>{</w:t><w:t>{ x == \u201e</w:t><w:proofErr/><w:t>no\u201c }}</w:t>",
            '<w:t>{</w:t><w:t>{ x == "</w:t><w:proofErr/><w:t>no" }}</w:t>',
        ),
    ],
)
def test_a_slip_in_a_tag_is_read_as_the_plain_sign(typed: str, read: str):
    assert mend(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "\u201cWe agreed\u201d \u2013 all of us: {{ ref }}\u00a0\u2013 yes",
        '{% if x == "yes \u2013 later" %}',
        "{% if x == 'it\u2019s' %}",
        '<w:t w:lang="\u201c">{{ ref }}</w:t>',
    ],
)
def test_the_authors_own_words_stay_as_they_are(text: str):
    assert mend(text) == text


@given(st.text(alphabet="{}%# ab\"'\u201c\u201e\u2013\u00a0<>"))
def test_mending_twice_changes_no_more_than_once(text: str):
    assert mend(mend(text)) == mend(text)


def test_a_template_with_slips_is_filled_as_it_was_meant():
    document = docx.Document()
    document.add_paragraph("{%p\u00a0if outcome == \u201eagreement\u201c %}")
    document.add_paragraph("{{\u00a0ref\u00a0}} \u2013 \u201cours\u201d")
    document.add_paragraph("{%p endif %}")
    written = io.BytesIO()
    document.save(written)
    template = Template("small", "en", written.getvalue(), {"agreement": "Small"}, "agreement", 70, 15, "0" * 64)
    values = {"outcome": "agreement", "ref": "NR-0412", "signatories": []}
    filled = fill(template, values, places=(), language="en", logo=None, paper="A4")
    assert [each.text for each in docx.Document(io.BytesIO(write_parts(filled))).paragraphs] == [
        "NR-0412 \u2013 \u201cours\u201d"
    ]
