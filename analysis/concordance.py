"""Harrell's C, its standard error, and how much of it is optimism."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.partial_likelihood import NotEstimableError, fit_cox
from analysis.plan import Ties

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]

BLOCK = 1024


def concordance(days: FloatArray, died: BoolArray, risk: FloatArray) -> tuple[float, float]:
    """Harrell's C of a risk score (higher is worse) and its standard error; NaN without a pair.

    A pair counts where one has the event while the other is still followed, also one whose
    follow-up ends the same day; equal risks count one half. The standard error is the infinitesimal
    jackknife of R's `concordance` (Therneau and Atkinson, the survival package's vignette on
    concordance): with c, d, t the pairs that agree, disagree and tie, D = (c - d) / (c + d + t),
    the influence of a patient is ((c_i - d_i) - D (c_i + d_i + t_i)) / (c + d + t).
    """
    # The same covariates must give the same risk, to the last bit.
    risk = np.round(risk, 12)
    for_each = np.zeros((3, len(days)))
    cases = np.flatnonzero(died)
    for first in range(0, len(cases), BLOCK):
        case = cases[first : first + BLOCK]
        later = (days[None, :] > days[case, None]) | (
            (days[None, :] == days[case, None]) & ~died[None, :]
        )
        lower = risk[None, :] < risk[case, None]
        equal = risk[None, :] == risk[case, None]
        for kind, pairs in enumerate((later & lower, later & ~lower & ~equal, later & equal)):
            for_each[kind, case] += pairs.sum(axis=1)
            for_each[kind] += pairs.sum(axis=0)
    # Every pair was counted for both of its patients.
    total = for_each.sum() / 2
    if total == 0:
        return float("nan"), float("nan")
    agreement = for_each[0] - for_each[1]
    somers_d = agreement.sum() / 2 / total
    influence = (agreement - somers_d * for_each.sum(axis=0)) / total
    return float((somers_d + 1) / 2), float(np.sqrt(np.sum(influence**2)) / 2)


def optimism(
    days: FloatArray,
    died: BoolArray,
    design: FloatArray,
    ties: Ties,
    resamples: int,
    seed: int,
) -> tuple[float, int]:
    """How much C is too high on the patients it was fitted on, and the resamples it comes from.

    The mean over bootstrap resamples of the C of the refitted model in its resample less its C in
    the original patients (Harrell, Lee and Mark 1996, Stat Med 15:361). A level that a resample
    cannot estimate has the risk of its reference there. Each resample has its own stream of the
    seed, so that the number of processes changes nothing.
    """
    import multiprocessing
    import os
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    seeds = np.random.SeedSequence(seed).spawn(resamples)
    work = partial(_one_optimism, days, died, design, ties)
    # DuckDB has threads of its own: a forked process would hang on their locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        found = np.array(list(pool.map(work, seeds, chunksize=-(-resamples // 8))))
    found = found[~np.isnan(found)]
    return (float(found.mean()) if found.size else float("nan")), int(found.size)


def _one_optimism(
    days: FloatArray,
    died: BoolArray,
    design: FloatArray,
    ties: Ties,
    seed: np.random.SeedSequence,
) -> float:
    drawn = np.random.default_rng(seed).integers(0, len(days), len(days))
    coefficients = np.zeros(design.shape[1])
    kept = np.arange(design.shape[1])
    while kept.size:
        try:
            covariates = design[np.ix_(drawn, kept)]
            fit = fit_cox(days[drawn], died[drawn], covariates, ties, repeated=True)
        except NotEstimableError as error:
            if not error.columns:
                return float("nan")
            kept = np.delete(kept, error.columns)
            continue
        coefficients[kept] = fit.coefficients
        break
    risk = design @ coefficients
    apparent, _ = concordance(days[drawn], died[drawn], risk[drawn])
    return apparent - concordance(days, died, risk)[0]
