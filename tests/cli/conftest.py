from __future__ import annotations

import json
import shutil

import pytest

from pipeline.cli.main import main
from pipeline.shipped import shipped


@pytest.fixture
def service_folder(tmp_path):
    """A folder with the samples' agreements.toml and logo, and nothing else in it."""
    folder = tmp_path / "our-service"
    folder.mkdir()
    for name in ("agreements.toml", "logo.png"):
        shutil.copy(shipped("samples") / name, folder)
    return folder


@pytest.fixture
def records(service_folder):
    """A folder below it with one good record, NR-0412."""
    folder = service_folder / "records"
    folder.mkdir()
    shutil.copy(shipped("samples") / "NR-0412.json", folder)
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "output"


@pytest.fixture
def run(capsys):
    """A function that runs the command in this process, and gives the exit code and the JSON report."""

    def run_json(*words):
        code = main([str(word) for word in (*words, "--json")])
        return code, json.loads(capsys.readouterr().out)

    return run_json


@pytest.fixture
def change():
    """A function that changes a record on disk: it gives the record to a function and writes it back."""

    def change_record(path, how):
        record = json.loads(path.read_text(encoding="utf-8"))
        how(record)
        path.write_text(json.dumps(record), encoding="utf-8")

    return change_record
