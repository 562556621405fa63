"""Frame scales from the yes/no questions of 428 coded climate articles."""

import json

import pandas as pd
import pytest

from framing.validity.scales import scale_items, scale_reliability, scale_scores

FRAMES = {
    "re": "responsibility",
    "hi": "human_interest",
    "co": "conflict",
    "mo": "morality",
    "ec": "economy",
}


@pytest.fixture
def codes(real_data):
    """The answer of each article's first coder to every main question."""
    path = real_data / "narrative_framing" / "full_annotations.json"
    articles = json.loads(path.read_text(encoding="utf-8"))
    rows = []
    for unit, article in articles.items():
        for item, answer in article.items():
            if item[:2] in FRAMES and len(item) == 3:
                given = [each for each in answer[1] if each in ("yes", "no")]
                rows.append((unit, item, given[0] == "yes" if given else None))
    return pd.DataFrame(rows, columns=["unit", "frame", "value"])


def test_kr20_of_five_frames_as_pingouin(codes):
    # pingouin 0.7.0, cronbach_alpha of the same answers, run once
    known = {
        "responsibility": 0.5678883819989146,
        "human_interest": 0.3321679854459374,
        "conflict": 0.5543161588359321,
        "morality": 0.5219686331568183,
        "economy": 0.7458418478442943,
    }
    items = {item: FRAMES[item[:2]] for item in sorted(codes["frame"].unique())}
    with pytest.warns(UserWarning, match="11 of 428 for responsibility"):
        table = scale_reliability(codes, items).set_index("frame")
    assert table["alpha"].to_dict() == pytest.approx(known)
    assert table["n"].to_dict() == dict.fromkeys(known, 428) | {"responsibility": 417}
    assert table["n_factors"].to_dict() == dict.fromkeys(known, 1) | {"responsibility": 3}


def test_a_question_that_is_nearly_always_yes_goes_with_nothing(codes):
    items = {item: "responsibility" for item in codes["frame"].unique() if item[:2] == "re"}
    table = scale_items(codes, items).set_index("item")
    assert table.loc["re1", "mean"] > 0.99
    assert abs(table.loc["re1", "item_rest"]) < 0.1
    assert table.loc["re2", "item_rest"] > 0.5


def test_every_article_with_all_answers_has_a_score(codes):
    items = {item: FRAMES[item[:2]] for item in codes["frame"].unique()}
    scores = scale_scores(codes, items)
    assert scores.shape == (428, 5)
    assert scores.isna().sum().to_dict() == dict.fromkeys(FRAMES.values(), 0) | {
        "responsibility": 11
    }
