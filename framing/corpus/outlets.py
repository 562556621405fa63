"""Outlets by name and by rhythm: names that look like one outlet, and days without articles."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from framing.corpus.flags import far_dates
from framing.corpus.groups import group_keys
from framing.corpus.months import fold

LEADING = (
    "the",
    "le",
    "la",
    "les",
    "el",
    "los",
    "las",
    "die",
    "der",
    "das",
    "il",
    "lo",
    "het",
    "de",
)
ADDRESS = re.compile(r"(?:https?://)?((?:[\w-]{2,63}\.)+[a-z]{2,24})(?:/\S*)?")
SAME_SITE = frozenset({"www", "m", "amp", "mobile", "edition", "news", "blogs"})
SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "or", "org"})  # co.uk, com.au
IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
MIN_REST = 4  # letters after an article that is written together with the name: theguardian
INITIALS = re.compile(r"[A-Z]{3,6}")


def fold_outlets(articles: pd.DataFrame) -> pd.DataFrame:
    """Propose one name for outlet names that look like one outlet; the user decides.

    Parameters
    ----------
    articles : DataFrame
        Articles with `outlet`.

    Returns
    -------
    DataFrame
        One row a name, names of one outlet below each other: `raw`, `proposed`, `n` (articles) and
        `why` ("" where the name stays).

    Raises
    ------
    KeyError
        If there is no column `outlet`.

    Notes
    -----
    Names are brought together when they have the same letters and digits (case, accents, spaces and
    marks aside; & is and); one is the web address of the other; they differ by a leading article
    (The, Le, El, Die …) or by a place in brackets behind the name; or one is the initials of the
    other. An address, an article, a place or initials that would fit several outlets fit none. The
    proposed name is the one that looks most like print: capitals and spaces before the number of
    articles. Abbreviations and other names of one outlet that only a reader knows (Mail Online for
    the Daily Mail) are not found.

    Nothing is changed. Look at the table, correct `proposed`, and apply it:
    `articles.assign(outlet=articles["outlet"].map(names.set_index("raw")["proposed"]))`.

    Examples
    --------
    >>> outlets = ["The Guardian", "theguardian", "guardian.co.uk", "Guardian (London)", "Star"]
    >>> fold_outlets(pd.DataFrame({"outlet": outlets}))
                     raw      proposed  n                why
    0               Star          Star  1
    1       The Guardian  The Guardian  1
    2  Guardian (London)  The Guardian  1  place in brackets
    3     guardian.co.uk  The Guardian  1        web address
    4        theguardian  The Guardian  1       same letters
    """
    if "outlet" not in articles:
        raise KeyError(f"There is no column 'outlet' in: {', '.join(map(str, articles.columns))}")
    n = articles["outlet"].astype("str").value_counts()
    rows = []
    for group in _groups(list(n.index)):
        name = max(group, key=lambda raw: (*_looks_printed(raw), int(n[raw]), raw))
        others = sorted(raw for raw in group if raw != name)
        rows += [(raw, name, int(n[raw]), _why(raw, name)) for raw in (name, *others)]
    table = pd.DataFrame(rows, columns=["raw", "proposed", "n", "why"])
    typed = table.astype({"raw": "str", "proposed": "str", "n": "int64", "why": "str"})
    return typed.sort_values("proposed", kind="stable", ignore_index=True)


def propose_names(outlet: pd.Series) -> dict[str, str]:
    """Map each name of an outlet to the proposed one.

    Examples
    --------
    >>> propose_names(pd.Series(["BBC", "bbc", None]))
    {'BBC': 'BBC', 'bbc': 'BBC'}
    """
    proposal = fold_outlets(outlet.rename("outlet").to_frame())
    return dict(zip(proposal["raw"], proposal["proposed"], strict=True))


def _groups(names: list[str]) -> list[list[str]]:
    """Names of one outlet together, in the order of their first."""
    keys = _keys(names)
    root = {key: key for key in keys.values()}
    for one, other in (*_by_bracket(names, keys), *_by_article(names, keys), *_by_initials(names)):
        first, second = (_root_of(root, keys.get(name, name)) for name in (one, other))
        root[second] = first
    groups = defaultdict(list)
    for name in names:
        groups[_root_of(root, keys[name])].append(name)
    return list(groups.values())


def _root_of(root: dict[str, str], key: str) -> str:
    while root.setdefault(key, key) != key:
        key = root[key]
    return key


def _keys(names: list[str]) -> dict[str, str]:
    """The letters of each name; of an address, the site's, unless two sites would share them."""
    sites = {name: site for name in names if (site := site_of(name))}
    owners = defaultdict(set)
    for site in sites.values():
        owners[site.partition(".")[0]].add(site)
    return {name: _key(name, sites.get(name), owners) for name in names}


