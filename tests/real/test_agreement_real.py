"""Agreement on real codes, against figures computed with another implementation."""

import json
import warnings

import pandas as pd
import pytest

from framing.validity.agreement import MEAN, POOLED, coder_agreement
from framing.validity.coder_checks import compare_coders

OPINION = {"Entirely": 0, "Somewhat": 1, "Expresses": 2}


@pytest.fixture
def babe(real_data):
    """Bias and opinion as numbers; sentences coded twice by one coder keep the first code."""

    def read(group):
        raw = pd.read_csv(real_data / "babe" / f"codes_{group}.csv")
        bias = raw["bias"].str.startswith("Biased").astype(float).where(raw["bias"].notna())
        opinion = raw["opinion"].str.split().str[0].map(OPINION)
        parts = [raw.assign(frame="bias", value=bias), raw.assign(frame="opinion", value=opinion)]
        codes = pd.concat(parts)[["unit", "coder", "frame", "value"]].dropna()
        return codes.drop_duplicates(["unit", "coder", "frame"])

    return read


@pytest.fixture
def narrative(real_data):
    """Yes/no items of climate articles; a coder is a place in the list of answers, -1 is none."""
    path = real_data / "narrative_framing" / "full_annotations.json"
    articles = json.loads(path.read_text(encoding="utf-8"))
    rows = [
        (unit, f"coder {place}", item, answer)
        for unit, record in articles.items()
        for item, answers in record.items()
        if not item.startswith("_")
        for place, answer in enumerate(answers[1])
        if answer != -1
    ]
    return pd.DataFrame(rows, columns=["unit", "coder", "frame", "value"])


def alpha(codes, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = coder_agreement(codes, draws=0, **options)
    return found[found["measure"] == "alpha"].set_index("frame")["value"].round(4)


@pytest.mark.parametrize("group, expected", [("SG1", 0.3877), ("SG2", 0.3989)])
def test_bias_of_babe(babe, group, expected):
    assert alpha(babe(group))["bias"] == expected


@pytest.mark.parametrize(
    "group, expected",
    [("SG1", (0.2983, 0.4465, 0.4552)), ("SG2", (0.4159, 0.6054, 0.6016))],
)
def test_opinion_of_babe(babe, group, expected):
    codes = babe(group)
    found = [alpha(codes, level=level)["opinion"] for level in ("nominal", "ordinal", "interval")]
    assert tuple(found) == expected


def test_items_of_narrative_framing(narrative):
    found = alpha(narrative)
    assert found[["ec2", "mo2", "re1"]].tolist() == [0.6999, 0.5152, 0]
    assert found[POOLED] > found.drop(POOLED).mean() + 0.2, "pooling lifts alpha"


def test_the_mean_says_that_draws_leave_out_the_item_that_is_nearly_always_yes(narrative):
    with pytest.warns(UserWarning, match=r"re1: 99\.9 % 'yes'"):
        found = coder_agreement(narrative, draws=200).set_index(["frame", "measure"])
    note = found.loc[(MEAN, "alpha"), "note"]
    assert note == "mean of 23 of 23 frames; in many draws without 1 of them, not defined there"


def test_the_item_that_is_nearly_always_yes(narrative):
    with pytest.warns(UserWarning, match=r"re1: 99\.9 % 'yes'"):
        found = coder_agreement(narrative[narrative["frame"] == "re1"]).set_index("measure")
    assert found["yes_rate"].round(3).unique().tolist() == [0.999]
    assert "no interval" in found.loc["alpha", "note"]
    assert found.loc["gwet_ac1", "value"] > 0.99, "the same codes: 0 by alpha, nearly 1 by AC1"


def test_published_tables_of_babe_hold_for_every_coder(babe):
    found = compare_coders(babe("SG2"), draws=0)
    part = found[found["frame"] == "bias"]
    assert len(part) == 5 and part["alpha"].round(4).eq(0.3989).all()
    assert part["agreement"].between(0.5, 1).all()
