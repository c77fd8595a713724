"""Errors a person meets: what is wrong, where, and what would be right. Never a patient's value."""

from __future__ import annotations


class AnalysisError(Exception):
    """The analysis cannot run: a table, a column or a promise of the marts is missing."""


class PlanError(AnalysisError):
    """The plan is wrong; the text names the file, the key, what was found and what fits."""
