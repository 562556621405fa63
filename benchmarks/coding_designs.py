"""Is a corrected share unbiased, and its interval honest, however the coded units were drawn?

800 simulated articles, of which 150 are drawn 250 times under eight designs of
`sample_for_coding`; prints per design and frame the bias in standard errors and the coverage.

    python benchmarks/coding_designs.py
"""

import warnings

import numpy as np
import pandas as pd

from framing.inference.correction import corrected_difference, corrected_prevalence
from framing.validity.sampling import sample_for_coding

N, N_CODED, N_DRAWS = 800, 150, 250
DESIGNS = {
    "simple": {},
    "by outlet": {"by": "outlet"},
    "by outlet, equal": {"by": "outlet", "allocation": "equal"},
    "by outlet, 20 at least": {"by": "outlet", "allocation": 20},
    "by outlet and month": {"by": ["outlet", "month"]},
    "by score": {"scores": True},
    "by score, equal": {"scores": True, "allocation": "equal"},
    "by score and outlet": {"scores": True, "by": "outlet"},
}
BETWEEN = ("Star", "Herald")


def simulate():
    """Articles, scores that err more in one outlet, and the truth."""
    rng = np.random.default_rng(20_310_303)
    index = pd.Index([f"a{k:04}" for k in range(N)], name="doc_id")
    outlet = rng.choice(["Herald", "Star", "Post"], N, p=[0.6, 0.3, 0.1])
    date = pd.Timestamp("2031-03-03") + pd.to_timedelta(rng.integers(0, 120, N), "D")
    share = pd.Series({"Herald": 0.1, "Star": 0.3, "Post": 0.5})[outlet].to_numpy()
    truth = np.stack([rng.random(N) < share, rng.random(N) < 0.04], axis=1)
    slip = np.stack([np.where(outlet == "Herald", 0.2, 0.05), np.full(N, 0.03)], axis=1)
    found = rng.random((N, 2)) < np.where(truth, [0.7, 0.5], slip)
    tables = [pd.DataFrame(one.astype(int), index, ["war", "rare"]) for one in (found, truth)]
    return pd.DataFrame({"outlet": outlet, "date": date, "text": "x"}, index), *tables


def estimates(articles, scores, truth, options, seed):
    """Draw, code by the truth, and estimate a share and a difference of each frame."""
    options = {**options, "scores": scores} if "scores" in options else options
    sample = sample_for_coding(articles, N_CODED, random_state=seed, **options)
    codes = truth.loc[sample["unit"]].rename_axis("unit")
    codes = codes.melt(ignore_index=False, var_name="frame").reset_index()
    share = corrected_prevalence(scores, codes, articles, sample=sample)
    difference = corrected_difference(scores, codes, articles, sample=sample, between=BETWEEN)
    named = [share, difference.rename(columns={"difference": "share"})]
    columns = ["frame", "share", "low", "high"]
    return pd.concat([one[columns] for one in named], keys=["share", "difference"], names=["of"])


def main():
    warnings.simplefilter("ignore", UserWarning)
    articles, scores, truth = simulate()
    shares = truth.groupby(articles["outlet"]).mean()
    known = {"share": truth.mean(), "difference": shares.loc[BETWEEN[0]] - shares.loc[BETWEEN[1]]}
    print(truth.mean().round(3).to_dict())
    for design, options in DESIGNS.items():
        runs = [estimates(articles, scores, truth, options, 1_000 + k) for k in range(N_DRAWS)]
        drawn = pd.concat(runs).reset_index("of")
        for (of, frame), rows in drawn.groupby(["of", "frame"]):
            true = known[of][frame]
            bias = (rows["share"].mean() - true) / (rows["share"].std() / np.sqrt(len(rows)))
            covered = ((rows["low"] <= true) & (rows["high"] >= true)).mean()
            print(f"{design:24} {of:11} {frame:5} bias {bias:+.2f} s.e., coverage {covered:.3f}")


if __name__ == "__main__":
    main()
