"""Intrusion tests: can people tell what does not belong? Tasks and their key, kept apart."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.checks import require_text
from framing.measures.topics.fit import Topics

CANDIDATE_RANK = 10  # an intruder is among the first ten words of another topic
LOW_PART = 0.5  # and in the lower half of this one's vocabulary
CLEARLY = 0.5  # and at most half the share of every topic shown
LOW_SHARE = 1 / 3  # an intruding topic or label is in the lowest third for the article
N_WORDS_SHOWN = 100
N_LETTERS_SHOWN = 1500  # for languages without spaces between words
QUESTIONS = {
    "word": "Five of these words belong together. Which one does not?",
    "topic": "Read the beginning of the article. Which group of words fits it least?",
    "label": "Read the beginning of the article. Which label fits it least?",
}


class IntrusionTest(NamedTuple):
    """Tasks to hand out, and the key, which those who answer must not see.

    Attributes
    ----------
    items : pandas.DataFrame
        One row a task: `item`, `task` (word, topic or label), `question`, `text` (empty for
        words), `option_1`, `option_2`, …
    key : pandas.DataFrame
        `item`, `task`, `topic` (what is tested; for an article, its largest topic), `doc_id`
        (empty for words), `intruder` (the option's text), `right` (its number), `n_options`.
    """

    items: pd.DataFrame
    key: pd.DataFrame


class _Task(NamedTuple):
    """One task before its options are shuffled; the intruder is the last of them."""

    topic: str
    doc_id: Any
    text: str
    options: list[str]


def word_intrusion(
    topics: Topics, *, n_words: int = 5, repeats: int = 1, random_state: int = 0
) -> IntrusionTest:
    """Make tasks in which one of six words does not belong to a topic.

    Parameters
    ----------
    topics : Topics
        As `fit_topics` returns them.
    n_words : int
        How many of the topic's most probable words are shown; the intruder is added.
    repeats : int
        Tasks for each topic. Its first `n_words * repeats` words are dealt out to them and each has
        another intruder, so that no task gives away another.
    random_state : int
        Seed of intruders and order.

    Returns
    -------
    IntrusionTest
        `items` and `key`; one task a topic and repeat, in random order.

    Raises
    ------
    ValueError
        If there are fewer than two topics, fewer terms than the tasks need, or too few possible
        intruders of a topic.

    Notes
    -----
    Chang, J., Boyd-Graber, J., Gerrish, S., Wang, C., & Blei, D. (2009), Reading tea leaves,
    NeurIPS 22. The intruder is improbable in the topic (the lower half of its words) and among the
    first ten of another topic, so that it is not given away by being rare.

    Examples
    --------
    >>> from framing.text.counts import TermCounts
    >>> terms = pd.Index(["oil", "price", "rebel", "war"], name="term")
    >>> shares = pd.DataFrame([[1.0, 0.0]], columns=["economy", "war"])
    >>> words = pd.DataFrame([[.5, .4, .06, .04], [.04, .06, .4, .5]], ["economy", "war"], terms)
    >>> test = word_intrusion(Topics(None, words, shares, None, pd.DataFrame(), 1), n_words=2)
    >>> test.key[["topic", "n_options"]].sort_values("topic").values.tolist()
    [['economy', 3], ['war', 3]]
    """
    _check_word_test(topics.term_probabilities, n_words, repeats)
    rng = np.random.default_rng(random_state)
    made = [
        task
        for topic in topics.term_probabilities.index
        for task in _word_tasks(topics.term_probabilities, topic, (n_words, repeats), rng)
    ]
    return _test("word", made, rng)


def topic_intrusion(
    topics: Topics,
    articles: pd.DataFrame,
    *,
    n: int = 20,
    n_topics: int = 3,
    n_words: int = 8,
    random_state: int = 0,
) -> IntrusionTest:
    """Make tasks in which one of four topics does not belong to an article.

    Parameters
    ----------
    topics : Topics
        As `fit_topics` returns them.
    articles : DataFrame
        Index `doc_id`, columns `text` and, if known, `headline`: the articles of the topics.
    n : int
        How many articles.
    n_topics : int
        How many of an article's largest topics are shown; the intruder is added.
    n_words : int
        How many words stand for a topic.
    random_state : int
        Seed of articles, intruders and order.

    Returns
    -------
    IntrusionTest
        `items` and `key`. A topic is shown as its most probable words.

    Raises
    ------
    ValueError
        If there are too few topics or articles.

    Notes
    -----
    Chang et al. (2009), as for `word_intrusion`. The intruder is drawn from the third of the
    topics with the smallest share of the article. Only articles are drawn in which it is at most
    half as large as every topic shown, and of copies of a `story` only the first.

    Examples
    --------
    >>> names, terms = ["economy", "war"], pd.Index(["oil", "war"], name="term")
    >>> shares = pd.DataFrame([[.9, .1]], pd.Index(["a"], name="doc_id"), names)
    >>> words = pd.DataFrame([[.9, .1], [.1, .9]], names, terms)
    >>> topics = Topics(None, words, shares, None, pd.DataFrame(), 1)
    >>> articles = pd.DataFrame({"text": ["Oil is dear."]}, index=shares.index)
    >>> test = topic_intrusion(topics, articles, n=1, n_topics=1, n_words=1)
    >>> test.key[["topic", "intruder"]].values.tolist()
    [['economy', 'war']]
    """
    words = topics.term_probabilities
    shown = {
        str(topic): ", ".join(row.sort_values(ascending=False, kind="stable").index[:n_words])
        for topic, row in words.iterrows()
    }
    return _article_test("topic", topics.shares, articles, shown, (n, n_topics), random_state)


def label_intrusion(
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    n: int = 20,
    n_labels: int = 3,
    random_state: int = 0,
) -> IntrusionTest:
    """Make tasks in which one of four labels does not belong to an article.

    Parameters
    ----------
    shares : DataFrame, documents × topics
        Topic shares.
    articles : DataFrame
        Index `doc_id`, columns `text` and, if known, `headline`.
    labels : DataFrame
        `topic` and `label`, as `label_topics` returns them. Topics without a label are left out.
    n : int
        How many articles.
    n_labels : int
        How many labels of an article's largest topics are shown; the intruder is added.
    random_state : int
        Seed of articles, intruders and order.

    Returns
    -------
    IntrusionTest
        `items` and `key`.

    Raises
    ------
    ValueError
        If a label stands twice, or there are too few labels or articles.

    Notes
    -----
    The label test of Ying, L., Montgomery, J. M., & Stewart, B. M. (2022), Topics, concepts, and
    measurement, Political Analysis 30, 570-589: it tries the labels that a paper reports, not only
    the words that a model prints.

    Examples
    --------
    >>> shares = pd.DataFrame([[.9, .1]], pd.Index(["a"], name="doc_id"), ["t1", "t2"])
    >>> articles = pd.DataFrame({"text": ["Oil is dear."]}, index=shares.index)
    >>> labels = pd.DataFrame({"topic": ["t1", "t2"], "label": ["Economy", "War"]})
    >>> label_intrusion(shares, articles, labels, n=1, n_labels=1).key["intruder"].tolist()
    ['War']
    """
    named = labels.dropna(subset=["label"])
    twice = named.loc[named["label"].duplicated(), "label"].unique()
    if len(twice):
        raise ValueError(
            f"{len(twice)} labels stand for several topics ({', '.join(map(str, twice[:3]))}), so "
            "no one could tell them apart. Make labels distinct, or add up the shares first."
        )
    shown = dict(zip(named["topic"].astype(str), named["label"].astype(str), strict=True))
    return _article_test("label", shares, articles, shown, (n, n_labels), random_state)


def _check_word_test(words: pd.DataFrame, n_words: int, repeats: int) -> None:
    problems = []
    if len(words) < 2:
        problems.append("One topic has no other to take an intruder from: fit two or more.")
    if n_words < 1 or repeats < 1:
        problems.append(f"n_words={n_words!r} and repeats={repeats!r} must be at least 1.")
    most = int(LOW_PART * words.shape[1])
    if n_words * repeats > most:
        problems.append(
            f"{repeats} tasks of {n_words} words need {n_words * repeats} words of a topic, and "
            f"the upper half of its words has {most}. Ask for fewer."
        )
    if problems:
        raise ValueError("\n".join(problems))


def _word_tasks(
    words: pd.DataFrame, topic: Any, sizes: tuple[int, int], rng: np.random.Generator
) -> list[_Task]:
    """Tasks of one topic that share neither words nor intruders."""
    n_words, repeats = sizes
    own: pd.Series = words.loc[topic].sort_values(ascending=False, kind="stable")
    improbable = set(own.index[int(LOW_PART * len(own)) :])
    probable_elsewhere = {
        term
        for other, row in words.drop(index=topic).iterrows()
        for term in row.sort_values(ascending=False, kind="stable").index[:CANDIDATE_RANK]
        if row[term] > own[term]
    }
    best = list(own.index[: n_words * repeats])
    candidates = sorted(improbable & probable_elsewhere)
    if len(candidates) < repeats:
        raise ValueError(
            f"{len(candidates) or 'No'} word is likely in another topic and unlikely in {topic!r}, "
            f"and {repeats} intruders are needed: the topics may be the same. Fit fewer topics, or "
            "lower `repeats`."
        )
    intruders = rng.permutation(np.array(candidates, dtype=object))[:repeats]
    return [
        _Task(str(topic), "", "", [*best[place::repeats], str(intruder)])
        for place, intruder in enumerate(intruders)
    ]


def _article_test(
    task: str,
    shares: pd.DataFrame,
    articles: pd.DataFrame,
    shown: dict[str, str],
    sizes: tuple[int, int],
    random_state: int,
) -> IntrusionTest:
    """Draw articles and give each its largest topics and one of the smallest."""
    n, n_largest = sizes
    known = shares.rename(columns=str)
    known = known[[topic for topic in known.columns if topic in shown]]
    known = _fair(known, articles, n_largest)
    _check_article_test(known, articles, n, n_largest)
    rng = np.random.default_rng(random_state)
    drawn = known.loc[known.index[np.sort(rng.choice(len(known), n, replace=False))]]
    show = _beginnings(articles.loc[drawn.index])
    made = [_article_task(row, n_largest, shown, show, rng) for _, row in drawn.iterrows()]
    return _test(task, made, rng)


def _fair(known: pd.DataFrame, articles: pd.DataFrame, n_largest: int) -> pd.DataFrame:
    """Articles in which a topic is clearly smaller than all that are shown; one of each story."""
    if 1 <= n_largest < known.shape[1]:
        ordered = np.sort(known.to_numpy(dtype=float), axis=1)
        least = ordered[:, -n_largest]
        known = known[(least > 0) & (ordered[:, 0] <= CLEARLY * least)]
    stories = articles["story"].reindex(known.index) if "story" in articles else None
    return known if stories is None else known[~(stories.duplicated() & stories.notna())]


def _check_article_test(
    known: pd.DataFrame, articles: pd.DataFrame, n: int, n_largest: int
) -> None:
    problems = []
    if n_largest < 1:
        problems.append(f"{n_largest!r} topics of an article are too few to show.")
    if known.shape[1] < n_largest + 1:
        problems.append(f"{known.shape[1]} topics cannot fill {n_largest + 1} options.")
    if not 1 <= n <= len(known):
        problems.append(
            f"n={n!r}, and there are {len(known)} articles with shares, each with a topic half "
            f"as large as its {n_largest} largest or less; copies of a story are one."
        )
    missing = known.index.difference(articles.index)
    if len(missing):
        listed = ", ".join(map(str, missing[:3]))
        problems.append(f"{len(missing)} of {len(known)} doc_id are not in `articles` ({listed}).")
    if problems:
        raise ValueError("\n".join(problems))


def _beginnings(articles: pd.DataFrame) -> Callable[[Any], str]:
    """Give headline and first words of an article."""
    texts = require_text(articles)["text"]
    heads = articles["headline"].fillna("") if "headline" in articles else texts.map(lambda _: "")

    def beginning(doc_id: Any) -> str:
        words = texts[doc_id].split()
        body = " ".join(words[:N_WORDS_SHOWN])[:N_LETTERS_SHOWN].rstrip()
        more = " …" if len(body) < len(" ".join(words)) else ""
        return f"{heads[doc_id]}\n\n{body}{more}".strip()

    return beginning


def _article_task(
    row: pd.Series,
    n_largest: int,
    shown: dict[str, str],
    show: Callable[[Any], str],
    rng: np.random.Generator,
) -> _Task:
    ordered = row.sort_values(ascending=False, kind="stable")
    rest = ordered.iloc[n_largest:]
    rest = rest[rest <= CLEARLY * ordered.iloc[n_largest - 1]]
    lowest = rest.index[-max(1, min(len(rest), round(LOW_SHARE * len(ordered)))) :]
    chosen = [*ordered.index[:n_largest], str(rng.choice(lowest))]
    return _Task(str(ordered.index[0]), row.name, show(row.name), [shown[one] for one in chosen])


def _test(task: str, made: list[_Task], rng: np.random.Generator) -> IntrusionTest:
    """Shuffle tasks and options; what is shown and what is right go into two tables."""
    order = rng.permutation(len(made))
    rows = [_rows(task, number, made[place], rng) for number, place in enumerate(order, start=1)]
    items, key = zip(*rows, strict=True)
    return IntrusionTest(pd.DataFrame(list(items)), pd.DataFrame(list(key)))


def _rows(
    task: str, number: int, made: _Task, rng: np.random.Generator
) -> tuple[dict[str, Any], dict[str, Any]]:
    n_options = len(made.options)
    places = rng.permutation(n_options)
    item = f"{task}-{number:03}"
    shuffled = {f"option_{i}": made.options[place] for i, place in enumerate(places, start=1)}
    right = int(np.flatnonzero(places == n_options - 1)[0]) + 1
    shown = {"item": item, "task": task, "question": _question(task, n_options), "text": made.text}
    key = {"item": item, "task": task, "topic": made.topic, "doc_id": made.doc_id}
    key |= {"intruder": made.options[-1], "right": right, "n_options": n_options}
    return shown | shuffled, key


def _question(task: str, n_options: int) -> str:
    return QUESTIONS[task].replace("Five", f"{n_options - 1}" if n_options != 6 else "Five")


def options_of(item: pd.Series) -> Iterator[tuple[int, str]]:
    """Yield number and text of the options of one task."""
    for name, text in item.items():
        if str(name).startswith("option_") and isinstance(text, str) and text:
            yield int(str(name).removeprefix("option_")), text
