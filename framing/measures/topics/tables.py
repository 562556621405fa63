"""Turn fitted topics into tables: their words, the articles to read, the labels people give."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.groups import story_clusters
from framing.corpus.listing import listed
from framing.measures.topics.fit import Topics, check_number, check_table, check_topics

Floats = NDArray[np.float64]

RANKINGS = ("probability", "frex", "lift", "relevance")
FREX_WEIGHT = 0.5
RELEVANCE_WEIGHT = 0.6
SHOWN = ("outlet", "date", "headline")


def topic_terms(topics: Topics, n: int = 10, *, by: str = "probability") -> pd.DataFrame:
    r"""List the first terms of every topic.

    Parameters
    ----------
    topics : Topics
        As `fit_topics` returns them.
    n : int
        How many terms of each topic; fewer where NMF gave it no more.
    by : {"probability", "frex", "lift", "relevance"}
        What ranks them.

        probability : of the term in the topic; common words come first
        frex : harmonic mean of two ranks, how frequent and how exclusive to the topic
        lift : probability in the topic over that in the corpus; rare words come first
        relevance : between probability and lift

    Returns
    -------
    DataFrame
        One row a topic and term: `topic`, `rank` (from 1), `term`, `probability`, `frex`, `lift`,
        `relevance`; topics in their order. Ties stand by the term.

    Raises
    ------
    ValueError
        If `by` is none of these, or `n` is below 1.

    Notes
    -----
    With :math:`\phi_{kw}` the probability of word w in topic k and :math:`p_w` in the corpus:
    FREX is :math:`\left(\frac{.5}{F(\phi_{kw} / \sum_j \phi_{jw})} +
    \frac{.5}{F(\phi_{kw})}\right)^{-1}` with F the rank within the topic as a share (Bischof, J., &
    Airoldi, E. (2012), ICML; Roberts et al. 2014); lift is :math:`\phi_{kw} / p_w` (Taddy, M.
    (2012), AISTATS); relevance is :math:`.6 \log \phi_{kw} + .4 \log(\phi_{kw} / p_w)` (Sievert,
    C., & Shirley, K. (2014), LDAvis, who found .6 best for telling topics). Read two lists, never
    one: probable words say what a topic is made of, exclusive ones what sets it apart.

    Examples
    --------
    >>> from framing.measures.topics.fit import fit_topics
    >>> from framing.text.counts import TermCounts
    >>> from scipy import sparse
    >>> terms = pd.Index(["oil", "price", "rebel", "war"], name="term")
    >>> matrix = sparse.csr_matrix([[3, 2, 0, 0], [0, 0, 2, 4]] * 5)
    >>> counts = TermCounts(matrix, pd.Index([f"a{i}" for i in range(10)], name="doc_id"), terms)
    >>> topic_terms(fit_topics(counts, 2), n=1)[["topic", "rank", "term", "probability"]].round(1)
          topic  rank term  probability
    0  topic_01     1  war          0.7
    1  topic_02     1  oil          0.6
    """
    if by not in RANKINGS:
        raise ValueError(f"by={by!r}: choose one of {', '.join(RANKINGS)}.")
    check_topics(topics)
    check_number("n", n)
    table = _long(topics)
    order = ["place", by, "term"]
    table = table.sort_values(order, ascending=[True, False, True], kind="stable")
    table["rank"] = table.groupby("place").cumcount() + 1
    first = table[(table["rank"] <= n) & (table["probability"] > 0)].reset_index(drop=True)
    return first[["topic", "rank", "term", *RANKINGS]]


def topic_documents(shares: pd.DataFrame, articles: pd.DataFrame, n: int = 5) -> pd.DataFrame:
    """List the articles to read for every topic: those with the largest share of it.

    Parameters
    ----------
    shares : DataFrame, documents × topics
        As in `Topics.shares` or from `topic_shares`.
    articles : DataFrame
        Index `doc_id`; of `outlet`, `date`, `headline` and `text` what there is is shown.
    n : int
        How many articles of each topic. Copies of one `story` are listed once.

    Returns
    -------
    DataFrame
        One row a topic and article: `topic`, `rank` (from 1), `doc_id`, `share`, `outlet`, `date`,
        `headline`, and `beginning`, the first words of the text. Ties stand by doc_id.

    Raises
    ------
    KeyError
        If articles with shares are not in `articles`.
    TypeError
        If `shares` is no table.
    ValueError
        If `n` is below 1, `shares` has no rows, or a doc_id is in `articles` twice.

    Notes
    -----
    The largest shares show a topic at its purest. To see where it ends, read some in the middle
    too: `shares["topic_01"].between(0.2, 0.4)`.

    Examples
    --------
    >>> doc_id = pd.Index(["a", "b"], name="doc_id")
    >>> shares = pd.DataFrame({"topic_01": [0.9, 0.2], "topic_02": [0.1, 0.8]}, doc_id)
    >>> articles = pd.DataFrame({"outlet": ["Herald", "Star"], "text": ["War.", "Oil."]}, doc_id)
    >>> topic_documents(shares, articles, n=1)
          topic  rank doc_id  share  outlet beginning
    0  topic_01     1      a    0.9  Herald      War.
    1  topic_02     1      b    0.8    Star      Oil.
    """
    check_table(shares)
    check_number("n", n)
    if shares.empty:
        raise ValueError(
            "`shares` has no rows: topics of batches keep none. Take topic_shares(topics, counts)."
        )
    twice = articles.index[articles.index.duplicated()].unique()
    if len(twice):
        raise ValueError(
            f"{len(twice)} doc_id are in `articles` more than once ({listed(twice)}). "
            "Keep the first: articles[~articles.index.duplicated()]"
        )
    missing = shares.index.difference(articles.index)
    if len(missing):
        raise KeyError(
            f"{len(missing)} of {len(shares)} articles with shares are not in `articles` "
            f"({listed(missing)}). Give the articles that were counted."
        )
    shares = shares.sort_index()  # ties stand by doc_id
    known = articles.loc[shares.index]
    clusters = story_clusters(known)[0]
    tables = [_first_documents(shares[topic], known, clusters, n) for topic in shares.columns]
    return pd.concat(tables, ignore_index=True)


def label_topics(
    topics: Topics | pd.DataFrame, labels: Mapping[str, str] | pd.Series, *, reader: str, date: str
) -> pd.DataFrame:
    """Keep the labels that a person gave to topics, with who gave them and when.

    Parameters
    ----------
    topics : Topics or DataFrame
        Fitted topics, or their shares, one column a topic.
    labels : mapping or Series of str to str
        Topic to label, from reading `topic_terms` and `topic_documents`. Topics may be left out, or
        have None.
    reader : str
        Who read.
    date : str
        The day, e.g. "2031-04-07". Labels belong to one fit: fit again, read again.

    Returns
    -------
    DataFrame
        One row a topic: `topic`, `label` (missing where none was given), `reader`, `date`. Save it
        with `save_table`; name the columns of shares by it:
        `shares.rename(columns=labels.dropna().set_index("topic")["label"])`.

    Raises
    ------
    KeyError
        If a label is for a topic that is not there.
    ValueError
        If two topics get one label, or one the name of another topic, a label or the reader is
        empty, or the date is none.

    Examples
    --------
    >>> shares = pd.DataFrame({"topic_01": [0.9], "topic_02": [0.1]})
    >>> label_topics(shares, {"topic_01": "Air strikes"}, reader="A. K.", date="2031-04-07")
          topic        label reader       date
    0  topic_01  Air strikes  A. K. 2031-04-07
    1  topic_02          NaN    NaN        NaT
    """
    labels = _as_mapping(labels)
    names = _names(topics)
    unknown = [name for name in labels if name not in names]
    if unknown:
        raise KeyError(f"No topic {listed(unknown)}; there are {listed(names, most=20)}.")
    given = {name: str(label).strip() for name, label in labels.items() if pd.notna(label)}
    day: Any = pd.to_datetime(str(date), errors="coerce")
    _check_labels(given, names, reader, day)
    table = pd.DataFrame({"topic": names})
    table["label"] = table["topic"].map(given).astype("str")
    labelled = table["label"].notna()
    table["reader"] = pd.Series(str(reader), table.index, dtype="str").where(labelled)
    return table.assign(
        date=pd.Series(day.normalize(), table.index, dtype="datetime64[us]").where(labelled)
    )


def _as_mapping(labels: Any) -> Mapping[str, str]:
    if not isinstance(labels, pd.Series | Mapping):
        raise TypeError(
            f"labels is a {type(labels).__name__}. Give them by topic: "
            "{'topic_01': 'Air strikes'}"
        )
    return {str(topic): label for topic, label in labels.items()}


def _long(topics: Topics) -> pd.DataFrame:
    """One row a topic and term, with all that can rank it."""
    words = topics.term_probabilities
    phi = words.to_numpy(dtype=float)
    overall = topics.term_counts["n"].reindex(words.columns).to_numpy(dtype=float)
    part = overall / overall.sum()
    lift = np.divide(phi, part, out=np.zeros_like(phi), where=part > 0)
    k, n_terms = phi.shape
    return pd.DataFrame(
        {
            "place": np.repeat(np.arange(k), n_terms),
            "topic": np.repeat(words.index.astype(str).to_numpy(), n_terms),
            "term": np.tile(words.columns.astype(str).to_numpy(), k),
            "probability": phi.ravel(),
            "frex": _frex(phi).ravel(),
            "lift": lift.ravel(),
            "relevance": _relevance(phi, lift).ravel(),
        }
    )


def _frex(phi: Floats) -> Floats:
    """Harmonic mean of the ranks by exclusivity and by frequency, as shares, topic by topic."""
    total = phi.sum(axis=0)
    exclusive = np.divide(phi, total, out=np.zeros_like(phi), where=total > 0)
    ranks = [_rank_shares(values) for values in (exclusive, phi)]
    return np.asarray(1 / (FREX_WEIGHT / ranks[0] + (1 - FREX_WEIGHT) / ranks[1]))


def _rank_shares(values: Floats) -> Floats:
    """Share of the topic's terms that are not above each, ties together at the top."""
    ranks = pd.DataFrame(values.T).rank(method="max").to_numpy().T
    return np.asarray(ranks / values.shape[1])