def _key(name: str, site: str | None, owners: dict[str, set[str]]) -> str:
    if site is None:
        return letters(name)
    label = site.partition(".")[0]
    return letters(label) if len(owners[label]) == 1 else site


def letters(name: str) -> str:
    """Reduce a name to its letters and digits, without case and accents.

    Examples
    --------
    >>> letters("The Póst & Courier"), letters("???")
    ('thepostandcourier', '???')
    """
    bare = "".join(sign for sign in fold(name.replace("&", " and ")) if sign.isalnum())
    return bare or name


def site_of(name: str) -> str:
    """Find the site of a web address, or nothing in any other name.

    Examples
    --------
    >>> site_of("https://www.guardian.co.uk/world"), site_of("tv.blog.org"), site_of("The Sun")
    ('guardian.co.uk', 'tv.blog.org', '')
    """
    found = ADDRESS.fullmatch(name.strip().casefold())
    if not found:
        return ""
    parts = found[1].split(".")
    suffix = 2 if len(parts) > 2 and parts[-2] in SECOND_LEVEL and len(parts[-1]) == 2 else 1
    while len(parts) > suffix + 1 and parts[0] in SAME_SITE:
        parts = parts[1:]
    return ".".join(parts)


Pair = tuple[str, str]  # two names, or keys of names, of what looks like one outlet


def _by_bracket(names: list[str], keys: dict[str, str]) -> Iterator[Pair]:
    """Guardian (London) is the Guardian, unless there is another Guardian in brackets."""
    places = defaultdict(set)
    for name in names:
        if short := _without_bracket(name):
            places[letters(short)].add(keys[name])
    yield from ((base, found.pop()) for base, found in places.items() if len(found) == 1)


def _without_bracket(name: str) -> str:
    short = IN_BRACKETS.sub("", name)
    return short if short != name else ""


def _by_article(names: list[str], keys: dict[str, str]) -> Iterator[Pair]:
    """The Guardian is Guardian, unless it might as well be Le Guardian."""
    known = {*keys.values(), *(letters(short) for n in names if (short := _without_bracket(n)))}
    with_article = defaultdict(set)
    for name in names:
        short = _without_article(IN_BRACKETS.sub("", name))
        if short in known:
            with_article[short].add(letters(IN_BRACKETS.sub("", name)))
    for key in {keys[name] for name in names if " " not in name}:
        for short in (key.removeprefix(article) for article in LEADING if key.startswith(article)):
            if len(short) >= MIN_REST and short in known:
                with_article[short].add(key)
    pairs = ((short, found.pop()) for short, found in with_article.items() if len(found) == 1)
    yield from sorted(pairs)


def _without_article(name: str) -> str:
    first, *rest = re.split(r"[\s'’]+", fold(name).strip(), maxsplit=1)
    return letters(rest[0]) if rest and first in (*LEADING, "l") else ""


def _by_initials(names: list[str]) -> Iterator[Pair]:
    """NYT is The New York Times, unless it fits two names that differ by more than spelling."""
    full: dict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        for initials in initials_of(name):
            full[initials].setdefault(letters(name).removeprefix("the"), name)
    for name in names:
        if INITIALS.fullmatch(name) and len(full.get(name, {})) == 1:
            yield next(iter(full[name].values())), name


def initials_of(name: str) -> set[str]:
    """List the initials of a name of several words, with its leading article and without.

    Examples
    --------
    >>> sorted(initials_of("The New York Times"))
    ['NYT', 'TNYT']
    """
    words = [word for word in re.findall(r"[^\W\d_]+", name) if word[0].isupper()]
    initials = "".join(word[0] for word in words)
    short = initials[1:] if words and words[0].casefold() in LEADING else initials
    return {found for found in (initials, short) if len(words) > 1}


