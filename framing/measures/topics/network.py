"""Topics that come together in articles, and the packages they form."""

from collections.abc import Iterable, Iterator
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.listing import listed
from framing.measures.topics.fit import check_number, check_table, no_numbers
from framing.stats.threads import one_thread

Floats = NDArray[np.float64]
TOGETHER = 0.5  # share of runs above which two topics are drawn together
N_SEEDS = 20  # runs of Louvain on one network; Louvain itself depends on the order of the topics
MOST_ROUNDS = 10
LEFT_OUT = "left out"


def topic_network(shares: pd.DataFrame, *, leave_out: Iterable[str] = ()) -> pd.DataFrame:
    r"""Measure how strongly every two topics come together in the same documents.

    Parameters
    ----------
    shares : DataFrame, documents × topics
        As `topic_shares` returns it; nothing missing, nothing below 0.
    leave_out : iterable of str
        Topics that are no content, such as page furniture: nodes that are dropped.

    Returns
    -------
    DataFrame
        One row a pair of topics, in the order of the columns: `topic_a`, `topic_b`, `similarity`
        (cosine, 0 to 1), `correlation` (Pearson's, missing where a topic has the same share
        everywhere), `n` (documents).

    Raises
    ------
    KeyError
        If a topic to leave out is not in the table.
    ValueError
        If a share is missing or below 0, a topic has no share in any document, a topic is named
        twice, or fewer than two topics are left.

    Notes
    -----
    :math:`\cos(a, b) = \sum_d \theta_{da} \theta_{db} / \sqrt{\sum_d \theta_{da}^2 \sum_d
    \theta_{db}^2}` over the documents d, as in Walter, D., & Ophir, Y. (2019). News frame analysis:
    An inductive mixed-method computational approach. Communication Methods and Measures 13(4),
    248-266. As there, topics are dropped after the shares were made, and shares are not scaled up.

    Shares of a document sum to 1, and both columns feel it. The cosine is never below 0, and is
    high for any two topics that have a little of every document; compare it within one network
    only. The correlation of unrelated topics is below 0, about -1 / (k - 1) for k equal topics.

    Examples
    --------
    >>> shares = pd.DataFrame({"war": [0.5, 0.5, 0.0], "oil": [0.5, 0.5, 0.0],
    ...                        "sport": [0.0, 0.0, 1.0]}, index=["a1", "a2", "a3"])
    >>> topic_network(shares).round(2)
      topic_a topic_b  similarity  correlation  n
    0     war     oil         1.0          1.0  3
    1     war   sport         0.0         -1.0  3
    2     oil   sport         0.0         -1.0  3
    """
    table = _kept(shares, leave_out)
    values = table.to_numpy(dtype=float)
    moved = values - np.where(np.ptp(values, axis=0) > 0, values.mean(axis=0), values)
    first, second = np.triu_indices(values.shape[1], k=1)
    return pd.DataFrame(
        {
            "topic_a": table.columns.astype(str)[first],
            "topic_b": table.columns.astype(str)[second],
            "similarity": _cosines(values)[first, second],
            "correlation": _cosines(moved)[first, second],
            "n": len(values),
        }
    )