def _relevance(phi: Floats, lift: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return RELEVANCE_WEIGHT * np.log(phi) + (1 - RELEVANCE_WEIGHT) * np.log(lift)


def _first_documents(
    share: pd.Series, articles: pd.DataFrame, clusters: NDArray[np.int64], n: int
) -> pd.DataFrame:
    order = np.argsort(-share.to_numpy(), kind="stable")
    rows = order[~pd.Series(clusters[order]).duplicated().to_numpy()][:n]
    chosen = articles.iloc[rows]
    table = pd.DataFrame({"doc_id": share.index[rows], "share": share.to_numpy()[rows]})
    for name in (name for name in SHOWN if name in articles):
        table[name] = chosen[name].to_numpy()
    if "text" in articles:
        table["beginning"] = [_beginning(text) for text in chosen["text"]]
    table.insert(0, "topic", str(share.name))
    table.insert(1, "rank", np.arange(1, len(table) + 1))
    return table


def _beginning(text: Any, n_words: int = 25) -> str:
    words = text.split() if isinstance(text, str) else []
    return " ".join(words[:n_words]) + (" …" if len(words) > n_words else "")


def _names(topics: Topics | pd.DataFrame) -> list[str]:
    if isinstance(topics, pd.DataFrame):
        return [str(name) for name in topics.columns]
    return [str(name) for name in topics.term_probabilities.index]


def _check_labels(labels: Mapping[str, str], names: list[str], reader: str, day: Any) -> None:
    values = pd.Series(labels, dtype="str")
    taken = [label for topic, label in labels.items() if label in names and label != topic]
    twice = values[values.duplicated()].unique()
    problems = []
    if len(twice):
        problems.append(f"two topics are called {listed(twice)}")
    if taken:
        problems.append(f"{listed(taken)} is the name of another topic")
    if values.eq("").any():
        problems.append(f"no label for {listed(values.index[values.eq('')])}; leave it out instead")
    if not str(reader).strip():
        problems.append("nobody is named as the reader")
    if pd.isna(day):
        problems.append("the date is no day such as '2031-04-07'")
    if problems:
        raise ValueError(f"These labels cannot be kept: {'; '.join(problems)}.")
