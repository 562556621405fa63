"""Find copies: articles that repeat an earlier article, word for word or in other words.

Articles are put in the order of their dates, and each looks back at most `within`. It is compared
only with articles that share some of its 5-word runs or of its rarest words, so no table of all
pairs is ever made; what is reported is then computed exactly on those few.
"""

import re
import warnings
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from framing.corpus.callers import callers_level
from framing.corpus.checks import require_text
from framing.text.tokens import Encoder, Tokenizer

if TYPE_CHECKING:
    from IPython.display import HTML

COLUMNS = ["story", "copy_of", "similarity", "kind"]
RUN = 5  # words in a run
FEWEST_WORDS = 20  # shorter texts are only ever exact copies
FEWEST_REWORDED = 50
SAME_TEXT = 0.5  # share of all runs of two articles that makes one a reprint
SHARED, HELD = 0.2, 0.5  # least share of all runs, or of those of the shorter text, of a part
CUT_LENGTH, CUT_SHARE = 0.8, 0.95  # a shorter text that stands wholly in the longer is a cut
N_RAREST = 32  # words of each article by which rewordings are looked for
FEWEST_RARE = 4  # of these that two articles must share to be compared
MOST_EARLIER = 30  # articles looked at for one run or word, the earliest of the window
BATCH = 4_000_000  # pairs counted at once
UNDATED = np.iinfo(np.int64).max

_MIX = np.uint64(0x9E3779B97F4A7C15)
_PIECE = re.compile(r"\S+\s*")
_STYLE = (
    "<style>.copies td,.copies th{font-family:serif;text-align:left;vertical-align:top;width:50%;"
    "padding:4px 12px}.copies td{white-space:pre-wrap}.copies del{background:#fbe3d6;"
    "text-decoration:underline dotted}.copies ins{background:#dceaf7;font-weight:bold;"
    "text-decoration:none}</style>"
)
_SAMPLE = np.uint64(62)  # a run is looked up if the two highest bits of its hash are zero: 1 in 4


