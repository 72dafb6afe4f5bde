from __future__ import annotations

from pipeline.cli.main import main


def test_what_init_writes_can_be_generated_at_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert main(["generate", "records"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("AG-0001  v1  made  ")


def test_what_init_writes_is_what_it_lists(tmp_path, capsys):
    main(["init", str(tmp_path / "ours")])
    listed = capsys.readouterr().out.splitlines()
    assert sorted(listed) == sorted(str(path) for path in (tmp_path / "ours", *(tmp_path / "ours").rglob("*")))


def test_init_overwrites_nothing(tmp_path, capsys):
    (tmp_path / "agreements.toml").write_text("mine", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 4
    assert (tmp_path / "agreements.toml").read_text(encoding="utf-8") == "mine"
    assert "already" in capsys.readouterr().err