def topic_frames(
    shares: pd.DataFrame,
    *,
    leave_out: Iterable[str] = (),
    resolution: float = 1.0,
    n_runs: int = 100,
    random_state: int = 0,
) -> pd.DataFrame:
    r"""Gather topics that come together in the same documents into packages.

    Parameters
    ----------
    shares : DataFrame, documents × topics
        As `topic_shares` returns it; nothing missing, nothing below 0.
    leave_out : iterable of str
        Topics that are no content, such as page furniture.
    resolution : float
        Above 1 for more and smaller packages, below 1 for fewer. Report it, and try others.
    n_runs : int
        How often the documents are drawn again to see what holds.
    random_state : int
        Seed of the draws and of the community detection.

    Returns
    -------
    DataFrame
        One row a topic, package by package, the largest first.

        topic, package : names; packages are `package_1`, `package_2`, … by their share
        share : mean share of the topic in the documents
        together : in how many of the runs the topic is with the others of its package (mean over
            them, 0 to 1); for a package of one topic, in how many it is alone
        next_package, next_together : the other package it is with most often, and how often;
            missing where there is only one package
        n_runs : number of runs

    Raises
    ------
    KeyError
        If a topic to leave out is not in the table.
    ValueError
        If the shares are no shares (see `topic_network`), or `resolution` or `n_runs` is not
        above 0.

    Notes
    -----
    The analysis of topic model networks of Walter & Ophir (2019; see `topic_network`): topics are
    nodes, the cosines of their columns of shares are weights, and communities of nodes are
    candidates for frames. Of the algorithms that their script runs side by side this is Louvain's
    (Blondel et al. 2008, Journal of Statistical Mechanics P10008), which depends on the order of
    the nodes. So it runs 20 times and the runs are made to agree: topics that are together in half
    of them or more are tied by that share, and Louvain runs again on these ties until all runs give
    the same (consensus clustering; Lancichinetti & Fortunato 2012, Scientific Reports 2, 336).

    How firm a package is no paper asks of the method. Here the documents are drawn again with
    replacement `n_runs` times, and each draw gets its network and one run of Louvain. A topic whose
    `together` is near its `next_together` could as well stand in the other package. Draws are of
    documents: drop copies first, or they vote as often as they were printed.

    What it cannot say: a package says that topics stand in the same articles, not that these
    articles see the matter in one way. To call it a frame, somebody has to read articles that are
    high on it, and articles of its topics that are not.

    Tried on shares with 3 packages of 4 topics, 10 corpora each: where articles mostly keep to one
    package (Dirichlet .3) all packages came back exactly in 10 of 10 from 50 documents on; where
    they mix packages freely (Dirichlet 1) in 6 of 10 with 50 documents, 7 with 100 and 10 with 400;
    where every article has some of every package (Dirichlet 3) never. Of 12 unrelated topics it
    made one package of all, which is what it says when there is nothing to find.

    Examples
    --------
    >>> shares = pd.DataFrame({"war": [0.5, 0.4, 0.0, 0.0], "troops": [0.4, 0.5, 0.1, 0.1],
    ...                        "oil": [0.1, 0.1, 0.4, 0.5], "prices": [0.0, 0.0, 0.5, 0.4]},
    ...                       index=["a1", "a2", "a3", "a4"])
    >>> topic_frames(shares, n_runs=20)[["topic", "package", "share"]]
        topic    package  share
    0     oil  package_1  0.275
    1  prices  package_1  0.225
    2  troops  package_2  0.275
    3     war  package_2  0.225
    """
    table = _kept(shares, leave_out)
    table = table[sorted(table.columns, key=str)]  # Louvain depends on the order of the nodes
    check_number("n_runs", n_runs)
    if not resolution > 0:
        raise ValueError(f"resolution={resolution!r} must be above 0.")
    values = table.to_numpy(dtype=float)
    means = np.asarray(values.mean(axis=0), dtype=np.float64)
    with one_thread():
        found = _by_size(_consensus(_cosines(values), resolution, random_state), means)
        tied = _tied_in_draws(values, resolution, n_runs, random_state)
    packages = pd.DataFrame({"topic": table.columns.astype(str), "package": found})
    packages = packages.assign(share=means, **_firmness(found, tied), n_runs=n_runs)
    packages = packages.sort_values(["package", "share", "topic"], ascending=[True, False, True])
    names = pd.Series({code: f"package_{code + 1}" for code in range(found.max() + 1)}, dtype=str)
    packages["package"] = packages["package"].map(names)
    packages["next_package"] = packages["next_package"].map(names)
    return packages.reset_index(drop=True)


