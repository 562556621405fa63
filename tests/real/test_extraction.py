"""Article extraction on the 181 pages of the benchmark (not part of the kit)."""

import importlib.util
from pathlib import Path

import pytest

import framing as fr

pytest.importorskip("trafilatura")

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "extraction.py"


@pytest.fixture(scope="module")
def extraction():
    spec = importlib.util.spec_from_file_location("extraction", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_measure_on_a_toy(extraction):
    assert extraction.compare("a b c d e", "a b c d x") == (1, 1, 1)
    assert extraction.compare("a b", "a b") == (1, 0, 0)
    assert extraction.compare("a b c d", "") == (0, 0, 1)
    score = extraction.average([(1, 1, 1), (0, 0, 1)])
    assert score == pytest.approx((1 / 3, 1 / 2, 1 / 4))


def test_the_kit_and_the_floor(extraction, real_data):
    compared = extraction.compare_pages(real_data / "article_extraction_benchmark")
    assert len(compared["the kit"]) == 181
    assert extraction.average(compared["the kit"]).f1 >= 0.96
    assert extraction.average(compared["whole page"]).f1 == pytest.approx(0.665, abs=0.0015)


def test_the_pages_as_articles(real_data):
    articles, report = fr.read_articles(real_data / "article_extraction_benchmark" / "html")
    assert len(articles) == len(report) == 181
    assert (report["format"] == "html").all()
    assert (report["reason"] == "").all()
    filled = articles.notna().mean()
    assert filled[["headline", "text"]].eq(1).all()
    assert filled["date"] >= 0.98
    assert filled["outlet"] >= 0.96
    assert filled["url"] >= 0.92
    assert filled["byline"] >= 0.85
    assert articles["date"].dropna().between("2005-01-01", "2019-11-20").all()
    assert articles.index.is_unique
