"""`agreements seal` from the outside: options, exit codes, the screen and the JSON document."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

from pipeline.cli.main import main
from pipeline.publication.place import Place

EXAMPLES = Path(__file__).resolve().parents[1] / "signing" / "seal_examples.py"


@pytest.fixture(scope="module")
def examples():
    spec = importlib.util.spec_from_file_location("seal_examples_for_the_command", EXAMPLES)
    module = importlib.util.module_from_spec(spec)
    sys.modules["seal_examples_for_the_command"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def keys(examples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    (folder / "seal.p12").write_bytes(examples.curve_identity().pkcs12())
    (folder / "passphrase.txt").write_text(f"{examples.PASSPHRASE}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def _signed_once(examples, tmp_path_factory):
    out = tmp_path_factory.mktemp("signed") / "output"
    examples.signed_out(out, "NR-0420")
    return out


@pytest.fixture
def signed_out(_signed_once, tmp_path):
    shutil.copytree(_signed_once, tmp_path / "output")
    return tmp_path / "output"


@pytest.fixture
def words(examples, keys):
    config = ["--config", str(examples.SAMPLES / "agreements.toml")]
    return ["--pkcs12", str(keys / "seal.p12"), "--passphrase-file", str(keys / "passphrase.txt"), *config]


@pytest.mark.parametrize("below", ["", "NR-0420", "NR-0420/v1"])
def test_a_whole_output_a_reference_or_a_version_is_sealed(signed_out, words, capsys, below):
    assert main(["seal", str(signed_out / below), *words]) == 0
    assert capsys.readouterr().out == "NR-0420  v1  sealed  3 copies\n"


def test_sealing_twice_is_done_and_changes_nothing(signed_out, words, examples, capsys):
    main(["seal", str(signed_out), *words])
    before = examples.files_in(signed_out)
    assert main(["seal", str(signed_out), *words]) == 0
    assert examples.files_in(signed_out) == before
    assert "sealed already" in capsys.readouterr().out


def test_the_json_document_names_the_sealed_files(signed_out, words, capsys):
    assert main(["seal", str(signed_out), *words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["command"] == "seal"
    [version] = document["versions"]
    assert (version["state"], len(version["copies"])) == ("sealed", 3)
    assert "NR-0420/v1/harmed-1/sealed/NR-0420-v1-harmed-1.pdf" in version["copies"]


def test_the_passphrase_is_asked_for_without_being_shown(signed_out, words, examples, monkeypatch, capsys):
    monkeypatch.setattr("click.prompt", lambda *_words, **_options: examples.PASSPHRASE)
    assert main(["seal", str(signed_out), *words[:2], *words[4:]]) == 0
    screen = capsys.readouterr()
    assert examples.PASSPHRASE not in screen.out + screen.err


def test_a_wrong_passphrase_is_4_and_seals_nothing(signed_out, words, tmp_path, examples, capsys):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("something else\n", encoding="utf-8")
    before = examples.files_in(signed_out)
    assert main(["seal", str(signed_out), *words[:3], str(wrong), *words[4:]]) == 4
    screen = capsys.readouterr()
    assert "passphrase is not right" in screen.err
    assert "something else" not in screen.out + screen.err
    assert examples.files_in(signed_out) == before


def test_when_every_version_is_refused_the_exit_code_is_3(signed_out, words, examples, capsys):
    examples.sign_everything(Place(signed_out, "NR-0420", 1), but={"harmed-1"})
    assert main(["seal", str(signed_out), *words]) == 3
    screen = capsys.readouterr()
    assert screen.out == "NR-0420  v1  refused\n"
    assert "harmed-1" in screen.err


def test_when_some_versions_are_refused_the_exit_code_is_1(signed_out, words, examples, capsys):
    examples.generated(signed_out, "GW-0031")
    assert main(["seal", str(signed_out), *words]) == 1
    assert sorted(line.split()[3 - 1] for line in capsys.readouterr().out.splitlines()) == ["refused", "sealed"]


def test_a_folder_without_a_version_is_4(tmp_path, words, capsys):
    assert main(["seal", str(tmp_path), *words]) == 4
    assert "no published version" in capsys.readouterr().err


def test_a_key_file_that_is_not_there_is_2(signed_out, tmp_path):
    assert main(["seal", str(signed_out), "--pkcs12", str(tmp_path / "none.p12")]) == 2
