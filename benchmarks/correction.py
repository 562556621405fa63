"""Draw 200 units to code, 1,000 times, and count how often each interval holds the truth.

    python benchmarks/correction.py [n_draws] [n_coded] [folder of the real corpora]

Two corpora were coded in full by people, so the share of every frame is known: the headlines of
the Gun Violence Frame Corpus (Liu et al. 2019, CoNLL; nine frames) and climate articles (Frermann
et al. 2023, ACL; five frames). The measure is a word list, or a classifier (TF-IDF and logistic
regression, each text predicted by a model that has not seen it) as yes and no or as a probability.
A line is a frame: coverage of the naive, corrected, codes-alone and Rogan-Gladen intervals, and
the mean and the largest width of the corrected over the codes-alone interval. Then the same by
kind of outlet, for differences of outlets, for samples stratified by the word list, and for
regressions in simulated articles whose scores err more in one outlet, and where few articles of
one outlet are coded.

The tables are checked and joined once. The estimators work on units × frames, so that all draws
of a frame are done in one go, as if each were a frame of its own.
"""

import os
import sys
import warnings
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from framing.inference.corrected_regression import _Moments, _table
from framing.inference.correction import difference_table, prevalence_table
from framing.inference.double_sample import as_double_sample
from framing.measures.frames import score_frames

MEASURES = ("words", "classifier", "probability")
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


def gun_headlines(folder, measures=MEASURES):
    """The 1,301 headlines with one of nine frames."""
    table = pd.read_excel(folder / "gvfc" / "GVFC_headlines_and_annotations.xlsx")
    table = table[table["Q3 Theme1"] != 99].reset_index(drop=True)
    names = list(GUN_WORDS)
    truth = pd.DataFrame({n: table["Q3 Theme1"] == k for k, n in enumerate(names, 1)}).astype(int)
    rows = [(name, word) for name, words in GUN_WORDS.items() for word in words.split("|")]
    articles = pd.DataFrame({"outlet": "all", "text": table["news_title"].astype(str)})
    codebook = pd.DataFrame(rows, columns=["frame", "pattern"])
    return make_corpus(articles, truth, codebook, measures)


def climate_articles(folder, measures=MEASURES):
    """The 427 climate articles with all five frames coded; the outlet is its kind of outlet."""
    table = pd.read_csv(folder / "narrative_framing" / "articles_metadata.tsv", sep="\t")
    table = table[table[list(CLIMATE_FRAMES)].notna().all(axis=1)].reset_index(drop=True)
    truth = table[list(CLIMATE_FRAMES)].astype(str).apply(lambda c: c.str.startswith("True"))
    truth = truth.rename(columns=CLIMATE_FRAMES).astype(int)
    articles = table[["mbfc", "text"]].set_axis(["outlet", "text"], axis=1)
    return make_corpus(articles, truth, "semetko_valkenburg", measures)


def make_corpus(articles, truth, codebook, measures):
    doc_ids = pd.Index([f"a{number:04}" for number in range(len(articles))], name="doc_id")
    articles, truth = articles.set_axis(doc_ids), truth.set_axis(doc_ids)
    scores = {"words": score_frames(articles, codebook, measure="present")[list(truth.columns)]}
    if set(measures) - {"words"}:
        chances = truth.apply(lambda labels: classify(articles["text"], labels))
        scores |= {"classifier": (chances >= 0.5).astype(int), "probability": chances}
    return Corpus(articles, truth, {measure: scores[measure] for measure in measures})


