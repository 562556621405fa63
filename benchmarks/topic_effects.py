"""How often intervals of topic effects hold the planted difference; run by hand.

    python benchmarks/topic_effects.py [SEEDS]

Two outlets, six topics, of which the Star prints .167 more of the first and .083 less of the second
and the sixth; 30 % of the articles are copies of a story inside its outlet, in new words. Topics
are fitted anew for every seed, and effects are estimated from

- the true shares (what no one has),
- the model's shares, articles taken as independent,
- the model's shares, clustered by story,
- shares that are not shrunk, clustered by story,
- the same with 6 refits.

Settings run in turn; the first takes about five seconds a seed. The results of 50 seeds stand in
the docstring of `topic_effects`.
"""

import sys
import warnings

import numpy as np
import pandas as pd
from scipy import sparse

from framing.inference.topic_effects import (
    match_topics,
    refit_shares,
    topic_effects,
    unshrunk_shares,
)
from framing.measures.topics.fit import fit_topics
from framing.text.counts import TermCounts

K, WORDS, REFITS = 6, 1_000, 6
HERALD = np.full(K, 1 / 3)
STAR = np.array([2 / 3, 1 / 6, 1 / 3, 1 / 3, 1 / 3, 1 / 6])
TRUTH = 100 * (STAR - HERALD) / 2
SETTINGS = {
    "400 articles of 150 words": (400, 150),
    "1,200 articles of 60 words": (1200, 60),
    "800 articles of 300 words": (800, 300),
}


def simulate(seed, n, length):
    """Counts, articles and true shares."""
    rng = np.random.default_rng(seed)
    zipf = 1 / (np.arange(1, WORDS + 1) + 2.7)
    words = np.random.default_rng(99).dirichlet(150 * zipf / zipf.sum(), size=K)
    n_stories = round(0.7 * n)
    story = np.concatenate([np.arange(n_stories), rng.integers(n_stories, size=n - n_stories)])
    star = rng.integers(2, size=n_stories)
    shares = np.array([rng.dirichlet(STAR if each else HERALD) for each in star])[story]
    lengths = np.maximum(rng.lognormal(np.log(length) - 0.125, 0.5, n).astype(int), 20)
    rows = [rng.multinomial(m, share @ words) for m, share in zip(lengths, shares, strict=True)]
    ids = pd.Index([f"d{number:04}" for number in range(n)], name="doc_id")
    terms = pd.Index([f"w{number:04}" for number in range(WORDS)], name="term")
    counts = TermCounts(sparse.csr_matrix(np.array(rows)), ids, terms)
    outlet = np.where(star[story] == 1, "Star", "Herald")
    articles = pd.DataFrame({"outlet": outlet, "story": story.astype(str)}, ids)
    return counts, articles, pd.DataFrame(shares, ids, [f"t{k}" for k in range(K)])


def study(seed, n, length):
    """Effects by every method, against the truth."""
    counts, articles, true = simulate(seed, n, length)
    topics = fit_topics(counts, K)
    shares, _ = match_topics(true, topics.shares)
    unshrunk, _ = match_topics(true, unshrunk_shares(topics, counts))
    refits = refit_shares(counts, articles, K, n_refits=REFITS, unshrunk=True, random_state=seed)
    found = {
        "true shares": topic_effects(true, articles, "outlet"),
        "articles independent": topic_effects(shares, articles[["outlet"]], "outlet"),
        "clustered": topic_effects(shares, articles, "outlet"),
        "unshrunk": topic_effects(unshrunk, articles, "outlet"),
        "unshrunk, refits": topic_effects(unshrunk, articles, "outlet", refits=refits),
    }
    return pd.concat(found, names=["method", "row"]).assign(truth=list(TRUTH) * len(found))


def report(table):
    """Coverage, width and shrinkage, where there is a difference and where there is none."""
    inside = table["truth"].between(table["low"], table["high"])
    table = table.assign(
        coverage=inside,
        width=table["high"] - table["low"],
        found=table["estimate"] / table["truth"].where(table["truth"] != 0),
        effect=np.where(table["truth"] != 0, "planted", "none"),
    )
    rows = table.groupby(["method", "effect"], sort=False)[["coverage", "width", "found"]].mean()
    return rows.unstack("effect").round(3)


def main():
    warnings.simplefilter("ignore")
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for name, (n, length) in SETTINGS.items():
        table = pd.concat([study(seed, n, length) for seed in range(seeds)])
        print(f"\n{name}, {seeds} seeds\n{report(table).to_string()}", flush=True)


if __name__ == "__main__":
    main()
