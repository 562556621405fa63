"""How good topics are: coherent words, words of their own, little overlap, unseen documents."""

import warnings
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from framing.corpus.callers import callers_level
from framing.measures.topics.fit import Topics, check_counts, check_topics, topic_shares
from framing.text.counts import TermCounts

Floats = NDArray[np.float64]
ALL = "all"
UNIFORM = 0.001  # share of every document given to all terms alike, so that no term is impossible
BATCH = 200_000  # counts scored at a time


def topic_quality(
    topics: Topics,
    counts: TermCounts,
    *,
    reference: TermCounts | None = None,
    held_out: TermCounts | None = None,
    n_terms: int = 10,
    random_state: int = 0,
) -> pd.DataFrame:
    r"""Measure coherence, exclusivity and diversity of topics, and how they fit unseen documents.

    Parameters
    ----------
    topics : Topics
        As `fit_topics` returns it.
    counts : TermCounts
        The counts they were fitted on (of batches: some of them).
    reference : TermCounts, optional
        Documents in which words should come together, such as those of another corpus; by default
        `counts`.
    held_out : TermCounts, optional
        Documents that the topics have not seen. Without them there is no perplexity.
    n_terms : int
        How many of the most probable terms stand for a topic.
    random_state : int
        Seed of the split of the documents held out.

    Returns
    -------
    DataFrame
        One row a topic, and a last row `all`.

        topic : name
        share : mean share of the topic in the documents of `counts`; 1 for `all`
        coherence : NPMI, -1 to 1, mean over pairs of the topic's top terms
        exclusivity : 1/k to 1, how far the top terms belong to this topic alone
        diversity : 1/k to 1, how far they are in no other topic's list; for `all` the share of
            distinct terms
        perplexity : of the documents held out, lower is better; for `all` only
        n_terms : as given
        reference : which documents coherence was counted in, and how many

        Of coherence, exclusivity and diversity, `all` is the mean of the topics.

    Raises
    ------
    TypeError
        If `topics` are none, or any counts are not TermCounts.
    ValueError
        If `n_terms` is below 2 or above the number of terms, or nothing held out can be scored.

    Warns
    -----
    UserWarning
        If top terms do not occur in the reference; their pairs are left out.

    Notes
    -----
    Coherence: :math:`\log \frac{p(a, b)}{p(a) p(b)} / -\log p(a, b)`, with :math:`p` the share of
    documents that hold a term, or both; -1 where two terms never meet, 0 where both are in every
    document. Bouma (2009), Proceedings of GSCL, 31-40; for topics, Aletras & Stevenson (2013),
    Proceedings of IWCS, 13-22, and Lau, Newman & Baldwin (2014), Proceedings of EACL, 530-539.
    They counted windows of a few words in an encyclopedia; whole documents give higher values, so
    compare values of one table, not with papers. Documents that made the topics flatter them.

    Exclusivity: :math:`\phi_{kw} / \sum_j \phi_{jw}`, mean over the top terms w of topic k (Bischof
    & Airoldi 2012, Proceedings of ICML, 201-208). The exclusivity of `stm` adds up FREX, which
    ranks the same ratio; see Roberts et al. (2014), American Journal of Political Science 58,
    1064-1082. It falls as k grows, because there are more topics to share with.

    Diversity: 1 / (number of topics that list the term), mean over the top terms. Over all topics
    that is the number of distinct terms by :math:`k \cdot` `n_terms` (Dieng, Ruiz & Blei 2020,
    Transactions of the ACL 8, 439-453).

    Perplexity: every token of a document held out falls into one of two halves at random. Topic
    shares :math:`\theta_d` are read from the first, the :math:`N` tokens of the second are scored:
    :math:`\exp(-\frac1N \sum \log \sum_k \theta_{dk} \phi_{kw})` (document completion; Wallach et
    al. 2009, Proceedings of ICML, 1105-1112). One thousandth of every document is given to all
    terms alike, so that terms an NMF rules out are improbable and not impossible. Terms that the
    topics do not know are left out, so perplexities compare only over the same terms. Topics of NMF
    are made of tf-idf weights, so compare theirs with those of NMF only. It
    rewards prediction, and people like such topics less (Chang et al. 2009, NeurIPS 22, 288-296).

    A topic can be coherent and empty. No number here replaces reading and word intrusion.

    Examples
    --------
    >>> from framing.measures.topics.fit import fit_topics
    >>> from framing.text.counts import count_terms
    >>> texts = ["war troops", "war troops", "oil prices", "oil prices"]
    >>> articles = pd.DataFrame({"text": texts}, index=["a1", "a2", "a3", "a4"])
    >>> counts = count_terms(articles)
    >>> quality = topic_quality(fit_topics(counts, 2), counts, n_terms=2)
    >>> quality[["topic", "coherence", "diversity", "reference"]]
          topic  coherence  diversity                 reference
    0  topic_01        1.0        1.0  the fitted documents (4)
    1  topic_02        1.0        1.0  the fitted documents (4)
    2       all        1.0        1.0  the fitted documents (4)
    """
    _check(topics, n_terms)
    counts = check_counts(counts)
    probabilities, shares = topics.term_probabilities, topics.shares
    if not shares.index.equals(counts.documents):
        shares = topic_shares(topics, counts)
    top = top_terms(probabilities, n_terms)
    where = counts if reference is None else check_counts(reference)
    quality = pd.DataFrame(
        {
            "topic": probabilities.index.astype(str),
            "share": shares[probabilities.index].mean().to_numpy(),
            "coherence": coherence(top, where),
            "exclusivity": exclusivity(probabilities, top),
            "diversity": diversity(top),
        }
    )
    overall = quality.drop(columns="topic").mean().to_frame().T.assign(topic=ALL, share=1.0)
    if held_out is not None:
        unseen = check_counts(held_out)
        overall["perplexity"] = np.exp(-log_likelihood(topics, unseen, random_state))
    quality = pd.concat([quality.assign(perplexity=np.nan), overall], ignore_index=True)
    name = "the fitted documents" if reference is None else "other documents"
    return quality.assign(n_terms=n_terms, reference=f"{name} ({len(where.documents):,})")


