"""Fit topics with scikit-learn's models, fast, and so that the same call gives the same topics."""

import warnings
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import digamma
from sklearn.decomposition import NMF, LatentDirichletAllocation

from framing.corpus.callers import callers_level
from framing.corpus.listing import listed
from framing.measures.topics.em import (
    SINGLE,
    Floats,
    Prior,
    estimate,
    fold_in,
    n_tokens,
    normalise,
    with_prior,
)
from framing.measures.topics.seeds import (
    Seeds,
    find_seeds,
    read_seeds,
    seed_mask,
    seeded_topics,
    warn_of_missing,
    warn_of_sizes,
    warn_of_strangers,
)
from framing.measures.topics.start import draw_parts, quietly, start_topics
from framing.text.counts import TermCounts

METHODS = ("lda", "nmf")
TERM_PRIOR = 0.01
EM_PASSES = 10
NMF_PASSES = 30
NMF_TOLERANCE = 1e-3
FEW_PASSES = 5  # enough to begin with
MAX_SEED_WEIGHT = 1e6  # far beyond use; much more would overflow single precision


@dataclass(frozen=True)
class Topics:
    """Fitted topics; `fit_topics` makes them.

    Attributes
    ----------
    model : sklearn.decomposition.LatentDirichletAllocation or NMF
        The fitted estimator, with scikit-learn's own `transform` and `components_`; its columns
        are the terms and its components the topics, in the order of `term_probabilities`.
    term_probabilities : pandas.DataFrame
        Index `topic`, one column a term; the probability of the term in the topic (of NMF: its
        part of the topic's tf-idf weight). Rows sum to 1.
    shares : pandas.DataFrame
        Index `doc_id`, one column a topic; rows sum to 1. Without rows after `fit_topic_batches`.
    seeds : pandas.DataFrame or None
        One row a seed pattern and the term it matched: `frame`, `pattern`, `term` (missing where
        it matched none), `found`.
    term_counts : pandas.DataFrame
        Index `term`; `n` and `n_documents`, where the topics were fitted. `n_documents` is also
        what the tf-idf weights of NMF come from.
    n_documents : int
        How many documents the topics were fitted on.
    options : dict
        `method`, `seeds` (as a codebook) and `seed_weight` of the fit, to fit again alike:
        `fit_topics(counts, k, random_state=1, **topics.options)`.
    """

    model: LatentDirichletAllocation | NMF
    term_probabilities: pd.DataFrame = field(repr=False)
    shares: pd.DataFrame = field(repr=False)
    seeds: pd.DataFrame | None = field(repr=False)
    term_counts: pd.DataFrame = field(repr=False)
    n_documents: int
    options: dict[str, Any] = field(default_factory=dict, repr=False)