def package_shares(shares: pd.DataFrame, packages: pd.DataFrame) -> pd.DataFrame:
    """Add up the shares of the topics of each package, document by document.

    Parameters
    ----------
    shares : DataFrame, documents × topics
        As `topic_shares` returns it.
    packages : DataFrame
        Columns `topic` and `package`, as `topic_frames` returns it or as somebody has edited it; a
        topic stands in one package.

    Returns
    -------
    DataFrame
        Index as in `shares`, a column a package in the order of the table. Topics of no package are
        in the last column, `left out`, if there are any, so that rows keep their sum.

    Raises
    ------
    KeyError
        If a topic of `packages` is not in `shares`.
    ValueError
        If a column is missing or a topic is in two packages.

    Notes
    -----
    The share of a package is a share of words, not of articles that use a frame.

    Examples
    --------
    >>> shares = pd.DataFrame({"war": [0.6, 0.1], "troops": [0.2, 0.1], "oil": [0.2, 0.8]},
    ...                       index=["a1", "a2"])
    >>> packages = pd.DataFrame({"topic": ["war", "troops"], "package": "conflict"})
    >>> package_shares(shares, packages).round(2)
    package  conflict  left out
    a1            0.8       0.2
    a2            0.2       0.8
    """
    check_table(shares)
    named = _named(shares, packages)
    columns = list(dict.fromkeys([*packages["package"], *named.unique()]))
    member = pd.get_dummies(named, dtype=float)[columns]
    sums = shares.to_numpy(dtype=float) @ member.to_numpy()
    return pd.DataFrame(sums, index=shares.index, columns=pd.Index(columns, name="package"))


# --- tables ---------------------------------------------------------------------------------


def _kept(shares: pd.DataFrame, leave_out: Iterable[str]) -> pd.DataFrame:
    """Check the shares and drop the topics that are no content."""
    check_table(shares)
    dropped = [leave_out] if isinstance(leave_out, str) else list(leave_out)
    named = shares.columns.astype(str)
    unknown = [name for name in dropped if str(name) not in named]
    if unknown:
        raise KeyError(
            f"No topic {', '.join(map(repr, unknown))} to leave out. "
            f"Choose from: {', '.join(map(str, shares.columns))}"
        )
    kept = shares.loc[:, ~named.isin([str(name) for name in dropped])]
    problems = list(_problems(kept))
    if problems:
        raise ValueError("\n".join(problems))
    return kept


def _problems(shares: pd.DataFrame) -> Iterator[str]:
    twice = shares.columns[shares.columns.duplicated()]
    if len(twice):
        yield f"{len(twice)} topics have the name of another ({listed(twice)}). Rename them."
    if shares.shape[1] < 2:
        yield f"A network needs two topics and {shares.shape[1]} is left."
    if words := no_numbers(shares):
        yield from words
        return
    wrong = (~(shares >= 0)).any(axis=1)
    if wrong.any():
        yield (
            f"{wrong.sum()} of {len(shares)} documents have a share that is missing or below 0 "
            f"({listed(shares.index[wrong])}). Drop them: shares[shares.ge(0).all(axis=1)]"
        )
    empty = shares.columns[(shares.sum() == 0).to_numpy()]
    if len(empty):
        yield (
            f"{len(empty)} topics have no share in any document ({listed(empty)}). "
            f"Leave them out: leave_out={[str(name) for name in empty[:3]]}"
        )


def _named(shares: pd.DataFrame, packages: pd.DataFrame) -> pd.Series:
    """Give the package of every topic of `shares`."""
    missing = [name for name in ("topic", "package") if name not in packages]
    if missing:
        raise ValueError(f"No column {', '.join(missing)}. Make the table with topic_frames(...).")
    twice = packages.loc[packages["topic"].duplicated(), "topic"]
    if len(twice):
        raise ValueError(
            f"{len(twice)} topics stand in `packages` more than once ({listed(twice)}). "
            "Keep one package of each: packages.drop_duplicates('topic')"
        )
    topics, names = packages["topic"].astype(str), shares.columns.astype(str)
    unknown = topics[~topics.isin(names)]
    if len(unknown):
        raise KeyError(
            f"{len(unknown)} of {len(packages)} topics of `packages` are not in `shares` "
            f"({listed(unknown)}). Give the shares that the packages were made of."
        )
    named = packages.set_index(topics)["package"].reindex(names)
    return named.fillna(LEFT_OUT)


