"""Sealed copies in the archive, with a real seal."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

from pipeline.archive.adding import add
from pipeline.archive.checking import verify
from pipeline.archive.finding import Status, Wanted, find
from pipeline.archive.index import open_archive, open_or_make
from pipeline.archive.records import find_records
from pipeline.publication.manifest import NAME, digest
from pipeline.publication.place import Place
from pipeline.shipped import shipped
from pipeline.signing.seal_key import load_seal_key
from pipeline.signing.seal_run import seal_versions
from pipeline.signing.sealing import SealOrder

EXAMPLES = Path(__file__).resolve().parents[1] / "signing" / "seal_examples.py"


@pytest.fixture(scope="module")
def examples():
    spec = importlib.util.spec_from_file_location("seal_examples", EXAMPLES)
    module = importlib.util.module_from_spec(spec)
    sys.modules["seal_examples"] = module  # dataclasses look their module up by its name
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sealed_once(examples, tmp_path_factory):
    out = tmp_path_factory.mktemp("sealed") / "output"
    examples.signed_out(out, "NR-0420")
    key = load_seal_key(examples.identity(examples.SERVICE_NAME).pkcs12(), examples.PASSPHRASE)
    place = Place(out, "NR-0420", 1)
    [sealing] = seal_versions([place], SealOrder(key), service=examples.service(), records=[shipped("samples")])
    assert sealing.problems == ()
    return out


@pytest.fixture
def sealed(sealed_once, tmp_path):
    """An output with one sealed version, and where its archive goes."""
    shutil.copytree(sealed_once, tmp_path / "output")
    return tmp_path


def kept(folder, examples):
    place = Place(folder / "output", "NR-0420", 1)
    with open_or_make(folder / "archive") as archive:
        [outcome] = add(archive, [place], find_records([shipped("samples")], examples.service()))
    return outcome


def test_a_sealed_version_is_kept_and_its_seals_are_read_again(sealed, examples):
    assert kept(sealed, examples).notes == ()
    with open_archive(sealed / "archive") as archive:
        steps = list(verify(archive))
        [found] = find(archive, Wanted(status=Status.SEALED))
    assert [problem for step in steps for problem in step.problems] == []
    assert (sum(step.seals for step in steps), found.ref) == (3, "NR-0420")


def test_a_seal_that_is_not_in_order_is_noticed_though_every_digest_agrees(sealed, examples):
    version = sealed / "output" / "NR-0420" / "v1"
    document = json.loads((version / NAME).read_bytes())
    of_sealed = document["copies"][0]["sealed"]
    data = (version / of_sealed["name"]).read_bytes() + b"\n"
    (version / of_sealed["name"]).write_bytes(data)
    of_sealed |= {"sha256": digest(data), "bytes": len(data)}
    (version / NAME).write_text(json.dumps(document), encoding="utf-8")
    kept(sealed, examples)
    with open_archive(sealed / "archive") as archive:
        [problem] = [problem for step in verify(archive) for problem in step.problems]
    assert problem.where == f"NR-0420/v1/{of_sealed['name']}"