def find_copies(
    articles: pd.DataFrame,
    *,
    threshold: float = 0.35,
    within: str | pd.Timedelta | None = "3D",
    tokenizer: Tokenizer | None = None,
) -> pd.DataFrame:
    r"""Find which articles repeat an earlier one, in the same outlet or another.

    Parameters
    ----------
    articles : pandas.DataFrame
        Index `doc_id`, columns `text` and `date`. Take page furniture out first
        (`drop_boilerplate`): lines that all pages share make articles look alike.
    threshold : float
        Least similarity of a copy, above 0 and up to 1.
    within : str or pandas.Timedelta, optional
        How long after an article a copy may appear, e.g. "3D"; None: at any time.
    tokenizer : callable, optional
        A tokenizer of your own, `str -> list of str`.

    Returns
    -------
    pandas.DataFrame
        Index `doc_id`, one row an article in the order of `articles`, so that
        `articles.join(copies)` works.

        story : `doc_id` of the article that the chain of copies goes back to; its own for an
            original
        copy_of : `doc_id` of the earlier article that is repeated, missing for an original
        similarity : from `threshold` to 1, missing for an original; see Notes
        kind : original, exact, reprint, partial or reworded

    Raises
    ------
    ValueError
        If articles have no text, or an argument is out of range.
    TypeError
        If `date` does not hold dates.

    Warns
    -----
    UserWarning
        If articles have no date. They count as printed last and are compared with all articles.

    Notes
    -----
    An article is the copy of the article before it (by date, then `doc_id`) that it is most like.
    A story is a chain of copies, not an event; a chain may last longer than `within`. Nobody can
    see in two texts who wrote first: where both have the same date, or both took from a third, the
    direction is a convention.

    With A and B the sets of 5-word runs of two articles (Broder 1997, Proceedings of Compression
    and Complexity of SEQUENCES, 21-29):

    exact : the same words in the same order, whatever the case and punctuation; similarity 1
    reprint : :math:`|A \cap B| / |A \cup B|` is at least .5
    partial : :math:`|A \cap B| / \min(|A|, |B|)` is at least `threshold`, and either that is at
        least .5 or the measure of a reprint at least .2. A cut is partial too: a text less than .8
        as long as the other, which has at least .95 of its runs
    reworded : :math:`2 H / (W_A + W_B)` is at least `threshold` and none of the above. Every
        different word of an article weighs :math:`\log(1 + N / n)`, where n of N articles have
        it; W is the weight of them all, and H that of the heaviest set of shared words that come
        in the same order in both (each taken where it first stands)

    Texts of fewer than 20 words are only ever exact copies, of fewer than 50 never reworded.

    Exact, reprinted and partial copies rest on runs of words that two people seldom write by
    chance; long quotations of one speech, and lines an outlet prints under every article, are the
    exceptions. **Rewordings are a judgement**: two reporters in one court room also write the same
    names and numbers in the same order. The threshold stands in the gap found in half of the
    stories of the teaching corpus (`load_sample`): its rewordings are at .41 and above, all other
    articles within 3 days at .20 and below. In the other half it finds 12 of 12 rewordings with no
    false alarm, as do all thresholds from .25 to .4; .2 gives 1 false alarm, .45 misses 1, .5
    misses 4. Real news is harder. Among 804 reports of one war, 8 are called reworded: by their
    openings 6 retell or update one report and 2 only share a desk's phrases (at .2 there are 41).
    Among 2,833 articles on immigration 53 are: of 23 drawn, 19 are one report in two editions of
    an outlet, 4 were written by two outlets about one hearing or study. Read some before you
    count them.

    Candidates share at least 4 of their 32 rarest words, or some of a sample of a quarter of their
    runs, and the earliest 30 articles of the window are looked at for each; all else is exact. Time
    and memory grow with the articles and the copies among them, not with their square (100,000
    simulated articles: 31 s). With `within=None` and tens of thousands of articles hardly a word is
    rare, and rewordings are missed: of those simulated among 20,000 articles, three in five.

    Examples
    --------
    >>> wire = "The envoy left the northern capital at dawn after four days of talks " * 3
    >>> articles = pd.DataFrame(
    ...     {"date": pd.to_datetime(["2031-03-03", "2031-03-04", "2031-03-04"]),
    ...      "text": [wire, wire.upper(), "Oil rose."]},
    ...     index=pd.Index(["a1", "a2", "a3"], name="doc_id"))
    >>> find_copies(articles)
           story copy_of  similarity      kind
    doc_id
    a1        a1     NaN         NaN  original
    a2        a1      a1         1.0     exact
    a3        a3     NaN         NaN  original
    """
    texts = require_text(articles)["text"]
    reach = _check_arguments(threshold, within)
    moments = _moments(articles)
    _warn_of_undated(moments, reach)
    order = np.lexsort((pd.factorize(texts.index.astype(str), sort=True)[0], moments))
    reader = _Reader(texts.iloc[order].tolist(), tokenizer)
    if texts.empty:
        return _table(texts.index, {})
    links = _run_links(reader, moments[order], reach, threshold)
    links |= _word_links(reader, moments[order], reach, threshold, links)
    return _table(texts.index[order], links).reindex(texts.index)


def show_copies(articles: pd.DataFrame, a: str, b: str) -> "HTML":
    """Show two articles side by side in a notebook, what differs marked.

    Parameters
    ----------
    articles : pandas.DataFrame
        Index `doc_id`, column `text`; `outlet`, `date` and `headline` are shown when known.
    a, b : str
        `doc_id` of the article on the left and on the right.

    Returns
    -------
    IPython.display.HTML
        Words that only the left article has are underlined with dots, words that only the right
        one has are bold; both are shaded. Everything that comes from an article is escaped.

    Raises
    ------
    KeyError
        If there is no such article.

    Notes
    -----
    Words are compared as printed, by longest matching blocks (`difflib.SequenceMatcher`).

    Examples
    --------
    >>> articles = pd.DataFrame({"text": ["The war began.", "The <b>strike</b> began."]},
    ...                         index=["a1", "a2"])
    >>> html = show_copies(articles, "a1", "a2").data
    >>> "<del>war</del>" in html, "<ins>&lt;b&gt;strike&lt;/b&gt;</ins>" in html
    (True, True)
    """
    from IPython.display import HTML

    require_text(articles)
    unknown = [name for name in (a, b) if name not in articles.index]
    if unknown:
        raise KeyError(f"No article {' and no article '.join(map(repr, unknown))} in `articles`.")
    left, right = (_PIECE.findall(str(articles.loc[name, "text"])) for name in (a, b))
    bodies = "".join(f"<td>{text}</td>" for text in _marked(left, right))
    heads = "".join(f"<th>{_heading(articles.loc[[name]])}</th>" for name in (a, b))
    return HTML(f'{_STYLE}<table class="copies"><tr>{heads}</tr><tr>{bodies}</tr></table>')