def fit_topics(
    counts: TermCounts,
    k: int,
    *,
    method: str = "lda",
    random_state: int = 0,
    seeds: Seeds | None = None,
    seed_weight: float = 1.0,
) -> Topics:
    """Fit k topics to the counts of a corpus.

    Parameters
    ----------
    counts : TermCounts
        As `count_terms` returns them. Leave out stop words and terms of fewer than about 5
        articles.
    k : int
        Number of topics, 2 or more.
    method : {"lda", "nmf"}
        Latent Dirichlet allocation on counts, or non-negative matrix factorisation of tf-idf
        weights. NMF gives words that stand together more often, LDA predicts unseen documents
        better, and only LDA's shares are shares of words.
    random_state : int
        Seed. Fit several and compare (`topic_stability`): one fit is one of many.
    seeds : str, pandas.DataFrame or dict of frame to words, optional
        A codebook, or words and patterns by frame. The first topics then bear the frames' names;
        the others are free.
    seed_weight : float
        How strongly: a seed counts in its topic as if it stood in the corpus this many times as
        often again; 0 to 1,000,000, where 0 leaves seeds only in the start. NMF knows no priors:
        there seeds shape only the start, whatever their weight.

    Returns
    -------
    Topics
        Seeded topics in the codebook's order, then `topic_01`, `topic_02`, … from the largest.

    Raises
    ------
    ValueError
        If `k` is below 2, or larger than the number of documents that hold a term, or of terms
        that occur; if counts are negative or no whole numbers; if there are more frames than
        topics, or a frame none of whose patterns matches a term.
    TypeError
        If `counts` are not TermCounts, `k` is no whole number, or `seeds` are no codebook.

    Warns
    -----
    UserWarning
        Of seed patterns that match no term; of documents that hold no term, whose shares are 1/k;
        of a seeded topic that takes more than .3 of the average document and more than twice an
        even share (or more than .9), or less than a tenth of an even share; of one that has none
        of its seeds among its ten first words.

    Notes
    -----
    LDA is estimated by its posterior mode (Asuncion, Welling, Smyth & Teh 2009, who find it as
    good as variational Bayes or Gibbs sampling once the priors are set): EM with pseudo-counts of
    1/k for a topic in a document and .01 for a term in a topic. It starts where scikit-learn's
    NMF stops: 40 / k times (four at most) on 80 % of a sample of 1,000 documents (or 20 k) and its
    2,000 commonest terms; the start that fits best after four passes goes on for ten passes over
    everything, after 60 and 50 passes over samples two and six times as large where those are
    less than half of the corpus. Each pass goes up to four times as far as EM would, and back
    where that was too far (over-relaxed, Salakhutdinov & Roweis 2003).
    The settings were chosen by measurement, see `benchmarks/topics.py`. `model` is scikit-learn's
    `LatentDirichletAllocation` with the expected counts as its `components_`; its own `transform`
    (variational Bayes), `perplexity` and `partial_fit` go on from there. Its `perplexity` is a
    bound that also counts what the topics themselves cost under their prior, so compare it only
    between models of the same prior, and see `topic_quality` for held-out documents. `bound_` is
    the perplexity of the last EM pass, not a variational bound.

    NMF starts from what it finds in five passes over 80 % of the documents, so that another seed
    is another start, and goes on for thirty passes over all of them.

    The same call gives the same topics with any number of threads. Another processor or system
    may sum in another order, so that last digits differ; count on the same topics, and on shares
    that differ by less than .001: with every number of the starts changed by about a millionth
    part, no share of 2,233 news articles moved by more than .0001 (k = 20 and 50).

    A seed takes part through the prior: pseudo-counts of `seed_weight` times its count in the
    corpus, in its topic only (as in Jagarlamudi, Daumé & Udupa 2012; Watanabe & Baturo 2024), so a
    seed may still stand in other topics.

    Examples
    --------
    >>> terms = pd.Index(["oil", "price", "rebel", "war"], name="term")
    >>> matrix = sparse.csr_matrix([[3, 2, 0, 0], [0, 0, 2, 4]] * 5)
    >>> counts = TermCounts(matrix, pd.Index([f"a{i}" for i in range(10)], name="doc_id"), terms)
    >>> topics = fit_topics(counts, 2)
    >>> topics.shares.head(2).round(1)
    topic   topic_01  topic_02
    doc_id
    a0           0.1       0.9
    a1           0.9       0.1
    >>> fit_topics(counts, 2, seeds={"economy": ["oil", "price*"]}).shares.head(2).round(1)
    topic   economy  topic_01
    doc_id
    a0          0.9       0.1
    a1          0.1       0.9
    """
    counts = check_fit(counts, k, method, seed_weight)
    check_number("random_state", random_state, 0)
    plan = plan_fit(counts, k, seeds, seed_weight)
    fit = _fit_lda if method == "lda" else _fit_nmf
    topics = fit(counts, k, plan, random_state)
    warn_of_empty(counts)
    warn_of_sizes(topics.shares.mean(), plan.frames)
    if plan.seeds is not None:
        warn_of_strangers(topics.term_probabilities, plan.seeds)
    return topics


