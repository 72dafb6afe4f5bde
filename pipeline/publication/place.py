"""Put the finished files of one version where they belong, all at once, or not at all.

A version is built in a folder of its own inside OUT and published by renaming. After a crash the version is the
old or the new one, or the next run restores it. Folders are readable by their owner only (0700), files too (0600).
docs/safety.md says what this means on Windows.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Problem, RecordError, SetupError, refused_by_the_system
from pipeline.publication.disk import make_private_folder, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SIGNED = frozenset({"signed", "sealed"})
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_RETIRED = ".old"
_BUILDING = ".new"
_LEFT_OVER = re.compile(r"\.(?P<ref>[A-Z0-9][A-Z0-9-]{1,31})-v(?P<version>[1-9][0-9]*)\.(?:new|old)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one version lies in OUT, and where its successor is built and it waits to be deleted."""

    out: Path
    ref: str
    version: int

    @property
    def folder(self) -> Path:
        """The published version."""
        return self.out / self.ref / f"v{self.version}"

    @property
    def staging(self) -> Path:
        """Where the next state of the version is built. A leftover here comes from a run that was cut off."""
        return self.out / f".{self.ref}-v{self.version}{_BUILDING}"

    @property
    def retired(self) -> Path:
        """Where the former state waits until the new one stands."""
        return self.out / f".{self.ref}-v{self.version}{_RETIRED}"


def check_output(out: Path) -> None:
    """Raise SetupError when nothing could ever be written to this folder. Nothing is created."""
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            out.stat()
        nearest = next(folder for folder in (out, *out.absolute().parents) if folder.exists() or folder.is_symlink())
    except OSError as error:
        problem = Problem(
            f"The output folder cannot be used: {error.strerror or 'no reason given'}.",
            "Choose a folder with a shorter name, or one that you may look into, with --out.",
            where="--out",
        )
        raise SetupError([problem]) from error
    if not nearest.is_dir():
        raise SetupError([Problem("The output is not a folder.", "Choose another one with --out.", where=str(nearest))])
    if not os.access(nearest, os.W_OK | os.X_OK):
        problem = Problem(
            "The output folder cannot be written to.",
            "Ask for the right to write there, or choose another folder with --out.",
            where=str(nearest),
        )
        raise SetupError([problem])


def restore_all(out: Path) -> None:
    """Bring back every version that a run moved aside and then was cut off. Raises SetupError when it cannot."""
    for place in _left_over(out):
        if place.retired.exists():
            try:
                _refuse_links(place)
                _restore(place)
            except OSError as error:
                raise SetupError([refused_by_the_system(error)]) from error
            except RecordError as error:
                raise SetupError(error.problems) from error


def sweep(out: Path, *, ours: Callable[[str], bool] = lambda _: True) -> None:
    """Complete or roll back every version that a run left half-way, and delete the folders it built in.

    For whoever holds the lock of the output only. `ours` says of a reference whether it belongs to this run. A link
    where a folder belongs is left alone: whoever publishes there refuses it. Raises SetupError when the disk or the
    system refuses.
    """
    for place in _left_over(out):
        if ours(place.ref):
            try:
                with suppress(RecordError):
                    _refuse_links(place)
                    recover(place)
            except OSError as error:
                raise SetupError([refused_by_the_system(error)]) from error


def _left_over(out: Path) -> Iterator[Place]:
    """Yield the places of which a run left something beside, each once."""
    found = (_LEFT_OVER.fullmatch(path.name) for path in out.glob(".*-v*"))
    for ref, version in sorted({(match["ref"], int(match["version"])) for match in found if match is not None}):
        yield Place(out, ref, version)


@dataclass(frozen=True, slots=True)
class Standing:
    """What lies where a version belongs.

    `frozen`: something in it is signed or sealed, so nothing may change it any more. `files` are sorted paths
    below the folder, without what file managers leave behind.
    """

    frozen: bool
    files: tuple[str, ...]