def top_terms(probabilities: pd.DataFrame, n: int) -> NDArray[np.object_]:
    """Return the n most probable terms of every topic (topics × n); ties in the order of terms."""
    order = np.argsort(-probabilities.to_numpy(), axis=1, kind="stable")[:, :n]
    return probabilities.columns.to_numpy(dtype=object)[order]


def coherence(top: NDArray[np.object_], reference: TermCounts) -> Floats:
    """Return the mean NPMI of the pairs of every topic's terms over whole documents."""
    terms, places = np.unique(top, return_inverse=True)
    places = places.reshape(top.shape)
    present = (align(reference, pd.Index(terms)).matrix > 0).astype(np.int64)
    n_both = (present.T @ present).toarray()
    _warn_of_unknown(terms[np.diag(n_both) == 0])
    pairs = npmi(n_both, len(reference.documents))
    first, second = np.triu_indices(top.shape[1], k=1)
    values = pairs[places[:, first], places[:, second]]
    counted = np.isfinite(values)
    sums, n_counted = np.where(counted, values, 0).sum(axis=1), counted.sum(axis=1)
    return np.divide(sums, n_counted, out=np.full(len(top), np.nan), where=n_counted > 0)


def npmi(n_both: NDArray[Any], n: int) -> Floats:
    """Return NPMI of all pairs, from the numbers of documents with both (with one: diagonal)."""
    alone = np.diag(n_both)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(n_both * n / np.outer(alone, alone)) / -np.log(n_both / n)
    found = np.where(n_both == 0, -1.0, np.where(n_both == n, 0.0, found))
    found[alone == 0, :] = np.nan
    found[:, alone == 0] = np.nan
    return np.asarray(found)