def fit_again(counts: TermCounts, k: int, **options: Any) -> Topics:
    """Fit topics and warn of nothing: it was said of the first fit, on its own line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return fit_topics(counts, k, **options)


@dataclass(frozen=True)
class Plan:
    """What is decided before the fit: seeds, the frames they name, prior, topics to start from."""

    codebook: pd.DataFrame | None
    seeds: pd.DataFrame | None
    frames: list[str]
    prior: Prior
    known: Floats


def plan_fit(counts: TermCounts, k: int, seeds: Seeds | None, seed_weight: float) -> Plan:
    """Find the seeds, and what they change in the prior and the start."""
    prior = Prior(1 / k, TERM_PRIOR)
    if seeds is None:
        return Plan(None, None, [], prior, np.empty((len(counts.terms), 0), dtype=SINGLE))
    codebook = read_seeds(seeds)
    table = find_seeds(codebook, counts.terms)
    frames = table["frame"].unique().tolist()
    if len(frames) > k:
        raise ValueError(f"{len(frames)} seeded frames need k={len(frames)} or more, not k={k}.")
    name_topics(frames, k)
    warn_of_missing(table)
    mask = seed_mask(table, counts.terms, k)
    known = seeded_topics(counts.matrix.astype(SINGLE), mask[:, : len(frames)])
    prior = prior._replace(seeds=mask, seed_weight=seed_weight)
    return Plan(codebook, table, frames, prior, known)


def _fit_lda(counts: TermCounts, k: int, plan: Plan, random_state: int) -> Topics:
    matrix = counts.matrix.astype(SINGLE)
    terms = start_topics(matrix, k, plan.prior, plan.known, random_state)
    fitted = estimate(matrix, terms, plan.prior, EM_PASSES)
    order = order_topics(fitted.expected.sum(axis=0), len(plan.frames))
    weights = with_prior(fitted.expected, plan.prior)[:, order]
    model = as_lda(weights.T.astype(float), random_state, matrix.shape[0])
    model.bound_ = float(np.exp(-fitted.log_likelihood / n_tokens(matrix)))
    model.n_iter_ = model.n_batch_iter_ = EM_PASSES
    shares = fold_in(matrix, fitted.terms[:, order], plan.prior, shares=fitted.shares[:, order])
    return _label_all(counts, model, shares, plan)


def as_lda(components: Floats, random_state: int, n_documents: int) -> LatentDirichletAllocation:
    """Put expected counts and priors (topics × terms) into scikit-learn's estimator."""
    k, n_terms = components.shape
    model = LatentDirichletAllocation(
        k,
        topic_word_prior=TERM_PRIOR,
        random_state=random_state,
        learning_method="batch",
        total_samples=n_documents,  # else `partial_fit` takes the corpus for a million documents
    )
    model.partial_fit(sparse.csr_matrix((1, n_terms)))  # sets all that a fit sets
    model.components_ = components
    total = digamma(components.sum(axis=1, keepdims=True))
    model.exp_dirichlet_component_ = np.exp(digamma(components) - total)
    return model


def _fit_nmf(counts: TermCounts, k: int, plan: Plan, random_state: int) -> Topics:
    """Let NMF go on from what it found in some documents, on the weights of all."""
    rng = np.random.default_rng(random_state)
    parts = draw_parts(counts.matrix, k, plan.prior, plan.known, rng, FEW_PASSES)
    weights = _tf_idf(counts.matrix, count_documents(counts)["n_documents"], counts.matrix.shape[0])
    components = np.maximum(parts.T.astype(float), 1e-12)
    begin = normalise(weights @ components.T)
    begin *= np.asarray(weights.sum(axis=1)).reshape(-1, 1)
    model = NMF(k, init="custom", max_iter=NMF_PASSES, tol=NMF_TOLERANCE, random_state=random_state)
    with quietly():
        found = model.fit_transform(weights, W=begin, H=components)
    sizes = model.components_.sum(axis=1)
    order = order_topics(normalise(found * sizes).sum(axis=0), len(plan.frames))
    model.components_ = model.components_[order]
    return _label_all(counts, model, normalise((found * sizes)[:, order]), plan)


