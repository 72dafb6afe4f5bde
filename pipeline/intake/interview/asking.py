"""Ask, check, keep, go back, and take up again.

The conversation is the list of its answers. The script that asks is run from its beginning each time something is
taken back or taken up, and is given the answers that are kept until it asks for one that is not: so it can be
written as if nobody ever went back. An answer that is taken back is offered again when its question returns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.intake.interview.answers import NotUnderstood, said, understood
from pipeline.intake.interview.question import Form, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.errors import Problem
    from pipeline.intake.interview.draft import Answer

Check = Callable[[Any], "Sequence[Problem]"]
"""What is wrong with an answer; nothing if it is right."""

BACK, STOP = "back", "stop"
_MORE = f'Press Enter after each one. An empty line ends the list. "{BACK}" goes back.'


class Screen(Protocol):
    """Where the conversation takes place."""

    def say(self, text: str) -> None:
        """Show a paragraph."""

    def read(self, prompt: str) -> str:
        """Return what is typed on one line."""


class StoppedError(Exception):
    """The person wants to go on another time."""


class _TakenBack(Exception):  # noqa: N818 - no error: the script begins again with fewer answers
    """Answers were taken back."""


class Conversation:
    """One conversation; `keep` is called with all answers after each change."""

    def __init__(self, screen: Screen, answers: Sequence[Answer], keep: Callable[[list[Answer]], None]) -> None:
        """Take up a conversation in which these answers were given."""
        self._screen = screen
        self._answers = list(answers)
        self._keep = keep
        self._at = 0
        self._offers: dict[str, Any] = {}
        self._help = _HELP

    def hold(self, script: Callable[[Conversation], Any]) -> Any:
        """Run the script until it returns, from the beginning each time answers are taken back."""
        while True:
            self._at = 0
            try:
                return script(self)
            except _TakenBack:
                continue

    @property
    def is_live(self) -> bool:
        """Say whether the next question will be put to the person."""
        return self._at >= len(self._answers)

    def say(self, text: str) -> None:
        """Show a paragraph, unless the script is only catching up with what was answered."""
        if self.is_live:
            self._screen.say(text)

    def ask(self, question: Question, check: Check) -> Any:
        """Return the answer: the one that is kept, or the first one given that `check` has nothing against."""
        if not self.is_live:
            key, value = self._answers[self._at]
            if key == question.key:
                self._at += 1
                return value
            self._take_back(self._at)  # an earlier answer has changed what is asked
        return self._ask_live(question, check)

    def retake(self, key: str) -> None:
        """Take back the answer to the last question of this key (or one below it) and all after it."""
        keys = [kept for kept, _ in self._answers]
        while key and not any(kept == key or kept.startswith(f"{key}/") for kept in keys):
            key = key.rpartition("/")[0]
        first = next((nth for nth, kept in enumerate(keys) if kept == key or kept.startswith(f"{key}/")), 0)
        self._take_back(first)
        raise _TakenBack

    def _take_back(self, first: int) -> None:
        self._offers |= dict(self._answers[first:])
        del self._answers[first:]
        self._keep(self._answers)

    def _ask_live(self, question: Question, check: Check) -> Any:
        offer = self._offers.get(question.key, question.offer) if question.again else question.offer
        self._put(question, offer)
        while True:
            try:
                typed = self._read_list(check) if question.form is Form.LINES else self._typed()
                value = understood(question, typed, offer)
            except NotUnderstood as error:
                self._screen.say(f"{error} Please answer again.")
                continue
            if value is None or not self._object(check(value)):
                break
        self._answers.append((question.key, value))
        self._at = len(self._answers)
        self._keep(self._answers)
        if question.form in {Form.DATE, Form.DATES} and value:
            self._screen.say(said(question, value))
        return value

    def _object(self, problems: Sequence[Problem]) -> bool:
        """Say what is wrong with an answer, if anything is."""
        for problem in problems:
            self._screen.say(f"{problem.what} {problem.do}")
        return bool(problems)

    def _put(self, question: Question, offer: Any) -> None:
        """Show why it is asked, the question, and what may be answered."""
        self._screen.say("")
        if question.why:
            self._screen.say(question.why)
        self._screen.say(question.text)
        for nth, (word, meaning) in enumerate(question.choices, start=1):
            self._screen.say(f"  {nth}  {meaning or word}")
        if question.form is Form.LINES:
            self._screen.say(_MORE)
        if offer is not None:
            self._screen.say(f"Press Enter for: {said(question, offer)}")
        elif question.optional and question.form is not Form.LINES:
            self._screen.say("Press Enter to leave it out.")
        self._help = question.more or question.why or _HELP

    def _read_list(self, check: Check) -> str:
        """Return lines up to an empty one; a line that is refused is not taken, and the others stay."""
        lines: list[str] = []
        while typed := self._typed():
            if not self._object(check([*lines, typed])):
                lines.append(typed)
        return "\n".join(lines)

    def _typed(self) -> str:
        """Return one line that is none of the words that steer."""
        while True:
            typed = self._screen.read(">").strip()
            match typed.casefold():
                case "back":
                    self._back()
                case "stop":
                    raise StoppedError
                case "help":
                    self._screen.say(self._help)
                    self._screen.say(_COMMANDS)
                case _:
                    return typed

    def _back(self) -> None:
        if not self._answers:
            self._screen.say("This is the first question.")
            raise _TakenBack
        self._take_back(len(self._answers) - 1)
        raise _TakenBack


_COMMANDS = f'"{BACK}" goes back one question. "{STOP}" keeps your answers, to go on another time.'
_HELP = "Answer in a word or a sentence, as the question asks, and press Enter."
