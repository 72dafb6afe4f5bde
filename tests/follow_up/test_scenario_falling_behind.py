"""Falling behind, changing and ending, as one story: from record to version 2, notes, a withdrawn consent, deletion."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest

from pipeline.cli.main import main
from pipeline.documents.reading.pdf import read_pdf
from pipeline.errors import RecordError
from pipeline.follow_up.model import Consented, Progress, Reported, Status
from pipeline.follow_up.recording import record
from pipeline.shipped import shipped

D = date.fromisoformat
LAST = D("2027-04-05")
ILLNESS = "Niall broke his wrist, so he could not work."
TWENTY = "Niall will work 20 hours at the food bank, on Saturdays, by Saturday 27 February 2027."


@pytest.fixture
def office(desk):
    """The desk on the day of the meeting: version 1 alone."""
    desk.record("YC-0205-v2").unlink()
    return desk


def run(desk, *words):
    return main([*map(str, words), "--config", str(desk.folder / "agreements.toml")])


def write_down(desk, name, entry):
    assert record(desk.record(name), desk.agreement(name), entry, service=desk.service, today=LAST)


def text_of(desk, reader):
    [pdf] = (desk.folder / "output" / "YC-0205" / "notes").glob(f"*-{reader}/*.pdf")
    return " ".join(each.text for each in read_pdf(pdf.read_bytes()).texts)


def test_from_record_to_version_2_notes_a_withdrawn_consent_and_a_request_to_delete(office, capsys):  # noqa: PLR0915 - one story
    desk, out = office, office.folder / "output"

    # 17 September: the plan is made, signed, and taken into the archive.
    assert run(desk, "generate", desk.record("YC-0205"), "--out", out) == 0
    signatures = shipped("samples") / "signatures"
    assert run(desk, "sign", out / "YC-0205" / "v1", "--signatures", signatures, "--records", desk.folder) == 0
    assert run(desk, "archive", "add", out / "YC-0205", "--archive", desk.folder / "archive") == 0
    signed = {path: path.read_bytes() for path in (out / "YC-0205" / "v1").rglob("*") if path.is_file()}

    # 15 October: he breaks his wrist. What others may read of it is agreed, and tells nothing of his health.
    behind = Progress(Status.PARTLY_DONE, "a", D("2026-10-15"), "outside-1", so_far=9, out_of=30, unit="hours")
    write_down(desk, "YC-0205", behind)
    told_too_much = Progress(Status.PARTLY_DONE, "a", D("2026-10-16"), "outside-1", wording=ILLNESS)
    with pytest.raises(RecordError):
        record(desk.record("YC-0205"), desk.agreement("YC-0205"), told_too_much, service=desk.service, today=LAST)

    # 16 October: version 2 is begun; nobody has said yes yet.
    reason = "Everyone agreed on fewer hours, and on later Saturdays."
    assert run(desk, "amend", "YC-0205", "--reason", reason) == 0

    def fewer_hours(version):
        version["items"][0] |= {"text": TWENTY, "when": {"date": "2027-02-27"}}

    desk.change("YC-0205-v2", fewer_hours)
    capsys.readouterr()
    assert run(desk, "amend", "YC-0205") == 1
    assert "Still to say yes: harmed-1, responsible-1, parent-1, outside-1, outside-2" in capsys.readouterr().out

    # An end after the period of the plan is refused.
    desk.change("YC-0205-v2", lambda version: version["items"][0].update(when={"date": "2027-09-18"}))
    assert run(desk, "amend", "YC-0205") == 3
    desk.change("YC-0205-v2", fewer_hours)

    # All say yes, it is read aloud, and its copies are made. Version 1 stays as it was signed.
    def agreed(version):
        for name in ("change_consents", "consent_to_outcome"):
            for consent in version[name]:
                consent |= {"answer": "yes", "on": "2026-10-16", "how": "phone"}
        version["read_back"] = {"on": "2026-10-16", "by": "facilitator-1", "language": "en"}

    desk.change("YC-0205-v2", agreed)
    assert run(desk, "amend", "YC-0205") == 0
    assert run(desk, "generate", desk.record("YC-0205"), desk.record("YC-0205-v2"), "--out", out) == 0
    assert {path: path.read_bytes() for path in signed} == signed
    version_2 = json.loads(desk.record("YC-0205-v2").read_text(encoding="utf-8"))
    assert (version_2["change_reason"], [each["item"] for each in version_2["changes"]]) == (reason, ["a"])

    # 1 March: 14 of 20 hours; the mentoring has stopped.
    hours = "Niall worked 14 of the 20 hours."
    stopped = "Niall met his mentor six times."
    write_down(
        desk,
        "YC-0205-v2",
        Progress(
            Status.PARTLY_DONE, "a", D("2027-03-01"), "outside-1", wording=hours, so_far=14, out_of=20, unit="hours"
        ),
    )
    write_down(
        desk,
        "YC-0205-v2",
        Progress(Status.NOT_DONE_NOT_EXCUSED, "b", D("2027-03-01"), "outside-2", wording=stopped),
    )
    capsys.readouterr()
    main(["actions", "list", str(desk.folder), "--on", "2027-03-01", "--json"])
    rows = json.loads(capsys.readouterr().out)["rows"]
    states = {row["item"]: row["status"] for row in rows if row["ref"] == "YC-0205" and row["item"]}
    assert states == {"a": "partly_done", "b": "not_done_not_excused", "c": "done_at_meeting"}

    # The person harmed is told of what was done and of what was not, and nothing of his health.
    assert run(desk, "report", "YC-0205", "--to", "harmed-1", "--on", "2027-03-02", "--out", out) == 0
    note = text_of(desk, "harmed-1")
    assert all(words in note for words in ("Partly done", "14 of 20 hours", hours, "Not done", stopped))
    assert not any(word in note for word in ("wrist", "broke", "health"))

    # 31 March: she withdraws the consent to share the letter. The next report leaves it out, and says why.
    withdrawn = Consented("withdrawn", "harmed-1", "item", "referrer", D("2027-03-31"), "facilitator-1", "c", "phone")
    write_down(desk, "YC-0205-v2", withdrawn)
    capsys.readouterr()
    assert run(desk, "report", "YC-0205", "--on", "2027-04-01", "--out", out) == 0
    assert "harmed-1 withdrew the consent" in capsys.readouterr().err
    report = text_of(desk, "referrer-1")
    assert ("20 hours" in report, "mentor" in report, "letter" in report) == (True, True, False)
    write_down(desk, "YC-0205-v2", Reported("progress", "referrer-1", D("2027-04-01"), "facilitator-1", ("a", "b")))

    # He asks for his data to be deleted: the hold and the age are named; without the hold the age is left.
    capsys.readouterr()
    run(desk, "archive", "due", "YC-0205", "--on", "2027-04-05", "--archive", desk.folder / "archive")
    told = capsys.readouterr().out
    assert "A legal hold stands in the record." in told
    assert "It is kept until the youngest reaches an age" in told

    # Whatever is beside the journal can go: it is told, and what was written down is still all there.
    assert len(desk.journal("YC-0205-v2").entries) == 5
    shutil.rmtree(out / "YC-0205" / "notes")