def _tf_idf(matrix: sparse.csr_matrix, n_documents: pd.Series, n: int) -> sparse.csr_matrix:
    """Weigh counts by ln((1 + n) / (1 + n_documents)) + 1; rows have length 1."""
    idf = np.log((1 + n) / (1 + n_documents.to_numpy())) + 1
    weighted = (matrix @ sparse.diags_array(idf)).tocsr()
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (sparse.diags_array(1 / np.where(length > 0, length, 1)) @ weighted).tocsr()


def order_topics(sizes: Floats, n_frames: int) -> np.ndarray:
    """Leave seeded topics in front; sort the others, the largest first."""
    free = n_frames + np.argsort(-sizes[n_frames:], kind="stable")
    return np.concatenate([np.arange(n_frames), free])


def _label_all(
    counts: TermCounts, model: LatentDirichletAllocation | NMF, shares: Floats, plan: Plan
) -> Topics:
    table = pd.DataFrame(shares, counts.documents)
    return label_fit(model, table, plan, count_documents(counts), len(table))


def label_fit(
    model: LatentDirichletAllocation | NMF,
    shares: pd.DataFrame,
    plan: Plan,
    term_counts: pd.DataFrame,
    n_documents: int,
) -> Topics:
    """Name topics, terms and documents."""
    names = name_topics(plan.frames, len(model.components_))
    table = pd.DataFrame(normalise(model.components_), names, term_counts.index)
    documents = normalise(shares.to_numpy(dtype=float))
    named = pd.DataFrame(documents, shares.index, names)
    method = "nmf" if isinstance(model, NMF) else "lda"
    options = {"method": method, "seeds": plan.codebook, "seed_weight": plan.prior.seed_weight}
    return Topics(model, table, named, plan.seeds, term_counts, n_documents, options)


def name_topics(frames: list[str], k: int) -> pd.Index:
    """Name topics after their frames; number the others, so that names sort as numbers do."""
    n_free = k - len(frames)
    width = max(2, len(str(n_free)))
    free = [f"topic_{number:0{width}}" for number in range(1, n_free + 1)]
    if clash := sorted(set(frames) & set(free)):
        raise ValueError(f"Frames bear names of free topics: {', '.join(clash)}. Rename them.")
    return pd.Index([*frames, *free], name="topic", dtype="str")


def count_documents(counts: TermCounts) -> pd.DataFrame:
    """Count the tokens and the documents of every term."""
    n = np.asarray(counts.matrix.sum(axis=0)).ravel().astype(np.int64)
    n_documents = np.bincount(counts.matrix.indices, minlength=len(n))
    index = counts.terms.rename("term")
    return pd.DataFrame({"n": n, "n_documents": n_documents}, index)


def check_fit(counts: TermCounts, k: int, method: str, seed_weight: float) -> TermCounts:
    """Refuse what cannot be fitted; give the counts without stored zeros."""
    counts = check_counts(counts)
    if isinstance(k, bool) or not isinstance(k, Integral):
        raise TypeError(f"k={k!r} is no whole number. How many topics? fit_topics(counts, 20)")
    n_documents = np.count_nonzero(np.diff(counts.matrix.indptr))
    n_terms = len(np.unique(counts.matrix.indices))
    problems = []
    if method not in METHODS:
        problems.append(f"method={method!r}: choose one of {', '.join(METHODS)}")
    if k < 2:
        problems.append(f"k={k}: one topic tells nothing apart, give 2 or more")
    if k > min(n_documents, n_terms):
        problems.append(
            f"k={k} topics, but only {n_documents} of {len(counts.documents)} documents hold a "
            f"term and {n_terms} of {len(counts.terms)} terms occur"
        )
    if not 0 <= seed_weight <= MAX_SEED_WEIGHT:
        problems.append(
            f"seed_weight={seed_weight}: give a number from 0 to {MAX_SEED_WEIGHT:,.0f}"
        )
    if problems:
        raise ValueError("\n- ".join(["These topics cannot be fitted:", *problems]))
    return counts