def exclusivity(probabilities: pd.DataFrame, top: NDArray[np.object_]) -> Floats:
    """Return how far the top terms of every topic belong to it alone (mean over the terms)."""
    columns = probabilities.columns.get_indexer(pd.Index(top.ravel())).reshape(top.shape)
    values = probabilities.to_numpy()
    own = values[np.arange(len(values))[:, None], columns]
    return np.asarray((own / values.sum(axis=0)[columns]).mean(axis=1))


def diversity(top: NDArray[np.object_]) -> Floats:
    """Return 1 / (topics that list the term), mean over the top terms of every topic."""
    _, places, n_topics = np.unique(top, return_inverse=True, return_counts=True)
    return np.asarray((1 / n_topics[places.reshape(top.shape)]).mean(axis=1))


def log_likelihood(topics: Topics, held_out: TermCounts, random_state: int) -> float:
    """Return the mean log probability of a token in the scored halves of documents held out."""
    read, scored = _halves(align(held_out, topics.term_probabilities.columns), random_state)
    probabilities = topics.term_probabilities
    theta = topic_shares(topics, read)[probabilities.index].to_numpy()
    phi = np.ascontiguousarray(probabilities.to_numpy().T)
    cells = scored.matrix.tocoo()
    total = 0.0
    for start in range(0, cells.nnz, BATCH):
        part = slice(start, start + BATCH)
        found = np.einsum("nk,nk->n", theta[cells.row[part]], phi[cells.col[part]])
        mixed = (1 - UNIFORM) * found + UNIFORM / len(phi)
        total += float(cells.data[part] @ np.log(mixed))
    return total / float(cells.data.sum())


def _halves(counts: TermCounts, random_state: int) -> tuple[TermCounts, TermCounts]:
    """Send every token to one of two halves; leave out documents with an empty half."""
    rng = np.random.default_rng(random_state)
    first, second = counts.matrix.copy(), counts.matrix.copy()
    first.data = rng.binomial(counts.matrix.data.astype(np.int64), 0.5)
    second.data = counts.matrix.data - first.data
    both = np.flatnonzero(
        (np.asarray(first.sum(axis=1)) > 0) & (np.asarray(second.sum(axis=1)) > 0)
    )
    if not len(both):
        raise ValueError(
            f"None of the {len(counts.documents)} documents held out has two tokens that the "
            "topics know. Count them with the stop words and the tokenizer of the fitted ones."
        )
    for half in (first, second):
        half.eliminate_zeros()
    documents = counts.documents[both]
    read, scored = (TermCounts(half[both], documents, counts.terms) for half in (first, second))
    return read, scored


def align(counts: TermCounts, terms: pd.Index) -> TermCounts:
    """Return the columns of these terms in this order; a term that is not counted is 0."""
    places = counts.terms.get_indexer(terms)
    found = places >= 0
    cells = (np.ones(found.sum(), dtype=np.int64), (places[found], np.flatnonzero(found)))
    move = sparse.csr_matrix(cells, (len(counts.terms), len(terms)))
    return TermCounts(sparse.csr_matrix(counts.matrix @ move), counts.documents, terms)


def _check(topics: Topics, n_terms: int) -> None:
    check_topics(topics)
    most = topics.term_probabilities.shape[1]
    if not (isinstance(n_terms, Integral) and 2 <= n_terms <= most):
        raise ValueError(f"n_terms={n_terms!r} must be from 2 to the number of terms, {most:,}.")


def _warn_of_unknown(terms: NDArray[np.object_]) -> None:
    if len(terms):
        warnings.warn(
            f"{len(terms)} top terms do not occur in the reference ({', '.join(terms[:3])}"
            f"{', …' if len(terms) > 3 else ''}); coherence leaves out their pairs.",
            stacklevel=callers_level(),
        )
