"""What every record of a run shares: what was ordered, and what is loaded and checked for it before the first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from pipeline.documents.engines.engine import engine
from pipeline.documents.templates.compiling import learn, learned
from pipeline.documents.templates.logo import check_logo
from pipeline.documents.templates.names import wrong_names
from pipeline.documents.templates.template import NoTemplateError, load_template
from pipeline.errors import SetupError, refused_by_the_system
from pipeline.forking import beside
from pipeline.importing import import_for_good

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.documents.engines.engine import Engine
    from pipeline.documents.templates.compiling import Learned
    from pipeline.documents.templates.template import Template
    from pipeline.errors import Problem
    from pipeline.service.model import Service


@dataclass(frozen=True, slots=True)
class Order:
    """What to make, for whom, and where.

    `template` takes the place of the one that each signed copy would be made from. `only` is the id of the one reader
    whose copy is wanted. `again` makes copies that are up to date once more. With `plan_only` each record is read and
    questioned, but nothing is made and nothing written.
    """

    service: Service
    out: Path
    template: str | None = None
    engine: str = "embedded"
    only: str | None = None
    again: bool = False
    plan_only: bool = False


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every record of a run shares. A record may have its copies made on so many `cores`."""

    order: Order
    engine: Engine
    template_in: Callable[[str, str], Template]
    logo: bytes | None
    cores: int = 1


@dataclass(frozen=True, slots=True)
class _Checked:
    """What is wrong with the run's template; else the digests of its languages that are sound, and what was read."""

    problems: tuple[Problem, ...] = ()
    sound: frozenset[str] = frozenset()
    learned: Learned | None = None


def open_workshop(order: Order) -> Workshop:
    """Load what every record of this order needs. Raises SetupError for an unusable template, logo or engine.

    Whoever opens it closes the engine.
    """
    service = order.service
    name = order.template or "standard"
    # A second core checks the template, in every language of the service. Meanwhile comes in what makes copies.
    with beside(partial(_checked, order, name)) as check:
        import_for_good("pipeline.batch.one_record")
        checked = check()
    if checked.problems:
        raise SetupError(checked.problems)
    if checked.learned is not None:
        learn(checked.learned)
    template_in = cache(partial(_sound_template, order, checked.sound))
    template_in(name, service.languages[0])
    try:
        logo = None if service.logo is None else service.logo.read_bytes()
        maker = engine(order.engine)
    except OSError as error:
        raise SetupError([refused_by_the_system(error)]) from error
    if logo is not None:
        check_logo(logo)
    return Workshop(order, maker, template_in, logo)


def _checked(order: Order, name: str) -> _Checked:
    """Check the template in each language of the service, up to the first in which something is wrong."""
    sound = set()
    for language in order.service.languages:
        try:
            sound.add(_sound_template(order, frozenset(), name, language).digest)
        except NoTemplateError as error:
            if language == order.service.languages[0]:
                return _Checked(error.problems)
            # in another language it costs only the records that ask for it
        except SetupError as error:
            return _Checked(error.problems)
    return _Checked(sound=frozenset(sound), learned=learned())


def _sound_template(order: Order, sound: frozenset[str], name: str, language: str) -> Template:
    """Load the template, and raise SetupError for every name in it that no record could ever have.

    Those whose digest is among the `sound` have been looked through.
    """
    template = load_template(name, language, service_folder=order.service.templates)
    if template.digest not in sound:
        problems = wrong_names(template, extra_fields=order.service.extra_fields)
        if problems:
            raise SetupError(problems)
    return template
