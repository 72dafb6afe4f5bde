from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest

from pipeline.authoring.fields import fields
from pipeline.authoring.fields_document import fields_document
from pipeline.authoring.outline import outline_of
from pipeline.authoring.stories import stories_of
from pipeline.authoring.tags import tags_of
from pipeline.cli.main import main
from pipeline.documents.templates.environment import environment
from pipeline.documents.templates.names import public_names, walk_names
from pipeline.documents.word.parts import read_parts
from pipeline.validation.schemas import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.authoring.fields import Field

EVERY = [field for _, group in fields() for field in group]


def one(name: str) -> tuple[str, str, str]:
    field = next(field for field in EVERY if field.name == name)
    return field.tag, field.type, field.who


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ref", ("{{ ref }}", "text", "everyone")),
        ("item.when", ("{{ item.when | date }}", "deadline", "everyone")),
        ("item.owners", ("{{ item.owners | names }}", "people", "everyone")),
        ("line.amount", ("{{ line.amount | money(payment.currency) }}", "amount", "everyone")),
    ],
)
def test_a_field_has_its_tag_type_and_readers(name: str, told: tuple[str, str, str]):
    assert one(name) == told


def test_a_field_that_nobody_may_see_is_not_listed():
    assert [field.name for field in EVERY if "withheld" in field.name] == []


def test_every_property_that_somebody_may_see_is_listed():
    schema = load_schema("agreement")
    listed = {field.name for field in EVERY}
    shown = {
        name
        for name, node in schema["properties"].items()
        if node.get("x-visible-to") and name not in {"extra", "translations", "sheets", "$schema"}
    }
    assert shown - listed == set()


LOOP_AROUND = {
    "line": "{% for line in payment.schedule or [] %}",
    "payer": "{% for payer in payment.payers or [] %}",
    "share": "{% for line in payment.schedule or [] %}{% for share in line.shares or [] %}",
    "consent": "{% for consent in item.consents or [] %}",
    "person": "{% for person in participants or [] %}",
    "item": "{% for item in items or [] %}",
    "payment": "{% for payment in payments or [] %}",
    "signature(person)": "{% for person in signatories or [] %}",
}


def in_its_loops(field: Field, loop: str) -> str:
    """Return a template that uses the tag where it belongs."""
    name = field.name.partition(".")[0]
    opening = loop if f"for {name} " in loop else loop + LOOP_AROUND.get(name, "")
    tag = field.tag.replace("{%p", "{%").replace("{%tr", "{%")
    end = "{% endif %}" if tag.startswith("{% if") else "{% endfor %}" if tag.startswith("{% for") else ""
    return opening + tag + end + "{% endfor %}" * opening.count("{% for")


def test_every_listed_tag_names_what_there_is():
    wrong = []
    for title, group in fields():
        loop = title[title.index("{%") : title.index("%}") + 2] if "{%" in title else ""
        for source in (in_its_loops(field, loop) for field in group):
            found, _ = walk_names(environment("en").parse(source), public_names(()))
            wrong += [(source, each.what) for each in found]
    assert wrong == []


def test_the_word_document_holds_every_tag_in_a_run_of_its_own():
    document = docx.Document(io.BytesIO(fields_document()))
    runs = {
        cell.paragraphs[0].runs[0].text for table in document.tables for cell in table.columns[0].cells if cell.text
    }
    assert {field.tag for field in EVERY} <= runs


def test_the_tags_of_the_word_document_can_all_be_read():
    stories = stories_of(read_parts(fields_document()))
    tags = [tag for story in stories for tag in tags_of(story)]
    unreadable = [each for each in outline_of(tags, "en").faults if each.rule == "tag-unreadable"]
    assert unreadable == []


def test_the_command_writes_the_document(tmp_path: Path):
    assert main(["template", "fields", "--docx", str(tmp_path / "fields.docx")]) == 0
    assert docx.Document(str(tmp_path / "fields.docx")).tables


def test_the_command_prints_the_list(capsys: pytest.CaptureFixture[str]):
    assert main(["template", "fields"]) == 0
    assert "  {{ item.text }}\n" in capsys.readouterr().out
