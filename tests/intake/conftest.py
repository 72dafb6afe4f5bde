from __future__ import annotations

import json
import shutil

import pytest

from pipeline.cli.main import main
from pipeline.records.load import load_record
from pipeline.shipped import shipped

SAMPLES = sorted(shipped("samples").glob("*.json"))


@pytest.fixture(scope="session")
def sample_agreements():
    """Every sample, loaded."""
    return [load_record(path, extra_fields=None) for path in SAMPLES]


@pytest.fixture
def service_folder(tmp_path):
    """A folder with the samples' agreements.toml and a folder for records."""
    folder = tmp_path / "our-service"
    (folder / "records").mkdir(parents=True)
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(shipped("samples") / name, folder)
    return folder


@pytest.fixture
def run(capsys):
    """A function that runs the command in this process, and gives the exit code and the JSON report."""

    def run_json(*words):
        code = main([str(word) for word in (*words, "--json")])
        return code, json.loads(capsys.readouterr().out)

    return run_json
