"""Draw 200 units to code, 1,000 times, and count how often each interval holds the truth.

    python benchmarks/correction.py [n_draws] [n_coded] [folder of the real corpora]

Two corpora were coded in full by people, so the share of every frame is known: the headlines of
the Gun Violence Frame Corpus (Liu et al. 2019, CoNLL; nine frames) and climate articles (Frermann
et al. 2023, ACL; five frames). The measure is a word list, or a classifier (TF-IDF and logistic
regression, each text predicted by a model that has not seen it) as yes and no or as a probability.
Every draw is a simple random sample and goes through `corrected_prevalence` as a scholar would
use it. A line is a frame: coverage of the naive, corrected, codes-alone and Rogan-Gladen
intervals, and the mean and the largest width of the corrected over the codes-alone interval.
"""

import os
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from framing.inference.correction import corrected_difference, corrected_prevalence
from framing.measures.frames import score_frames

GUN_WORDS = {
    "gun_rights": "second amendment|gun right*|nra|gun owner*|constitution*|concealed carry",
    "gun_control": "ban|bans|gun control|gun law*|background check*|regulat*|bump stock*|reform",
    "politics": "trump|democrat*|republican*|gop|senat*|congress*|president|vote*|governor",
    "mental_health": "mental*|illness|psych*|disturbed|troubled|depress*|suicid*",
    "school_safety": "school safety|arm* teacher*|metal detector*|security|drill*|backpack*|safe*",
    "race": "black|white supremac*|racis*|racial|muslim*|immigrant*|jew*|anti-semit*|hate",
    "public_opinion": "protest*|march*|walkout*|poll*|rall*|student*|activis*|demand*|survivor*",
    "culture": "video game*|movie*|media|family|religio*|prayer*|music|film|bully*",
    "economy": "walmart|sales|stock*|compan*|business*|bank*|retail*|sponsor*|investor*|cost*",
}
CLIMATE_FRAMES = {
    "RE": "responsibility",
    "HI": "human_interest",
    "CO": "conflict",
    "MO": "morality",
    "EC": "economic",
}


class Corpus(NamedTuple):
    """Articles, what people coded in each of them, and scores by several measures."""

    articles: pd.DataFrame
    truth: pd.DataFrame
    scores: dict[str, pd.DataFrame]


def gun_headlines(folder):
    """The 1,301 headlines with one of nine frames."""
    table = pd.read_excel(folder / "gvfc" / "GVFC_headlines_and_annotations.xlsx")
    table = table[table["Q3 Theme1"] != 99].reset_index(drop=True)
    names = list(GUN_WORDS)
    truth = pd.DataFrame({n: table["Q3 Theme1"] == k for k, n in enumerate(names, 1)}).astype(int)
    rows = [(name, word) for name, words in GUN_WORDS.items() for word in words.split("|")]
    articles = pd.DataFrame({"outlet": "all", "text": table["news_title"].astype(str)})
    codebook = pd.DataFrame(rows, columns=["frame", "pattern"])
    return make_corpus(articles, truth, codebook)


def climate_articles(folder):
    """The 427 climate articles with all five frames coded; the outlet is its kind of outlet."""
    table = pd.read_csv(folder / "narrative_framing" / "articles_metadata.tsv", sep="\t")
    table = table[table[list(CLIMATE_FRAMES)].notna().all(axis=1)].reset_index(drop=True)
    truth = table[list(CLIMATE_FRAMES)].astype(str).apply(lambda c: c.str.startswith("True"))
    truth = truth.rename(columns=CLIMATE_FRAMES).astype(int)
    articles = table[["mbfc", "text"]].set_axis(["outlet", "text"], axis=1)
    return make_corpus(articles, truth, "semetko_valkenburg")


def make_corpus(articles, truth, codebook):
    doc_ids = pd.Index([f"a{number:04}" for number in range(len(articles))], name="doc_id")
    articles, truth = articles.set_axis(doc_ids), truth.set_axis(doc_ids)
    words = score_frames(articles, codebook, measure="present")[list(truth.columns)]
    chances = truth.apply(lambda labels: classify(articles["text"], labels))
    yes = (chances >= 0.5).astype(int)
    return Corpus(articles, truth, {"words": words, "classifier": yes, "probability": chances})


