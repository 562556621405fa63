"""Time topic models on the same counts, and measure what they find, beside other packages.

    python benchmarks/topics.py [articles.jsonl.gz] [--simulated 20000] [--only kit,sklearn]

The file has one article a line with `text` (by default the immigration articles of
FRAMING_REAL_DATA or ../shared/data beside the repository; skipped where absent). gensim and
tomotopy are no dependencies of the kit; install them beside it to have them timed.

CPU seconds of one process on one thread; making a peer's own kind of corpus is not counted. A part
of the documents is held out: NPMI of the ten most probable terms is counted there (co-occurrence
in documents, Lau, Newman & Baldwin 2014), and document-completion perplexity: half of the tokens
of a document give its shares (posterior mode, pseudo-counts .05, 50 passes, the same for every
model, topics mixed with .001 of equal probabilities), the other half is predicted. Perplexity of
NMF's topics is of little meaning: they are parts of tf-idf weights. Simulated articles have 30
topics, which share their most probable terms, so NPMI and diversity are low whatever the model.

How many times as long the peers take as `kit_lda`, and perplexity (real 3143 and 2787 for the kit
with 20 and 50 topics, simulated 2898 and 2814):

                       real, 20     real, 50     simulated, 20   simulated, 50
    tomotopy_300       25   3423    15   3017    20   2926       14   2820
    sklearn_lda_batch  19   3460    12   3164    29   2922       21   2845

No LDA has a higher NPMI on the real articles than `kit_lda` (on the simulated ones with 20 topics
three have: sklearn_lda_batch .091, tomotopy_300 .080, gensim_lda .079, kit_lda .075), but every NMF
has. Mean NPMI over ten seeds there, with 20 and with 50 topics: kit_lda .181 and .182; kit_nmf .243
and .234; scikit-learn's NMF with as many passes .242 and .241, in 0.8 to 0.9 times the time of
kit_nmf, and with its own default of up to 200 passes .251 and .251, in 3 to 4 times the time.
"""

# ruff: noqa: E402 (the number of threads is fixed before numpy loads)

import argparse
import os
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfTransformer

from framing.corpus.simulate import simulate_articles
from framing.measures.topics.fit import fit_topics
from framing.text.counts import TermCounts, count_terms

KS = (20, 50)
N_TOPICS = 30


def kit_lda(counts, k, seed=0):
    return fit_topics(counts, k, random_state=seed).term_probabilities.to_numpy()


def kit_nmf(counts, k, seed=0):
    return fit_topics(counts, k, method="nmf", random_state=seed).term_probabilities.to_numpy()


def sklearn_lda_batch(counts, k, seed=0):
    return LatentDirichletAllocation(k, random_state=seed).fit(counts.matrix).components_


def sklearn_lda_online(counts, k, seed=0):
    model = LatentDirichletAllocation(k, learning_method="online", random_state=seed)
    return model.fit(counts.matrix).components_


def sklearn_nmf(counts, k, seed=0, **settings):
    weights = TfidfTransformer().fit_transform(counts.matrix)
    return NMF(k, random_state=seed, **settings).fit(weights).components_


def sklearn_nmf_30(counts, k, seed=0):
    """As many passes as the kit's NMF makes over all documents."""
    return sklearn_nmf(counts, k, seed, max_iter=30)


def gensim_lda(counts, k, seed=0):
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel

    corpus = [*Sparse2Corpus(counts.matrix, documents_columns=False)]
    words = dict(enumerate(counts.terms))
    start = time.process_time()
    model = LdaModel(corpus, k, id2word=words, random_state=seed)
    return model.get_topics(), time.process_time() - start


def tomotopy(n_iterations):
    def fit(counts, k, seed=0):
        import tomotopy as tp

        model = tp.LDAModel(k=k, seed=seed + 1)
        for row in range(counts.matrix.shape[0]):
            part = slice(*counts.matrix.indptr[row : row + 2])
            words = np.repeat(counts.terms[counts.matrix.indices[part]], counts.matrix.data[part])
            model.add_doc(list(words))
        start = time.process_time()
        model.train(n_iterations, workers=1)
        seconds = time.process_time() - start
        topics = np.array([model.get_topic_word_dist(topic) for topic in range(k)])
        table = pd.DataFrame(topics, columns=list(model.used_vocabs))
        return table.reindex(columns=counts.terms, fill_value=0).to_numpy(), seconds

    fit.__name__ = f"tomotopy_{n_iterations}"
    return fit


METHODS = (
    kit_lda,
    kit_nmf,
    sklearn_nmf,
    sklearn_nmf_30,
    gensim_lda,
    tomotopy(100),
    tomotopy(300),
    sklearn_lda_online,
    sklearn_lda_batch,
)


def timed(method, counts, k):
    """Give topics and seconds; a method may take the time itself."""
    start = time.process_time()
    found = method(counts, k)
    whole = time.process_time() - start
    topics, seconds = found if isinstance(found, tuple) else (found, whole)
    return topics / topics.sum(axis=1, keepdims=True), seconds


def top_terms(topics, n=10):
    return np.argsort(-topics, axis=1, kind="stable")[:, :n]


def npmi(topics, unseen):
    present = (unseen.matrix > 0).astype(float).tocsc()
    n = present.shape[0]
    return float(np.mean([topic_npmi(present[:, terms], n) for terms in top_terms(topics)]))


def topic_npmi(present, n):
    together = (present.T @ present).toarray() / n
    pairs = np.triu_indices(len(together), 1)
    joint, alone = together[pairs], np.diag(together)
    expected = alone[pairs[0]] * alone[pairs[1]]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(joint / expected) / -np.log(joint)
    return np.where(joint > 0, np.minimum(values, 1), -1).mean()


