"""The folder a run leaves: whole, escaped and the same every time."""

import json
import os
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from framing.reproduce.bundle import (
    Figure,
    Page,
    build_bundle,
    check_replaceable,
    format_cell,
    read_figure,
    render_index,
    staged,
)

ROOT = Path(__file__).resolve().parents[2]


def make_earlier_bundle(out):
    out.mkdir()
    (out / "provenance.json").write_text("{}")
    (out / "earlier.txt").write_text("earlier")


def left_over(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def test_the_new_folder_takes_the_place_of_the_old_one(tmp_path):
    out = tmp_path / "build"
    make_earlier_bundle(out)
    with staged(out) as staging:
        (staging / "new.txt").write_text("new")
        assert (out / "earlier.txt").exists()
    assert {path.name for path in out.iterdir()} == {".gitignore", "new.txt"}
    assert left_over(tmp_path) == []


def test_an_interrupted_run_leaves_the_old_folder_whole(tmp_path):
    out = tmp_path / "build"
    make_earlier_bundle(out)
    with pytest.raises(KeyboardInterrupt), staged(out) as staging:
        (staging / "half.txt").write_text("half")
        raise KeyboardInterrupt
    assert {path.name for path in out.iterdir()} == {"earlier.txt", "provenance.json"}
    assert left_over(tmp_path) == []


def test_what_a_killed_run_left_behind_is_cleared_or_restored(tmp_path):
    (tmp_path / ".build.partial").mkdir()
    (tmp_path / ".build.partial" / "half.txt").write_text("half")
    make_earlier_bundle(tmp_path / ".build.old")
    with pytest.raises(KeyError), staged(tmp_path / "build") as staging:
        assert not (staging / "half.txt").exists()
        raise KeyError
    assert (tmp_path / "build" / "earlier.txt").exists()


def test_a_folder_of_other_things_is_never_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(ValueError, match=r"is left alone.*--out"):
        check_replaceable(tmp_path)
    with pytest.raises(ValueError, match="is left alone"):
        check_replaceable(tmp_path / "thesis.docx")
    with pytest.raises(ValueError, match="is left alone"):
        build_bundle(["01"], out=tmp_path)
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


def test_an_empty_folder_or_an_earlier_bundle_may_be_replaced(tmp_path):
    (tmp_path / "empty").mkdir()
    make_earlier_bundle(tmp_path / "build")
    for name in ("empty", "build", "none"):
        check_replaceable(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.00012345", "0.000123"),
        ("-0.5", "-0.5"),
        ("12345.678", "12345.678"),
        ("2.0", "2.000"),
        ("-12", "-12"),
        ("nan", "nan"),
        ("", ""),
        ("2016-03-03", "2016-03-03"),
    ],
)
def test_numbers_are_shown_short(text, shown):
    assert format_cell(text).text == shown


def test_only_the_first_rows_are_shown_and_all_are_counted(tmp_path):
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "war.csv").write_text("outlet,n\n" + "Herald,1\n" * 20)
    (folder / "war.png").write_bytes(b"")
    figure = read_figure("war", folder, "War leads.")
    assert (figure.n_rows, len(figure.rows), figure.columns) == (20, 8, ["outlet", "n"])
    assert figure.files == {"PNG": "figures/war.png", "CSV": "figures/war.csv"}
    assert figure.image == "figures/war.png"
    assert figure.alt == "war: War leads."


def test_a_figure_without_numbers_shows_no_table(tmp_path):
    (tmp_path / "war.svg").write_text("<svg/>")
    (tmp_path / "peace.csv").write_text("")
    assert read_figure("war", tmp_path).columns == []
    assert read_figure("peace", tmp_path).n_rows == 0


def test_everything_on_the_index_is_escaped():
    evil = '<script>alert("1")</script>'
    figure = Figure("war", evil, {"SVG": "war.svg"}, [evil], [[format_cell(evil)]], 1)
    text = render_index([Page("01", evil, "notebooks/01.html", evil, [figure])])
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 7


