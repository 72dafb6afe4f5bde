from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.errors import SetupError
from pipeline.service.toml import LARGEST_BYTES, read_toml

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, data: bytes) -> Path:
    path = folder / "agreements.toml"
    path.write_bytes(data)
    return path


def refused(path: Path) -> SetupError:
    with pytest.raises(SetupError) as caught:
        read_toml(path)
    return caught.value


def test_a_file_gives_its_tables(tmp_path: Path) -> None:
    path = written(tmp_path, b'[service]\nname = "Northwater"\n')
    assert read_toml(path) == {"service": {"name": "Northwater"}}


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, b'\xef\xbb\xbfname = "T\xc5\xb7"\r\npaper = "A4"\r\n')
    assert read_toml(path) == {"name": "Tŷ", "paper": "A4"}


def test_a_slip_is_told_with_line_and_column(tmp_path: Path) -> None:
    (problem,) = refused(written(tmp_path, b'name = "x"\npaper = A4\n')).problems
    assert (problem.where, problem.line, problem.column) == ("agreements.toml", 2, 9)


def test_the_reason_stands_in_the_message_without_the_position(tmp_path: Path) -> None:
    (problem,) = refused(written(tmp_path, b"paper = A4\n")).problems
    assert problem.what == "The file is not TOML: Invalid value."


def test_a_slip_at_the_end_of_the_file_is_told(tmp_path: Path) -> None:
    (problem,) = refused(written(tmp_path, b'name = "x')).problems
    assert problem.what.startswith("The file is not TOML: ")
    assert "(at" not in problem.what


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(written(tmp_path, b"a = 1\na = 2\n")).problems
    assert problem.line == 2


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = refused(written(tmp_path, b'a = 1\nb = "T\xfd"\n')).problems
    assert (problem.what, problem.line) == ("The file is not UTF-8.", 2)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path / "none.toml").problems
    assert problem.where == "none.toml"
    assert problem.what.startswith("The file cannot be read: ")


def test_a_folder_is_not_read(tmp_path: Path) -> None:
    assert refused(tmp_path).problems[0].what.startswith("The file cannot be read: ")


def test_a_file_larger_than_256_kib_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(written(tmp_path, b"#" * (LARGEST_BYTES + 1))).problems
    assert problem.what == "The file is larger than 256 KiB."
