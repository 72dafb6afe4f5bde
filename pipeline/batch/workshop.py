"""What every record of a run shares: what was ordered, and what is loaded and checked for it before the first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from pipeline.documents.engines.engine import engine
from pipeline.documents.templates.layout import check_logo
from pipeline.documents.templates.names import wrong_names
from pipeline.documents.templates.template import NoTemplateError, load_template
from pipeline.errors import SetupError, refused_by_the_system
from pipeline.forking import beside
from pipeline.importing import import_for_good

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.documents.engines.engine import Engine
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


def open_workshop(order: Order) -> Workshop:
    """Load what every record of this order needs. Raises SetupError for an unusable template, logo or engine.

    Whoever opens it closes the engine.
    """
    service = order.service
    template_in = cache(partial(_checked_template, order))
    name = order.template or "standard"
    template_in(name, service.languages[0])
    # The other languages mostly have the same tags, which are read once. Meanwhile comes in what makes copies.
    with beside(partial(_wrong_in_other_languages, order, name)) as in_others:
        import_for_good("pipeline.batch.one_record")
        problems = in_others()
    if problems:
        raise SetupError(problems)
    try:
        logo = None if service.logo is None else service.logo.read_bytes()
        maker = engine(order.engine)
    except OSError as error:
        raise SetupError([refused_by_the_system(error)]) from error
    if logo is not None:
        check_logo(logo)
    return Workshop(order, maker, template_in, logo)


def _wrong_in_other_languages(order: Order, name: str) -> tuple[Problem, ...]:
    """Return what is wrong with the template in the first of the service's other languages in which something is."""
    for language in order.service.languages[1:]:
        try:
            _checked_template(order, name, language)
        except NoTemplateError:
            continue  # it costs only the records in this language
        except SetupError as error:
            return error.problems
    return ()


def _checked_template(order: Order, name: str, language: str) -> Template:
    """Load the template, and raise SetupError for every name in it that no record could ever have."""
    template = load_template(name, language, service_folder=order.service.templates)
    problems = wrong_names(template, extra_fields=order.service.extra_fields)
    if problems:
        raise SetupError(problems)
    return template