def check_counts(counts: TermCounts) -> TermCounts:
    """Refuse what is not TermCounts; give them without stored zeros and in order."""
    _check_type(counts)
    matrix, shape = counts.matrix, (len(counts.documents), len(counts.terms))
    problems = []
    if matrix.shape != shape:
        problems.append(f"the matrix is {matrix.shape}, its labels are {shape}")
    if repeated := counts.terms[counts.terms.duplicated()].unique().tolist():
        problems.append(f"{len(repeated)} terms have several columns: {listed(repeated)}")
    if n_wrong := np.count_nonzero(~((matrix.data >= 0) & (matrix.data % 1 == 0))):
        problems.append(f"{n_wrong} counts are negative or no whole numbers (weights, not counts?)")
    if problems:
        raise ValueError("\n- ".join(["These counts cannot be used:", *problems]))
    if matrix.data.all() and matrix.has_canonical_format:
        return counts
    matrix = matrix.copy()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return counts._replace(matrix=matrix)


def check_topics(topics: Any) -> None:
    """Refuse what are no fitted topics."""
    if not isinstance(topics, Topics):
        raise TypeError(
            f"`topics` must be what fit_topics returns, not {type(topics).__name__}: "
            "topics = fit_topics(counts, 20)"
        )


def check_table(shares: Any, name: str = "shares") -> None:
    """Refuse what is no table of shares, and say where topics keep theirs."""
    if not isinstance(shares, pd.DataFrame):
        raise TypeError(
            f"`{name}` must be a DataFrame of documents × topics, not {type(shares).__name__}. "
            "Give topics.shares, or topic_shares(topics, counts)."
        )


def no_numbers(shares: pd.DataFrame) -> list[str]:
    """Say which columns hold something else than shares."""
    words = [name for name in shares if not pd.api.types.is_numeric_dtype(shares[name])]
    said = f"{len(words)} columns hold no numbers ({listed(words)}). Give only the shares."
    return [said] if words else []


