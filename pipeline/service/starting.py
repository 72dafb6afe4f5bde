"""Write the first files of a new service: `agreements init`."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import Problem, SetupError
from pipeline.service.load import CONFIG_NAME
from pipeline.shipped import shipped

_FIRST_FILES = Path(__file__).resolve().parent / "first_files"
FIRST_RECORD = _FIRST_FILES / "AG-0001.json"
"""The fictional record a new service begins with: complete, and without advice of any weight."""
_FOLDERS = ("records", "schemas", "templates", "output")
_ABOUT_TEMPLATES = """\
Your own Word templates go into this folder.

While it holds no folder called standard, the template that comes with the program is used, and it gets better
with every new version of the program. So change it only where you need to.

To change how your copies look, copy this folder, as a whole, into the folder in which you read this:

    {folder}

Then open the copy of the Word file in it with Word, change it and save it under the same name. From then on your copy
is used, and no new version of the program touches it. Take it away, and the program's own is used again.

If the folder above is not there any more, the program was moved or installed again. Then run this in an empty folder,
and read the new file of this name:  agreements init
"""


def write_first_files(folder: Path) -> tuple[Path, ...]:
    """Write agreements.toml, a first record, the schema and the folders; return what was written, in order.

    The record is fictional and complete: it can be generated at once. The schema lies beside it so that an editor
    completes and explains a record without a network. README.txt in the folder of templates says where the template
    lies that comes with the program: a copy would keep winning over every better one to come. Folders that are there
    already are used. New folders are for the user alone (0700), new files too (0600). Raises SetupError, having
    written nothing, if a file of that name is there already.
    """
    files = {
        folder / CONFIG_NAME: (_FIRST_FILES / CONFIG_NAME).read_bytes(),
        folder / "schemas" / "agreement.schema.json": (shipped("schemas") / "agreement.schema.json").read_bytes(),
        folder / "records" / "AG-0001.json": FIRST_RECORD.read_bytes(),
        folder / "templates" / "README.txt": _ABOUT_TEMPLATES.format(folder=shipped("templates") / "standard").encode(),
    }
    folders = [folder, *(folder / name for name in _FOLDERS)]
    _refuse_what_is_there(folder, files=list(files), folders=folders)
    try:
        written = [each for each in folders if _make(each)]
        for target, data in files.items():
            _write(target, data)
            written.append(target)
    except OSError as error:
        what = f"The first files cannot be written: {error.strerror or 'no reason given'}."
        raise SetupError([Problem(what, "Choose another folder.", where=folder.name)]) from error
    return tuple(written)


def _refuse_what_is_there(folder: Path, *, files: list[Path], folders: list[Path]) -> None:
    there = [path for path in files if os.path.lexists(path)]
    there += [path for path in folders if os.path.lexists(path) and not path.is_dir()]
    if there:
        do = "Choose another folder, or move it away first. Nothing was written."
        raise SetupError(
            [Problem("There is a file of this name already.", do, where=_name(path, folder)) for path in there]
        )


def _name(path: Path, folder: Path) -> str:
    return path.name if path == folder else path.relative_to(folder).as_posix()


def _make(folder: Path) -> bool:
    if folder.is_dir():
        return False
    folder.mkdir(mode=0o700, parents=True)
    return True


def _write(path: Path, data: bytes) -> None:
    # "x" again: what appeared since the check is not overwritten either.
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(data)
