"""Specification curves: every combination, every pattern, what fails, and what it adds up to."""

import pandas as pd
import pytest

from framing.inference.prevalence import difference
from framing.inference.robustness import describe_robustness, robustness, specification_curve
from framing.measures.frames import score_frames
from framing.measures.topics.fit import fit_topics, topic_shares
from framing.text.counts import count_terms
from framing.text.quotes import keep_voice

CODEBOOK = pd.DataFrame(
    {"frame": ["war", "war", "war", "peace"], "pattern": ["troop*", "siege", "raid", "talks"]}
)

LEAST = ["1 hit or more", "2 hits or more", "3 hits or more"]


@pytest.fixture
def articles():
    """Herald: 12 of 20 with troops, 4 of them twice; Star: 4 with troops and 4 with a siege."""
    herald = ["troops and troops"] * 4 + ["troops"] * 8 + ["rain"] * 8
    star = ["troops"] * 4 + ["a siege"] * 4 + ["talks"] * 12
    index = pd.Index([f"a{i:02}" for i in range(40)], name="doc_id")
    outlet = ["Herald"] * 20 + ["Star"] * 20
    return pd.DataFrame({"outlet": outlet, "text": herald + star}, index)


def finding(articles, **options):
    return robustness(articles, CODEBOOK, frame="war", between=("Herald", "Star"), **options)


def test_every_combination_and_every_pattern_with_a_hit(articles):
    curve = finding(articles)
    assert len(curve) == 3 + 2
    whole = curve[curve["left out"] == "nothing"].set_index("at least")["estimate"]
    assert whole.to_dict() == pytest.approx(dict(zip(LEAST, [0.6 - 0.4, 0.2, 0.0], strict=True)))
    trimmed = curve[curve["left out"] != "nothing"].set_index("left out")["estimate"]
    assert trimmed.to_dict() == pytest.approx({"siege": 0.6 - 0.2, "troop*": 0 - 0.2})
    assert curve["estimate"].is_monotonic_increasing
    assert curve["main"].sum() == 1


def test_the_main_row_is_what_difference_says(articles):
    main = finding(articles).query("main").iloc[0]
    scores = score_frames(articles, CODEBOOK, measure="hits")[["war"]]
    row = difference(scores, articles, between=("Herald", "Star"), at_least=1).iloc[0]
    assert main[["estimate", "low", "high", "p"]].tolist() == pytest.approx(
        row[["difference", "low", "high", "p"]].tolist()
    )


def test_copies_bring_their_rules(articles):
    copied = articles.assign(story=[*["s1"] * 12, *articles.index[12:]])
    curve = finding(copied)
    assert set(curve["count"]) == {"every copy", "first of a story", "stories alike"}
    first = curve.query("count == 'first of a story' and `at least` == @LEAST[0]")["estimate"].iloc[
        0
    ]
    assert first == pytest.approx(1 / 9 - 0.4)


def test_texts_units_and_tokenizers_are_choices(articles):
    shouted = articles.assign(text=articles["text"].str.replace("troops", "TROOPS"))
    choices = {
        "texts": {"as read": articles, "shouted": shouted},
        "tokenizer": {"the kit's": None, "white space": str.split},
    }
    curve = finding(articles, choices=choices)
    whole = curve[curve["left out"] == "nothing"].set_index(["texts", "tokenizer"])["estimate"]
    assert whole["shouted", "the kit's"] == pytest.approx(0.2)
    assert whole["shouted", "white space"] == pytest.approx(-0.2)


def test_voices_are_choices_of_texts(articles):
    """The Herald has its troops from others; the Star speaks of them itself."""
    said = articles["text"].where(articles["outlet"] == "Star", "“" + articles["text"] + "”")
    spoken = articles.assign(text=said)
    voices = {"all": spoken, "quotations": keep_voice(spoken, "quoted")}
    curve = finding(articles, choices={"texts": voices | {"own": keep_voice(spoken, "unquoted")}})
    whole = curve[curve["left out"] == "nothing"].set_index("texts")["estimate"]
    assert whole.to_dict() == pytest.approx({"all": 0.6 - 0.4, "quotations": 0.6, "own": -0.4})


def test_sentences_are_a_unit(articles):
    longer = articles.assign(text=articles["text"] + ". Rain. Sun.")
    units = {"article": "article", "sentence": "sentence"}
    curve = finding(longer, choices={"unit": units})
    whole = curve[curve["left out"] == "nothing"].set_index("unit")["estimate"]
    assert whole.to_dict() == pytest.approx({"article": 0.2, "sentence": 0.2 / 3})


