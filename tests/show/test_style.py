"""The style is switched on by hand, prints well and survives a grey copier."""

import itertools
import subprocess
import sys

import matplotlib as mpl
import pytest

from framing.show.style import COLOURS, LINES, MARKERS, figure_size, use_style


@pytest.fixture(autouse=True)
def own_settings():
    """Give every test Matplotlib's own settings and leave them as they were."""
    with mpl.rc_context():
        mpl.rcdefaults()
        yield


def lightness(colour: str) -> float:
    """CIE L* of a colour, from 0 (black) to 100 (white)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in mpl.colors.to_rgb(colour)
    ]
    luminance = sum(
        weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )
    return 116 * luminance ** (1 / 3) - 16


def test_importing_changes_no_setting():
    code = (
        "import matplotlib as m; before = dict(m.rcParams)\n"
        "import framing.show.style, framing.show.plots, framing.show.figures\n"
        "raise SystemExit(before != dict(m.rcParams))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_use_style_sets_type_for_print():
    use_style()
    assert mpl.rcParams["font.family"] == ["DejaVu Sans"]
    assert mpl.rcParams["pdf.fonttype"] == 42
    assert mpl.rcParams["svg.hashsalt"] == "framing"
    assert mpl.rcParams["figure.constrained_layout.use"]
    assert {mpl.rcParams[key] for key in ("font.size", "axes.labelsize", "xtick.labelsize")} == {8}


def test_the_style_sheet_and_the_constants_agree():
    use_style()
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    assert tuple(f"#{colour.lstrip('#')}" for colour in cycle["color"]) == COLOURS
    assert tuple(cycle["marker"]) == MARKERS
    assert tuple(cycle["linestyle"]) == LINES


def test_colours_differ_in_grey_and_lines_by_marker():
    levels = sorted(lightness(colour) for colour in COLOURS)
    assert min(high - low for low, high in itertools.pairwise(levels)) > 9
    assert len(set(MARKERS)) == len(MARKERS)


def test_figure_size_fits_a_column():
    assert figure_size("single", rows=10)[0] == 3.5
    assert figure_size("double", rows=10)[0] == 7.2
    assert figure_size(rows=20)[1] > figure_size(rows=10)[1]


def test_figure_size_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="Choose from: single, double"):
        figure_size("triple")
    with pytest.raises(ValueError, match="rows=0"):
        figure_size(rows=0)