def classify(texts, labels):
    """Probability of a frame by a model that has not seen the text."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10, class_weight="balanced", max_iter=500),
    )
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return cross_val_predict(model, texts, labels, cv=folds, method="predict_proba")[:, 1]


def draw_codes(corpus, n_coded, rng):
    """Codes of a simple random sample, as people would hand them in."""
    drawn = corpus.truth.iloc[np.sort(rng.permutation(len(corpus.truth))[:n_coded])]
    long = drawn.rename_axis(index="unit", columns="frame").stack().rename("value")
    return long.reset_index()


def coverage(corpus, measure, n_draws, n_coded=200, by=None):
    """How often each interval holds the true share, frame by frame."""
    rng = np.random.default_rng(0)
    tables = []
    for _ in range(n_draws):
        codes = draw_codes(corpus, n_coded, rng)
        tables.append(corrected_prevalence(corpus.scores[measure], codes, corpus.articles, by=by))
    table = pd.concat(tables, ignore_index=True)
    groups = ["frame"] if by is None else [by, "frame"]
    truth = corpus.truth if by is None else corpus.truth.groupby(corpus.articles[by]).mean()
    share = truth.mean() if by is None else truth.stack()
    table["truth"] = (
        pd.MultiIndex.from_frame(table[groups]).map(share) if by else table["frame"].map(share)
    )
    return summary(table, groups)


def summary(table, groups):
    """One line a group: coverage of every interval and the ratio of widths."""
    kinds = {
        "naive": "naive",
        "corrected": "",
        "codes alone": "codes",
        "Rogan-Gladen": "rogan_gladen",
    }
    for name, kind in kinds.items():
        low, high = (table[f"{kind}_{end}" if kind else end] for end in ("low", "high"))
        table[name] = (low <= table["truth"] + 1e-12) & (high >= table["truth"] - 1e-12)
    found = table.groupby(groups, sort=False)[["truth", *kinds, "power"]].mean()
    width = table.groupby(groups, sort=False)["width_ratio"]
    return found.assign(width_ratio=width.mean(), widest_ratio=width.max())


def difference_coverage(corpus, measure, n_draws, n_coded=200):
    """Coverage of differences between each kind of outlet and the rest."""
    rng, tables = np.random.default_rng(0), []
    outlets, truth = corpus.articles["outlet"], {}
    for outlet in sorted(outlets.unique()):
        gap = corpus.truth[outlets == outlet].mean() - corpus.truth[outlets != outlet].mean()
        truth |= {(outlet, frame): value for frame, value in gap.items()}
    for _ in range(n_draws):
        codes = draw_codes(corpus, n_coded, rng)
        tables.append(corrected_difference(corpus.scores[measure], codes, corpus.articles))
    table = pd.concat(tables, ignore_index=True)
    found = [truth[key] for key in zip(table["group"], table["frame"], strict=True)]
    table = table.assign(
        truth=found, power=np.nan, rogan_gladen_low=np.nan, rogan_gladen_high=np.nan
    )
    return summary(table, ["group", "frame"])


def main(n_draws=1000, n_coded=200, folder=None):
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(folder or os.environ.get("FRAMING_REAL_DATA", default))
    warnings.simplefilter("ignore", UserWarning)
    corpora = {"gun headlines": gun_headlines(folder), "climate": climate_articles(folder)}
    for name, corpus in corpora.items():
        for measure in corpus.scores:
            print(f"\n{name}, {len(corpus.articles)} texts, {measure}, {n_coded} coded × {n_draws}")
            print(coverage(corpus, measure, n_draws, n_coded).round(3).to_string())
    climate = corpora["climate"]
    print("\nclimate by kind of outlet, words")
    print(coverage(climate, "words", n_draws // 2, n_coded, by="outlet").round(3).to_string())
    print("\nclimate, differences from the rest, words")
    print(difference_coverage(climate, "words", n_draws // 4, n_coded).round(3).to_string())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
