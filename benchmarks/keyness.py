"""Ask of the tests of keyness how often they are wrong, and what the size of the prior does.

    python benchmarks/keyness.py [n_corpora]

The corpora are bursty: the rate of a word differs from article to article by a gamma distribution,
the more the rarer the word is. Only the choice of articles for the target is varied. First no word
differs between target and rest, and what counts is the share of corpora in which a test finds any
at an adjusted p below .05, and the share of single p below .05. Then the rates of 60 of about 1,500
words are doubled or halved in the target, and what counts is how many of them are found, how many
of the words found are not among them, and how many of the 60 are among the 60 highest |z|.

Result of `python benchmarks/keyness.py 100`, share of corpora and share of single p, by test:

    200 articles, 100 in the target, burst 0.3: z 0.09 0.038; g2 0.15 0.064; clustered 0.02 0.039
    200 articles, 100 in the target, burst 0.03: z 1.00 0.092; g2 1.00 0.135; clustered 0.00 0.038
    200 articles,  25 in the target, burst 0.3: z 0.17 0.037; g2 0.21 0.063; clustered 0.00 0.022
    200 articles,  25 in the target, burst 0.03: z 1.00 0.080; g2 1.00 0.124; clustered 0.02 0.023
    200 articles,   5 in the target, burst 0.3: z 0.40 0.029; g2 0.22 0.031; clustered 0.00 0.002
    200 articles,   5 in the target, burst 0.03: z 0.99 0.056; g2 0.99 0.067; clustered 0.02 0.006
    1000 articles,  30 in the target, burst 0.3: z 0.25 0.027; g2 0.22 0.063; clustered 0.01 0.024
    1000 articles,  30 in the target, burst 0.03: z 1.00 0.064; g2 1.00 0.120; clustered 0.09 0.028
    1000 articles, 500 in the target, burst 0.3: z 0.13 0.055; g2 0.19 0.061; clustered 0.02 0.048
    1000 articles, 500 in the target, burst 0.03: z 1.00 0.124; g2 1.00 0.132; clustered 0.03 0.047

Share of the 60 planted words among the 60 highest |z| with a prior of 1/1,000, 1/100, 1/10 and all
of the tokens; share of them found, and share of false finds, by g2 and by the clustered test:

    200 articles, 100 in the target        0.53   0.53   0.52   0.49   0.23   0.08   0.17   0.01
    200 articles,  25 in the target        0.28   0.28   0.28   0.28   0.07   0.08   0.02   0.00
    200 articles,   5 in the target        0.12   0.12   0.12   0.11   0.00   0.08   0.00   0.00
    1000 articles,  30 in the target       0.34   0.34   0.34   0.34   0.12   0.04   0.06   0.00
    1000 articles, 500 in the target       0.89   0.89   0.88   0.89   0.87   0.08   0.84   0.04
"""

import sys

import numpy as np
import pandas as pd
from scipy import sparse, stats

import framing as fr
from framing.measures.keyness import keyness

N_WORDS, N_PLANTED, LEVEL = 1500, 60, 0.05
CORPORA = [(200, 100), (200, 25), (200, 5), (1000, 30), (1000, 500)]  # articles, in the target
PRIORS = {"1/1000": 0.001, "1/100": 0.01, "1/10": 0.1, "all": 1.0}


def make_corpus(rng, n, n_target, burst, planted=()):
    """Counts and articles; `planted` words have twice or half the rate in the target."""
    lengths = np.maximum(rng.lognormal(np.log(300), 0.5, n), 60)
    rates = 1 / (np.arange(N_WORDS) + 5)
    shapes = burst * np.linspace(20, 0.3, N_WORDS)
    factors = np.ones((n, N_WORDS))
    factors[:n_target, planted[::2]] = 2
    factors[:n_target, planted[1::2]] = 0.5
    means = factors * rates / rates.sum() * rng.gamma(shapes, 1 / shapes, (n, N_WORDS))
    uses = rng.poisson(means * lengths[:, None])
    documents = pd.Index([f"a{number:04}" for number in range(n)], name="doc_id")
    terms = pd.Index([f"w{number:04}" for number in range(N_WORDS)])
    kept = np.flatnonzero(uses.sum(axis=0) >= 5)
    outlet = np.where(np.arange(n) < n_target, "target", "rest")
    counts = fr.TermCounts(sparse.csr_matrix(uses[:, kept]), documents, terms[kept])
    return counts, pd.DataFrame({"outlet": outlet}, index=documents)


def p_values(table):
    return {
        "z": 2 * stats.norm.sf(table["z"].abs()),
        "g2": stats.chi2.sf(table["g2"], 1),
        "clustered": table["p"].to_numpy(),
    }


def errors(n_corpora):
    """No word differs: how often does a test find one?"""
    for n, n_target in CORPORA:
        for burst in (0.3, 0.03):
            rng = np.random.default_rng(0)
            rows = []
            for _ in range(n_corpora):
                corpus = make_corpus(rng, n, n_target, burst)
                found = p_values(keyness(*corpus, between=("target", "rest")))
                rows += [
                    (name, (adjusted(p) < LEVEL).any(), (p < LEVEL).mean())
                    for name, p in found.items()
                ]
            table = pd.DataFrame(rows, columns=["test", "any", "single"])
            means = table.groupby("test", sort=False).mean()
            tests = "; ".join(f"{name} {a:.2f} {s:.3f}" for name, a, s in means.itertuples())
            print(f"{n:5} articles, {n_target:3} in the target, burst {burst}: {tests}")


def adjusted(p):
    return stats.false_discovery_control(p)


def power(n_corpora):
    """Sixty words differ: how many are found, by the clustered test and by each prior?"""
    for n, n_target in CORPORA:
        rng = np.random.default_rng(1)
        rows = []
        for _ in range(n_corpora):
            planted = 20 + rng.permutation(600)[:N_PLANTED]
            corpus = make_corpus(rng, n, n_target, 0.3, planted)
            truth = [f"w{number:04}" for number in planted]
            rows.append(found_words(corpus, truth))
        means = pd.DataFrame(rows).mean()
        print(f"{n:5} articles, {n_target:3} in the target:", means.round(2).to_dict())


def found_words(corpus, truth):
    n_tokens = corpus[0].matrix.sum()
    row = {}
    for name, part in PRIORS.items():
        table = keyness(*corpus, between=("target", "rest"), prior_size=part * n_tokens)
        top = table.loc[table["z"].abs().nlargest(N_PLANTED).index, "term"]
        row[f"top 60, prior {name}"] = top.isin(truth).mean()
    for name, p in p_values(table).items():
        found = table["term"][adjusted(p) < LEVEL]
        if name != "z":
            row[f"found by {name}"] = np.isin(truth, found).mean()
            row[f"false by {name}"] = 1 - found.isin(truth).mean() if len(found) else 0
    return row


if __name__ == "__main__":
    n_corpora = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    errors(n_corpora)
    power(max(n_corpora // 5, 2))
