"""Try on planted data what the docstrings of topics say of packages, similarities and intervals.

    python benchmarks/topic_claims.py

Three tables: how often planted packages of topics come back exactly; how similar topics are that
are the same, and that are not; how often intervals of mean topic shares cover the truth, beside a
t interval of the mean.
"""

import warnings

import numpy as np
import pandas as pd
from scipy import sparse, stats

from framing.inference.topic_trends import topics_over_time
from framing.measures.topics.choice import similarities, take
from framing.measures.topics.fit import fit_topics
from framing.measures.topics.network import topic_frames
from framing.measures.topics.quality import top_terms
from framing.text.counts import TermCounts

PACKAGES, PER_PACKAGE, CORPORA = 3, 4, 10
K, N_TERMS, TOKENS = 10, 1_500, 200
PERIODS, DRAWS = 8, 100


def doc_ids(n):
    return pd.Index([f"d{row:05d}" for row in range(n)], name="doc_id")


def planted_shares(n, mixing, seed):
    """Shares of documents: packages from a Dirichlet distribution, topics evenly within."""
    rng = np.random.default_rng(seed)
    package = rng.dirichlet([mixing] * PACKAGES, n)
    within = np.stack([rng.dirichlet([1.0] * PER_PACKAGE, n) for _ in range(PACKAGES)], axis=1)
    topics = [f"topic_{number + 1:02d}" for number in range(PACKAGES * PER_PACKAGE)]
    return pd.DataFrame((package[:, :, None] * within).reshape(n, -1), doc_ids(n), topics)


def found_exactly(shares, seed):
    packages = topic_frames(shares, n_runs=1, random_state=seed).set_index("topic")["package"]
    truth = np.repeat(np.arange(PACKAGES), PER_PACKAGE)
    crossed = pd.crosstab(packages.reindex(shares.columns).to_numpy(), truth) > 0
    return crossed.shape == (PACKAGES, PACKAGES) and crossed.to_numpy().sum() == PACKAGES


def packages():
    rows = []
    for mixing in (0.3, 1, 3):
        for n in (50, 100, 400):
            hits = [found_exactly(planted_shares(n, mixing, s), s) for s in range(CORPORA)]
            rows.append({"mixing": mixing, "documents": n, "exact": f"{sum(hits)} of {CORPORA}"})
    return pd.DataFrame(rows)


def planted_counts(seed, n=200):
    """Counts of documents of planted topics, and the topics."""
    rng = np.random.default_rng(seed)
    weights = rng.gamma(0.1, size=(K, N_TERMS)) / (np.arange(N_TERMS) + 20)
    topics = weights / weights.sum(axis=1, keepdims=True)
    shares = rng.dirichlet([0.2] * K, n)
    rows = [rng.multinomial(rng.poisson(TOKENS) + 1, own @ topics) for own in shares]
    terms = pd.Index([f"w{term:04d}" for term in range(N_TERMS)], name="term")
    return TermCounts(sparse.csr_matrix(np.array(rows)), doc_ids(n), terms), topics


def similar():
    """Similarities of topics of two halves, by whether both are the same planted topic."""
    same, other = [], []
    for seed in range(6):
        counts, truth = planted_counts(seed)
        halves = [take(counts, np.arange(100)), take(counts, np.arange(100, 200))]
        fits = [fit_topics(half, K, random_state=run) for run, half in enumerate(halves)]
        first, second = (top_terms(fit.term_probabilities, 10) for fit in fits)
        planted = top_terms(pd.DataFrame(truth, columns=counts.terms), 10)
        alike = similarities(first, planted).argmax(axis=1)[:, None]
        alike = alike == similarities(second, planted).argmax(axis=1)
        found = similarities(first, second)
        same += found[alike].tolist()
        other += found[~alike].tolist()
    rows = {"same planted topic": same, "another": other}
    return pd.DataFrame({name: pd.Series(values).describe() for name, values in rows.items()}).T


def coverage():
    """Share of intervals that hold the true mean share."""
    rows = []
    for concentration, k in ((0.05, 50), (0.1, 20), (0.3, 6)):
        for n in (5, 10, 30, 100):
            rng = np.random.default_rng(n)
            draws = [cover(rng, concentration, k, n) for _ in range(DRAWS)]
            kit, plain = np.mean(draws, axis=0)
            rows.append({"topics": k, "articles": n, "kit": kit, "t of the mean": plain})
    return pd.DataFrame(rows)


def cover(rng, concentration, k, n):
    shares = pd.DataFrame(rng.dirichlet([concentration] * k, PERIODS * n), doc_ids(PERIODS * n))
    articles = pd.DataFrame({"period": np.arange(PERIODS * n) % PERIODS}, shares.index)
    found = topics_over_time(shares, articles, by="period")
    kit = ((found["low"] <= 1 / k) & (1 / k <= found["high"])).mean()
    groups = shares.groupby(articles["period"])
    reach = stats.t.ppf(0.975, n - 1) * groups.sem()
    return kit, ((groups.mean() - 1 / k).abs() <= reach).to_numpy().mean()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for title, table in (("packages", packages), ("similarity", similar), ("coverage", coverage)):
        print(f"\n{title}\n{table().round(3).to_string()}")
