"""`agreements verify`: whether a file is ours, and unchanged."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.archive.index import open_archive
from pipeline.archive.known import known_to
from pipeline.cli.printing import print_problems
from pipeline.errors import ExitCode, Problem, RecordError, SetupError
from pipeline.publication.manifest import NAME, digest
from pipeline.signing.seal_key import fingerprints
from pipeline.signing.verifying import Answer, Stage, Verdict, known_in, not_held, verify_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.signing.reading_seal import Seal

_STAGES = {
    Stage.UNSIGNED: "not yet signed",
    Stage.SIGNED: "signed",
    Stage.SEALED: "signed and sealed",
    Stage.SCAN: "the signed paper, scanned",
}
_ANSWERS = {Answer.YES: "yes", Answer.NO: "NO", Answer.UNKNOWN: "cannot be told"}


@click.command(epilog="Example: agreements verify NR-0412-v1-harmed-1.pdf --archive archive")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--manifest",
    metavar="FILE",
    type=click.Path(exists=True, path_type=Path),
    help="The manifest.json of the version, in its folder. Without it: that of the folder in which FILE lies.",
)
@click.option(
    "--archive",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Compare with what this archive holds.",
)
@click.option(
    "--certificate",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The certificates that the service seals with (PEM or DER): tells whose seal it is where nothing else can.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document at the end.")
@click.option("--debug", is_flag=True, help="Show the whole trace of a mistake of the program.")
def verify(  # noqa: PLR0913 - one parameter an option; click gives them by name
    files: tuple[Path, ...],
    manifest: Path | None,
    archive: Path | None,
    certificate: Path | None,
    *,
    as_json: bool,
    debug: bool,
) -> ExitCode:
    """Say whether a file is ours and unchanged, which version it is, and whose copy.

    A file is compared with what was written down when it was issued: the manifest of its version, or the archive. A
    sealed copy also speaks for itself, and must be covered by its seal from the first byte to the last.

    Exit code 0: every file was issued by the service and is unchanged. 1: something is wrong, or cannot be told.
    """
    del debug  # main looks for it
    if manifest is not None and archive is not None:
        raise click.UsageError("Give --manifest or --archive, not both.")
    certificates = frozenset() if certificate is None else _fingerprints(certificate)
    verdicts = []
    for file, verdict in _verdicts(files, manifest, archive, certificates):
        verdicts.append((file, verdict))
        if not as_json:
            _show(file, verdict)
    if as_json:
        documents = [{"file": str(file), **_document(verdict)} for file, verdict in verdicts]
        click.echo(json.dumps({"command": "verify", "files": documents}, indent=2, ensure_ascii=False))
    return ExitCode.SOME_FAILED if any(verdict.problems for _, verdict in verdicts) else ExitCode.OK


def _verdicts(
    files: tuple[Path, ...], manifest: Path | None, archive: Path | None, certificates: frozenset[str]
) -> Iterator[tuple[Path, Verdict]]:
    if archive is None:
        known = None if manifest is None else _known(manifest)
        for file in files:
            yield file, verify_file(file, known, certificates=certificates)
        return
    with open_archive(archive) as opened:
        for file in files:
            try:
                held = known_to(opened, sha256=digest(file.read_bytes()), name=file.name)
            except OSError as error:
                what = "The file, or what the archive holds of it, cannot be read."
                raise SetupError([Problem(what, "Check the file, then run archive verify.", file.name)]) from error
            yield file, not_held() if held is None else verify_file(file, held, certificates=certificates)


def _known(manifest: Path) -> Any:
    folder = manifest if manifest.is_dir() else manifest.parent
    if not manifest.is_dir() and manifest.name != NAME:
        raise click.UsageError("--manifest wants a file with the name manifest.json, or the folder it lies in.")
    try:
        return known_in(folder.resolve())
    except RecordError as error:
        raise SetupError(error.problems) from error


def _fingerprints(file: Path) -> frozenset[str]:
    try:
        return fingerprints(file.read_bytes())
    except (OSError, ValueError) as error:
        what = "The certificate cannot be read."
        raise SetupError([Problem(what, "Give it as a PEM or DER file, without a key.", file.name)]) from error


def _document(verdict: Verdict) -> dict[str, Any]:
    document = asdict(verdict)
    if verdict.seal is not None:
        for name in ("made_at", "stamped_at"):
            moment = getattr(verdict.seal, name)
            document["seal"][name] = None if moment is None else moment.isoformat()
    return document


def _show(file: Path, verdict: Verdict) -> None:
    lines = [str(file), f"  issued by us: {_ANSWERS[verdict.issued]}", f"  unchanged: {_ANSWERS[verdict.unchanged]}"]
    if verdict.issued is Answer.YES and verdict.ref is not None:
        whose = "" if verdict.reader is None else f", the copy for {verdict.reader}"
        stage = "" if verdict.stage is None else f", {_STAGES[verdict.stage]}"
        lines.append(f"  what it is: version {verdict.version} of {verdict.ref}{whose}{stage}")
    if verdict.seal is not None:
        lines.append(f"  seal: {_seal(verdict.seal)}")
    if verdict.superseded_by is not None:
        lines.append(f"  superseded: version {verdict.superseded_by} of this agreement has taken its place")
    lines += [f"  note: {note}" for note in verdict.notes]
    click.echo("\n".join(lines))
    print_problems(file.name, verdict.problems)


def _seal(seal: Seal) -> str:
    when = "" if seal.made_at is None else f" on {seal.made_at:%Y-%m-%d, %H.%M} UTC"
    stamped = "" if seal.stamped_at is None else f", time-stamped {seal.stamped_at:%Y-%m-%d, %H.%M} UTC"
    return (
        f"whole, over the entire file; made by {seal.owner}{when}{stamped}\n"
        f"        certificate {seal.fingerprint[:16]}... (SHA-256)"
    )
