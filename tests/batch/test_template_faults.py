"""What a fault of a template, an output or a file's name costs: the run before its start, or one record."""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest

from pipeline.batch.model import State, Tally, exit_code_of_making
from pipeline.batch.run import generate
from pipeline.batch.sources import Source
from pipeline.batch.workshop import Order
from pipeline.cli.main import main
from pipeline.errors import ExitCode, SetupError
from pipeline.service.load import load_service
from pipeline.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.batch.model import Result

SETTINGS = """
name = "own"
carries = "nothing"

[titles]
agreement = "Ours"

[signature]
width_mm = 70
height_mm = 13
"""
TALL = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    for kind, data in ((b"IHDR", struct.pack(">IIBBBBB", 1, 5000, 8, 0, 0, 0, 0)), (b"IEND", b""))
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(shipped("samples") / name, tmp_path)
    config = tmp_path / "agreements.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("[files]", '[files]\ntemplates = "templates"', 1)
        if "[files]" in text
        else f'{text}\n[files]\ntemplates = "templates"\n',
        encoding="utf-8",
    )
    (tmp_path / "templates" / "own").mkdir(parents=True)
    return tmp_path


def own(folder: Path, *paragraphs: str, language: str = "en") -> None:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    (folder / "templates" / "own" / f"own.{language}.docx").write_bytes(written.getvalue())
    (folder / "templates" / "own" / "template.toml").write_text(SETTINGS, encoding="utf-8")


def record(folder: Path, name: str, change: Callable[[dict[str, Any]], Any] = lambda _: None) -> Source:
    content = json.loads((shipped("samples") / "NR-0412.json").read_text(encoding="utf-8"))
    content["ref"] = name
    change(content)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return Source(str(path), path)


def results(folder: Path, sources: Sequence[Source]) -> list[Result]:
    service = load_service(folder / "agreements.toml")
    return list(generate(sources, Order(service, folder / "output", template="own")))


def test_a_misspelt_name_that_few_records_reach_stops_everything_before_the_first(folder: Path):
    own(folder, "{{ ref }}", "{%p if incident_line %}", "{{ incident_lin }}", "{%p endif %}")
    with pytest.raises(SetupError) as raised:
        results(folder, [record(folder, "NR-0001")])
    problem = raised.value.problems[0]
    assert problem.where == "own.en.docx, page, near {{ incident_lin }}"
    assert problem.do.startswith("Did you mean incident_line?")
    assert not (folder / "output").exists()


def test_a_misspelt_name_in_another_language_of_the_service_stops_everything_too(folder: Path):
    config = folder / "agreements.toml"
    lines = config.read_text(encoding="utf-8").splitlines()
    spoken = [line for line in lines if line.startswith("languages")]
    text = "\n".join('languages = ["en", "cy"]' if line in spoken else line for line in lines)
    config.write_text(
        text if spoken else text.replace("[service]", '[service]\nlanguages = ["en", "cy"]'), encoding="utf-8"
    )
    own(folder, "{{ ref }}")
    own(folder, "{{ reff }}", language="cy")
    with pytest.raises(SetupError) as raised:
        results(folder, [record(folder, "NR-0001")])
    assert raised.value.problems[0].where == "own.cy.docx, page, near {{ reff }}"


def test_a_logo_of_a_senseless_size_stops_everything(folder: Path):
    (folder / "logo.png").write_bytes(TALL)
    own(folder, "{{ ref }}")
    with pytest.raises(SetupError):
        results(folder, [record(folder, "NR-0001")])


def test_a_fault_of_the_template_that_one_record_shows_costs_this_record_alone(folder: Path):
    own(folder)
    document = docx.Document(str(shipped("templates") / "standard" / "standard.en.docx"))
    document.add_paragraph("{% if version > 1 %}{{ 5 % (version - 2) }}{% endif %}")
    document.save(str(folder / "templates" / "own" / "own.en.docx"))

    def second(content: dict[str, Any]) -> None:
        content |= {"version": 2, "supersedes": 1, "change_reason": "The hours are fewer."}
        content["change_consents"] = content["consent_to_outcome"]

    found = results(folder, [record(folder, "NR-0001", second), record(folder, "NR-0002")])
    assert [each.state for each in found] == [State.FAILED, State.MADE]
    assert exit_code_of_making(Tally.of(found)) is ExitCode.SOME_FAILED
    assert "A calculation does not work" in found[0].problems[0].what


def test_printing_what_is_not_there_is_told_once_with_every_copy_of_this_template_and_its_tag(folder: Path):
    own(folder, "{{ ref }} {{ items[0].if_not_possible }} {{ code }}")

    def without(content: dict[str, Any]) -> None:
        content["items"][0].pop("if_not_possible", None)

    found = results(folder, [record(folder, "NR-0001", without)])
    problems = [problem for problem in found[0].problems if "test for it with 'if' first" in problem.what]
    copies = " and ".join(f"NR-0001-v1-{reader}" for reader in ("harmed-1", "responsible-1", "outside-1", "service"))
    expected = f"{copies}, own.en.docx, page, near {{{{ items[0].if_not_possible }}}}"
    assert [problem.where for problem in problems] == [expected]


@pytest.mark.parametrize("name", ["o" * 300, "/".join(["o" * 200] * 30)])
def test_an_output_folder_with_a_name_that_is_too_long_is_told_plainly(folder: Path, name: str):
    service = load_service(folder / "agreements.toml")
    with pytest.raises(SetupError) as raised:
        list(generate([record(folder, "NR-0001")], Order(service, folder / name)))
    assert (raised.value.problems[0].what, raised.value.problems[0].where) == (
        "The output folder cannot be used: File name too long.",
        "--out",
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file names with a line break")
@pytest.mark.parametrize("command", ["generate", "check"])
def test_a_line_break_in_the_name_of_a_file_never_reaches_the_screen(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
):
    path = folder / "a\nNR-0001  v1  made\x1b[2J.json"
    path.write_text("{}", encoding="utf-8")
    main([command, str(path), "--config", str(folder / "agreements.toml")])
    shown = "".join(capsys.readouterr())
    assert "\x1b" not in shown
    assert not any(line.startswith("NR-0001") for line in shown.splitlines())
    assert "a\\nNR-0001" in shown
