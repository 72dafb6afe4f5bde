"""What the tests of signing may use."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from pipeline.publication.place import Place
from pipeline.signing.seal_key import load_seal_key
from pipeline.signing.seal_run import SealState, seal_versions
from pipeline.signing.sealing import SealOrder, seal_pdf

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def seal_examples():
    """The module tests/signing/seal_examples.py; test folders are not packages."""
    spec = importlib.util.spec_from_file_location("seal_examples", HERE / "seal_examples.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["seal_examples"] = module  # dataclasses look their module up by its name
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def root(seal_examples):
    return seal_examples.identity("Test root", is_issuer=True)


@pytest.fixture(scope="session")
def seal_identity(seal_examples, root):
    """The service's certificate, issued by a root."""
    return seal_examples.identity(seal_examples.SERVICE_NAME, issuer=root)


@pytest.fixture(scope="session")
def seal_order(seal_examples, seal_identity):
    return SealOrder(load_seal_key(seal_identity.pkcs12(), seal_examples.PASSPHRASE))


@pytest.fixture(scope="session")
def _signed_once(seal_examples, tmp_path_factory):
    out = tmp_path_factory.mktemp("signed") / "output"
    seal_examples.signed_out(out, "NR-0412")
    return out


@pytest.fixture(scope="session")
def signed_pdf(_signed_once):
    """One signed copy, as bytes."""
    return (_signed_once / "NR-0412/v1/harmed-1/signed/NR-0412-v1-harmed-1.pdf").read_bytes()


@pytest.fixture(scope="session")
def sealed_pdf(signed_pdf, seal_order):
    """The same copy, sealed."""
    return seal_pdf(signed_pdf, seal_order)


@pytest.fixture
def signed_place(_signed_once, tmp_path):
    """A signed version of its own for each test."""
    shutil.copytree(_signed_once, tmp_path / "output")
    return Place(tmp_path / "output", "NR-0412", 1)


@pytest.fixture(scope="session")
def _sealed_once(_signed_once, seal_order, seal_examples, tmp_path_factory):
    out = tmp_path_factory.mktemp("sealed") / "output"
    shutil.copytree(_signed_once, out)
    place = Place(out, "NR-0412", 1)
    [result] = seal_versions([place], seal_order, service=seal_examples.service(), records=[seal_examples.SAMPLES])
    assert result.state is SealState.SEALED, result.problems
    return out


@pytest.fixture
def sealed_place(_sealed_once, tmp_path):
    """A sealed version of its own for each test."""
    shutil.copytree(_sealed_once, tmp_path / "sealed-output")
    return Place(tmp_path / "sealed-output", "NR-0412", 1)