def diversity(topics):
    terms = top_terms(topics)
    return len(np.unique(terms)) / terms.size


def halves(matrix):
    rng = np.random.default_rng(0)
    known = matrix.copy()
    known.data = rng.binomial(matrix.data, 0.5)
    rest = (matrix - known).tocsr()
    known.eliminate_zeros()
    rest.eliminate_zeros()
    return known.tocoo(), rest.tocoo()


def perplexity(topics, unseen):
    known, rest = halves(unseen.matrix[:1000].tocsr())
    terms = (0.999 * topics + 0.001 / topics.shape[1]).T
    shares = np.full((known.shape[0], topics.shape[0]), 1 / topics.shape[0])
    for _ in range(50):
        likely = np.einsum("ij,ij->i", shares[known.row], terms[known.col])
        ratio = sparse.csr_matrix((known.data / likely, (known.row, known.col)), known.shape)
        shares = shares * (ratio @ terms) + 0.05
        shares /= shares.sum(axis=1, keepdims=True)
    likely = np.einsum("ij,ij->i", shares[rest.row], terms[rest.col])
    return float(np.exp(-(rest.data * np.log(likely)).sum() / rest.data.sum()))


def compare(name, seen, unseen, only=""):
    n_documents, n_terms = seen.matrix.shape
    print(f"\n{name}: {n_documents} documents, {n_terms} terms, {seen.matrix.sum()} tokens")
    print(f"{'method':20}{'k':>4}{'CPU s':>9}{'x kit_lda':>11}{'NPMI':>8}{'div':>7}{'perpl.':>9}")
    for k in KS:
        own = None
        for method in METHODS:
            if not method.__name__.startswith(tuple(only.split(","))):
                continue
            try:
                topics, seconds = timed(method, seen, k)
            except ImportError:
                continue
            own = own or seconds
            print(
                f"{method.__name__:20}{k:4}{seconds:9.1f}{seconds / own:11.1f}"
                f"{npmi(topics, unseen):8.3f}{diversity(topics):7.2f}"
                f"{perplexity(topics, unseen):9.0f}",
                flush=True,
            )


def split(counts, n_held_out):
    places = np.random.default_rng(0).permutation(len(counts.documents))
    parts = (np.sort(places[n_held_out:]), np.sort(places[:n_held_out]))
    return [TermCounts(counts.matrix[p], counts.documents[p], counts.terms) for p in parts]


def real(path):
    texts = pd.read_json(path, lines=True)["text"]
    articles = pd.DataFrame({"text": texts.to_numpy()}, texts.index.astype("str"))
    counts = count_terms(articles, min_articles=5, max_share=0.5, stop_words=ENGLISH_STOP_WORDS)
    return split(counts, 600)


def simulated(n):
    articles = simulate_articles(n + 2000, random_state=1, n_topics=N_TOPICS).articles
    return split(count_terms(articles, min_articles=5, max_share=0.5), 2000)


def planted_themes(seed, k=6, n=300):
    """Short articles, about 50 words: a third from their themes (20 words each), others common."""
    rng = np.random.default_rng(seed)
    common = 1 / (np.arange(400) + 2.7)
    shares = rng.dirichlet(np.full(k, 0.3), n)
    words = np.hstack([0.35 / 20 * np.repeat(shares, 20, axis=1), 0.65 * np.tile(common, (n, 1))])
    words[:, 20 * k :] /= common.sum()
    matrix = sparse.csr_matrix(rng.multinomial(rng.poisson(50, n) + 10, words))
    terms = pd.Index([f"t{number:03}" for number in range(matrix.shape[1])])
    return TermCounts(matrix, pd.RangeIndex(n).astype("str"), terms), shares


def planted_topics(seed, k=6, n=600):
    made = simulate_articles(n, random_state=seed, n_topics=k)
    counts = count_terms(made.articles, min_articles=3, max_share=0.5)
    return counts, made.topic_shares.loc[counts.documents].to_numpy()


def worst_match(found, planted):
    """Give the lowest correlation of found and planted shares, topics matched one to one."""
    k = planted.shape[1]
    with np.errstate(invalid="ignore"):
        alike = np.nan_to_num(np.corrcoef(found.T, planted.T)[:k, k:])
    return alike[linear_sum_assignment(-alike)].min()


def recovery(n_seeds=20):
    """Count the seeds in which every planted topic is found, its shares correlated .7 or more."""
    fits = {
        "kit lda": lambda counts, k, s: fit_topics(counts, k, random_state=s).shares.to_numpy(),
        "kit nmf": lambda counts, k, s: fit_topics(
            counts, k, method="nmf", random_state=s
        ).shares.to_numpy(),
        "sklearn lda": lambda counts, k, s: LatentDirichletAllocation(
            k, random_state=s
        ).fit_transform(counts.matrix),
    }
    print(f"\nAll planted topics found, of {n_seeds} seeds (worst correlation of shares)")
    for plant in (planted_themes, planted_topics):
        made = [plant(seed) for seed in range(n_seeds)]
        for name, fit in fits.items():
            worst = [
                worst_match(fit(counts, shares.shape[1], seed), shares)
                for seed, (counts, shares) in enumerate(made)
            ]
            found = sum(value >= 0.7 for value in worst)
            print(f"{plant.__name__:16}{name:14}{found:4}   ({min(worst):.2f})", flush=True)


def main():
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("FRAMING_REAL_DATA", beside))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--simulated", type=int, default=20_000)
    parser.add_argument("--only", default="", help="starts of names of methods")
    asked = parser.parse_args()
    path = asked.path or folder / "immigrationnews" / "articles.jsonl.gz"
    recovery()
    if path.is_file():
        compare("real", *real(path), only=asked.only)
    compare("simulated", *simulated(asked.simulated), only=asked.only)


if __name__ == "__main__":
    main()