def check_number(name: str, value: Any, least: int = 1) -> None:
    """Refuse what is no whole number, or too small."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name}={value!r}: give a whole number, {least} or more.")


def _check_type(counts: TermCounts) -> None:
    if not isinstance(counts, TermCounts):
        raise TypeError(
            f"counts is a {type(counts).__name__}, not TermCounts. "
            "Count first: counts = count_terms(articles, min_articles=5, stop_words=…)"
        )
    if not (sparse.issparse(counts.matrix) and counts.matrix.format == "csr"):
        raise TypeError(
            f"counts.matrix is a {type(counts.matrix).__name__}, not a csr_matrix. "
            "Convert it: counts._replace(matrix=scipy.sparse.csr_matrix(counts.matrix))"
        )


def warn_of_empty(counts: TermCounts) -> None:
    """Say which documents hold none of the terms."""
    empty = counts.documents[np.diff(counts.matrix.indptr) == 0]
    if len(empty):
        warnings.warn(
            f"{len(empty)} of {len(counts.documents)} documents hold none of the terms "
            f"({listed(empty)}). "
            "Their shares are the same for every topic and say nothing: drop them.",
            stacklevel=callers_level(),
        )


def topic_shares(topics: Topics, counts: TermCounts) -> pd.DataFrame:
    """Give the topic shares of documents, which may be new ones.

    Parameters
    ----------
    topics : Topics
    counts : TermCounts
        Of any documents; terms are matched by name.

    Returns
    -------
    pandas.DataFrame
        Index `doc_id`, one column a topic; rows sum to 1. A document that holds none of the
        topics' terms has the same share, 1/k, of each.

    Raises
    ------
    TypeError
        If `topics` or `counts` are none.
    ValueError
        If no term is known to the topics.

    Warns
    -----
    UserWarning
        If terms are unknown to the topics, with how many and their part of all tokens, or if
        documents hold no known term.

    Notes
    -----
    The topics stay as they are. Shares of LDA are the mode of their posterior, which is unique
    (the log posterior is concave in the shares); those of the fitted documents in `topics.shares`
    come from the same passes with a head start: of 2,233 news articles no share differs by more
    than .04, on average by less than .001. `topics.model.transform` gives the variational mean
    instead. Shares of NMF are `model.transform` of tf-idf weights, each topic with the size of its
    row, divided by their sum; those of fitted documents differ by less than .001 on average, and
    by up to .07 in single articles.

    Examples
    --------
    >>> terms = pd.Index(["oil", "rebel", "war"], name="term")
    >>> documents = pd.Index([f"a{i}" for i in range(10)], name="doc_id")
    >>> matrix = sparse.csr_matrix([[3, 0, 0], [0, 2, 4]] * 5)
    >>> topics = fit_topics(TermCounts(matrix, documents, terms), 2)
    >>> new = TermCounts(sparse.csr_matrix([[9]]), pd.Index(["b"], name="doc_id"), terms[2:])
    >>> topic_shares(topics, new).round(2)
    topic   topic_01  topic_02
    doc_id
    b           0.95      0.05
    """
    check_topics(topics)
    counts = check_counts(counts)
    known = align_terms(counts, topics.term_probabilities.columns)
    _warn_of_unknown(counts, known)
    warn_of_empty(known)
    if isinstance(topics.model, NMF):
        shares = _nmf_shares(topics, topics.model, known)
    else:
        terms = topics.term_probabilities.to_numpy().T.astype(SINGLE)
        prior = Prior(1 / terms.shape[1], TERM_PRIOR)
        shares = normalise(fold_in(known.matrix.astype(SINGLE), terms, prior).astype(float))
    return pd.DataFrame(shares, counts.documents, topics.term_probabilities.index)


def _nmf_shares(topics: Topics, model: NMF, counts: TermCounts) -> Floats:
    weights = _tf_idf(counts.matrix, topics.term_counts["n_documents"], topics.n_documents)
    if not weights.shape[0]:
        return np.empty((0, len(model.components_)))
    with quietly():
        found = model.transform(weights)
    return normalise(found * model.components_.sum(axis=1))


def align_terms(counts: TermCounts, terms: pd.Index) -> TermCounts:
    """Give the counts of the terms wanted, in their order; terms without counts have none."""
    if counts.terms.equals(terms):
        return counts
    places = terms.get_indexer(counts.terms)
    here = np.flatnonzero(places >= 0)
    select = sparse.csr_matrix(
        (np.ones(len(here), dtype=np.int64), (here, places[here])), (len(places), len(terms))
    )
    matrix = (counts.matrix @ select).tocsr()
    matrix.sort_indices()
    return TermCounts(matrix, counts.documents, terms)


def _warn_of_unknown(counts: TermCounts, known: TermCounts) -> None:
    is_known = counts.terms.isin(known.terms)
    if len(is_known) and not is_known.any():
        raise ValueError(
            f"None of the {len(counts.terms)} terms is known to the topics. Were both counted with "
            "the same tokenizer?"
        )
    if not is_known.all():
        lost = 1 - n_tokens(known.matrix) / n_tokens(counts.matrix)
        warnings.warn(
            f"{(~is_known).sum()} of {len(is_known)} terms ({lost:.1%} of the tokens) are unknown "
            f"to the topics and do not count: {listed(counts.terms[~is_known])}",
            stacklevel=callers_level(),
        )
