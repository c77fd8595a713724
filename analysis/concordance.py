"""Harrell's C, its standard error, and how much of it is optimism."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.partial_likelihood import NotEstimableError, Patterns, fit_cox
from analysis.plan import Ties
from analysis.processes import cores, processes

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.intp]

SAY_EVERY_SECONDS = 5
# Cells of time x risk that are held at once.
CELLS = 2_000_000


def concordance(days: FloatArray, died: BoolArray, risk: FloatArray) -> tuple[float, float]:
    """Harrell's C of a risk score (higher is worse) and its standard error; NaN without a pair.

    A pair counts where one has the event while the other is still followed, also one whose
    follow-up ends the same day; equal risks count one half. The standard error is the infinitesimal
    jackknife of R's `concordance` (Therneau and Atkinson, the survival package's vignette on
    concordance): with c, d, t the pairs that agree, disagree and tie, D = (c - d) / (c + d + t),
    the influence of a patient is ((c_i - d_i) - D (c_i + d_i + t_i)) / (c + d + t).
    """
    # The same covariates must give the same risk, to the last bit.
    risk_code, risks = pd.factorize(np.round(risk, 12), sort=True)
    time, times = pd.factorize(days, sort=True)
    for_each = np.zeros((3, len(days)))
    height = min(max(1, CELLS // len(risks)), len(times))
    # Per time and risk how many are there; summed from the last time back they are those followed
    # longer, summed from the first time on, the events before.
    longer = np.zeros(len(risks))
    for start in reversed(range(0, len(times), height)):
        own = (time >= start) & (time < start + height)
        here = time[own] - start, risk_code[own]
        everyone = _counted(*here, height, len(risks))
        events = _counted(here[0][died[own]], here[1][died[own]], height, len(risks))
        followed = np.cumsum(everyone[::-1], axis=0)[::-1] + longer
        longer = followed[0]
        followed = followed - events
        case = died[own]
        for_each[:, np.flatnonzero(own)[case]] += _compared(followed, here[0][case], here[1][case])
    before = np.zeros(len(risks))
    for start in range(0, len(times), height):
        own = (time >= start) & (time < start + height)
        here = time[own] - start, risk_code[own]
        events = _counted(here[0][died[own]], here[1][died[own]], height, len(risks))
        until = np.cumsum(events, axis=0) + before
        before = until[-1]
        for dies, past in ((True, until - events), (False, until)):
            which = died[own] == dies
            # From this side a pair agrees where the other has the higher risk.
            lower, higher, equal = _compared(past, here[0][which], here[1][which])
            for_each[:, np.flatnonzero(own)[which]] += (higher, lower, equal)
    # Every pair was counted for both of its patients.
    total = for_each.sum() / 2
    if total == 0:
        return float("nan"), float("nan")
    agreement = for_each[0] - for_each[1]
    somers_d = agreement.sum() / 2 / total
    influence = (agreement - somers_d * for_each.sum(axis=0)) / total
    return float((somers_d + 1) / 2), float(np.sqrt(np.sum(influence**2)) / 2)


def _counted(row: IntArray, column: IntArray, rows: int, columns: int) -> FloatArray:
    """How often each pair of row and column occurs, rows x columns."""
    cells = np.bincount(row * columns + column, minlength=rows * columns)
    return cells.reshape(rows, columns).astype(np.float64)


def _compared(counts: FloatArray, row: IntArray, column: IntArray) -> FloatArray:
    """In the given rows, how many stand in a lower, in a higher, and in the same column."""
    up_to = np.cumsum(counts, axis=1)
    equal = counts[row, column]
    through = up_to[row, column]
    return np.array([through - equal, up_to[row, -1] - through, equal])


def optimism(
    days: FloatArray,
    died: BoolArray,
    design: FloatArray,
    ties: Ties,
    resamples: int,
    seed: int,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[float, int]:
    """How much C is too high on the patients it was fitted on, and the resamples it comes from.

    The mean over bootstrap resamples of the C of the refitted model in its resample less its C in
    the original patients (Harrell, Lee and Mark 1996, Stat Med 15:361). A level that a resample
    cannot estimate has the risk of its reference there. Each resample has its own stream of the
    seed, so that the number of processes changes nothing.
    """
    seeds = np.random.SeedSequence(seed).spawn(resamples)
    work = partial(_one_optimism, days, died, design, ties)
    with processes(cores()) as pool:
        each: list[float] = []
        said = monotonic()
        for one in pool.map(work, seeds, chunksize=max(1, resamples // 50)):
            each.append(one)
            if monotonic() - said > SAY_EVERY_SECONDS:
                said = monotonic()
                say(f"{len(each)} of {resamples} resamples of the concordance")
    found = np.array(each)
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
            fit = fit_cox(Patterns.of(days[drawn], died[drawn], covariates), ties, repeated=True)
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
