"""Wald intervals and p-values under the normal and chi-square distributions."""

from __future__ import annotations


def quantile(level: float) -> float:
    """The z of a two-sided interval: 1.96 for 0.95."""
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def two_sided_p(z: float) -> float:
    """The two-sided p of a standard normal statistic."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def chi_square_p(statistic: float, degrees_of_freedom: int) -> float:
    """The upper tail of a chi-square distribution."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees_of_freedom, statistic))
