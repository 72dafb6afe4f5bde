from __future__ import annotations

import json
import os
import shutil

import pytest

from pipeline.cli.main import main
from pipeline.publication.lock import holding
from pipeline.shipped import shipped

SAMPLES = shipped("samples")


@pytest.fixture
def signed_folder(service_folder, out, run):
    """A function that publishes NR-0420 and puts its signatures into a folder beside agreements.toml."""
    shutil.copy(SAMPLES / "NR-0420.json", service_folder)
    shutil.copytree(SAMPLES / "signatures/NR-0420", service_folder / "signatures/NR-0420")
    run("generate", service_folder / "NR-0420.json", "--out", out)
    return service_folder / "signatures"


def test_a_version_is_signed_and_told_in_one_line(signed_folder, out, capsys):
    assert main(["sign", str(out), "--signatures", str(signed_folder)]) == 0
    assert capsys.readouterr().out == "NR-0420  v1  signed  3 copies\n"


@pytest.mark.parametrize("name", ["NR-0420", "NR-0420/v1"])
def test_one_reference_or_version_may_be_named(signed_folder, out, run, name):
    code, report = run("sign", out / name, "--signatures", signed_folder)
    assert (code, report["versions"][0]["state"]) == (0, "signed")


def test_the_json_report_has_this_shape(signed_folder, out, run):
    code, report = run("sign", out, "--signatures", signed_folder)
    assert code == 0
    assert report == {
        "command": "sign",
        "versions": [
            {"ref": "NR-0420", "version": 1, "state": "signed", "copies": 3, "waiting": [], "problems": []},
        ],
    }


def test_who_has_not_signed_yet_is_named_by_id(signed_folder, out, capsys):
    path = signed_folder / "NR-0420/signing.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    del value["signatures"][0]
    path.write_text(json.dumps(value), encoding="utf-8")
    assert main(["sign", str(out), "--signatures", str(signed_folder)]) == 0
    assert capsys.readouterr().out == "NR-0420  v1  partly signed  3 copies  waiting for harmed-1\n"


def test_signing_twice_says_up_to_date(signed_folder, out, capsys):
    main(["sign", str(out), "--signatures", str(signed_folder)])
    capsys.readouterr()
    assert main(["sign", str(out), "--signatures", str(signed_folder)]) == 0
    assert capsys.readouterr().out == "NR-0420  v1  up to date\n"


def test_a_problem_is_told_with_file_line_and_what_to_do(signed_folder, out, run, capsys):
    path = signed_folder / "NR-0420/signing.json"
    path.write_text(path.read_text(encoding="utf-8").replace("spoken_yes", "spoken"), encoding="utf-8")
    assert main(["sign", str(out), "--signatures", str(signed_folder)]) == 3
    told = capsys.readouterr()
    assert told.out == "NR-0420  v1  failed\n"
    assert "NR-0420 v1 signing.json:10:17  /signatures/0/method" in told.err
    assert "Write one of: pen, drawn" in told.err
    code, report = run("sign", out, "--signatures", signed_folder)
    [problem] = report["versions"][0]["problems"]
    assert (code, problem["where"], problem["line"], problem["column"]) == (3, "/signatures/0/method", 10, 17)


def test_some_failed_is_told_by_the_exit_code(signed_folder, service_folder, out, run):
    shutil.copy(SAMPLES / "NR-0460.json", service_folder)
    shutil.copytree(SAMPLES / "signatures/NR-0460", signed_folder / "NR-0460")
    run("generate", service_folder / "NR-0460.json", "--out", out)
    (signed_folder / "NR-0460/facilitator-1.png").unlink()
    code, report = run("sign", out, "--signatures", signed_folder)
    assert (code, [version["state"] for version in report["versions"]]) == (1, ["signed", "failed"])


def test_records_may_lie_elsewhere(signed_folder, service_folder, out, run, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (service_folder / "NR-0420.json").rename(tmp_path / "elsewhere/NR-0420.json")
    code, _ = run("sign", out, "--signatures", signed_folder)
    assert code == 3
    code, _ = run("sign", out, "--signatures", signed_folder, "--records", tmp_path / "elsewhere")
    assert code == 0


def test_without_a_published_version_nothing_starts(signed_folder, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["sign", str(tmp_path / "empty"), "--signatures", str(signed_folder)]) == 4
    assert "There is no published version here." in capsys.readouterr().err


def test_without_signatures_the_command_is_not_understood(out, capsys):
    out.mkdir(exist_ok=True)
    assert main(["sign", str(out)]) == 2
    assert "--signatures" in capsys.readouterr().err


def test_after_signing_the_version_is_left_alone_by_generate(signed_folder, service_folder, out, run):
    run("sign", out, "--signatures", signed_folder)
    code, report = run("generate", service_folder / "NR-0420.json", "--out", out, "--force")
    assert (code, report["counts"]) == (0, {"signed": 1})


def test_a_scan_is_of_one_version(signed_folder, service_folder, out, run, capsys, tmp_path):
    shutil.copy(SAMPLES / "NR-0460.json", service_folder)
    run("generate", service_folder / "NR-0460.json", "--out", out)
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n")
    assert main(["sign", str(out), "--signatures", str(signed_folder), "--scan", str(tmp_path / "scan.pdf")]) == 2
    assert "A scan is of one version" in capsys.readouterr().err


def test_a_scan_that_is_none_is_told_and_nothing_is_signed(signed_folder, out, run, tmp_path):
    (tmp_path / "scan.pdf").write_bytes(b"no scan")
    code, report = run("sign", out, "--signatures", signed_folder, "--scan", tmp_path / "scan.pdf")
    assert (code, report["versions"][0]["state"]) == (3, "failed")
    assert not list(out.glob("*/v1/*/signed"))


def test_what_a_run_left_that_was_cut_off_after_publishing_is_swept(signed_folder, out):
    main(["sign", str(out), "--signatures", str(signed_folder)])
    shutil.copytree(out / "NR-0420/v1", out / ".NR-0420-v1.old")
    assert main(["sign", str(out), "--signatures", str(signed_folder)]) == 0
    assert list(out.glob(".*.old")) == []


def test_while_another_run_holds_the_output_nothing_is_signed(signed_folder, out, capsys):
    with holding(out):
        assert main(["sign", str(out), "--signatures", str(signed_folder)]) == 4
    assert f"Another run is working in this output folder: process {os.getpid()}" in capsys.readouterr().err
    assert not list(out.glob("*/v1/*/signed"))
