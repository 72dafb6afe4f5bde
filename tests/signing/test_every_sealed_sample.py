"""The samples as a service would send them: made, signed and sealed by the commands, then judged by other programs.

A few of them here; all of them by `python benchmarks/every_seal.py`.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import warnings
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from pipeline.publication.manifest import read_manifest
from pipeline.shipped import shipped

SAMPLES = shipped("samples")
ALL = os.environ.get("AGREEMENTS_EVERY_SEAL") is not None
MADE = [SAMPLES] if ALL else [SAMPLES / "NR-0420.json"]
WAITING = {"GW-0031", "NR-0480"}  # not everybody has signed yet, so they are not sealed
pytestmark = pytest.mark.xdist_group("sealed samples")


def run(*words):
    command = [sys.executable, "-m", "pipeline.cli.main", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory, seal_examples, seal_identity):
    """Every sealed file of an output folder."""
    folder = tmp_path_factory.mktemp("sealed-samples")
    (folder / "seal.p12").write_bytes(seal_identity.pkcs12())
    (folder / "seal.txt").write_text(seal_examples.PASSPHRASE, encoding="utf-8")
    out, config = folder / "output", ["--config", SAMPLES / "agreements.toml"]
    assert run("generate", *MADE, "--out", out).returncode == 0
    assert run("sign", out, "--signatures", SAMPLES / "signatures", *config).returncode == 0
    key = ["--pkcs12", folder / "seal.p12", "--passphrase-file", folder / "seal.txt"]
    run("seal", out, *key, *config)
    files = sorted(out.glob("*/v*/*/sealed/*.pdf"))
    copies = [
        (manifest.parent / entry.files[1].name).name
        for manifest in out.glob("*/v*/manifest.json")
        if manifest.parents[1].name not in WAITING
        for entry in read_manifest(manifest.parent).copies
        if entry.extra is None
    ]
    assert sorted(file.name for file in files) == sorted(copies) != []
    return files


def test_verapdf_passes_every_sealed_copy(sealed, verapdf):
    assert verapdf(*sealed).splitlines() == [f"PASS {profile} {file}" for file in sealed for profile in ("2a", "ua1")]


def test_poppler_calls_every_seal_valid(sealed, outside_program):
    for file in sealed:
        words = [outside_program("pdfsig"), "-nocert", str(file)]
        said = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60).stdout
        assert "Signature Validation: Signature is Valid." in said, file.name
        assert "Total document signed" in said, file.name


def test_pyhanko_calls_every_seal_valid_and_trusted_over_the_entire_file(sealed, root):
    anchor = asn1_x509.Certificate.load(root.certificate.public_bytes(Encoding.DER))
    for file in sealed:
        [signature] = PdfFileReader(BytesIO(file.read_bytes())).embedded_signatures
        context = ValidationContext(trust_roots=[anchor], allow_fetching=False)
        status = asyncio.run(async_validate_pdf_signature(signature, context))
        assert status.bottom_line, file.name
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE, file.name


def test_qpdf_and_pdfium_open_every_sealed_copy_without_a_warning(sealed):
    for file in sealed:
        with warnings.catch_warnings(), pikepdf.open(file) as opened, pypdfium2.PdfDocument(file) as document:
            warnings.simplefilter("error")
            assert (opened.check_pdf_syntax(), opened.get_warnings()) == ([], []), file.name
            assert len(document) == len(opened.pages) > 0, file.name


def test_the_program_itself_says_of_every_sealed_copy_that_it_is_ours(sealed):
    told = run("verify", *sealed)
    assert (told.returncode, told.stderr) == (0, "")


def test_every_sealed_copy_begins_with_the_bytes_it_was_made_from(sealed):
    for file in sealed:
        signed, unsigned = file.parents[1] / "signed" / file.name, file.parents[1] / file.name
        before = signed if signed.exists() else unsigned  # nobody signs the copy of an outside person
        assert file.read_bytes().startswith(before.read_bytes()), file.name