@pytest.fixture(scope="module")
def built(tmp_path_factory, write_notebook, figure_code):
    """Two bundles of the same notebooks, by two processes that differ in all that may differ."""
    folder = tmp_path_factory.mktemp("bundles")
    first = write_notebook(
        folder / "01_first.ipynb",
        "md # First question\n\nSee [the second](02_second.ipynb).",
        figure_code("01_zebra"),
        "md **Star** names it & wins.",
        figure_code("01_aardvark"),
        "{'war', 'peace', 'oil'}",
    )
    second = write_notebook(
        folder / "02_second.ipynb", "md # Second", figure_code("02_only"), "raise KeyError('n')"
    )
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "matplotlibrc").write_text("lines.linewidth: 9\n")
    settings = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {
            "PYTHONHASHSEED": "2",
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C.UTF-8",
            "MATPLOTLIBRC": str(elsewhere / "matplotlibrc"),
        },
    ]
    results = []
    for number, extra in enumerate(settings):
        out = folder / f"run_{number}" / "build"
        words = ["reproduce", str(first), str(second), "--out", str(out)]
        done = subprocess.run(
            [sys.executable, "-m", "framing", *words],
            cwd=ROOT,
            env={**os.environ, **extra, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
        )
        results.append((done, out))
    return results


def test_two_runs_write_the_same_bytes(built):
    (_, one), (_, two) = built
    files = {path.relative_to(one) for path in one.rglob("*") if path.is_file()}
    assert files == {path.relative_to(two) for path in two.rglob("*") if path.is_file()}
    kinds = {path.suffix for path in files if path.parts[0] == "figures"}
    assert kinds == {".pdf", ".svg", ".png", ".csv"}
    differing = [path for path in files if (one / path).read_bytes() != (two / path).read_bytes()]
    assert [path.name for path in differing if path.name != "provenance.json"] == []


def test_one_failing_notebook_fails_the_command_and_spares_the_other(built):
    done, out = built[0]
    assert done.returncode == 1
    assert "02_second.ipynb, code cell 2: KeyError: 'n'" in done.stderr
    assert "Traceback" not in done.stderr
    assert (out / "figures" / "01_zebra.pdf").stat().st_size > 1000
    assert (out / "figures" / "02_only.pdf").stat().st_size > 1000


def test_the_last_line_says_where_to_look(built):
    done, out = built[0]
    assert done.stdout.splitlines()[-1].endswith(f"Open {out / 'index.html'}")


def test_the_folder_holds_pages_figures_and_the_record_and_nothing_else(built):
    _, out = built[0]
    found = sorted(path.name for path in out.iterdir())
    assert found == [".gitignore", "figures", "index.html", "notebooks", "provenance.json"]
    assert left_over(out.parent) == []


def test_the_record_knows_the_hashes_of_the_figures(built):
    facts = json.loads((built[0][1] / "provenance.json").read_text(encoding="utf-8"))
    again = json.loads((built[1][1] / "provenance.json").read_text(encoding="utf-8"))
    assert len(facts["figures"]) == 12
    assert facts["figures"] == again["figures"]
    assert facts["notebooks"]["02_second.ipynb"]["error"].startswith("02_second.ipynb, code cell 2")


class Links(HTMLParser):
    """Addresses of links and images, and alternative texts, of a page."""

    def __init__(self, path):
        super().__init__()
        self.addresses, self.alts = [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.addresses += [found[name] for name in ("href", "src") if name in found]
        if tag == "img":
            self.alts.append(found.get("alt"))


def test_every_link_leads_to_a_file_of_the_folder(built):
    _, out = built[0]
    for page in out.rglob("*.html"):
        for address in Links(page).addresses:
            if not address.startswith("data:"):
                assert (page.parent / address.split("#")[0]).exists(), (page.name, address)


def test_the_index_shows_figures_in_the_order_of_the_notebook_with_their_words(built):
    index = Links(built[0][1] / "index.html")
    assert index.alts == ["01_zebra: Star names it & wins.", "01_aardvark", "02_only"]
    assert "figures/01_zebra.csv" in index.addresses
    assert "notebooks/02_second.html" in index.addresses


def test_the_index_shows_the_numbers_under_the_figure(built):
    text = (built[0][1] / "index.html").read_text(encoding="utf-8")
    assert '<td>Star &amp; &lt;b&gt;</td><td class="number">0.667</td>' in text
    assert "The numbers: all 2 rows" in text


def test_pages_show_the_figures_inside_and_name_them(built):
    page = Links(built[0][1] / "notebooks" / "01_first.html")
    assert page.alts == ["Star names it & wins.", "Figure; its code stands above it"]
    assert "02_second.html" in page.addresses


def test_no_page_holds_a_script_or_an_address_outside(built):
    for page in built[0][1].rglob("*.html"):
        assert "<script" not in page.read_text(encoding="utf-8")
        assert [a for a in Links(page).addresses if "//" in a and not a.startswith("data:")] == []


def test_a_name_that_two_notebooks_save_is_an_error(tmp_path, write_notebook, figure_code):
    paths = [
        str(write_notebook(tmp_path / f"{name}.ipynb", figure_code("same"))) for name in ("a", "b")
    ]
    one, two = build_bundle(paths, out=tmp_path / "build", tell=lambda line: None)
    assert one.error == ""
    assert two.error == "b.ipynb: another notebook also saves same; rename one."


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to another process")
def test_ctrl_c_ends_a_long_cell_at_once_and_keeps_the_earlier_bundle(tmp_path, write_notebook):
    code = "import os, time, pathlib; pathlib.Path('pid').write_text(str(os.getpid()))\n"
    path = write_notebook(tmp_path / "slow.ipynb", code + "time.sleep(300)")
    make_earlier_bundle(tmp_path / "build")
    words = [sys.executable, "-m", "framing", "reproduce", str(path), "--out"]
    with subprocess.Popen(
        [*words, str(tmp_path / "build")],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=listen_to_interrupts,
    ) as process:
        wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        process.send_signal(signal.SIGINT)
        assert "earlier results are as they were" in process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert (tmp_path / "build" / "earlier.txt").exists()
    assert left_over(tmp_path) == []
    wait_for(lambda: not is_running(int((tmp_path / "pid").read_text())))


def listen_to_interrupts():
    """Undo what a shell does to a command in the background, which ignores them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_for(condition, seconds=60):
    for _ in range(seconds * 10):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail(f"waited {seconds} s in vain")


def is_running(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