class _Keys(NamedTuple):
    """What articles may have in common: numbers, and the rank of the article that has each."""

    keys: np.ndarray
    ranks: np.ndarray

    def sorted(self) -> "_Keys":
        """Sort by key, then rank; a key counts once an article."""
        order = np.lexsort((self.ranks, self.keys))
        keys, ranks = self.keys[order], self.ranks[order]
        new = np.ones(len(keys), dtype=bool)
        new[1:] = (keys[1:] != keys[:-1]) | (ranks[1:] != ranks[:-1])
        return _Keys(keys[new], ranks[new])


class _Link(NamedTuple):
    """One article as the copy of an earlier one; both are ranks in reading order."""

    strength: float
    earlier: int
    similarity: float
    kind: str

    @property
    def order(self) -> tuple[float, int]:
        return self.strength, -self.earlier


class _Reader:
    """All articles as token ids, in reading order."""

    def __init__(self, texts: Sequence[str], tokenizer: Tokenizer | None) -> None:
        encoder = Encoder(tokenizer)
        blocks = [block for _, block in encoder.blocks(texts)]
        self.ids = np.concatenate([block.ids for block in blocks])
        self.lengths = np.concatenate([np.diff(block.offsets) for block in blocks])
        self.offsets = np.append(0, np.cumsum(self.lengths))
        self.folded = _without_possessive(encoder.terms)
        self.weights = np.zeros(len(encoder.terms))
        self.runs = lru_cache(maxsize=20_000)(self._runs)
        self.words = lru_cache(maxsize=20_000)(self._words)

    def tokens(self, rank: int) -> np.ndarray:
        return self.ids[self.offsets[rank] : self.offsets[rank + 1]]

    def _runs(self, rank: int) -> np.ndarray:
        """Give the different runs of an article, sorted."""
        tokens = self.tokens(rank)
        return _distinct(_hash_runs(tokens, np.array([0, len(tokens)]))[0])

    def _words(self, rank: int) -> tuple[np.ndarray, np.ndarray, float]:
        """Give the different words of an article, where each first stands, and their weight."""
        words, places = np.unique(self.folded[self.tokens(rank)], return_index=True)
        return words, places, float(self.weights[words].sum())

    def blocks(self) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """Yield articles by the thousand: first rank, token ids, offsets."""
        for first in range(0, len(self.offsets) - 1, 1000):
            offsets = self.offsets[first : first + 1001]
            yield first, self.ids[offsets[0] : offsets[-1]], offsets - offsets[0]


def _distinct(numbers: np.ndarray) -> np.ndarray:
    """Sort numbers and keep one of each; faster here than `numpy.unique`, which hashes."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]


def _without_possessive(terms: list[str]) -> np.ndarray:
    """Give each term its own number, or that of the same word without 's."""
    numbers = {term: number for number, term in enumerate(terms)}
    bare = (numbers.get(term.removesuffix("'s"), own) for term, own in numbers.items())
    return np.fromiter(bare, dtype=np.int64, count=len(terms))


