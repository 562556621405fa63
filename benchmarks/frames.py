"""Time the scoring of articles by a codebook, beside what scikit-learn users would write.

    python benchmarks/frames.py [n_articles]

Every method scores the same simulated articles by the same patterns, in turn, five times, in one
process. What counts is the ratio of CPU times, pair by pair, not the seconds. CountVectorizer with
a mask over its vocabulary cannot count phrases; it is timed on the single words alone.
"""

import re
import statistics
import sys
import time
from collections import Counter

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

import framing as fr
from framing.text.tokens import Encoder, tokenize

N_FRAMES, N_WORDS, N_PREFIXES, N_PHRASES = 15, 24, 24, 12


def make_codebook(texts, random_state=0):
    """Draw 900 patterns from the words of the articles: words, prefixes and phrases."""
    counts = Counter(token for text in texts[:500] for token in tokenize(text))
    words = [word for word, _ in counts.most_common(8000)][100:]
    rng = np.random.default_rng(random_state)
    drawn = iter(rng.permutation(words).tolist())
    rows = []
    for frame in range(N_FRAMES):
        name = f"frame_{frame}"
        rows += [(name, next(drawn)) for _ in range(N_WORDS)]
        rows += [(name, next(drawn)[:5] + "*") for _ in range(N_PREFIXES)]
        rows += [(name, f"{next(drawn)} {rng.choice(words)}") for _ in range(N_PHRASES)]
    return pd.DataFrame(rows, columns=["frame", "pattern"]).drop_duplicates(ignore_index=True)


def kit(texts, codebook):
    return fr.FrameScorer(codebook).fit().transform(texts)


def kit_tokens_only(texts, codebook):
    return sum(len(block.ids) for _, block in Encoder().blocks(texts))


def masked(vectorizer, texts, codebook):
    counts = vectorizer.fit_transform(texts)
    names = vectorizer.get_feature_names_out()
    mask = np.zeros((len(names), N_FRAMES))
    for place, (_, patterns) in enumerate(codebook.groupby("frame", sort=False)["pattern"]):
        words = {pattern for pattern in patterns if not pattern.endswith("*")}
        starts = tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))
        mask[:, place] = [name in words or name.startswith(starts) for name in names]
    return 1000 * (counts @ mask) / np.maximum(counts.sum(axis=1), 1)


def count_vectorizer(texts, codebook):
    return masked(CountVectorizer(), texts, codebook)


def findall_only(texts, codebook):
    return sum(len(re.findall(r"\w+", text.lower())) for text in texts)


METHODS = (kit, kit_tokens_only, count_vectorizer, findall_only)


def cpu_seconds(method, *args):
    start = time.process_time()
    method(*args)
    return time.process_time() - start


def main(n_articles=20_000, n_runs=5):
    print(f"making {n_articles} articles")
    texts = fr.simulate_articles(n_articles, random_state=0).articles["text"].tolist()
    n_tokens = sum(map(len, map(str.split, texts[:500]))) / len(texts[:500])
    codebook = make_codebook(texts)
    print(f"{len(codebook)} patterns, {n_tokens:.0f} words an article, {n_runs} runs in turn\n")
    times = {method: [] for method in METHODS}
    for _ in range(n_runs):
        for method in METHODS:
            times[method].append(cpu_seconds(method, texts, codebook))
    print(f"{'method':28}{'µs an article':>14}{'times the kit':>15}")
    for method, seconds in times.items():
        ratios = [other / own for other, own in zip(seconds, times[kit], strict=True)]
        microseconds = 1e6 * statistics.median(seconds) / n_articles
        print(f"{method.__name__:28}{microseconds:14.0f}{statistics.median(ratios):15.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
