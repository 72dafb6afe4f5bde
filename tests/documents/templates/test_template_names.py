from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Any

import docx
import pytest

from pipeline.copies.plan import plan_copies
from pipeline.documents.templates.names import public_names, wrong_names
from pipeline.documents.templates.template import Template, load_template
from pipeline.errors import SetupError
from pipeline.records.load import load_record
from pipeline.service.load import load_service
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.copies.model import Copy


def template(*paragraphs: str, header: str = "", footer: str = "") -> Template:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    written = io.BytesIO()
    document.save(written)
    return Template("small", "en", written.getvalue(), {"agreement": "Small"}, "agreement", 70, 15, "0" * 64)


def told(*paragraphs: str) -> list[str]:
    return [
        problem.do.partition("? ")[0] + "?" for problem in wrong_names(template(*paragraphs), extra_fields=["district"])
    ]


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("{{ incident_lin }}", "incident_line"),
        ("{% if closing_words %}{{ incident_lin }}{% endif %}", "incident_line"),
        ("{% for item in items or [] %}{{ item.txt }}{% endfor %}", "text"),
        ("{% for item in items %}{{ item.when.dat | date }}{% endfor %}", "date"),
        ("{% for item in items if item.hlp %}{{ item.text }}{% endfor %}", "help"),
        ("{% for item in items %}{{ item.help.who.displayname }}{% endfor %}", "display_name"),
        (
            "{% for item in items %}{% for p in item.owners %}{{ p.displayname }}{% endfor %}{% endfor %}",
            "display_name",
        ),
        ("{% for item in items %}{{ item.owners[0].lable }}{% endfor %}", "label"),
        ("{% for item in items %}{{ item['numbr'] }}{% endfor %}", "number"),
        ("{% for item in items %}{{ loop.indx }}{% endfor %}", "index"),
        ("{% for p in payments %}{% for l in p.schedule %}{{ l.amout }}{% endfor %}{% endfor %}", "amount"),
        ("{% for l in payments[0].schedule %}{% for s in l.shares %}{{ s.persn }}{% endfor %}{% endfor %}", "person"),
        ("{% for p in payments %}{% for r in p.payers if r.payd_by %}x{% endfor %}{% endfor %}", "paid_by"),
        ("{% set first = items[0] %}{{ first.txt }}", "text"),
        ("{% if reader.knd == 'outside' %}x{% endif %}", "kind"),
        ("{{ service.telephon }}", "telephone"),
        ("{{ service.labels.harmd }}", "harmed"),
        ("{{ extra.distric.value }}", "district"),
        ("{{ extra.district.valu | plain }}", "value"),
        ("{% for name in extra %}{{ extra[name].titel }}{% endfor %}", "title"),
        ("{{ retention.delete_aftr | date }}", "delete_after"),
        ("{{ retention.keep_longer.who.display_nam }}", "display_name"),
        ("{{ 'a' if draft else closing_word }}", "closing_words"),
        ("{% if draft %}{{ review_date | dat }}{% endif %}", "date"),
        ("{% if draft %}{% if version is evn %}x{% endif %}{% endif %}", "even"),
    ],
)
def test_a_misspelt_name_is_told_with_the_nearest_spelling(tag: str, meant: str):
    assert told(tag) == [f"Did you mean {meant}?"]


@pytest.mark.parametrize(
    "tag",
    [
        "{% for item in items %}{{ item.number }} {{ item.when | date }}{% endfor %}",
        "{% for item in items %}{{ loop.previtem.text }}{% endfor %}",
        "{% for row in items | batch(2) %}{% for item in row %}{{ item.text }}{% endfor %}{% endfor %}",
        "{{ (items | last).text }}",
        "{{ (items[0].speaker or reader) | names }}",
        "{% for p in signatories %}{{ signature(p) }}{% endfor %}",
        "{{ extra.district.title }}",
        "{% if 'district' in extra %}{{ extra['district'].value | plain }}{% endif %}",
        "{% set total = version + 1 %}{{ total }}",
        "{{ service.labels.supporter }}",
    ],
)
def test_a_name_of_the_public_context_is_fine(tag: str):
    assert told(tag) == []


@pytest.mark.parametrize("tag", ["{{ items }}", "{{ reader }}", "{% for p in participants %}{{ p }}{% endfor %}"])
def test_printing_more_than_a_text_is_told(tag: str):
    assert [problem.what for problem in wrong_names(template(tag), extra_fields=())] == [
        "The template cannot be filled: This is not a text but a group or a list."
    ]


def test_looking_into_a_text_is_told():
    problem = wrong_names(template("{{ ref.text }}"), extra_fields=())[0]
    assert problem.what == "The template cannot be filled: 'text' is asked of something that has no fields."


def test_looking_into_a_list_is_told():
    problem = wrong_names(template("{{ items.text }}"), extra_fields=())[0]
    assert problem.what == "The template cannot be filled: 'text' is asked of a list."


def test_the_part_and_the_tag_are_named():
    made = template("{{ ref }} and {{ incident_lin }}", header="{{ cod }}", footer="{{ versio }}")
    assert [problem.where for problem in wrong_names(made, extra_fields=())] == [
        "small.en.docx, page, near {{ incident_lin }}",
        "small.en.docx, header 1, near {{ cod }}",
        "small.en.docx, footer 2, near {{ versio }}",
    ]


def test_a_tag_that_cannot_be_read_is_told_at_once():
    with pytest.raises(SetupError):
        wrong_names(template("{% if draft %}"), extra_fields=())


def test_a_function_that_does_not_exist_is_told_at_once():
    with pytest.raises(SetupError) as raised:
        wrong_names(template("{% if draft %}{{ signatur(reader) }}{% endif %}"), extra_fields=())
    assert raised.value.problems[0].what.endswith("Only signature(person) can be called.")


def test_the_shipped_template_has_no_wrong_name():
    assert wrong_names(load_template("standard", "en", service_folder=None), extra_fields=()) == ()


def _samples(tmp_path: Path) -> tuple[list[Copy], tuple[str, ...]]:
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(shipped("samples") / name, tmp_path)
    service = load_service(tmp_path / "agreements.toml")
    agreements = [load_record(path, extra_fields=service.extra_fields) for path in shipped("samples").glob("*-*.json")]
    return [copy for agreement in agreements for copy in plan_copies(agreement, service)], tuple(service.extra_fields)


def _differences(value: Any, names: Any, path: str) -> list[str]:
    if isinstance(value, dict):
        known = dict(names.fields or {})
        found = [f"{path}.{key}" for key in value if key not in known]
        return found + [
            each for key in value if key in known for each in _differences(value[key], known[key], f"{path}.{key}")
        ]
    if names.unknown:
        return []
    if isinstance(value, list):
        if names.each is None:
            return [f"{path}[]"]
        return [each for part in value for each in _differences(part, names.each, f"{path}[]")]
    # A text where a group is expected would make the check let a wrong path through.
    return [path] if value is not None and (names.fields or names.each) else []


def test_every_value_of_every_sample_has_the_names_that_are_checked(tmp_path: Path):
    copies, extra_fields = _samples(tmp_path)
    names = public_names(extra_fields)
    found = {each for copy in copies for each in _differences(dict(copy.context), names, "")}
    assert found == set()


def test_every_name_that_is_checked_for_is_in_the_context(tmp_path: Path):
    roots = {name for copy in _samples(tmp_path)[0] for name in copy.context}
    assert set(public_names(()).fields or {}) == roots | {"signature", "checked_by"}