def classify(texts, labels):
    """Probability of a frame by a model that has not seen the text."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10, class_weight="balanced", max_iter=500),
    )
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return cross_val_predict(model, texts, labels, cv=folds, method="predict_proba")[:, 1]


def everything_coded(corpus, measure):
    """The scores joined to the codes of all units."""
    long = corpus.truth.rename_axis(index="unit", columns="frame").stack().rename("value")
    return as_double_sample(corpus.scores[measure], long.reset_index(), corpus.articles, None)


def redrawn(data, number, n_draws, n_coded=200, strata=None):
    """One frame coded anew in many random samples, of equal parts from every stratum."""
    rng, n = np.random.default_rng(number), len(data.codes)
    strata = np.zeros(n, dtype=np.int64) if strata is None else strata
    weights, parts = np.zeros((n, n_draws)), np.unique(strata)
    for draw, stratum in product(range(n_draws), parts):
        rows = np.flatnonzero(strata == stratum)
        m = min(n_coded // len(parts), len(rows))
        weights[rng.permutation(rows)[:m], draw] = len(rows) / m
    scores, codes = (np.repeat(part[:, [number]], n_draws, 1) for part in (data.scores, data.codes))
    units = data.units._replace(frames=[data.frames[number]] * n_draws)
    return data._replace(units=units, scores=scores, codes=codes, weights=weights, strata=strata)


def coverage(corpus, measure, n_draws, n_coded=200, *, by=None, stratified=False):
    """How often each interval holds the true share, frame by frame."""
    data = everything_coded(corpus, measure)
    keys = corpus.articles[[by] if by else []].reset_index(drop=True)
    labels = corpus.articles[by] if by else pd.Series("all", corpus.articles.index)
    share, lines = corpus.truth.groupby(labels).mean(), []
    for number, frame in enumerate(data.frames):
        hits = corpus.scores["words"][frame].to_numpy().astype(np.int64) if stratified else None
        draws = redrawn(data, number, n_draws, n_coded, hits)
        table = prevalence_table(draws, keys, "corpus", 0.95)
        names = table[by] if by else pd.Series("all", table.index)
        lines.append(
            summary(table.assign(truth=names.map(share[frame]), all=""), [by or "all"], frame)
        )
    return pd.concat(lines)


def difference_coverage(corpus, measure, n_draws, n_coded=200):
    """Coverage of differences between each kind of outlet and the rest."""
    data, lines = everything_coded(corpus, measure), []
    labels = corpus.articles["outlet"].reset_index(drop=True)
    for number, frame in enumerate(data.frames):
        draws = redrawn(data, number, n_draws, n_coded)
        table = difference_table(draws, labels, None, "corpus")
        truth, gaps = corpus.truth[frame].to_numpy(), {}
        for name in labels.unique():
            gaps[name] = truth[labels == name].mean() - truth[labels != name].mean()
        lines.append(summary(table.assign(truth=table["group"].map(gaps)), ["group"], frame))
    return pd.concat(lines)


def summary(table, groups, frame=""):
    """One line a group: coverage of every interval and the ratio of widths."""
    kinds = {"naive": "naive_", "corrected": "", "codes alone": "codes_"}
    kinds |= {"Rogan-Gladen": "rogan_gladen_"} if "rogan_gladen_low" in table else {}
    for name, kind in kinds.items():
        low, high = table[f"{kind}low"] - 1e-12, table[f"{kind}high"] + 1e-12
        table[name] = (low <= table["truth"]) & (high >= table["truth"])
    columns = ["truth", *kinds, *(["power"] if "power" in table else [])]
    found = table.groupby(groups, sort=False)[columns].mean()
    width = table.groupby(groups, sort=False)["width_ratio"]
    found = found.assign(width_ratio=width.mean(), widest_ratio=width.max())
    return found.set_axis([f"{frame} {name}".strip() for name in found.index])


def simulated_moments(rng, logit, n=900, n_coded=200, per_story=1):
    """Articles of two outlets over a year; the scores err more in the second outlet."""
    outlet, day = rng.integers(0, 2, n), rng.random(n)
    stories = np.arange(n) // per_story
    together = rng.normal(size=n)[stories] * (per_story > 1)
    chance = 0.3 + 0.1 * outlet + 0.2 * day + 0.15 * np.tanh(together)
    if logit:
        chance = 1 / (1 + np.exp(-(-0.8 + 0.5 * outlet + 0.8 * day)))
    frame = rng.random(n) < chance
    hit, slip = np.where(outlet, 0.9, 0.6), np.where(outlet, 0.3, 0.05)
    found = rng.random(n) < np.where(frame, hit, slip)
    weights = np.zeros(n)
    weights[rng.permutation(n)[:n_coded]] = n / n_coded
    x = np.column_stack([np.ones(n), outlet, day])
    return _Moments(x, found * 1.0, frame * (weights > 0) * 1.0, weights, stories, logit)


def regression_coverage(n_draws):
    """Coverage of the coefficients of a linear and a logistic model."""
    rng, terms, lines = np.random.default_rng(0), ["Intercept", "outlet", "day"], []
    for name, logit, per_story, truth in (
        ("linear", False, 1, (0.3, 0.1, 0.2)),
        ("linear, 3 a story", False, 3, (0.3, 0.1, 0.2)),
        ("logit", True, 1, (-0.8, 0.5, 0.8)),
    ):
        tables = [
            _table({name: simulated_moments(rng, logit, per_story=per_story)}, terms)
            for _ in range(n_draws)
        ]
        table = pd.concat(tables, ignore_index=True)
        table["truth"] = table["term"].map(dict(zip(terms, truth, strict=True)))
        lines.append(summary(table, ["term"], name))
    return pd.concat(lines)


def few_moments(rng, few, many=60, share=0.1):
    """A few articles of one outlet and many of another are coded, a tenth of each."""
    sizes = np.array([many, few])
    outlet = np.repeat([0, 1], np.rint(sizes / share).astype(int))
    n = len(outlet)
    frame = rng.random(n) < 0.3 + 0.1 * outlet
    hit, slip = np.where(outlet, 0.9, 0.7), np.where(outlet, 0.3, 0.1)
    found = rng.random(n) < np.where(frame, hit, slip)
    weights = np.zeros(n)
    for number, m in enumerate(sizes):
        weights[rng.permutation(np.flatnonzero(outlet == number))[:m]] = 1 / share
    x = np.column_stack([np.ones(n), outlet])
    return _Moments(x, found * 1.0, frame * (weights > 0) * 1.0, weights, np.arange(n), False)


def few_coverage(n_draws):
    """Coverage of a difference of .1 where few articles of one outlet are coded."""
    rng, lines = np.random.default_rng(0), []
    for few in (2, 3, 5, 10, 20, 60):
        draws = [few_moments(rng, few) for _ in range(n_draws)]
        tables = [_table({"": draw}, ["Intercept", "outlet"]).iloc[[1]] for draw in draws]
        lines.append(summary(pd.concat(tables).assign(truth=0.1), ["term"], f"{few} against 60"))
    return pd.concat(lines)


def main(n_draws=1000, n_coded=200, folder=None):
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(folder or os.environ.get("FRAMING_REAL_DATA", default))
    warnings.simplefilter("ignore", UserWarning)

    def show(title, table):
        print(f"\n{title}\n{table.round(3).to_string()}", flush=True)

    guns, climate = gun_headlines(folder), climate_articles(folder)
    for name, corpus in {"gun headlines": guns, "climate articles": climate}.items():
        for measure in corpus.scores:
            title = f"{name}, {len(corpus.articles)} texts, {measure}, {n_coded} coded"
            show(title, coverage(corpus, measure, n_draws, n_coded))
        for measure in ("words", "probability"):
            title = f"{name}, {measure}, sample stratified by the word list"
            show(title, coverage(corpus, measure, n_draws, n_coded, stratified=True))
    show("simulated regressions, 200 of 900 coded", regression_coverage(n_draws))
    show("simulated regressions, few coded in one outlet", few_coverage(n_draws))
    by_outlet = coverage(climate, "probability", n_draws, n_coded, by="outlet")
    show("climate articles by kind of outlet, probability", by_outlet)
    differences = difference_coverage(climate, "probability", n_draws, n_coded)
    show("climate articles, each kind of outlet less the rest, probability", differences)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
