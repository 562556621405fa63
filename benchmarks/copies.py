"""Time the search for copies, and measure what it finds, beside datasketch and rensa.

    python benchmarks/copies.py [n_articles]

Simulated articles, of which a tenth are planted copies. The peers, where they are installed, split
texts at spaces, hash the set of words (128 permutations, 32 bands) and keep pairs within three days
whose sets have a Jaccard similarity of .35; a higher one loses rewordings, a lower one is soon met
by any two texts. Memory is what each adds to the peak of those before it. Then, on the teaching
corpus, what each threshold finds in the two halves of its stories, and the similarities on both
sides of the gap.
"""

import importlib.util
import resource
import sys
import time
import warnings

import pandas as pd

import framing as fr
from framing.text.copies import find_copies

WINDOW = pd.Timedelta("3D")
LEAST = 0.35  # Jaccard similarity of two sets of words
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


def kit(articles):
    copy_of = find_copies(articles)["copy_of"].dropna()
    return set(copy_of.items())


def exact(articles, words, pairs):
    """Keep pairs of the window whose words are alike."""
    date, kept = articles["date"].to_dict(), set()
    for a, b in pairs:
        if a != b and abs(date[a] - date[b]) <= WINDOW:
            both = len(words[a] & words[b])
            if both / (len(words[a]) + len(words[b]) - both) >= LEAST:
                kept.add((a, b))
    return kept


def datasketch(articles):
    from datasketch import MinHash, MinHashLSH

    words = {name: set(text.lower().split()) for name, text in articles["text"].items()}
    index, pairs = MinHashLSH(num_perm=128, params=(32, 4)), []
    encoded = ([word.encode() for word in some] for some in words.values())
    for name, hashed in zip(words, MinHash.generator(encoded, num_perm=128), strict=True):
        pairs += [(name, other) for other in index.query(hashed)]
        index.insert(name, hashed)
    return exact(articles, words, pairs)


def rensa(articles):
    from rensa import RMinHash, RMinHashLSH

    words = {name: set(text.lower().split()) for name, text in articles["text"].items()}
    index, pairs, names = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), [], list(words)
    for number, name in enumerate(names):
        hashed = RMinHash(num_perm=128, seed=1)
        hashed.update(list(words[name]))
        pairs += [(name, names[other]) for other in index.query(hashed)]
        index.insert(number, hashed)
    return exact(articles, words, pairs)


def judge(pairs, stories):
    """Share of the planted copies with a pair in their own story, and of pairs that are right."""
    story = stories["story"].to_dict()
    right = [(a, b) for a, b in pairs if story[a] == story[b]]
    planted = stories.index[stories["kind"] != "original"]
    found = {name for pair in right for name in pair}
    kinds = stories["kind"].reindex(planted)
    recall = pd.Series(planted.isin(found), planted).groupby(kinds).mean()
    return planted.isin(found).mean(), recall["reworded"], len(right) / max(len(pairs), 1)


def compare(n_articles):
    print(f"making {n_articles:,} articles")
    simulation = fr.simulate_articles(n_articles, random_state=5)
    print(f"{'method':12}{'CPU s':>8}{'recall':>8}{'reworded':>10}{'precision':>11}{'+ MB':>7}")
    for method in (kit, rensa, datasketch):
        if method is not kit and importlib.util.find_spec(method.__name__) is None:
            print(f"{method.__name__:12}  not installed")
            continue
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        pairs = method(simulation.articles)
        seconds = time.process_time() - start
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
        recall, reworded, precision = judge(pairs, simulation.stories)
        print(
            f"{method.__name__:12}{seconds:8.1f}{recall:8.3f}{reworded:10.3f}{precision:11.3f}"
            f"{grown:7.0f}"
        )


def teaching():
    """Rewordings found, of those there are, and false alarms, by half of the stories."""
    articles = fr.load_sample()
    articles = fr.drop_boilerplate(articles, fr.find_boilerplate(articles))
    gold = fr.load_sample_gold("stories").set_index("doc_id").loc[articles.index]
    chosen = gold["story"].isin(sorted(gold["story"].unique())[::2])
    print("\nteaching corpus: rewordings found and false alarms")
    print(f"{'threshold':>9}{'first half':>14}{'second half':>14}")
    for threshold in THRESHOLDS:
        found = find_copies(articles, threshold=threshold)
        right = found["copy_of"] == gold["copy_of"]
        cells = []
        for half in (chosen, ~chosen):
            truth = half & (gold["kind"] == "reworded")
            alarms = half & found["copy_of"].notna() & (gold["kind"] == "original")
            cells.append(f"{(right & truth).sum()}/{truth.sum()} + {alarms.sum()}")
        print(f"{threshold:9.2f}{cells[0]:>14}{cells[1]:>14}")
    lowest = find_copies(articles, threshold=0.01)["similarity"]
    for name, half in (("first", chosen), ("second", ~chosen)):
        copies = lowest[half & (gold["kind"] == "reworded")].min()
        others = lowest[half & (gold["kind"] == "original")].max()
        print(f"{name} half: copies from {copies:.3f}, other articles up to {others:.3f}")


if __name__ == "__main__":
    warnings.simplefilter("ignore", UserWarning)
    compare(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    teaching()
