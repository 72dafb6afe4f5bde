"""`agreements new` through a pseudo-terminal, as a person uses it."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals", allow_module_level=True)

import pexpect

from pipeline.intake.record_files import record_name
from pipeline.records.load import load_record

KEPT_WORDS = "Jamie will plant the four tubs at the community centre with Ruth."


class Person:
    """Somebody at the terminal, who answers each question by what it asks; "..." is an interruption."""

    def __init__(self, folder, answers):
        self.answers = [[part, list(given)] for part, given in answers]
        self.seen = []
        self.current = []
        self.unanswered = 0
        command = [sys.executable, "-m", "pipeline.cli.main", "new", "records"]
        environment = os.environ | {"PYTHONIOENCODING": "utf-8", "TERM": "dumb"}
        self.child = pexpect.spawn(
            command[0], command[1:], cwd=folder, env=environment, encoding="utf-8", timeout=30, echo=False
        )
        self.child.delaybeforesend = None

    def talk(self, until=None):
        """Answer until the program ends, or until a question that has `until` in it; return the exit code."""
        while True:
            if self.child.expect([r"(?m)^[>+] $", pexpect.EOF]) == 1:
                self.seen.append(self.child.before)
                self.child.close()
                return self.child.exitstatus
            asked = self.child.before
            self.seen.append(asked)
            if until and until in asked:
                return None
            self.child.sendline(self._answer(asked))

    def _answer(self, asked):
        asked = asked.replace("\r\n", "\n")
        if asked.startswith("\n") or "\n\n" in asked:  # a new question, not the same one again
            self.current = next((given for part, given in self.answers if part in asked and given), [])
            self.unanswered = 0
        self.unanswered += not self.current
        assert self.unanswered < 4, f"no answer to: {asked}"
        return self.current.pop(0) if self.current else ""

    @property
    def screen(self):
        return "\n".join(self.seen).replace("\r\n", "\n")


@pytest.fixture
def service(service_folder):
    return service_folder


MEETING = [
    ("reference of this agreement", ["NR-0500"]),
    ("case stand?", ["community"]),
    ("did people meet?", ["face to face"]),
    ("On which day did they meet?", ["31 November 2026", "Monday 17 November 2026", "17 November 2026"]),
    ("meeting end with?", ["agreement"]),
]
PEOPLE = [
    ("what is their part?", ["", "", ""]),
    ("What name did this person choose", ["Ruth", "Jamie", "Priya"]),
    ("Which words must never reach", ["Al", "Ashdown"]),
    ("anybody else?", ["", "", ""]),
    ("direct contact with", ["perhaps", "no", "no"]),
]


def test_an_agreement_is_made_through_wrong_answers_an_interruption_a_kill_and_a_resumption(service):
    draft = service / "records" / "NR-0500.draft"

    first = Person(service, [("reference of this agreement", ["ruth-1", "NR-0500"]), *MEETING[1:], *PEOPLE])
    first.talk(until="Is Ruth under 18?")
    first.child.sendcontrol("c")
    assert first.talk() == 130
    assert "not written as it must be" in first.screen
    assert "Type a day such as 27 November 2026" in first.screen
    assert "17 November 2026 is a Tuesday" in first.screen
    assert "This entry is too short to be looked for." in first.screen
    assert "Type yes or no." in first.screen
    assert "Your answers are kept" in first.screen
    assert stat.S_IMODE(draft.stat().st_mode) == 0o600

    second = Person(
        service,
        [
            ("reference of this agreement", ["NR-0500"]),
            ("Is Ruth under 18?", ["back", "no"]),
            ("direct contact with Ruth", ["yes"]),
            ("By what?", ["wish"]),
            ("What name did this person choose", ["Jamie", "Priya"]),
            ("reach the others? One on each line.", ["Strickland"]),
            ("direct contact with Jamie", ["no"]),
        ],
    )
    second.talk(until="How did Jamie take part?")
    assert second.seen[1].lstrip().startswith("Your answers for NR-0500 are here")
    assert "case stand?" not in second.screen
    assert "Press Enter for: no" in second.screen
    second.child.kill(signal.SIGKILL)
    second.child.close(force=True)
    assert [key for key, _ in json.loads(draft.read_text(encoding="utf-8"))["answers"]][
        -1
    ] == "/participants/1/withheld"

    third = Person(
        service,
        [
            ("reference of this agreement", ["NR-0500"]),
            ("What name did this person choose", ["Priya"]),
            ("others? One on each line.", ["Raghunathan"]),
            ("direct contact with Jamie", ["no"]),
            ("anybody else?", ["", "no"]),
            ("what sort of thing", ["action"]),
            ("What was agreed, in one sentence?", ["Jamie will plant more tubs.", KEPT_WORDS]),
            ("Who does it?", ["7", "2"]),
            ("For whom is it?", ["1"]),
            ("Who checks that it is done?", ["3"]),
            ("How will both sides know", ["", "The facilitator rings Ruth on Monday 30 November 2026."]),
            ("By when?", ["on a day"]),
            ("Which day?", ["Saturday 28 November 2026"]),
            ("At what time?", ["25:00", "10:00"]),
            ("checked against the licence", ["yes"]),
            ("By whom?", ["3", "3"]),
            ("agree freely", ["yes", "yes"]),
            ("read aloud", ["yes"]),
            ("Keep it, or change it?", ["change", *["keep"] * 9]),
        ],
    )
    code = third.talk()
    assert code == 0, third.screen[-2000:]
    assert "A practitioner would ask: A word such as" in third.screen

    agreement = load_record(service / "records" / record_name("NR-0500", 1), extra_fields=None)
    assert [person.display_name for person in agreement.participants] == ["Ruth", "Jamie", "Priya"]
    assert agreement.record["participants"][0]["withheld"] == ["Ashdown"]
    assert agreement.record["participants"][0]["no_contact"] == {"applies": True, "source": "wish"}
    assert agreement.items[0].text == KEPT_WORDS
    assert agreement.record["items"][0]["when"] == {"date": "2026-11-28", "time": "10:00"}
    assert agreement.record["read_back"]["by"] == "facilitator-1"
    assert not draft.exists()
    previews = sorted(path.name for path in (service / "records" / "preview").rglob("*.pdf"))
    assert "NR-0500-v1-harmed-1.pdf" in previews


def test_the_advice_asks_how_both_sides_would_know(service):
    record_so_far = [
        ("reference of this agreement", ["NR-0501"]),
        *MEETING[1:3],
        ("On which day did they meet?", ["2026-11-17"]),
        ("meeting end with?", ["agreement"]),
        ("What name did this person choose", ["Ruth", "Jamie", "Priya"]),
        ("One on each line.", ["Ashdown", "", "Strickland", "", "Raghunathan", ""]),
        ("direct contact with", ["no", "no"]),
        ("anybody else?", ["", "", "no"]),
        ("What was agreed, in one sentence?", [KEPT_WORDS]),
        ("Who does it?", ["2"]),
        ("By when?", ["none"]),
        ("Keep it, or change it?", ["keep"] * 9),
    ]
    person = Person(service, record_so_far)
    person.talk(until="Was anything else agreed?")
    person.child.sendeof()
    assert person.talk() == 130
    assert "It does not say how both sides will know that it was done." in person.screen
