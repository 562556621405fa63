"""Articles of which everything is known: their frames, topics, copies and dates are planted.

No word is real. Words are syllables strung together, common ones shorter; every word has a synonym
with the same topics; and the words that mark a frame are spelt like no others. A method can so be
tried on a corpus of any size whose right answer is a table.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

FRAMES = ("conflict", "economy", "human_interest", "morality", "responsibility")
COPY_KINDS = ("exact", "reprint", "partial", "reworded")
N_WORDS = 8_000  # ordinary words; ids 2i and 2i + 1 are synonyms
N_SHORT_WORDS = 1_500
MARKERS_PER_FRAME = 8
MOST_MARKERS = 6  # of one frame in one article
SENTENCE_WORDS = (8, 29)
MEAN_SENTENCES = 19
FIRST_DAY = np.datetime64("2031-01-06", "us")  # a Monday
WEEKS = 52
DAY_WEIGHTS = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.6, 0.4])
COPY_DAYS = 3
SYNONYMS_TAKEN = {"exact": 0.0, "reprint": 0.03, "partial": 0.0, "reworded": 0.4}

_SYLLABLES = [
    onset + vowel
    for onset in ("b", "d", "l", "m", "n", "r", "t", "v", "br", "dr", "tr", "st")
    for vowel in "aiou"
]
_OUTLET_KINDS = ("Herald", "Star", "Courier", "Post", "Tribune", "Gazette")


class Simulation(NamedTuple):
    """Simulated articles and what was planted in them; see `simulate_articles`."""

    articles: pd.DataFrame
    codebook: pd.DataFrame
    frame_shares: pd.DataFrame
    hits: pd.DataFrame
    stories: pd.DataFrame
    topic_shares: pd.DataFrame
    topic_words: pd.DataFrame


class _World(NamedTuple):
    """What all articles share: words, how they are written, and how likely topics make them."""

    words: list[str]
    markers: list[str]
    spellings: np.ndarray
    topic_words: np.ndarray
    cumulated: np.ndarray


class _Draft(NamedTuple):
    """One article before it is written out: an id, a shape and a topic for every word."""

    words: np.ndarray
    shapes: np.ndarray
    topics: np.ndarray
    headline: np.ndarray


class _Page(NamedTuple):
    """One article written out, and its part of the truth."""

    headline: str
    text: str
    hits: np.ndarray
    topic_shares: np.ndarray


def simulate_articles(
    n: int,
    random_state: int = 0,
    *,
    n_outlets: int | None = None,
    n_topics: int = 6,
    share_copies: float = 0.1,
    frame_shares: pd.DataFrame | None = None,
) -> Simulation:
    """Make up articles with known frames, topics, copies and dates.

    Parameters
    ----------
    n : int
        Number of articles, copies included.
    random_state : int
        Seed. The same arguments give the same articles everywhere.
    n_outlets : int, optional
        Number of outlets: 4 by default, or the rows of `frame_shares`.
    n_topics : int
        Number of topics.
    share_copies : float
        Share of the articles, from 0 to below 1, that copy an article of another outlet.
    frame_shares : pandas.DataFrame, optional
        Probability of each frame (columns) in an original article of each outlet (rows). By
        default five frames with probabilities drawn from .05, .06, …, .60.

    Returns
    -------
    Simulation
        A named tuple of tables.

        articles : index `doc_id`, sorted by date; columns `outlet`, `date`, `headline`, `text`
        codebook : columns `frame`, `pattern`; one row a marker word, 8 a frame
        frame_shares : the probabilities, index `outlet`, one column a frame
        hits : index `doc_id`, one column a frame; marker words in the text, so `hits > 0` is
            presence. Headlines hold none.
        stories : index `doc_id`; `story` is the `doc_id` of the original and the same for all its
            copies, `copy_of` is missing for an original, `kind` is original, exact, reprint,
            partial or reworded
        topic_shares : index `doc_id`, one column a topic; the share of the article's words that
            stand in sentences of the topic, so rows sum to 1
        topic_words : index `topic`, one column a word; its probability in sentences of the topic

    Raises
    ------
    ValueError
        If an argument is out of range; all problems at once.

    Notes
    -----
    An original article has an outlet, drawn evenly; frames, drawn independently with the outlet's
    probabilities; and topic shares from a symmetric Dirichlet(0.3) distribution that know nothing
    of the frames. Each sentence is of one topic, whose words are a draw from a Dirichlet
    distribution around Zipf's law, as in latent Dirichlet allocation (Blei, Ng & Jordan 2003) but
    sentence by sentence. A planted frame puts 1 to 6 marker words (2 on average) in the place of
    others. Texts have about 340 words, lognormal; Saturdays have .6 and Sundays .4 of a weekday's
    originals.

    A copy appears in another outlet 0 to 3 days after its original: `exact`, the same text and
    headline; `reprint`, 3 % of the words replaced by synonyms; `partial`, the first 40–80 % of the
    sentences; `reworded`, 40 % synonyms. Some originals are copied far more than others. A copy
    brings its original's frames along, so prevalence among all articles of an outlet drifts from
    `frame_shares`, which holds for `stories["kind"] == "original"`.

    Examples
    --------
    >>> simulation = simulate_articles(200, random_state=1, n_outlets=2)
    >>> simulation.articles["text"].iloc[0][:40]
    'Trili broti stivamo nubru dulobro molu t'
    >>> simulation.stories["kind"].eq("original").sum()
    np.int64(180)
    >>> simulation.frame_shares[["conflict", "economy"]]
    frame         conflict  economy
    outlet
    Bistu Herald      0.59     0.31
    Mibu Star         0.41     0.50
    >>> simulation.hits.loc["s003":"s005", ["conflict", "economy"]]
    frame   conflict  economy
    doc_id
    s003           2        0
    s004           0        1
    s005           0        0
    """
    shares = None if frame_shares is None else frame_shares.copy()
    _check(n, n_outlets, n_topics, share_copies, shares)
    rng = np.random.Generator(np.random.PCG64(random_state))
    if shares is None:
        shares = _draw_frame_shares(rng, n_outlets or 4)
    shares = shares.rename_axis(index="outlet", columns="frame")
    world = _invent_world(rng, n_topics, shares.shape[1])
    plan = _plan(rng, n, shares, share_copies)
    return _tables(world, shares, plan, _write_articles(rng, world, shares, plan))


def _check(
    n: int,
    n_outlets: int | None,
    n_topics: int,
    share_copies: float,
    frame_shares: pd.DataFrame | None,
) -> None:
    problems = []
    if n < 0:
        problems.append(f"n={n}: give the number of articles, 0 or more.")
    if n_topics < 1:
        problems.append(f"n_topics={n_topics}: give at least 1.")
    if n_outlets is not None and n_outlets < 1:
        problems.append(f"n_outlets={n_outlets}: give at least 1.")
    if not 0 <= share_copies < 1:
        problems.append(f"share_copies={share_copies}: give a share from 0 to below 1.")
    if frame_shares is not None:
        problems += _frame_share_problems(frame_shares, n_outlets)
        n_outlets = len(frame_shares)
    if n_outlets == 1 and share_copies > 0:
        problems.append("A copy needs a second outlet. Set share_copies=0, or n_outlets=2.")
    if problems:
        raise ValueError("\n".join(problems))


def _frame_share_problems(frame_shares: pd.DataFrame, n_outlets: int | None) -> list[str]:
    problems = []
    if n_outlets not in (None, len(frame_shares)):
        problems.append(
            f"frame_shares has {len(frame_shares)} outlets, n_outlets={n_outlets}: leave one out."
        )
    if not (frame_shares.index.is_unique and frame_shares.columns.is_unique):
        problems.append("frame_shares names an outlet or a frame twice.")
    if frame_shares.empty:
        problems.append("frame_shares needs at least one outlet (row) and one frame (column).")
    elif (wrong := int((~((frame_shares >= 0) & (frame_shares <= 1))).sum().sum())) > 0:
        problems.append(f"{wrong} of the {frame_shares.size} frame_shares are not from 0 to 1.")
    return problems


def _draw_frame_shares(rng: np.random.Generator, n_outlets: int) -> pd.DataFrame:
    names = rng.permutation(len(_SYLLABLES) ** 2)[:n_outlets]
    outlets = [
        f"{_spell(name, 2).title()} {_OUTLET_KINDS[place % len(_OUTLET_KINDS)]}"
        for place, name in enumerate(names)
    ]
    shares = rng.integers(5, 61, size=(n_outlets, len(FRAMES))) / 100
    return pd.DataFrame(shares, index=outlets, columns=list(FRAMES))


def _spell(number: int, n_syllables: int) -> str:
    base = len(_SYLLABLES)
    return "".join(_SYLLABLES[number // base**place % base] for place in range(n_syllables))


def _invent_world(rng: np.random.Generator, n_topics: int, n_frames: int) -> _World:
    n_long = N_WORDS - N_SHORT_WORDS
    short = rng.permutation(len(_SYLLABLES) ** 2)[:N_SHORT_WORDS]
    long = rng.permutation(len(_SYLLABLES) ** 3)[: n_long + n_frames * MARKERS_PER_FRAME]
    words = [_spell(number, 2) for number in short] + [
        _spell(number, 3) for number in long[:n_long]
    ]
    markers = [_spell(number, 3) + "n" for number in long[n_long:]]
    topic_words = _draw_topics(rng, n_topics)
    cumulated = np.cumsum(topic_words, axis=1) + np.arange(n_topics)[:, np.newaxis]
    return _World(words, markers, _spellings(words + markers), topic_words, cumulated.ravel())


def _draw_topics(rng: np.random.Generator, n_topics: int) -> np.ndarray:
    """Draw word probabilities (topics × words) around Zipf's law, synonyms alike."""
    zipf = 1 / (np.arange(1, N_WORDS // 2 + 1) + 2.7)
    weights = rng.standard_gamma(1_000 * zipf / zipf.sum(), size=(n_topics, N_WORDS // 2))
    return np.repeat(weights / weights.sum(axis=1, keepdims=True) / 2, 2, axis=1)


def _spellings(words: list[str]) -> np.ndarray:
    """Write every word in 6 shapes: inside, opening a sentence, a paragraph; then with a stop."""
    capitals = [word.capitalize() for word in words]
    shapes = [(" ", words), (" ", capitals), ("\n\n", capitals)]
    plain = [gap + word for gap, written in shapes for word in written]
    return np.array(plain + [word + "." for word in plain], dtype=object)


def _plan(
    rng: np.random.Generator, n: int, shares: pd.DataFrame, share_copies: float
) -> pd.DataFrame:
    """Give every article its outlet, day, kind and, for a copy, the row of its original."""
    n_copies = min(round(share_copies * n), max(n - 1, 0))
    n_originals = n - n_copies
    weights = np.cumsum(np.tile(DAY_WEIGHTS, WEEKS))
    outlet = rng.integers(len(shares), size=n_originals)
    day = np.searchsorted(weights, rng.random(n_originals) * weights[-1], side="right")
    # A square favours the first originals: stories of very different size, as wire copy has.
    source = (rng.random(n_copies) ** 2 * n_originals).astype(np.int64)
    step = (source + _occurrence(source)) % max(len(shares) - 1, 1) + 1
    kind = np.array(COPY_KINDS, dtype=object)[rng.integers(len(COPY_KINDS), size=n_copies)]
    copies = {
        "outlet": (outlet[source] + step) % len(shares),
        "day": day[source] + rng.integers(COPY_DAYS + 1, size=n_copies),
        "source": source,
        "kind": kind,
    }
    originals = {"outlet": outlet, "day": day, "source": np.arange(n_originals), "kind": "original"}
    plan = pd.concat([pd.DataFrame(originals), pd.DataFrame(copies)], ignore_index=True)
    rank = np.argsort(np.argsort(plan["day"].to_numpy(), kind="stable"), kind="stable")
    return plan.assign(doc_id=[f"s{number + 1:0{len(str(n))}d}" for number in rank])


def _occurrence(values: np.ndarray) -> np.ndarray:
    """Count how often each value has come before, in the order given."""
    return pd.Series(values).groupby(values).cumcount().to_numpy()


def _write_articles(
    rng: np.random.Generator, world: _World, shares: pd.DataFrame, plan: pd.DataFrame
) -> list[_Page]:
    """Write all articles, originals first; of these, keep only the drafts that are copied."""
    n_originals = int((plan["kind"] == "original").sum())
    copied = set(plan["source"].iloc[n_originals:])
    drafts: dict[int, _Draft] = {}
    pages = []
    for row, draft in enumerate(_draft_originals(rng, world, shares, plan.iloc[:n_originals])):
        pages.append(_write(world, draft))
        if row in copied:
            drafts[row] = draft
    for source, kind in plan[["source", "kind"]].iloc[n_originals:].itertuples(index=False):
        pages.append(_write(world, _copy(rng, drafts[source], kind)))
    return pages


def _draft_originals(
    rng: np.random.Generator, world: _World, shares: pd.DataFrame, plan: pd.DataFrame
) -> Iterator[_Draft]:
    n, n_topics = len(plan), len(world.topic_words)
    planted = rng.random((n, shares.shape[1])) < shares.to_numpy()[plan["outlet"]]
    markers = planted * np.minimum(rng.geometric(0.5, planted.shape), MOST_MARKERS)
    weights = np.cumsum(rng.standard_gamma(0.3, (n, n_topics)) + 1e-9, axis=1)
    topics = weights / weights[:, -1:]
    usual = np.rint(rng.lognormal(np.log(MEAN_SENTENCES) - 0.125, 0.5, n)).astype(int)
    # Twice as many words as markers, so that each marker finds a place of its own.
    n_sentences = np.maximum(np.maximum(usual, 3), 1 + markers.sum(axis=1) // 4)
    for row in range(n):
        yield _draft(rng, world, topics[row], int(n_sentences[row]), markers[row])


def _draft(
    rng: np.random.Generator,
    world: _World,
    topic_shares: np.ndarray,
    n_sentences: int,
    n_markers: np.ndarray,
) -> _Draft:
    """Draw the sentences of one article and plant its markers."""
    lengths = rng.integers(*SENTENCE_WORDS, size=n_sentences)
    drawn = np.searchsorted(topic_shares, rng.random(n_sentences), side="right")
    topics = np.repeat(np.minimum(drawn, len(world.topic_words) - 1), lengths)
    places = np.searchsorted(world.cumulated, rng.random(len(topics)) + topics, side="right")
    words = np.minimum(places - topics * N_WORDS, N_WORDS - 1)
    shapes = _shapes(rng, lengths)
    headline = _headline(rng, words)
    _plant(rng, words, n_markers)
    return _Draft(words, shapes, topics, headline)


def _shapes(rng: np.random.Generator, lengths: np.ndarray) -> np.ndarray:
    """Say of every word if it opens a sentence (1) or a paragraph (2), or closes one (+ 3)."""
    ends = np.cumsum(lengths)
    shapes = np.zeros(ends[-1], dtype=np.int64)
    shapes[ends - lengths] = 1 + (rng.random(len(lengths)) < 0.35)
    shapes[0] = 2
    shapes[ends - 1] += 3
    return shapes


def _headline(rng: np.random.Generator, words: np.ndarray) -> np.ndarray:
    ordinary = words[words < N_WORDS]
    return ordinary[rng.integers(len(ordinary), size=rng.integers(5, 10))]


def _plant(rng: np.random.Generator, words: np.ndarray, n_markers: np.ndarray) -> None:
    """Put markers in the place of words, one in each of equal slices, never the first word."""
    frames = rng.permutation(np.repeat(np.arange(len(n_markers)), n_markers))
    if len(frames):
        width = (len(words) - 1) // len(frames)
        places = 1 + np.arange(len(frames)) * width + rng.integers(width, size=len(frames))
        marker = rng.integers(MARKERS_PER_FRAME, size=len(frames))
        words[places] = N_WORDS + frames * MARKERS_PER_FRAME + marker


def _copy(rng: np.random.Generator, source: _Draft, kind: str) -> _Draft:
    """Copy an original; only the copy called exact keeps every word and the headline."""
    if kind == "exact":
        return source
    swapped = rng.random(len(source.words)) < SYNONYMS_TAKEN[kind]
    swapped[0] = kind != "partial"  # so that every reprint differs
    swapped &= source.words < N_WORDS
    words = source.words ^ swapped  # the synonym of word 2i is 2i + 1, and the other way round
    headline = _headline(rng, words)
    end = _partial_end(rng, source.shapes) if kind == "partial" else len(words)
    return _Draft(words[:end], source.shapes[:end], source.topics[:end], headline)


def _partial_end(rng: np.random.Generator, shapes: np.ndarray) -> int:
    ends = np.flatnonzero(shapes >= 3) + 1
    return int(ends[max(int(rng.uniform(0.4, 0.8) * len(ends)), 1) - 1])


def _write(world: _World, draft: _Draft) -> _Page:
    shaped = draft.shapes * (N_WORDS + len(world.markers)) + draft.words
    text = "".join(world.spellings[shaped].tolist())[2:]
    headline = " ".join(world.words[word] for word in draft.headline).capitalize()
    frames = (draft.words[draft.words >= N_WORDS] - N_WORDS) // MARKERS_PER_FRAME
    hits = np.bincount(frames, minlength=len(world.markers) // MARKERS_PER_FRAME)
    topics = np.bincount(draft.topics, minlength=len(world.topic_words)) / len(draft.topics)
    return _Page(headline, text, hits, topics)


def _tables(
    world: _World, shares: pd.DataFrame, plan: pd.DataFrame, pages: list[_Page]
) -> Simulation:
    """Label everything by `doc_id` and put it in the order of the dates."""
    dated = plan.sort_values("doc_id")
    pages = [pages[row] for row in dated.index]
    doc_id = pd.Index(dated["doc_id"], dtype="str", name="doc_id")
    topics = pd.Index([f"topic_{k + 1}" for k in range(len(world.topic_words))], name="topic")
    hits = np.reshape([page.hits for page in pages], (len(plan), shares.shape[1]))
    topic_shares = np.reshape([page.topic_shares for page in pages], (len(plan), len(topics)))
    return Simulation(
        articles=_articles(shares, dated, pages).set_index(doc_id),
        codebook=_codebook(world, shares.columns),
        frame_shares=shares,
        hits=pd.DataFrame(hits.astype(np.int64), doc_id, shares.columns),
        stories=_stories(plan, dated),
        topic_shares=pd.DataFrame(topic_shares, doc_id, topics),
        topic_words=pd.DataFrame(world.topic_words, topics, pd.Index(world.words, name="term")),
    )


def _articles(shares: pd.DataFrame, dated: pd.DataFrame, pages: list[_Page]) -> pd.DataFrame:
    days = dated["day"].to_numpy().astype("timedelta64[D]")
    columns = {
        "outlet": pd.array(shares.index.to_numpy()[dated["outlet"]], dtype="str"),
        "date": (FIRST_DAY + days).astype("datetime64[us]"),
        "headline": pd.array([page.headline for page in pages], dtype="str"),
        "text": pd.array([page.text for page in pages], dtype="str"),
    }
    return pd.DataFrame(columns)


def _codebook(world: _World, frames: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(
        {"frame": np.repeat(frames.to_numpy(), MARKERS_PER_FRAME), "pattern": world.markers}
    )


def _stories(plan: pd.DataFrame, dated: pd.DataFrame) -> pd.DataFrame:
    """Name every article's original."""
    story = dated["source"].map(plan["doc_id"])
    copy_of = story.mask(dated["kind"] == "original")
    stories = dated[["doc_id", "kind"]].assign(story=story, copy_of=copy_of).astype("str")
    return stories.set_index("doc_id")[["story", "copy_of", "kind"]]
