from __future__ import annotations

import hashlib
import zoneinfo
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import Problem, SetupError
from pipeline.service.load import find_config, load_service
from pipeline.service.model import DEFAULT_LABELS, ExtraField, KeepingTime
from pipeline.validation.schemas import load_schema

Configured = Callable[..., Path]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(SetupError) as caught:
        load_service(path)
    return list(caught.value.problems)


def places_of(path: Path) -> list[str]:
    return [problem.where for problem in problems_of(path)]


def test_a_good_file_gives_the_service(configured: Configured) -> None:
    service = load_service(configured())
    assert (service.name, service.telephone) == ("Northwater Restorative Service", "01632 960001")


def test_what_is_left_out_has_its_default(configured: Configured) -> None:
    service = load_service(configured())
    assert (service.time_zone, service.languages, service.paper) == ("Europe/London", ("en",), "A4")
    assert (service.telephone_region, service.logo, service.templates) == ("GB", None, None)
    assert (service.labels, service.legal_notes, service.extra_fields) == (DEFAULT_LABELS, {}, {})


def test_every_role_of_a_record_has_a_label() -> None:
    roles = load_schema("agreement")["$defs"]["participant"]["properties"]["role"]["enum"]
    assert set(DEFAULT_LABELS) == set(roles)


def test_every_pathway_of_a_record_may_have_a_legal_note() -> None:
    pathways = load_schema("agreement")["properties"]["pathway"]["enum"]
    assert set(load_schema("service")["properties"]["legal_notes"]["properties"]) == set(pathways)


def test_a_label_of_the_service_takes_the_place_of_the_default(configured: Configured) -> None:
    labels = load_service(configured(more='[labels]\nharmed = "victim"\n')).labels
    assert (labels["harmed"], labels["responsible"]) == ("victim", "person responsible")


def test_paths_start_at_the_folder_of_the_file(configured: Configured, tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    service = load_service(configured(more='[files]\ntemplates = "words"\noutput = "out"\narchive = "kept/here"\n'))
    folder = tmp_path.resolve()
    assert (service.templates, service.output) == (folder / "words", folder / "out")
    assert (service.archive, service.folder) == (folder / "kept" / "here", folder)


def test_texts_are_in_one_form_of_each_letter(configured: Configured) -> None:
    path = configured(("Northwater Restorative Service", "Gwasanaeth Tŷ"))
    assert load_service(path).name == "Gwasanaeth Tŷ"


def test_keeping_times_are_read(configured: Configured) -> None:
    path = configured(("years = 7", "years = 10\nuntil_age = 28"))
    assert load_service(path).keeping == KeepingTime(years=10, until_age=28)


def test_a_field_of_the_services_own_is_declared(configured: Configured) -> None:
    path = configured(more='[extra.district]\ntitle = "District"\ntype = "text"\nvisible_to = ["service", "harmed"]\n')
    expected = ExtraField("district", "District", "text", frozenset({"service", "harmed"}))
    assert load_service(path).extra_fields == {"district": expected}


def test_the_digest_is_of_the_bytes_of_the_file(configured: Configured) -> None:
    path = configured()
    inner = hashlib.sha256(path.read_bytes()).digest()
    assert load_service(path).digest == hashlib.sha256(inner).hexdigest()


def test_another_logo_gives_another_digest(configured: Configured, tmp_path: Path) -> None:
    path = configured(more='[files]\nlogo = "logo.png"\n')
    (tmp_path / "logo.png").write_bytes(PNG)
    before = load_service(path).digest
    (tmp_path / "logo.png").write_bytes(PNG + b"more")
    assert load_service(path).digest != before


@pytest.mark.parametrize("data", [PNG, JPEG])
def test_png_and_jpeg_are_logos(configured: Configured, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "logo.png").write_bytes(data)
    assert load_service(configured(more='[files]\nlogo = "logo.png"\n')).logo == tmp_path.resolve() / "logo.png"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<svg/>", "The logo is neither PNG nor JPEG."),
        (b"", "The logo is neither PNG nor JPEG."),
        (PNG + bytes(2 * 1024 * 1024), "The logo is larger than 2 MB."),
    ],
)
def test_another_picture_is_no_logo(configured: Configured, tmp_path: Path, data: bytes, what: str) -> None:
    (tmp_path / "logo.png").write_bytes(data)
    (problem,) = problems_of(configured(more='[files]\nlogo = "logo.png"\n'))
    assert (problem.where, problem.what) == ("agreements.toml, files.logo", what)


