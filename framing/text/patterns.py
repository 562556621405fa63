"""Match the patterns of a codebook on token ids, a block of articles at a time.

A pattern is made of *atoms*: words, or words with `*`. Atoms are matched once against the
vocabulary, as it grows; phrases and pairs are then matched on arrays of token numbers, and only
where a sentence might end inside a hit is the text itself looked at.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd

from framing.text.sentences import sentence_spans
from framing.text.tokens import Block, Encoder, Tokenizer, token_spans, tokenize

_STAND_IN = "ꙮꙮ"  # letters no article has: they hold a star's place while a pattern is tokenised
_FOREIGN = re.compile(r"[][?|^\\{}]|(?<!\.\w)\.[*+]")  # regular expressions and other globs
_PAIR = re.compile(r"^(\S+)\s+~(\d+)\s+(\S+)$")


class Pattern(NamedTuple):
    """A pattern taken apart: its atoms, the distance of a pair (0 for a phrase), and its sign."""

    atoms: tuple[str, ...]
    within: int
    cancels: bool


def parse_pattern(text: str, tokenizer: Tokenizer | None = None) -> Pattern:
    """Take a pattern apart.

    Parameters
    ----------
    text : str
        `word`, `prefix*`, `a phrase of word*`, `word1 ~5 word2`, or any of these after `!`.
    tokenizer : callable, optional
        The tokenizer of the articles. With one of the user's own, a pattern is split at white
        space and its words are compared with tokens as they are.

    Returns
    -------
    Pattern

    Raises
    ------
    ValueError
        If the pattern matches nothing or everything, in words that say why.

    Examples
    --------
    >>> parse_pattern("!war on drug*")
    Pattern(atoms=('war', 'on', 'drug*'), within=0, cancels=True)
    >>> parse_pattern("troops ~5 border").within
    5
    """
    cancels = text.startswith("!")
    body = text[1:].strip() if cancels else text.strip()
    own = tokenizer is not None and tokenizer is not tokenize
    if not own and (foreign := _FOREIGN.search(body)):
        raise ValueError(f"{foreign.group()!r} means nothing here: * is the only wildcard")
    pair = _PAIR.match(body)
    words = [pair[1], pair[3]] if pair else body.split()
    atoms = [_atoms(word, tokenizer) for word in words]
    if "~" in body and not (pair and int(pair[2]) and all(len(one) == 1 for one in atoms)):
        raise ValueError("a pair is one word on each side, as in `troops ~5 border`")
    flat = tuple(atom for one in atoms for atom in one)
    if not flat:
        raise ValueError("no token can ever match it")
    if not all(atom.strip("*") for atom in flat):
        raise ValueError("a lone * would match every token")
    return Pattern(flat, int(pair[2]) if pair else 0, cancels)


def _atoms(word: str, tokenizer: Tokenizer | None) -> list[str]:
    if tokenizer is not None and tokenizer is not tokenize:
        return [word]
    atoms = [token.replace(_STAND_IN, "*") for token in tokenize(word.replace("*", _STAND_IN))]
    if len(atoms) > 1 and atoms[-1] == "*":  # the star of `u.s.*` belongs to the acronym
        return [*atoms[:-2], atoms[-2] + "*"]
    return atoms


class Hits(NamedTuple):
    """Hits in a block: the token numbers of their two ends, and the number of their pattern."""

    first: np.ndarray
    last: np.ndarray
    pattern: np.ndarray

    def where(self, kept: np.ndarray) -> "Hits":
        """Give the hits at some places, or where a mask is true."""
        return Hits(self.first[kept], self.last[kept], self.pattern[kept])


class Matcher:
    """The patterns of a codebook, ready to be found in the blocks of one `Encoder`.

    Parameters
    ----------
    patterns : sequence of str
    frames : sequence of int
        The number of each pattern's frame.
    encoder : Encoder
    """

    def __init__(self, patterns: Sequence[str], frames: Sequence[int], encoder: Encoder) -> None:
        self.encoder = encoder
        self._frames = np.asarray(frames, dtype=np.int64)
        parsed = [parse_pattern(pattern, encoder.tokenizer) for pattern in patterns]
        self._sizes = np.array([len(pattern.atoms) for pattern in parsed], dtype=np.int64)
        self._within = np.array([pattern.within for pattern in parsed], dtype=np.int64)
        self._pair_numbers = [i for i, pattern in enumerate(parsed) if pattern.within]
        self._cancels = np.array([pattern.cancels for pattern in parsed], dtype=bool)
        self._spelling = np.array([len(pattern) for pattern in patterns], dtype=np.int64)
        self._vocabulary = _AtomTable({atom for pattern in parsed for atom in pattern.atoms})
        self._atoms = np.full((len(parsed), self._sizes.max(initial=1)), -1, dtype=np.int64)
        for i, pattern in enumerate(parsed):
            self._atoms[i, : len(pattern.atoms)] = [*map(self._vocabulary.number, pattern.atoms)]
        self._runs_from = _Rows.of(
            np.where(self._within > 0, -1, self._atoms[:, 0]), len(self._vocabulary)
        )

    def match(self, block: Block, texts: Sequence[str]) -> Hits:
        """Find the hits that count in a block, in reading order.

        Inside a frame the longest pattern wins and a token counts once. Among patterns of equal
        length one that cancels wins, then the first in the text, then the longer spelling. What a
        cancelling pattern wins is left out.
        """
        places, atoms = self._vocabulary.find(block.ids, self.encoder.terms)
        pairs = [self._pairs(places, atoms, i) for i in self._pair_numbers]
        parts = [self._runs(places, atoms), *pairs]
        hits = Hits(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        hits = hits.where(block.document_of(hits.first) == block.document_of(hits.last))
        hits = hits.where(self._in_one_sentence(hits, block, texts))
        hits = hits.where(self._winners(hits, len(block.ids)))
        hits = hits.where(~self._cancels[hits.pattern])
        return hits.where(np.lexsort((hits.pattern, hits.last, hits.first)))

    def search(self, texts: Sequence[str]) -> Iterator[tuple[slice, Block, Hits]]:
        """Go through a corpus block by block, each with its place in the corpus and its hits."""
        for place, block in self.encoder.blocks(texts):
            yield place, block, self.match(block, texts[place])

    def tables(self, texts: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Go through a corpus block by block, each with a table of its hits.

        Columns: `document`, the row of the article; `pattern`, the number of the pattern; `term`,
        the tokens matched, joined by a space (those of a pair by an ellipsis); `first`, `last`,
        token numbers inside the article.
        """
        for place, block, hits in self.search(texts):
            document = block.document_of(hits.first)
            yield pd.DataFrame(
                {
                    "document": document + place.start,
                    "pattern": hits.pattern,
                    "term": pd.Series(self._terms(block, hits), dtype=str),
                    "first": hits.first - block.offsets[document],
                    "last": hits.last - block.offsets[document],
                }
            )

    def _terms(self, block: Block, hits: Hits) -> list[str]:
        terms, ids = self.encoder.terms, block.ids.tolist()
        within = self._within[hits.pattern].tolist()
        return [
            f"{terms[ids[first]]} … {terms[ids[last]]}"
            if pair
            else " ".join(terms[id_] for id_ in ids[first : last + 1])
            for first, last, pair in zip(
                hits.first.tolist(), hits.last.tolist(), within, strict=True
            )
        ]

    def _runs(self, places: np.ndarray, atoms: np.ndarray) -> Hits:
        """Find words and phrases: an atom at each of some tokens in a row."""
        n_atoms = len(self._vocabulary)
        known = places * n_atoms + atoms  # ascending, as `find` gives them
        row, pattern = self._runs_from.look_up(atoms)
        first = places[row]
        for step in range(1, self._atoms.shape[1]):
            wanted = (first + step) * n_atoms + self._atoms[pattern, step]
            ok = (self._sizes[pattern] <= step) | _is_in(wanted, known)
            first, pattern = first[ok], pattern[ok]
        return Hits(first, first + self._sizes[pattern] - 1, pattern)

    def _pairs(self, places: np.ndarray, atoms: np.ndarray, number: int) -> Hits:
        """Pair each place of one word with the nearest of the other before it and after it."""
        one, other = (places[atoms == atom] for atom in self._atoms[number, :2])
        before = np.searchsorted(other, one, side="left") - 1
        after = np.searchsorted(other, one, side="right")
        ends = [
            np.sort(np.stack([one[ok], other[near[ok]]]), axis=0)
            for near, ok in ((before, before >= 0), (after, after < len(other)))
        ]
        first, last = np.unique(np.concatenate(ends, axis=1), axis=1)
        close = last - first <= self._within[number]
        return Hits(first[close], last[close], np.full(int(close.sum()), number))

    def _in_one_sentence(self, hits: Hits, block: Block, texts: Sequence[str]) -> np.ndarray:
        breaks = np.cumsum(block.broken)
        doubtful = np.flatnonzero(breaks[hits.last] > breaks[hits.first])
        documents = block.document_of(hits.first[doubtful])
        ok = np.ones(len(hits.first), dtype=bool)
        for document in np.unique(documents):
            rows = doubtful[documents == document]
            sentence = _sentence_numbers(texts[document], self.encoder.tokenizer)
            start = block.offsets[document]
            ok[rows] = sentence[hits.first[rows] - start] == sentence[hits.last[rows] - start]
        return ok

    def _winners(self, hits: Hits, n_tokens: int) -> np.ndarray:
        """Say which hits win their tokens: at once where no other hit wants one of them."""
        owner, cell = self._cells(hits, n_tokens)
        _, inverse, wanted = np.unique(cell, return_inverse=True, return_counts=True)
        won = np.ones(len(hits.first), dtype=bool)
        won[owner[wanted[inverse] > 1]] = False
        contested = ~won[owner]
        taken: set[int] = set()
        cells: dict[int, list[int]] = {i: [] for i in self._by_priority(hits, np.flatnonzero(~won))}
        for i, one in zip(owner[contested].tolist(), cell[contested].tolist(), strict=True):
            cells[i].append(one)
        for i, tokens in cells.items():
            won[i] = taken.isdisjoint(tokens)
            taken.update(tokens if won[i] else ())
        return won

    def _cells(self, hits: Hits, n_tokens: int) -> tuple[np.ndarray, np.ndarray]:
        """List the tokens each hit takes in its frame: all of a phrase, the two of a pair."""
        sizes = self._sizes[hits.pattern]
        owner = np.repeat(np.arange(len(sizes)), sizes)
        step = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        is_pair_end = (self._within[hits.pattern[owner]] > 0) & (step == 1)
        token = np.where(is_pair_end, hits.last[owner], hits.first[owner] + step)
        return owner, self._frames[hits.pattern[owner]] * n_tokens + token

    def _by_priority(self, hits: Hits, chosen: np.ndarray) -> list[int]:
        """Order some hits as `match` says, the strongest first."""
        pattern = hits.pattern[chosen]
        keys = (
            pattern,
            -self._spelling[pattern],
            hits.last[chosen],
            hits.first[chosen],
            ~self._cancels[pattern],
            self._within[pattern] > 0,
            -self._sizes[pattern],
        )
        return chosen[np.lexsort(keys)].tolist()


