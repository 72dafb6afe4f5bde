"""The samples, generated once by the command, and what must be true of every file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from pipeline.shipped import shipped

SAMPLES = shipped("samples")
RECORDS = sorted(SAMPLES.glob("*.json"))
WITH_AGREEMENT = [
    path
    for path in RECORDS
    if json.loads(path.read_text(encoding="utf-8"))["outcome"] in {"agreement", "statement_only"}
]


def generate(out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli.main", "generate", str(SAMPLES), "--out", str(out)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples") / "out"
    run = generate(out)
    assert (run.returncode, run.stderr) == (0, "")
    return out


def version_folder(output: Path, record: Path) -> Path:
    value = json.loads(record.read_text(encoding="utf-8"))
    return output / value["ref"] / f"v{value['version']}"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("record", WITH_AGREEMENT, ids=lambda path: path.stem)
def test_every_copy_is_a_word_file_and_a_pdf(record, output):
    manifest = json.loads((version_folder(output, record) / "manifest.json").read_text(encoding="utf-8"))
    for copy in manifest["copies"]:
        folder = version_folder(output, record) / copy["reader"]
        assert {path.suffix for path in folder.iterdir()} == {".docx", ".pdf"}


@pytest.mark.parametrize("record", WITH_AGREEMENT, ids=lambda path: path.stem)
def test_everyone_on_each_side_has_a_copy(record, output):
    value = json.loads(record.read_text(encoding="utf-8"))
    roles = {"harmed", "responsible", "supporter", "parent_guardian", "organisation_rep"}
    expected = {
        person["id"]
        for person in value["participants"]
        if person["role"] in roles and person.get("receives_copy", True) and person["side"] in {"harmed", "responsible"}
    }
    assert expected | {"service"} <= {path.name for path in version_folder(output, record).iterdir()}


@pytest.mark.parametrize("record", [path for path in RECORDS if path not in WITH_AGREEMENT], ids=lambda path: path.stem)
def test_an_outcome_without_an_agreement_makes_no_file(record, output):
    assert not version_folder(output, record).exists()


def test_another_reader_finds_no_withheld_word_in_any_pdf(output, outside_program):
    pdftotext = outside_program("pdftotext")
    found = []
    for record in WITH_AGREEMENT:
        people = json.loads(record.read_text(encoding="utf-8"))["participants"]
        words = {word.casefold() for person in people for word in person["withheld"]}
        for pdf in version_folder(output, record).rglob("*.pdf"):
            text = subprocess.run([pdftotext, str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8")
            found += [pdf.name for word in words if f" {word} " in f" {' '.join(text.casefold().split())} "]
    assert found == []


def test_libreoffice_reads_the_agreed_words_in_every_word_file(output, outside_program, tmp_path):
    soffice = outside_program("soffice")
    documents = [path for record in WITH_AGREEMENT for path in version_folder(output, record).rglob("*.docx")]
    subprocess.run(
        [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
        + ["--infilter=MS Word 2007 XML", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path / "txt")]
        + [str(path) for path in documents],
        check=True,
        capture_output=True,
        timeout=240,
    )
    missing = []
    for record in WITH_AGREEMENT:
        value = json.loads(record.read_text(encoding="utf-8"))
        if "sheets" in value:
            continue
        service = (tmp_path / "txt" / f"{value['ref']}-v{value['version']}-service.txt").read_text(encoding="utf-8-sig")
        text = " ".join(unicodedata.normalize("NFC", service).split())
        missing += [(value["ref"], item["id"]) for item in value["items"] if " ".join(item["text"].split()) not in text]
    assert missing == []


def test_two_runs_give_the_same_bytes_whatever_the_surroundings(output, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = generate(tmp_path / "again", TZ="Asia/Tokyo", LANG="tr_TR.UTF-8", LC_ALL="C", PYTHONHASHSEED="4711")
    assert (run.returncode, run.stderr) == (0, "")
    one, two = files(output), files(tmp_path / "again")
    for journal in (one, two):
        journal.pop("journal.jsonl")
    assert [name for name in one.keys() | two.keys() if one.get(name) != two.get(name)] == []


def test_a_second_run_changes_nothing(output):
    before = files(output)
    run = generate(output)
    after = files(output)
    assert run.returncode == 0
    assert {name for name in after if before.get(name) != after[name]} == {"journal.jsonl"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_on_the_machine_may_read_a_copy(output):
    assert {
        path.name: oct(path.stat().st_mode & 0o077) for path in output.rglob("*") if path.stat().st_mode & 0o077
    } == {}
