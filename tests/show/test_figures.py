"""Saved figures: complete, safe to open, and the same bytes everywhere."""

import io
import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from framing.show.figures import save_figure
from framing.show.plots import plot_coverage

ROOT = Path(__file__).resolve().parents[2]

ALL_PLOTS = """
import sys
import matplotlib; matplotlib.use("Agg")
import pandas as pd
from framing.inference.prevalence import prevalence
from framing.show.figures import save_figure
from framing.show import plots
from framing.show.style import use_style

days = pd.to_datetime([f"2031-{month:02}-{day:02}" for month in (1, 2, 3) for day in (1, 9)] * 4)
index = pd.Index([f"a{number:02}" for number in range(24)], name="doc_id")
articles = pd.DataFrame({"outlet": ["Herald", "Star"] * 12, "date": days}, index=index)
scores = pd.DataFrame({"war": [1, 0, 0] * 8, "human_interest": [0, 1, 1, 1] * 6}, index=index)
matches = pd.DataFrame({"frame": "war", "term": ["war", "troops"], "n": [7, 3]})
by_outlet = prevalence(scores, articles)
by_month = prevalence(scores, articles, by=["outlet", "month"])
folder = sys.argv[1]
save_figure(plots.plot_prevalence(by_outlet), "prevalence", by_outlet, folder=folder)
use_style()
save_figure(plots.plot_trend(by_month), "trend", by_month, folder=folder)
save_figure(plots.plot_coverage(articles), "coverage", articles, folder=folder)
save_figure(plots.plot_matches(matches), "matches", matches, folder=folder)
save_figure(plots.plot_heatmap(by_outlet), "heatmap", by_outlet, folder=folder)
"""


