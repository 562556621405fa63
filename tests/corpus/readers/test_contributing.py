"""The reader shown in CONTRIBUTING works when its file is added, and only that."""

import re
from pathlib import Path

import framing as fr
from framing.corpus import readers

ROOT = Path(__file__).parents[3]


def test_the_reader_of_the_guide_plugs_in(tmp_path, monkeypatch):
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    assert len(code.strip().split("\n")) <= 22
    (tmp_path / "harbour_archive.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(readers, "__path__", [*readers.__path__, str(tmp_path)])
    readers.list_readers.cache_clear()
    try:
        export = tmp_path / "notes.xyz"
        text = "HARBOUR\n=====\nWar\n3 March 2031\nIt began.\n=====\nPeace\n4 March 2031\nIt ended."
        export.write_text(text, encoding="utf-8")
        articles, report = fr.read_articles(export)
    finally:
        readers.list_readers.cache_clear()
    row = report[["format", "declared", "parsed"]].iloc[0].tolist()
    assert row == ["harbour archive", 2, 2]
    assert articles["headline"].tolist() == ["War", "Peace"]
    assert articles["date"].dt.day.tolist() == [3, 4]