def test_a_link_is_no_logo(configured: Configured, tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(PNG)
    try:
        (tmp_path / "logo.png").symlink_to(tmp_path / "real.png")
    except OSError:
        pytest.skip("links cannot be made here")
    (problem,) = problems_of(configured(more='[files]\nlogo = "logo.png"\n'))
    assert problem.what == "The logo is a link to a file elsewhere."


@pytest.mark.parametrize("name", ["missing.png", "."])
def test_a_logo_that_is_no_file_is_told(configured: Configured, name: str) -> None:
    assert places_of(configured(more=f'[files]\nlogo = "{name}"\n')) == ["agreements.toml, files.logo"]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('telephone = "01632 960001"', 'telephone = "ring us"', "service.telephone"),
        ('telephone = "01632 960001"', 'telephone = ""', "service.telephone"),
        ("hello@northwater.example.org", "northwater", "service.email"),
        ("We keep this agreement safe.", "   ", "service.privacy_text"),
        ("We keep this agreement safe.", "a\\u0007b", "service.privacy_text"),
        ("We keep this agreement safe.", "a\\u202Eb", "service.privacy_text"),
        ("Northwater Restorative Service", "two\\nlines", "service.name"),
        ("Northwater Restorative Service", " ", "service.name"),
        ("[retention]", 'paper = "A3"\n[retention]', "service.paper"),
        ("[retention]", "languages = []\n[retention]", "service.languages"),
        ("[retention]", 'languages = ["en", "Welsh"]\n[retention]', "service.languages, number 2"),
        ("[retention]", 'time_zone = "Europe/Nowhere"\n[retention]', "service.time_zone"),
        ("[retention]", 'time_zone = "../../etc/passwd"\n[retention]', "service.time_zone"),
        ("[retention]", 'telephone_region = "UK1"\n[retention]', "service.telephone_region"),
        ("years = 7", 'years = "seven"', "retention.years"),
        ("years = 7", "years = 7\nuntil_age = 12", "retention.until_age"),
        ("[retention]", '[legal_notes]\nprison = "x"\n[retention]', "legal_notes.prison"),
        ("[retention]", '[labels]\nvictim = "x"\n[retention]', "labels.victim"),
        ("[retention]", '[files]\ntemplates = "none"\n[retention]', "files.templates"),
        ("[retention]", '[files]\noutput = "~/out"\n[retention]', "files.output"),
        ("[retention]", '[files]\nlogo = "~/logo.png"\n[retention]', "files.logo"),
        ("[retention]", "[extra.District]\n[retention]", "extra.District"),
    ],
)
def test_a_bad_value_is_told_with_its_key(configured: Configured, old: str, new: str, where: str) -> None:
    assert f"agreements.toml, {where}" in places_of(configured((old, new)))


@pytest.mark.parametrize("key", ["name", "telephone", "email", "complaint_route", "privacy_text", "next_steps"])
def test_a_key_that_is_missing_is_told(configured: Configured, key: str) -> None:
    path = configured((f"{key} = ", f"# {key} = "))
    assert [(each.where, each.what) for each in problems_of(path)] == [
        ("agreements.toml, service", f'"{key}" is missing.')
    ]


def test_an_unknown_key_is_refused_with_the_nearest_spelling(configured: Configured) -> None:
    path = configured(("[retention]", 'papr = "A4"\n[retention]'))
    (problem,) = problems_of(path)
    assert (problem.where, problem.do) == (
        "agreements.toml, service.papr",
        'Take it out. Did you mean "paper"?',
    )


def test_a_field_visible_to_a_reader_who_does_not_exist_is_refused(configured: Configured) -> None:
    path = configured(more='[extra.district]\ntitle = "District"\ntype = "text"\nvisible_to = ["everybody"]\n')
    assert places_of(path) == ["agreements.toml, extra.district.visible_to, number 1"]


def test_all_problems_come_at_once(configured: Configured) -> None:
    path = configured(
        ('telephone = "01632 960001"', "telephone = 1"),
        ("[retention]", 'time_zone = "Europe/Nowhere"\n[retention]'),
        more='[files]\nlogo = "none.png"\ntemplates = "none"\n',
    )
    assert places_of(path) == [
        "agreements.toml, service.telephone",
        "agreements.toml, service.time_zone",
        "agreements.toml, files.logo",
        "agreements.toml, files.templates",
    ]


def test_no_message_repeats_a_value(configured: Configured) -> None:
    path = configured(("hello@northwater.example.org", "secret"), ("[retention]", 'time_zone = "secret"\n[retention]'))
    assert all("secret" not in problem.what + problem.do + problem.where for problem in problems_of(path))


def test_a_computer_without_time_zones_is_told_what_to_install(
    configured: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:

    def nothing(_name: str) -> None:
        raise zoneinfo.ZoneInfoNotFoundError

    monkeypatch.setattr("zoneinfo.ZoneInfo", nothing)
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    (problem,) = problems_of(configured())
    assert "pip install tzdata" in problem.do


def test_the_named_configuration_is_used(configured: Configured, tmp_path: Path) -> None:
    path = configured()
    assert find_config(path, tmp_path / "elsewhere") == path


def test_a_named_configuration_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        find_config(tmp_path / "none.toml", None)
    assert caught.value.problems[0].where == "none.toml"


def test_the_configuration_beside_a_record_is_found(configured: Configured, tmp_path: Path) -> None:
    path = configured()
    (tmp_path / "AG-0001.json").touch()
    assert find_config(None, tmp_path / "AG-0001.json") == path.resolve()


def test_the_configuration_in_a_folder_of_records_is_found(configured: Configured, tmp_path: Path) -> None:
    path = configured()
    assert find_config(None, tmp_path) == path.resolve()


def test_the_configuration_above_the_folder_of_records_is_found(configured: Configured, tmp_path: Path) -> None:
    path = configured()
    (tmp_path / "records").mkdir()
    assert find_config(None, tmp_path / "records") == path.resolve()


def test_the_configuration_of_the_working_folder_comes_last(
    configured: Configured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = configured()
    monkeypatch.chdir(tmp_path)
    assert find_config(None, None).resolve() == path.resolve()


def test_without_a_configuration_the_message_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SetupError) as caught:
        find_config(None, tmp_path / "a" / "b")
    assert "`agreements init`" in caught.value.problems[0].do
