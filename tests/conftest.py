"""One tiny corpus, known by heart, for every test that needs articles."""

import os
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest

mpl.use("Agg")


@pytest.fixture
def tiny() -> pd.DataFrame:
    """Six articles of two outlets and three days, small enough to count on fingers."""
    rows = [
        ("a1", "Herald", "2031-03-03", "War talk", "The war began. Troops crossed the river."),
        ("a2", "Herald", "2031-03-04", "Prices up", "Oil prices rose. Traders fear the war."),
        (
            "a3",
            "Herald",
            "2031-03-05",
            "Peace talk",
            "Peace talks opened. Both sides spoke of peace.",
        ),
        ("a4", "Star", "2031-03-03", "A mother", "A mother wept. Her son, a rebel, was dead."),
        (
            "a5",
            "Star",
            "2031-03-04",
            "Rebels advance",
            "Rebels won the town. The rebels’ flag rose.",
        ),
        ("a6", "Star", "2031-03-05", "Quiet day", "Nothing happened in the valley today."),
    ]
    table = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "headline", "text"])
    return table.assign(date=pd.to_datetime(table["date"])).set_index("doc_id")


@pytest.fixture
def real_data() -> Path:
    """Folder of real articles that are not part of the kit; skips where it is absent."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("FRAMING_REAL_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no real articles at {folder} (set FRAMING_REAL_DATA)")
    return folder


@pytest.fixture(autouse=True)
def fresh_figures():
    """Draw each test in Matplotlib's own style, and close every figure it opened."""
    import matplotlib.pyplot as plt

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.use("Agg")
        yield
    plt.close("all")
