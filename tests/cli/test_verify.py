"""`agreements verify` from the outside: what it says, and how it ends."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

from pipeline.archive.index import open_or_make
from pipeline.cli.main import main
from pipeline.publication.place import Place
from pipeline.signing.seal_key import load_seal_key
from pipeline.signing.seal_run import SealState, seal_versions
from pipeline.signing.sealing import SealOrder

EXAMPLES = Path(__file__).resolve().parents[1] / "signing" / "seal_examples.py"
SEALED = "NR-0420/v1/harmed-1/sealed/NR-0420-v1-harmed-1.pdf"


@pytest.fixture(scope="module")
def examples():
    spec = importlib.util.spec_from_file_location("seal_examples_for_verify", EXAMPLES)
    module = importlib.util.module_from_spec(spec)
    sys.modules["seal_examples_for_verify"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def own(examples):
    return examples.curve_identity()


@pytest.fixture(scope="module")
def _sealed_once(examples, own, tmp_path_factory):
    out = tmp_path_factory.mktemp("sealed") / "output"
    examples.signed_out(out, "NR-0420")
    order = SealOrder(load_seal_key(own.pkcs12(), examples.PASSPHRASE))
    place = Place(out, "NR-0420", 1)
    [result] = seal_versions([place], order, service=examples.service(), records=[examples.SAMPLES])
    assert result.state is SealState.SEALED, result.problems
    return out


@pytest.fixture
def sealed_out(_sealed_once, tmp_path):
    shutil.copytree(_sealed_once, tmp_path / "output")
    return tmp_path / "output"


def test_it_answers_in_plain_words(sealed_out, capsys):
    assert main(["verify", str(sealed_out / SEALED)]) == 0
    screen = capsys.readouterr()
    lines = [line.strip() for line in screen.out.splitlines()]
    assert lines[1:4] == [
        "issued by us: yes",
        "unchanged: yes",
        "what it is: version 1 of NR-0420, the copy for harmed-1, signed and sealed",
    ]
    assert lines[4].startswith("seal: whole, over the entire file; made by Curve seal on ")
    assert screen.err == ""


def test_every_file_of_a_version_is_in_order(sealed_out):
    files = [str(path) for path in (sealed_out / "NR-0420").rglob("*") if path.suffix in {".pdf", ".docx"}]
    assert len(files) == 22  # three copies: Word, PDF, signed, sealed; five papers beside them: Word, PDF
    assert main(["verify", *files]) == 0


def test_a_changed_file_is_1_with_what_to_do(sealed_out, capsys):
    path = sealed_out / SEALED
    path.write_bytes(path.read_bytes() + b"\n")
    assert main(["verify", str(path)]) == 1
    screen = capsys.readouterr()
    assert "issued by us: NO" in screen.out
    assert "something in it was changed" in screen.err
    assert "Ask the service" in screen.err


def test_one_bad_file_among_good_ones_is_1_and_all_are_answered(sealed_out, tmp_path, capsys):
    stranger = tmp_path / "stranger.pdf"
    stranger.write_bytes(b"%PDF-1.7 nothing")
    assert main(["verify", str(stranger), str(sealed_out / SEALED)]) == 1
    assert capsys.readouterr().out.count("issued by us:") == 2


def test_a_file_from_elsewhere_is_compared_with_a_manifest(sealed_out, tmp_path):
    copy = shutil.copy(sealed_out / SEALED, tmp_path / "from the post.pdf")
    for manifest in (sealed_out / "NR-0420/v1/manifest.json", sealed_out / "NR-0420/v1"):
        assert main(["verify", str(copy), "--manifest", str(manifest)]) == 0


def test_a_sealed_copy_alone_is_told_by_the_certificate(sealed_out, tmp_path, own, capsys):
    copy = shutil.copy(sealed_out / SEALED, tmp_path / "alone.pdf")
    (tmp_path / "service.pem").write_bytes(own.pem)
    assert main(["verify", str(copy)]) == 1
    assert "cannot tell whose" in capsys.readouterr().err
    assert main(["verify", str(copy), "--certificate", str(tmp_path / "service.pem")]) == 0


def test_a_certificate_that_is_none_is_4(sealed_out, tmp_path):
    (tmp_path / "service.pem").write_bytes(b"-----BEGIN nothing")
    assert main(["verify", str(sealed_out / SEALED), "--certificate", str(tmp_path / "service.pem")]) == 4


def test_manifest_and_archive_together_are_2(sealed_out):
    words = ["--manifest", str(sealed_out / "NR-0420/v1"), "--archive", str(sealed_out)]
    assert main(["verify", str(sealed_out / SEALED), *words]) == 2


def test_a_file_that_is_not_there_is_2(tmp_path):
    assert main(["verify", str(tmp_path / "none.pdf")]) == 2


def test_the_json_document_gives_every_answer(sealed_out, own, capsys):
    assert main(["verify", str(sealed_out / SEALED), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    [file] = document["files"]
    assert (file["issued"], file["unchanged"], file["reader"], file["stage"]) == ("yes", "yes", "harmed-1", "sealed")
    assert file["seal"]["fingerprint"] == own.fingerprint
    assert file["problems"] == []


@pytest.fixture
def archive(sealed_out, tmp_path, examples, capsys):
    folder = tmp_path / "archive"
    config = ["--config", str(examples.SAMPLES / "agreements.toml")]
    assert main(["archive", "add", str(sealed_out), "--archive", str(folder), *config]) == 0
    capsys.readouterr()
    return folder


def test_the_archive_knows_a_copy_that_somebody_brings(sealed_out, tmp_path, archive, capsys):
    copy = shutil.copy(sealed_out / SEALED, tmp_path / "brought.pdf")
    assert main(["verify", str(copy), "--archive", str(archive)]) == 0
    assert "version 1 of NR-0420, the copy for harmed-1, signed and sealed" in capsys.readouterr().out


def test_the_archive_tells_a_changed_copy_by_its_name(sealed_out, tmp_path, archive, capsys):
    copy = shutil.copy(sealed_out / SEALED, tmp_path)
    Path(copy).write_bytes(Path(copy).read_bytes() + b" ")
    assert main(["verify", str(copy), "--archive", str(archive)]) == 1
    assert "something in it was changed" in capsys.readouterr().err


def test_the_archive_says_so_when_it_holds_no_such_file(tmp_path, capsys):
    with open_or_make(tmp_path / "archive"):
        pass
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7")
    assert main(["verify", str(tmp_path / "other.pdf"), "--archive", str(tmp_path / "archive")]) == 1
    assert "Nothing is on record of this file" in capsys.readouterr().err