def start(folder: Path, **settings: str) -> subprocess.Popen:
    """Draw every kind of figure in a process of its own."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path, **settings}
    return subprocess.Popen([sys.executable, "-c", ALL_PLOTS, str(folder)], env=env, cwd=ROOT)


def test_every_figure_has_the_same_bytes_in_another_process(tmp_path):
    here = start(tmp_path / "here", PYTHONHASHSEED="1", LC_ALL="C", TZ="Asia/Tokyo")
    there = start(
        tmp_path / "there", PYTHONHASHSEED="2", LC_ALL="de_DE.UTF-8", TZ="America/New_York"
    )
    assert (here.wait(timeout=300), there.wait(timeout=300)) == (0, 0)
    names = sorted(path.name for path in (tmp_path / "here").iterdir())
    assert len(names) == 5 * 4
    for name in names:
        assert (tmp_path / "here" / name).read_bytes() == (
            tmp_path / "there" / name
        ).read_bytes(), name


@pytest.fixture
def ax():
    """A figure that says nothing."""
    _, axes = plt.subplots(figsize=(2, 1))
    axes.plot([0, 1], [1, 0])
    return axes


def saved_csv(ax, numbers: pd.DataFrame, folder: Path) -> str:
    return save_figure(ax, "figure", numbers, folder=folder)["csv"].read_bytes().decode("utf-8")


def test_four_files_and_nothing_else(ax, tmp_path):
    paths = save_figure(ax, "figure_1", pd.DataFrame({"n": [1]}), folder=tmp_path / "deep" / "er")
    assert list(paths) == ["pdf", "svg", "png", "csv"]
    assert sorted(path.name for path in (tmp_path / "deep" / "er").iterdir()) == [
        "figure_1.csv", "figure_1.pdf", "figure_1.png", "figure_1.svg",
    ]  # fmt: skip
    assert paths["pdf"].read_bytes()[:5] == b"%PDF-"
    assert paths["png"].read_bytes()[1:4] == b"PNG"
    assert plt.imread(paths["png"]).shape[:2] == (300, 600)


def test_saving_again_gives_the_same_bytes(ax, tmp_path):
    first = {
        key: path.read_bytes()
        for key, path in save_figure(ax, "a", pd.DataFrame(), folder=tmp_path).items()
    }
    again = {
        key: path.read_bytes()
        for key, path in save_figure(ax, "a", pd.DataFrame(), folder=tmp_path).items()
    }
    assert first == again


def test_a_figure_that_was_shown_before_has_the_same_bytes(tiny, tmp_path):
    names = {"Herald": "Daily Beacon", "Star": "The Cambridge Evening Observer"}
    tiny["outlet"] = tiny["outlet"].map(names)
    saved = []
    for shown in (0, 3):
        ax = plot_coverage(tiny)
        for _ in range(shown):
            ax.figure.savefig(io.BytesIO(), dpi=87, bbox_inches="tight")
        paths = save_figure(ax, f"shown_{shown}", pd.DataFrame(), folder=tmp_path)
        saved.append([path.read_bytes() for path in paths.values()])
    assert saved[0] == saved[1]


def test_axes_placed_by_hand_stay_there(tmp_path):
    _, ax = plt.subplots(layout="constrained")
    ax.set_position((0.3, 0.3, 0.2, 0.2))
    save_figure(ax, "figure", pd.DataFrame(), folder=tmp_path)
    assert ax.get_position().bounds == pytest.approx((0.3, 0.3, 0.2, 0.2))


def test_no_dates_and_no_software_in_the_files(ax, tmp_path):
    paths = save_figure(ax, "figure", pd.DataFrame(), folder=tmp_path)
    for ending, words in {
        "pdf": (b"CreationDate", b"Producer"),
        "svg": (b"dc:date",),
        "png": (b"Software",),
    }.items():
        assert not any(word in paths[ending].read_bytes() for word in words)


def test_pdf_text_stays_text(ax, tmp_path):
    ax.set_title("words")
    assert (
        b"/Type3"
        not in save_figure(ax, "figure", pd.DataFrame(), folder=tmp_path)["pdf"].read_bytes()
    )


def test_folder_comes_from_the_environment(ax, tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_FIGURES", str(tmp_path / "elsewhere"))
    assert save_figure(ax, "figure", pd.DataFrame())["csv"].parent == tmp_path / "elsewhere"
    monkeypatch.delenv("FRAMING_FIGURES")
    monkeypatch.chdir(tmp_path)
    assert save_figure(ax, "figure", pd.DataFrame())["csv"].parent == Path("figures")


def test_formulas_are_defused_and_negative_numbers_are_not(ax, tmp_path):
    numbers = pd.DataFrame(
        {
            "=term": ["=1+1", "+a", "-b", "@c", "\td", "e=f"],
            "share": [-0.5, 1, 2, 3, 4, 5],
            "n": [-1, 1, 1, 1, 1, 1],
        }
    )
    lines = saved_csv(ax, numbers, tmp_path).splitlines()
    assert lines[0] == "'=term,share,n"
    assert lines[1] == "'=1+1,-0.5,-1"
    assert [line.split(",")[0] for line in lines[2:]] == ["'+a", "'-b", "'@c", "'\td", "e=f"]


def test_categories_and_indexes_are_defused_too(ax, tmp_path):
    terms = pd.DataFrame({"n": [1]}, index=pd.Index(["=A1"], name="term"))
    assert saved_csv(ax, terms, tmp_path) == "term,n\n'=A1,1\n"
    category = pd.DataFrame({"term": pd.Categorical(["-x"])})
    assert saved_csv(ax, category, tmp_path) == "term\n'-x\n"


def test_numbers_are_written_one_way(ax, tmp_path):
    day = pd.to_datetime(["2031-03-03"])
    numbers = pd.DataFrame(
        {"outlet": ["Süd"], "day": day, "share": [1 / 3], "low": [0.1 + 0.2], "n": [3]}
    )
    assert (
        saved_csv(ax, numbers, tmp_path)
        == "outlet,day,share,low,n\nSüd,2031-03-03,0.3333333333,0.3,3\n"
    )


def test_an_index_that_says_something_is_kept(ax, tmp_path):
    assert (
        saved_csv(ax, pd.DataFrame({"n": [1]}, index=["Herald"]), tmp_path) == "index,n\nHerald,1\n"
    )
    assert saved_csv(ax, pd.DataFrame({"n": [1]}, index=[7]), tmp_path) == "n\n1\n"


def test_settings_and_table_stay_as_they_were(ax, tmp_path):
    settings, numbers = dict(mpl.rcParams), pd.DataFrame({"term": ["=x"]})
    save_figure(ax, "figure", numbers, folder=tmp_path)
    assert dict(mpl.rcParams) == settings
    assert numbers["term"].tolist() == ["=x"]


def test_a_failure_leaves_the_old_file_and_no_rest(ax, tmp_path, monkeypatch):
    path = save_figure(ax, "figure", pd.DataFrame({"n": [1]}), folder=tmp_path)["pdf"]
    old = path.read_bytes()

    def half_written(self, file, **options):
        Path(file).write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(mpl.figure.Figure, "savefig", half_written)
    with pytest.raises(OSError, match="disk full"):
        save_figure(ax, "figure", pd.DataFrame({"n": [2]}), folder=tmp_path)
    assert path.read_bytes() == old
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("name", ["", "a.pdf", "../a", "a b", "figure/1", None])
def test_names_are_plain(ax, tmp_path, name):
    with pytest.raises(ValueError, match="no name for a file"):
        save_figure(ax, name, pd.DataFrame(), folder=tmp_path)


def test_wrong_things_are_named(ax, tmp_path):
    with pytest.raises(TypeError, match=r"must be an Axes, .* not Figure"):
        save_figure(ax.figure, "figure", pd.DataFrame(), folder=tmp_path)
    with pytest.raises(TypeError, match="must be a DataFrame, not Series"):
        save_figure(ax, "figure", pd.Series([1]), folder=tmp_path)