# --- network and packages ---------------------------------------------------------------------


def _cosines(values: Floats, weights: Floats | None = None) -> Floats:
    """Cosines of all pairs of columns; missing for a column of zeros."""
    weighted = values if weights is None else values * weights[:, None]
    products = weighted.T @ values
    norms = np.sqrt(np.diag(products))
    scale = np.outer(norms, norms)
    cosines = np.divide(products, scale, out=np.full_like(products, np.nan), where=scale > 0)
    return np.asarray(np.clip(cosines, -1, 1))


def _louvain(weights: Floats, resolution: float, seed: int) -> NDArray[np.int64]:
    """Number the community of every node; numbers are nodes, so that no order depends on names."""
    import networkx as nx

    # The last digits of a sum differ between machines.
    weights = np.asarray(np.round(np.nan_to_num(weights), 10), dtype=np.float64)
    first, second = np.nonzero(np.triu(weights > 0, k=1))
    graph = nx.Graph()
    graph.add_nodes_from(range(len(weights)))
    edges = zip(first.tolist(), second.tolist(), weights[first, second].tolist(), strict=True)
    graph.add_weighted_edges_from(edges)
    communities = nx.community.louvain_communities(graph, resolution=resolution, seed=seed)
    codes = np.empty(len(weights), dtype=np.int64)
    for code, members in enumerate(sorted(communities, key=min)):
        codes[sorted(members)] = code
    return codes


def _consensus(weights: Floats, resolution: float, seed: int) -> NDArray[np.int64]:
    """Run Louvain on its own agreement until all runs agree."""
    seeds = np.random.default_rng(seed).integers(2**31, size=N_SEEDS).tolist()
    for _ in range(MOST_ROUNDS):
        runs = np.array([_louvain(weights, resolution, run) for run in seeds])
        if (runs == runs[0]).all():
            break
        tied = (runs[:, :, None] == runs[:, None, :]).mean(axis=0)
        weights = np.asarray(np.where(tied >= TOGETHER, tied, 0.0), dtype=np.float64)
        resolution = 1.0  # packages are already as fine as was asked for
    return np.asarray(runs[0])


def _tied_in_draws(values: Floats, resolution: float, n_runs: int, seed: int) -> Floats:
    """Share of draws in which two topics are together; on the diagonal, in which one is alone."""
    rng = np.random.default_rng([seed, 1])
    even = np.full(len(values), 1 / len(values))
    tied = np.zeros((values.shape[1],) * 2)
    for _ in range(n_runs):
        weights = rng.multinomial(len(values), even).astype(float)
        codes = _louvain(_cosines(values, weights), resolution, int(rng.integers(2**31)))
        together = codes[:, None] == codes
        np.fill_diagonal(together, together.sum(axis=1) == 1)
        tied += together
    return tied / n_runs


def _by_size(codes: NDArray[np.int64], size: Floats) -> NDArray[np.int64]:
    """Number communities anew, the one with the largest share first; ties by the first topic."""
    total = np.round(np.bincount(codes, weights=size), 12)
    order = np.argsort(-total, kind="stable")
    return np.argsort(order)[codes]


class _Firmness(TypedDict):
    together: Floats
    next_package: Floats
    next_together: Floats


def _firmness(codes: NDArray[np.int64], tied: Floats) -> _Firmness:
    """How often every topic is with its own package, and with the next best one."""
    topics, member = np.arange(len(codes)), np.eye(codes.max() + 1)[codes]
    alone = np.diag(tied)
    sums = (tied - np.diag(alone)) @ member
    mates = np.maximum(member.sum(axis=0) - member, 1)
    mean = sums / mates
    own = np.where(member.sum(axis=0)[codes] == 1, alone, mean[topics, codes])
    others = np.where(member > 0, -np.inf, mean)
    nearest = others.argmax(axis=1).astype(float)
    highest = others[topics, others.argmax(axis=1)]
    known = np.isfinite(highest)
    return {
        "together": own,
        "next_package": np.where(known, nearest, np.nan),
        "next_together": np.where(known, highest, np.nan),
    }