def test_numbers_of_topics_and_seeds_are_choices_of_a_curve(articles):
    counts = count_terms(articles)

    def topic_of_troops(k, seed):
        shares = topic_shares(fit_topics(counts, k, random_state=seed), counts)
        topic = shares[articles["text"] == "troops"].mean().idxmax()
        present = (shares[[topic]] > 0.5).astype(int)
        row = difference(present, articles, between=("Herald", "Star")).iloc[0]
        return row.rename({"difference": "estimate"})

    choices = {"k": {"two": 2, "three": 3}, "seed": {"0": 0, "1": 1}}
    curve = specification_curve(topic_of_troops, choices)
    assert len(curve) == 4 and (curve["problem"] == "").all()
    assert describe_robustness(curve).loc[0, "n"] == 4


def test_options_stand_in_the_order_of_their_numbers():
    def analysis(k):
        return {"estimate": 1 / k, "low": 0, "high": 1, "p": 0.01}

    curve = specification_curve(analysis, {"k": {f"K = {k}": k for k in (6, 12, 4, 8)}})
    options = describe_robustness(curve)["option"].tolist()
    assert options == ["all", "K = 6", "K = 4", "K = 8", "K = 12"]


def test_a_pattern_that_neither_group_holds_is_no_choice(articles):
    other = articles[:5].assign(outlet="Post", text="a raid").rename(index="p{}".format)
    curve = finding(pd.concat([articles, other]))
    assert set(curve["left out"]) == {"nothing", "troop*", "siege"}


def test_what_fails_is_kept_and_named():
    def analysis(k):
        if k == 0:
            raise ZeroDivisionError("k is 0")
        return {"estimate": 1 / k, "low": 0, "high": 1, "p": 0.01}

    curve = specification_curve(analysis, {"k": {"two": 2, "none": 0}})
    assert curve.set_index("k").loc["none", "problem"] == "ZeroDivisionError: k is 0"
    summary = describe_robustness(curve)
    assert summary.loc[0, ["n", "n_failed"]].tolist() == [1, 1]
    with pytest.raises(ValueError, match="The main analysis fails: k is 0"):
        specification_curve(analysis, {"k": {"none": 0, "two": 2}})


def test_the_sum_by_hand(articles):
    summary = describe_robustness(finding(articles)).set_index(["choice", "option"])
    everything = summary.loc[("all", "all")]
    assert everything["same_sign"] == pytest.approx(3 / 5)
    assert everything["n"] == 5
    assert summary.loc[("left out", "troop*"), "same_sign"] == 0
    assert list(summary.index)[1:4] == [("at least", words) for words in LEAST]


def test_choices_that_make_no_curve(articles):
    with pytest.raises(ValueError, match="'k' has no options; 'p' is a column of the result"):
        specification_curve(print, {"k": {}, "p": {"a": 1}})
    with pytest.raises(ValueError, match="there is no choice"):
        specification_curve(print, {})
    with pytest.raises(ValueError, match="No choice 'season'"):
        finding(articles, choices={"season": {"all": 1}})
    with pytest.raises(KeyError, match="No frame 'oil'; there are war, peace"):
        robustness(articles, CODEBOOK, frame="oil", between=("Herald", "Star"))
    with pytest.raises(ValueError, match="no main specification"):
        describe_robustness(pd.DataFrame({"main": [False]}))


def test_patterns_are_left_out_of_the_texts_that_are_reported(articles):
    longer = articles.assign(
        text=articles["text"] + pd.Series([" raid"] * 5 + [""] * 35, articles.index)
    )
    curve = finding(articles, choices={"texts": {"with headlines": longer, "body": articles}})
    trimmed = curve[curve["left out"] != "nothing"].set_index("left out")["estimate"]
    assert sorted(trimmed.index) == ["raid", "siege", "troop*"]
    assert trimmed["troop*"] == pytest.approx(5 / 20 - 4 / 20)


def test_a_finding_that_gives_no_estimate_is_kept_as_a_problem():
    def one(k):
        return {1: {"estimate": 1, "low": 0, "high": 2, "p": 0.1}, 2: None, 3: {"estimate": 1}}[k]

    curve = specification_curve(one, {"k": {1: 1, 2: 2, 3: 3}})
    assert curve["k"].tolist() == ["1", "2", "3"]
    assert curve["problem"].tolist()[0] == ""
    assert "a mapping with estimate, low, high, p is needed" in curve["problem"][1]
    assert curve["problem"][2] == "ValueError: the finding has no low, high, p"
    with pytest.raises(ValueError, match="two options of 'k' have one label"):
        specification_curve(one, {"k": {1: 1, "1": 2}})