def _hash_runs(ids: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hash every run of `RUN` words to 64 bits; a shorter text is one run.

    Returns the hashes, the number of the text of each, and which are the first of their text.
    """
    lengths = np.diff(offsets)
    counts = np.where(lengths, np.maximum(lengths - RUN + 1, 1), 0)
    texts = np.repeat(np.arange(len(lengths)), counts)
    steps = np.arange(len(texts)) - np.repeat(np.cumsum(counts) - counts, counts)
    starts, ends = offsets[texts] + steps, offsets[texts + 1]
    padded = np.append(ids.astype(np.uint64) + np.uint64(1), np.zeros(RUN, dtype=np.uint64))
    hashes = np.zeros(len(texts), dtype=np.uint64)
    for step in range(RUN):
        token = np.where(starts + step < ends, padded[starts + step], np.uint64(0))
        hashes = (hashes ^ token) * _MIX
        hashes ^= hashes >> np.uint64(29)
    return hashes, texts, steps == 0


def _run_keys(reader: _Reader) -> _Keys:
    """Give a sample of every article's runs: its first, and a quarter of the others."""
    keys, ranks = [], []
    for first, ids, offsets in reader.blocks():
        hashes, texts, opening = _hash_runs(ids, offsets)
        sampled = opening | (hashes >> _SAMPLE == 0)
        keys.append(hashes[sampled])
        ranks.append(first + texts[sampled])
    return _Keys(np.concatenate(keys), np.concatenate(ranks)).sorted()


def _word_keys(reader: _Reader) -> _Keys:
    """Weigh all words by how few articles have them, and give the rarest of each article."""
    n_words = len(reader.weights)
    found = [_Keys(*_different(reader, *block)) for block in reader.blocks()]
    n_articles = np.bincount(np.concatenate([part.keys for part in found]), minlength=n_words)
    reader.weights[:] = np.log1p((len(reader.offsets) - 1) / np.maximum(n_articles, 1))
    by_rarity = np.argsort(n_articles, kind="stable")
    rarity = np.empty(n_words, dtype=np.int64)
    rarity[by_rarity] = np.arange(n_words)
    rarest = [_rarest(part, rarity, n_articles) for part in found]
    keys, ranks = (np.concatenate(parts) for parts in zip(*rarest, strict=True))
    return _Keys(by_rarity[keys], ranks).sorted()


def _different(
    reader: _Reader, first: int, ids: np.ndarray, offsets: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the different words of some articles, and the rank of the article of each."""
    texts = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    pairs = _distinct(texts * len(reader.weights) + reader.folded[ids])
    texts, words = np.divmod(pairs, max(len(reader.weights), 1))
    return words.astype(np.int32), (first + texts).astype(np.int32)


def _rarest(part: _Keys, rarity: np.ndarray, n_articles: np.ndarray) -> tuple[np.ndarray, ...]:
    """Keep the rarest words of each article that also stand in another."""
    shared = n_articles[part.keys] > 1
    ranks = part.ranks[shared].astype(np.int64)
    pairs = np.sort(ranks * len(rarity) + rarity[part.keys[shared]])
    ranks, keys = np.divmod(pairs, max(len(rarity), 1))
    kept = np.arange(len(ranks)) - np.searchsorted(ranks, ranks) < N_RAREST
    return keys[kept], ranks[kept]


def _candidates(
    found: _Keys, moments: np.ndarray, reach: int | None
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield pairs of articles that share keys: later rank, earlier rank, number of shared keys."""
    keys, ranks = found
    lowest = _window_starts(keys, moments[ranks], reach)
    counts = np.minimum(np.arange(len(keys)) - lowest, MOST_EARLIER)
    later = np.argsort(ranks, kind="stable")
    later = later[counts[later] > 0]
    batches = np.cumsum(counts[later]) // BATCH
    # An article is never cut in two, or its shared keys would be counted in two parts.
    opening = np.flatnonzero(np.diff(ranks[later], prepend=-1))
    batches = np.repeat(batches[opening], np.diff(np.append(opening, len(later))))
    for batch in np.unique(batches):
        chosen = later[batches == batch]
        yield _count_shared(chosen, lowest[chosen], counts[chosen], ranks, len(moments))


def _window_starts(keys: np.ndarray, moments: np.ndarray, reach: int | None) -> np.ndarray:
    """Say for each key, sorted and by date, where those it may be matched with start."""
    groups = np.cumsum(np.diff(keys, prepend=keys[:1]) != 0)
    starts = np.searchsorted(groups, groups)
    dated = moments != UNDATED
    if reach is None or not dated.any():
        return starts
    first, last = moments[dated].min(), moments[dated].max()
    span = last - first + 2
    codes = groups * span + np.where(dated, moments - first, span - 1)
    within = np.searchsorted(codes, codes - min(reach, span))
    return np.where(dated, np.maximum(starts, within), starts)


def _count_shared(
    chosen: np.ndarray, lowest: np.ndarray, counts: np.ndarray, ranks: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    earlier = ranks[np.repeat(lowest, counts) + steps].astype(np.int64)
    pairs = np.repeat(ranks[chosen].astype(np.int64), counts) * n + earlier
    pairs, shared = np.unique(pairs, return_counts=True)
    return (*np.divmod(pairs, n), shared)


def _same_runs(reader: _Reader, later: int, earlier: int, threshold: float) -> _Link | None:
    """Compare the runs of two articles."""
    tokens = reader.tokens(later), reader.tokens(earlier)
    if np.array_equal(*tokens):
        return _Link(1.0, earlier, 1.0, "exact")
    runs = reader.runs(later), reader.runs(earlier)
    n_both = len(np.intersect1d(*runs, assume_unique=True))
    shorter, longer = sorted(map(len, runs))
    held, jaccard = n_both / shorter, n_both / (shorter + longer - n_both)
    is_close = held >= HELD or jaccard >= SHARED
    if held < threshold or not is_close or min(map(len, tokens)) < FEWEST_WORDS:
        return None
    is_cut = held >= CUT_SHARE and shorter < CUT_LENGTH * longer
    if jaccard >= max(threshold, SAME_TEXT) and not is_cut:
        return _Link(held, earlier, jaccard, "reprint")
    return _Link(held, earlier, held, "partial")


def _same_order(reader: _Reader, later: int, earlier: int, threshold: float) -> _Link | None:
    """Compare the words of two articles, and the order in which they come."""
    (words, places, weight), (others, other_places, other_weight) = map(
        reader.words, (later, earlier)
    )
    both, at, other_at = np.intersect1d(words, others, assume_unique=True, return_indices=True)
    weights, total = reader.weights[both], weight + other_weight
    if 2 * weights.sum() < threshold * total:
        return None
    reading = np.argsort(places[at])
    chain = _heaviest_chain(other_places[other_at][reading].tolist(), weights[reading].tolist())
    similarity = 2 * chain / total
    return _Link(similarity, earlier, similarity, "reworded") if similarity >= threshold else None


def _heaviest_chain(places: list[int], weights: list[float]) -> float:
    """Give the weight of the heaviest rising subsequence of places.

    `ends` are places where a chain may end, rising, and `sums` the weight of the heaviest chain
    up to each, rising too: an end that no longer pays is taken out.
    """
    ends: list[int] = []
    sums: list[float] = []
    for place, weight in zip(places, weights, strict=True):
        start = bisect_left(ends, place)
        total = weight + (sums[start - 1] if start else 0.0)
        stop = start
        while stop < len(ends) and sums[stop] <= total:
            stop += 1
        ends[start:stop], sums[start:stop] = [place], [total]
    return sums[-1] if sums else 0.0


def _check_arguments(threshold: float, within: str | pd.Timedelta | None) -> int | None:
    """Give the reach of the window in seconds."""
    problems = []
    if not 0 < threshold <= 1:
        problems.append(f"threshold={threshold!r}: give a similarity above 0, up to 1, e.g. 0.35.")
    reach = None
    try:
        reach = None if within is None else pd.Timedelta(within)
    except ValueError:
        problems.append(f"within={within!r} is no length of time: write '3D' or '36h'.")
    if isinstance(within, int | float):
        problems.append(f"within={within!r} has no unit: write '{within}D' for days.")
    if reach is not None and not reach >= pd.Timedelta(0):
        problems.append(f"within={within!r}: a copy comes after, so give 0 or more, or None.")
    if problems:
        raise ValueError("\n".join(problems))
    return None if reach is None else int(reach.total_seconds())


def _moments(articles: pd.DataFrame) -> np.ndarray:
    """Give the date of every article in seconds, `UNDATED` where it is missing."""
    if "date" not in articles:
        return np.full(len(articles), UNDATED)
    dates = articles["date"]
    if not pd.api.types.is_datetime64_dtype(dates):
        raise TypeError(
            f"'date' is {dates.dtype}, not plain dates. Read it: "
            "articles.assign(date=pd.to_datetime(articles['date'], errors='coerce'))"
        )
    seconds = dates.to_numpy().astype("datetime64[s]").astype(np.int64)
    return np.where(dates.isna(), UNDATED, seconds)


def _warn_of_undated(moments: np.ndarray, reach: int | None) -> None:
    n_undated = int((moments == UNDATED).sum())
    if n_undated and reach is not None:
        warnings.warn(
            f"{n_undated} of {len(moments)} articles have no date: they count as printed last and "
            "are compared with all articles, whatever `within` says.",
            stacklevel=callers_level(),
        )


def _run_links(
    reader: _Reader, moments: np.ndarray, reach: int | None, threshold: float
) -> dict[int, _Link]:
    """Link every article that shares enough runs with an earlier one."""
    found = _run_keys(reader)
    n_keys = np.bincount(found.ranks, minlength=len(moments))
    links: dict[int, _Link] = {}
    for later, earlier, shared in _candidates(found, moments, reach):
        # The keys are a sample: a third of the threshold lets all pass that may reach it.
        enough = shared >= np.minimum(n_keys[later], n_keys[earlier]) * threshold / 3
        pairs = zip(later[enough].tolist(), earlier[enough].tolist(), strict=True)
        for pair in pairs:
            _keep_best(links, pair[0], _same_runs(reader, *pair, threshold))
    return links


def _word_links(
    reader: _Reader,
    moments: np.ndarray,
    reach: int | None,
    threshold: float,
    linked: Collection[int],
) -> dict[int, _Link]:
    """Link every other article whose words come in the order of an earlier one."""
    links: dict[int, _Link] = {}
    open_ = reader.lengths >= FEWEST_REWORDED
    is_open = open_ & ~np.isin(np.arange(len(moments)), list(linked))
    for later, earlier, shared in _candidates(_word_keys(reader), moments, reach):
        enough = (shared >= FEWEST_RARE) & is_open[later] & open_[earlier]
        pairs = zip(later[enough].tolist(), earlier[enough].tolist(), strict=True)
        for pair in pairs:
            _keep_best(links, pair[0], _same_order(reader, *pair, threshold))
    return links


def _keep_best(links: dict[int, _Link], later: int, link: _Link | None) -> None:
    """Keep the strongest link of an article, the earliest of equal ones."""
    best = links.get(later)
    if link is not None and (best is None or link.order > best.order):
        links[later] = link


def _table(doc_ids: pd.Index, links: dict[int, _Link]) -> pd.DataFrame:
    """Name articles by doc_id; a copy belongs to the story of what it copies."""
    later = np.array(sorted(links), dtype=np.int64)
    earlier = np.array([links[rank].earlier for rank in later.tolist()], dtype=np.int64)
    story = np.arange(len(doc_ids))
    for copy, source in zip(later.tolist(), earlier.tolist(), strict=True):
        story[copy] = story[source]
    found = [links[rank] for rank in later.tolist()]
    columns = {
        "copy_of": pd.Series(doc_ids[earlier], doc_ids[later]),
        "similarity": pd.Series([link.similarity for link in found], doc_ids[later], dtype=float),
        "kind": pd.Series([link.kind for link in found], doc_ids[later], dtype="str"),
    }
    table = pd.DataFrame({"story": doc_ids[story]}, index=doc_ids.rename("doc_id"))
    table = table.assign(**{name: column.reindex(doc_ids) for name, column in columns.items()})
    return table.fillna({"kind": "original"})[COLUMNS]


def _heading(article: pd.DataFrame) -> str:
    """Give doc_id, outlet and day of one article, and the headline under it, escaped."""
    known = article.reindex(columns=["outlet", "date", "headline"]).iloc[0]
    day = f"{known['date']:%Y-%m-%d}" if isinstance(known["date"], pd.Timestamp) else ""
    outlet, headline = (
        escape(known[name]) if isinstance(known[name], str) else ""
        for name in ("outlet", "headline")
    )
    return f"{escape(str(article.index[0]))} {outlet} {day}<br>{headline}"


def _marked(left: list[str], right: list[str]) -> tuple[str, str]:
    """Write both texts out, words that differ marked."""
    words = [[piece.strip() for piece in side] for side in (left, right)]
    texts = ["", ""]
    for change, *ends in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        for side, (pieces, tag) in enumerate(((left, "del"), (right, "ins"))):
            written = "".join(pieces[ends[2 * side] : ends[2 * side + 1]])
            texts[side] += escape(written) if change == "equal" else _tagged(written, tag)
    return texts[0], texts[1]


def _tagged(written: str, tag: str) -> str:
    """Mark words, but not the white space after the last."""
    words = written.rstrip()
    return f"<{tag}>{escape(words)}</{tag}>{written[len(words) :]}" if words else written
