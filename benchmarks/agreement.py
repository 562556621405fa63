"""Time the bootstrap of alpha beside a loop over the krippendorff package, and measure coverage.

    OPENBLAS_NUM_THREADS=1 python benchmarks/agreement.py [time | coverage]

Times: 5 coders, 2,000 units, two values, 10 % of codes missing, 1,000 draws; medians of alternated
rounds in CPU seconds. The peer draws units and calls `krippendorff.alpha` once a
draw. "alpha" is the kit's bootstrap alone, "coder_agreement" the whole call: checks, all measures,
all intervals, the table.

Coverage: share of 95 % intervals that hold the alpha of 100,000 units, over 1,000 samples.
"""

import sys
import time
import warnings
from statistics import median

import numpy as np
import pandas as pd

from framing.validity.agreement import coder_agreement, read_frames
from framing.validity.coincidences import alpha_terms
from framing.validity.resampling import bootstrap, percentiles

LEVELS = ("nominal", "ordinal", "interval", "ratio")
ROUNDS, DRAWS = 5, 1000


def simulate(n_units, *, n_coders=5, n_values=2, right=0.8, share=0.5, seed=0):
    """Coders × units: the true value with probability `right`, else any; a tenth is missing."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_values, n_units)
    if n_values == 2:
        truth = (rng.random(n_units) < share).astype(int)
    codes = np.where(
        rng.random((n_coders, n_units)) < right,
        truth,
        rng.integers(0, n_values, (n_coders, n_units)),
    ).astype(float)
    codes[rng.random(codes.shape) < 0.1] = np.nan
    return codes


def long(matrix):
    n_coders, n_units = matrix.shape
    table = pd.DataFrame(
        {
            "unit": np.tile([f"u{k:05}" for k in range(n_units)], n_coders),
            "coder": np.repeat([f"c{k}" for k in range(n_coders)], n_units),
            "frame": "x",
            "value": matrix.ravel(),
        }
    )
    return table.dropna(subset=["value"])


def peer(matrix, level):
    import krippendorff

    rng = np.random.default_rng(0)
    n_units = matrix.shape[1]
    return [
        krippendorff.alpha(
            reliability_data=matrix[:, rng.integers(0, n_units, n_units)],
            level_of_measurement=level,
        )
        for _ in range(DRAWS)
    ]


def seconds(task):
    start = time.process_time()
    task()
    return time.process_time() - start


def compare(n_values):
    matrix = simulate(2000, n_values=n_values)
    codes = long(matrix)
    print(
        f"\n{n_values} values{'alpha':>18}{'coder_agreement':>17}{'package loop':>14}{'ratio':>7}"
    )
    for level in LEVELS:
        [frame] = read_frames(codes, level, None).values()
        tasks = [
            lambda: bootstrap([alpha_terms(frame, level)], DRAWS, 0),  # noqa: B023
            lambda: coder_agreement(codes, level=level, draws=DRAWS),  # noqa: B023
            lambda: peer(matrix, level),  # noqa: B023
        ]
        rounds = [[seconds(task) for task in tasks] for _ in range(ROUNDS)]
        own, whole, other = (median(column) for column in zip(*rounds, strict=True))
        print(f"{level:10}{own:16.3f}{whole:17.3f}{other:14.3f}{other / own:7.1f}")


def coverage():
    print(
        f"\n{'units':>6}{'coders':>8}{'yes-rate':>10}{'right':>7}{'alpha':>8}{'held':>7}{'none':>7}"
    )
    for n_units in (30, 100, 400):
        for share, right in ((0.5, 0.8), (0.2, 0.8), (0.05, 0.9)):
            for n_coders in (2, 4):
                _cover(n_units, n_coders, share, right)


def _cover(n_units, n_coders, share, right):
    everything = simulate(100_000, n_coders=n_coders, right=right, share=share, seed=1)
    [frame] = read_frames(long(everything), "nominal", None).values()
    terms = alpha_terms(frame, "nominal")
    rows = terms.features.toarray()
    truth = float(terms.value(rows.sum(axis=0)[None, :])[0])
    rng, held, none = np.random.default_rng(2), 0, 0
    for seed in range(1000):
        sample = terms._replace(
            features=type(terms.features)(rows[rng.integers(0, len(rows), n_units)])
        )
        low, high = percentiles(bootstrap([sample], DRAWS, seed)[:, 0], 0.95)
        held += low <= truth <= high
        none += np.isnan(low)
    share_held = held / max(1000 - none, 1)
    print(
        f"{n_units:6}{n_coders:8}{share:10}{right:7}{truth:8.3f}{share_held:7.3f}{none / 1000:7.3f}"
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore", UserWarning)
    chosen = sys.argv[1:] or ["time", "coverage"]
    if "time" in chosen:
        compare(2)
        compare(7)
    if "coverage" in chosen:
        coverage()
