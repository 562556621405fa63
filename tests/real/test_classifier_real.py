"""The classifier on headlines that people coded in full, on folds that are named.

The long version, ten divisions into folds and a second corpus, is `benchmarks/classifier.py`.
"""

import importlib.util
from pathlib import Path

import pytest

from framing.measures.classifier.cross_validation import cross_validate_codes


@pytest.fixture
def benchmark(monkeypatch):
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "classifier.py"
    monkeypatch.syspath_prepend(path.parent)
    spec = importlib.util.spec_from_file_location("classifier_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_gun_headlines_are_told_apart(real_data, benchmark):
    """`StratifiedKFold(5, shuffle=True, random_state=0)`."""
    articles, codes = benchmark.gun_headlines(real_data)
    assert articles.shape == (1301, 1) and codes["value"].nunique() == 9
    table = cross_validate_codes(articles, codes, groups=None, codebook="policy_frames")
    line = table[table["measure"] != "f1"].set_index("measure")
    assert line.loc["accuracy", "value"] > 0.74
    assert line.loc["macro_f1", "value"] > 0.68
    assert line.loc["accuracy", "majority"] == pytest.approx(0.292, abs=0.001)


def test_climate_articles_are_read_as_their_readme_says(real_data, benchmark):
    articles, codes = benchmark.climate_articles(real_data)
    assert len(articles) == 427 and articles["outlet"].nunique() == 36
    assert codes.groupby("frame")["value"].sum().to_dict() == {
        "RE": 191,
        "HI": 49,
        "CO": 268,
        "MO": 44,
        "EC": 127,
    }
