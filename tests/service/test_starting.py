from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.service.load import find_config, load_service
from pipeline.service.starting import write_first_files
from pipeline.service.toml import read_toml
from pipeline.shipped import shipped
from pipeline.validation.check import problems


def test_the_first_configuration_loads(tmp_path: Path) -> None:
    write_first_files(tmp_path)
    service = load_service(find_config(None, tmp_path / "records"))
    assert service.templates == tmp_path.resolve() / "templates"


def test_every_line_of_the_first_configuration_that_is_switched_off_fits_the_schema(tmp_path: Path) -> None:
    write_first_files(tmp_path)
    path = tmp_path / "agreements.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    switched_on = [line[2:] if line.startswith("# ") and (" = " in line or "[" in line[:3]) else line for line in lines]
    path.write_text("\n".join(switched_on), encoding="utf-8")
    assert problems(read_toml(path), "service") == []


def test_the_schema_lies_where_the_first_record_says(tmp_path: Path) -> None:
    write_first_files(tmp_path)
    schema = (tmp_path / "records" / "../schemas/agreement.schema.json").read_bytes()
    assert schema == (shipped("schemas") / "agreement.schema.json").read_bytes()


def test_what_was_written_is_returned_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    written = [path.relative_to(tmp_path).as_posix() for path in write_first_files(folder)]
    assert written == [
        "new",
        "new/records",
        "new/schemas",
        "new/templates",
        "new/output",
        "new/agreements.toml",
        "new/schemas/agreement.schema.json",
        "new/records/AG-0001.json",
        "new/templates/README.txt",
    ]


def test_folders_that_are_there_already_are_used(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "NR-0001.json").touch()
    assert tmp_path / "records" not in write_first_files(tmp_path)


def test_nothing_is_written_where_a_configuration_is(tmp_path: Path) -> None:
    (tmp_path / "agreements.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(SetupError) as caught:
        write_first_files(tmp_path)
    assert [problem.where for problem in caught.value.problems] == ["agreements.toml"]
    assert [path.name for path in tmp_path.iterdir()] == ["agreements.toml"]


def test_everything_in_the_way_is_named_at_once(tmp_path: Path) -> None:
    write_first_files(tmp_path)
    with pytest.raises(SetupError) as caught:
        write_first_files(tmp_path)
    assert [problem.where for problem in caught.value.problems] == [
        "agreements.toml",
        "schemas/agreement.schema.json",
        "records/AG-0001.json",
        "templates/README.txt",
    ]


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "templates").touch()
    with pytest.raises(SetupError) as caught:
        write_first_files(tmp_path)
    assert [problem.where for problem in caught.value.problems] == ["templates"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError) as caught:
        write_first_files(tmp_path / "file" / "new")
    assert caught.value.problems[0].what.startswith("The first files cannot be written: ")


def test_the_folder_of_templates_says_which_folder_to_copy_into_it(tmp_path: Path) -> None:
    write_first_files(tmp_path)
    lines = (tmp_path / "templates" / "README.txt").read_text(encoding="utf-8").splitlines()
    folder = next(line.strip() for line in lines if line.startswith("    "))
    assert {"standard.en.docx", "template.toml"} <= {path.name for path in Path(folder).iterdir()}


def test_a_template_that_was_copied_as_the_folder_says_comes_first(tmp_path: Path) -> None:
    write_first_files(tmp_path)
    shutil.copytree(shipped("templates") / "standard", tmp_path / "templates" / "standard")
    service = load_service(tmp_path / "agreements.toml")
    assert service.templates is not None
    assert (service.templates / "standard" / "standard.en.docx").is_file()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions; the user's own folder keeps others out")
def test_the_first_files_are_for_the_user_alone(tmp_path: Path) -> None:
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in write_first_files(tmp_path / "new")}
    assert modes == {True: 0o700, False: 0o600}