def _looks_printed(name: str) -> tuple[int, ...]:
    capital = any(sign.isupper() for sign in name)
    mixed = " " in name and capital and any(sign.islower() for sign in name)
    plain = not site_of(name), not name.startswith("www."), not _without_bracket(name)
    return *plain, -name.count(".") * bool(site_of(name)), capital, " " in name, mixed


def _why(raw: str, name: str) -> str:
    if raw == name:
        return ""
    if letters(raw) == letters(name):
        return "same letters"
    if site_of(raw) or site_of(name):
        return "web address"
    if _without_bracket(raw) or _without_bracket(name):
        return "place in brackets"
    return "initials" if INITIALS.fullmatch(raw) and raw in initials_of(name) else "leading article"


def find_gaps(
    articles: pd.DataFrame, by: str | Sequence[str] = "outlet", *, at_most: float = 0.05
) -> pd.DataFrame:
    """Find stretches of days without articles that do not fit an outlet's rhythm.

    Parameters
    ----------
    articles : DataFrame
        Articles with `date`; undated ones do not count.
    by : str or list of str, default "outlet"
        Columns that say whose rhythm it is.
    at_most : float, default 0.05
        Report a gap when fewer than this many gaps as long would be expected by chance.

    Returns
    -------
    DataFrame
        The columns of `by`, `start`, `end` (the first and last day without articles), `n_days` and
        `expected`, sorted by group and day. Empty when every gap fits.

    Raises
    ------
    KeyError
        If `by` names no column, or there is no `date`.
    ValueError
        If `at_most` is not above 0.

    Notes
    -----
    The span is that of all articles together, dates far from the others aside, so that an outlet
    that begins late or ends early shows as well. On each weekday an outlet has articles with the
    share (k + ½) / (n + 1), k of its n such weekdays having any; days are taken as independent, and
    a gap of given days as likely as the product of their shares without articles. `expected` is
    that, times the number of gaps there are room for: days with articles and one. A Sunday paper
    has no gap from Monday to Saturday. An outlet that follows an event and falls silent with it is
    reported too: whether a gap is news or a lost file is for the reader to say.

    Examples
    --------
    >>> days = pd.date_range("2031-03-03", periods=60)
    >>> articles = pd.DataFrame({"outlet": "Herald", "date": days.delete(range(20, 27))})
    >>> find_gaps(articles).drop(columns="expected")
       outlet      start        end  n_days
    0  Herald 2031-03-23 2031-03-29       7
    """
    if not at_most > 0:
        raise ValueError(f"at_most is {at_most}, not a number above 0.")
    if "date" not in articles:
        raise KeyError("There is no column 'date' to find gaps in.")
    keys = group_keys(articles, by)
    date = pd.to_datetime(articles["date"]).dt.normalize()
    usual = date.notna() & ~far_dates(date, pd.Series("", index=date.index))
    span = pd.DatetimeIndex(date[usual]).sort_values()
    span = pd.date_range(span[0], span[-1]) if len(span) else span
    rows = []
    for names, days in date[usual].groupby([keys[name][usual] for name in keys], sort=True):
        rows += [(*names, *gap) for gap in _gaps(days, span) if gap[-1] < at_most]
    return _gap_table(rows, list(keys.columns))


def _gap_table(rows: list[tuple], names: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=[*names, "start", "end", "n_days", "expected"])
    days = {"start": "datetime64[us]", "end": "datetime64[us]"}
    return table.astype({**days, "n_days": "int64", "expected": "float64"})


def _gaps(days: pd.Series, span: pd.DatetimeIndex) -> Iterator[tuple]:
    """Every stretch without articles: first day, last day, number of days, expected number."""
    active = span.isin(days)
    silent = np.log(1 - _shares(active, span.day_of_week.to_numpy()))
    up_to = np.concatenate([[0.0], np.cumsum(silent)])
    edges = np.flatnonzero(np.diff(np.concatenate([[True], active, [True]]).astype(int)))
    room = active.sum() + 1
    for start, end in edges.reshape(-1, 2):
        expected = float(room * np.exp(up_to[end] - up_to[start]))
        yield span[start], span[end - 1], int(end - start), expected


def _shares(active: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """The share of days with articles among the days of the same weekday."""
    k = np.bincount(weekday, weights=active, minlength=7)
    n = np.bincount(weekday, minlength=7)
    return ((k + 0.5) / (n + 1))[weekday]