class _Rows(NamedTuple):
    """Lists of numbers, one a key, laid end to end: row k is values[ends[k] : ends[k + 1]]."""

    values: np.ndarray
    ends: np.ndarray

    @classmethod
    def of(cls, keys: np.ndarray, n_keys: int) -> "_Rows":
        """List under each key the places where it stands; keys below 0 are left out."""
        order = np.argsort(keys, kind="stable")
        order = order[keys[order] >= 0]
        return cls(order, np.searchsorted(keys[order], np.arange(n_keys + 1)))

    def look_up(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give every value of every key, with the place of its key in `keys`."""
        counts = (self.ends[1:] - self.ends[:-1])[keys]
        place = np.repeat(np.arange(len(keys)), counts)
        within = np.arange(len(place)) - np.repeat(np.cumsum(counts) - counts, counts)
        return place, self.values[self.ends[keys[place]] + within]


class _AtomTable:
    """Which atoms match which terms of the vocabulary; a term is matched once, when it is new."""

    def __init__(self, atoms: Iterable[str]) -> None:
        self._numbers = {atom: i for i, atom in enumerate(sorted(atoms))}
        self._prefixes = {a[:-1]: i for a, i in self._numbers.items() if _is_prefix(a)}
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._heads = {prefix[: self._lengths[0]] for prefix in self._prefixes}
        self._globs = [
            (re.compile(re.escape(atom).replace(r"\*", ".*")), i)
            for atom, i in self._numbers.items()
            if "*" in atom and not _is_prefix(atom)
        ]
        self._matched = _Rows(np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64))

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, atom: str) -> int:
        """Give the number of an atom."""
        return self._numbers[atom]

    def find(self, ids: np.ndarray, terms: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Give the places of tokens that match, each with an atom; both ascending."""
        values, ends = self._matched
        new = [self._matches(term) for term in terms[len(ends) - 1 :]]
        values = np.append(values, np.array([*chain.from_iterable(new)], dtype=np.int64))
        ends = np.append(ends, ends[-1] + np.cumsum([*map(len, new)], dtype=np.int64))
        self._matched = _Rows(values, ends)
        some = np.flatnonzero((ends[1:] > ends[:-1])[ids])
        row, atoms = self._matched.look_up(ids[some])
        return some[row], atoms

    def _matches(self, term: str) -> Sequence[int]:
        """Match one term; a word also matches its possessive."""
        found: list[int] = []
        if self._lengths and term[: self._lengths[0]] in self._heads:  # few terms get past this
            starts = {term[:n] for n in self._lengths}
            found = [self._prefixes[start] for start in starts if start in self._prefixes]
        for word in (term, term[:-2]) if term[-2:] == "'s" else (term,):
            if word in self._numbers:
                found.append(self._numbers[word])
        if self._globs:
            found += [i for pattern, i in self._globs if pattern.fullmatch(term)]
        return sorted(found) if found else ()  # no list for each of the many that match nothing


def _is_prefix(atom: str) -> bool:
    return atom.find("*") == len(atom) - 1


def _is_in(wanted: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Say which numbers stand in an ascending array."""
    if not len(known):
        return np.zeros(len(wanted), dtype=bool)
    place = np.searchsorted(known, wanted)
    return known[np.minimum(place, len(known) - 1)] == wanted


def _sentence_numbers(text: str, tokenizer: Tokenizer | None) -> np.ndarray:
    starts = [start for start, _ in sentence_spans(text)]
    return np.searchsorted(starts, [start for start, _ in token_spans(text, tokenizer)], "right")