def look_at(place: Place) -> Standing:
    """Return what is published already.

    Raises RecordError when a link or a file stands where a folder of this version belongs, or when the folder
    cannot be read.
    """
    with _said_plainly():
        _refuse_links(place)
        if not place.folder.is_dir():
            return Standing(frozen=False, files=())
        seen = [(Path(where), folders, names) for where, folders, names in os.walk(place.folder, onerror=_raise)]
    return Standing(
        frozen=any(name.lower() in _SIGNED for _, folders, _ in seen for name in folders),
        files=tuple(
            sorted(
                (where / name).relative_to(place.folder).as_posix()
                for where, _, names in seen
                for name in names
                if name.lower() not in _LITTER
            )
        ),
    )


def publish(place: Place, files: Mapping[str, bytes]) -> None:
    """Make these files the whole of the version. Keys are paths below the version's folder, written with "/".

    Raises RecordError when the disk or the system refuses, when a link or a file is in the way, or when the
    version is signed; then the former state still stands.
    """
    if look_at(place).frozen:
        problem = Problem(
            "This version is signed, so it stays as it is.", "Make a new version of the record.", where="/version"
        )
        raise RecordError([problem])
    with _said_plainly():
        _publish_whole(place, files)


def add_to(place: Place, files: Mapping[str, bytes]) -> None:
    """Add these files to a published version, or put them in the place of those of the same name.

    Everything else stays, byte for byte; the whole appears by one rename. Raises RecordError as `publish` does.
    """
    with _said_plainly():
        standing = {name: (place.folder / name).read_bytes() for name in look_at(place).files}
        _publish_whole(place, standing | dict(files))


def recover(place: Place) -> None:
    """Complete or roll back what a run that was cut off left of this version. Doing it twice changes nothing."""
    _restore(place)
    _remove(place.retired)
    _remove(place.staging)


def _raise(error: OSError) -> None:
    raise error


def _restore(place: Place) -> None:
    if place.retired.is_dir() and not place.folder.exists():
        make_private_folder(place.folder.parent)
        place.retired.rename(place.folder)
        sync_folder(place.folder.parent)


def _publish_whole(place: Place, files: Mapping[str, bytes]) -> None:
    _refuse_links(place)
    make_private_folder(place.out)
    recover(place)
    try:
        _build(place.staging, files)
        _swap(place)
    except BaseException:
        recover(place)
        raise
    finally:
        with suppress(OSError):
            place.folder.parent.rmdir()  # succeeds only where nothing was published
    _remove(place.retired)


def _build(staging: Path, files: Mapping[str, bytes]) -> None:
    make_private_folder(staging)
    for name, data in files.items():
        file = staging.joinpath(*name.split("/"))
        for folder in reversed(file.relative_to(staging).parents[:-1]):
            make_private_folder(staging / folder)
        _write(file, data)
    for where, _, _ in os.walk(staging, topdown=False):
        sync_folder(Path(where))


def _swap(place: Place) -> None:
    make_private_folder(place.folder.parent)
    if place.folder.exists():
        place.folder.rename(place.retired)
    place.staging.rename(place.folder)
    sync_folder(place.folder.parent)
    sync_folder(place.out)


def _write(file: Path, data: bytes) -> None:
    with file.open("xb") as stream:  # "x": never through a link, never over a file
        file.chmod(0o600)
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _refuse_links(place: Place) -> None:
    for folder in (place.folder.parent, place.folder, place.staging, place.retired):
        if folder.is_symlink():
            what, do = "A link stands where a folder of this version belongs.", "Remove the link, then run it again."
        elif folder.exists() and not folder.is_dir():
            what, do = "A file stands where a folder of this version belongs.", "Move the file, then run it again."
        else:
            continue
        raise RecordError([Problem(what, do, where=folder.relative_to(place.out).as_posix())])


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordError([refused_by_the_system(error)]) from error
