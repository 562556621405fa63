"""Intrusion tests: can people tell what does not belong? Tasks and their key, kept apart."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.checks import require_text
from framing.corpus.listing import listed
from framing.measures.topics.fit import Topics, check_number

CANDIDATE_RANK = 10  # an intruder is among the first ten words of another topic, or twice as many
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

    def __repr__(self) -> str:
        """Say how many tasks there are, without the key, for a reader may look on."""
        return f"IntrusionTest({len(self.items)} tasks in .items, their answers in .key)"


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
        another intruder.
    random_state : int
        Seed of intruders and order. Who has the topics and knows it can make the key again.

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
    first words of another topic, ten or twice as many as are shown of a topic, so that it is not
    given away by being rare. Nor by other tasks: it stands in about as many of them as one of the
    topic's own words, drawn by lot. Were it drawn from all that could intrude, who names the word
    seen most often would be right in up to half of the tasks.

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
    check_number("n_words", n_words)
    check_number("repeats", repeats)
    check_number("random_state", random_state, 0)
    _check_word_test(topics.term_probabilities, n_words, repeats)
    rng = np.random.default_rng(random_state)
    words = topics.term_probabilities
    first = {topic: _first_words(row) for topic, row in words.iterrows()}
    seen = Counter(word for best in first.values() for word in best[: n_words * repeats])
    made: list[_Task] = []
    for topic in words.index:
        best = first[topic][: n_words * repeats]
        candidates = _candidates(words, topic, first, len(best))
        if len(candidates) < repeats:
            raise ValueError(_too_few(topic, len(candidates), repeats))
        for own in (best[place::repeats] for place in range(repeats)):
            intruder = _intruder(candidates, own, seen, rng)
            candidates.remove(intruder)
            made.append(_Task(str(topic), "", "", [*own, intruder]))
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
        If there are too few topics or articles, or two topics have the same first words.

    Notes
    -----
    Chang et al. (2009), as for `word_intrusion`. The intruder is drawn from the third of the
    topics with the smallest share of the article. Only articles are drawn in which it is at most
    half as large as every topic shown, and of copies of a `story` only the first. It is shown in
    about as many tasks as one of the topics that belong there, drawn by lot.

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
    check_number("n_words", n_words)
    rows = topics.term_probabilities.iterrows()
    shown = {str(topic): ", ".join(_first_words(row)[:n_words]) for topic, row in rows}
    alike = [words for words, n in Counter(shown.values()).items() if n > 1]
    if alike:
        raise ValueError(
            f"Several topics would be shown as {alike[0]!r}, so no one could tell them apart: "
            f"show more words than n_words={n_words!r}."
        )
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
        Labels that differ in case or spaces only are the same.
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
        If a column is missing, a label or a topic stands twice, or there are too few labels or
        articles.

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
    shown = _labels(labels)
    return _article_test("label", shares, articles, shown, (n, n_labels), random_state)


def _labels(labels: pd.DataFrame) -> dict[str, str]:
    """The label of every topic that has one."""
    missing = [name for name in ("topic", "label") if name not in labels]
    if missing:
        raise ValueError(f"`labels` has no column {', '.join(missing)}: see label_topics.")
    named = labels.dropna(subset=["label"]).astype({"topic": "str", "label": "str"})
    named = named.assign(label=named["label"].str.split().str.join(" ")).query("label != ''")
    twice = named.loc[named["label"].str.casefold().duplicated(), "label"].unique()
    again = named.loc[named["topic"].duplicated(), "topic"].unique()
    if len(twice):
        raise ValueError(
            f"{len(twice)} labels stand for several topics ({listed(twice)}), so no one could tell "
            "them apart. Make labels distinct, or add up the shares first."
        )
    if len(again):
        raise ValueError(
            f"{len(again)} topics have two labels ({listed(again)}). Keep one of each."
        )
    return dict(zip(named["topic"], named["label"], strict=True))


def _check_word_test(words: pd.DataFrame, n_words: int, repeats: int) -> None:
    problems = []
    if len(words) < 2:
        problems.append("One topic has no other to take an intruder from: fit two or more.")
    most = int(LOW_PART * words.shape[1])
    if n_words * repeats > most:
        problems.append(
            f"{repeats} tasks of {n_words} words need {n_words * repeats} words of a topic, and "
            f"the upper half of its words has {most}. Ask for fewer."
        )
    if problems:
        raise ValueError("\n".join(problems))


def _first_words(row: pd.Series) -> list[str]:
    return list(row.sort_values(ascending=False, kind="stable").index)


def _candidates(words: pd.DataFrame, topic: Any, first: dict[Any, list[str]], n: int) -> list[str]:
    """Words that are improbable in a topic and among the first of another, sorted."""
    own: pd.Series = words.loc[topic]
    # By value, not by rank: of many words with one probability none is rarer than the others.
    improbable = own <= own[first[topic][int(LOW_PART * len(own))]]
    elsewhere = {
        word
        for other, best in first.items()
        for word in best[: max(CANDIDATE_RANK, 2 * n)]
        if improbable[word] and words.at[other, word] > own[word]
    }
    return sorted(elsewhere - set(first[topic][:n]))


def _intruder(
    candidates: list[str], own: list[str], seen: Counter[str], rng: np.random.Generator
) -> str:
    """Draw an intruder that stands in about as many tasks as one of what belongs there."""
    drawn = [candidates[place] for place in rng.permutation(len(candidates))]
    often = seen[own[rng.integers(len(own))]]
    nearest = min(drawn, key=lambda one: abs(seen[one] + 1 - often))
    seen[nearest] += 1
    return nearest


def _too_few(topic: Any, n: int, repeats: int) -> str:
    return (
        f"{n or 'No'} word is likely in another topic and unlikely in {topic!r}, and {repeats} "
        "intruders are needed: the topics may be the same, or all begin with stop words. Leave "
        "these out, fit fewer topics, or lower `repeats`."
    )


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
    check_number("n", n)
    check_number(f"n_{task}s", n_largest)
    check_number("random_state", random_state, 0)
    known = shares.rename(columns=str)
    known = known[[topic for topic in known.columns if topic in shown]]
    known = _fair(known, articles, n_largest)
    _check_article_test(known, articles, n, n_largest)
    rng = _rng(random_state, [task])  # tests of topics and of labels draw other articles
    drawn = known.loc[known.index[np.sort(rng.choice(len(known), n, replace=False))]]
    show = _beginnings(articles.loc[drawn.index])
    ordered = [row.sort_values(ascending=False, kind="stable") for _, row in drawn.iterrows()]
    seen = Counter(topic for row in ordered for topic in row.index[:n_largest])
    made = []
    for row in ordered:
        own = list(row.index[:n_largest])
        chosen = [*own, _intruder(_smallest(row, n_largest), own, seen, rng)]
        options = [shown[topic] for topic in chosen]
        made.append(_Task(own[0], row.name, show(row.name), options))
    return _test(task, made, rng)


def _fair(known: pd.DataFrame, articles: pd.DataFrame, n_largest: int) -> pd.DataFrame:
    """Articles in which a topic is clearly smaller than all that are shown; one of each story."""
    if n_largest < known.shape[1]:
        ordered = np.sort(known.to_numpy(dtype=float), axis=1)
        least = ordered[:, -n_largest]
        known = known[(least > 0) & (ordered[:, 0] <= CLEARLY * least)]
    stories = articles["story"].reindex(known.index) if "story" in articles else None
    return known if stories is None else known[~(stories.duplicated() & stories.notna())]


def _check_article_test(
    known: pd.DataFrame, articles: pd.DataFrame, n: int, n_largest: int
) -> None:
    problems = []
    if known.shape[1] < n_largest + 1:
        problems.append(f"{known.shape[1]} topics cannot fill {n_largest + 1} options.")
    if n > len(known):
        problems.append(
            f"n={n!r}, and there are {len(known)} articles with shares, each with a topic half "
            f"as large as its {n_largest} largest or less; copies of a story are one."
        )
    missing = known.index.difference(articles.index)
    if len(missing):
        some = listed(missing)
        problems.append(
            f"{len(missing)} of {len(known)} doc_id are not in `articles` ({some}): give all "
            "articles that have shares, or shares.loc[articles.index]."
        )
    if problems:
        raise ValueError("\n".join(problems))


def _beginnings(articles: pd.DataFrame) -> Callable[[Any], str]:
    """Give headline and first words of an article."""
    texts = require_text(articles)["text"]
    heads = (
        articles["headline"].astype(object).fillna("")
        if "headline" in articles
        else texts.map(lambda _: "")
    )

    def beginning(doc_id: Any) -> str:
        words = texts[doc_id].split()
        body = " ".join(words[:N_WORDS_SHOWN])[:N_LETTERS_SHOWN].rstrip()
        more = " …" if len(body) < len(" ".join(words)) else ""
        return f"{heads[doc_id]}\n\n{body}{more}".strip()

    return beginning


def _smallest(ordered: pd.Series, n_largest: int) -> list[str]:
    """Topics that may intrude on an article whose shares stand in descending order."""
    rest = ordered.iloc[n_largest:]
    rest = rest[rest <= CLEARLY * ordered.iloc[n_largest - 1]]
    n_low = max(1, min(len(rest), round(LOW_SHARE * len(ordered))))
    return list(rest.index[rest <= rest.iloc[-n_low]])  # with all that are as small as these


def _test(task: str, made: list[_Task], rng: np.random.Generator) -> IntrusionTest:
    """Shuffle tasks and options; what is shown and what is right go into two tables."""
    # Or tests of as many tasks would share the numbers of their answers.
    rng = _rng(int(rng.integers(2**32)), [option for one in made for option in one.options])
    order = rng.permutation(len(made))
    rows = [_rows(task, number, made[place], rng) for number, place in enumerate(order, start=1)]
    items, key = zip(*rows, strict=True)
    return IntrusionTest(pd.DataFrame(list(items)), pd.DataFrame(list(key)))


def _rng(seed: int, texts: Iterable[str]) -> np.random.Generator:
    """Random numbers of their own for a seed and texts."""
    return np.random.default_rng([seed, zlib.crc32("\n".join(texts).encode("utf-8", "replace"))])


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
