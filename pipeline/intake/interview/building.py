"""A record that grows with each answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.intake.interview.checking import advice_so_far, problems_of_answer, problems_so_far, put
from pipeline.intake.interview.question import Form, Question
from pipeline.records.upgrade import CURRENT
from pipeline.validation.fault import pointer
from pipeline.validation.schemas import load_schema
from pipeline.wording.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.errors import Problem
    from pipeline.intake.interview.asking import Conversation
    from pipeline.service.model import ExtraField
    from pipeline.validation.fault import Path

_KEEP, _CHANGE = "keep", "change"
_ADVISED = "advised"


class Building:
    """The record of a conversation, and the questions that fill it."""

    def __init__(self, conversation: Conversation, extra_fields: Mapping[str, ExtraField] | None) -> None:
        """Begin an empty record."""
        self.conversation = conversation
        self.extra_fields = extra_fields
        self.record: dict[str, Any] = {"schema_version": CURRENT}
        self._told: set[tuple[str, str]] = set()

    def ask(self, path: Path, question: Question) -> Any:
        """Ask, check by the loader's rules, and put the answer at its path, unless it was passed over."""
        known = _about(path)
        if question.form is Form.CHOICE and not question.choices:
            question = replace(question, choices=tuple((word, word.replace("_", " ")) for word in known["enum"]))
        if not question.more:
            question = replace(question, more=_help(known))
        value = self.conversation.ask(replace(question, key=pointer(path)), lambda value: self._problems(path, value))
        if (value is not None and value != []) or (value == [] and path[-1:] == ("withheld",)):
            put(self.record, path, value)
        return value

    def _problems(self, path: Path, value: Any) -> tuple[Problem, ...]:
        return problems_of_answer(self.record, path, value, extra_fields=self.extra_fields)

    def ask_aside(self, key: str, question: Question) -> Any:
        """Ask something that steers the conversation and stands nowhere in the record."""
        return self.conversation.ask(replace(question, key=key), lambda _: ())

    def settle(self, path: Path) -> None:
        """Say what the loader has against the entry at this path now that it is whole, and ask that again."""
        if not self.conversation.is_live:
            return
        wrong = [
            problem
            for problem in problems_so_far(self.record, extra_fields=self.extra_fields)
            if _is_within(problem.where, path)
        ]
        if wrong:
            self.take_back_for(wrong)

    def take_back_for(self, problems: Sequence[Problem]) -> None:
        """Say these problems and return to the question of the first."""
        for problem in problems:
            self.conversation.say(f"{problem.what} {problem.do}")
        first = problems[0]
        self.conversation.retake(f"{first.where}/{first.missing}" if first.missing else first.where)

    def question_wording(self, path: Path, part: str) -> None:
        """Say what a practitioner would question at this path of an item, and offer to say it another way.

        `part` is what "change" goes back to; with one, what concerns the item elsewhere is said too. Nothing is said
        where nothing is questioned, and nothing twice.
        """
        item = self.record["items"][path[1]]
        advice = [
            each
            for each in advice_so_far(self.record)
            if (_is_within(each.where, path) or (part and each.item == item["id"]))
            and (each.rule, each.where) not in self._told
        ]
        self._told |= {(each.rule, each.where) for each in advice}
        key = f"{pointer(path)}/{_ADVISED}"
        if not advice:
            return
        for each in advice:
            kind = "Somebody must accept this before copies are made. " if each.severity is Severity.STOP else ""
            self.conversation.say(f"A practitioner would ask: {kind}{each.what} {each.better or ''}".rstrip())
        choices = (
            (_KEEP, "Keep it as it is"),
            (_CHANGE, "Change it: the questions come again, and Enter keeps an answer"),
        )
        if (
            self.ask_aside(key, Question(key, "Keep it, or change it?", Form.CHOICE, choices=choices, again=False))
            == _CHANGE
        ):
            self.conversation.retake(pointer((*path, part)) if part else pointer(path))


def _is_within(where: str, path: Path) -> bool:
    return where == pointer(path) or where.startswith(f"{pointer(path)}/")


def _about(path: Path) -> Mapping[str, Any]:
    """Return what the schema says of the value at this path; nothing where a form of a deadline is chosen."""
    schema = load_schema("agreement")
    here: Mapping[str, Any] = schema
    for step in path:
        forms = [_resolved(form) for form in here.get("oneOf", ())]
        if isinstance(step, int):
            here = _resolved(here.get("items", {}))
        else:
            groups = [here, *forms]
            here = next(
                (_resolved(group["properties"][step]) for group in groups if step in group.get("properties", {})), {}
            )
    return here


def _resolved(about: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = about.get("$ref")
    named = load_schema("agreement")["$defs"][reference.rpartition("/")[2]] if reference else {}
    return {**named, **about}


def _help(about: Mapping[str, Any]) -> str:
    examples = about.get("examples", ())
    return f"{about.get('description', '')}{f' For example: {_shown(examples[0])}' if examples else ''}".strip()


def _shown(example: Any) -> str:
    return ", ".join(str(each) for each in example) if isinstance(example, list) else str(example)
