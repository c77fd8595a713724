"""From `marts.survival_cohort` to `results.*`, figures, tables and the survival report.

`analyze` computes and writes the tables of the schema `results`; `render` turns those tables, and
nothing else but `marts.cohort_flow`, into the report. Importing this package loads no numerical
library; the functions do when called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from analysis.errors import AnalysisError, PlanError

if TYPE_CHECKING:
    import datetime
    from concurrent.futures import Executor
    from pathlib import Path

    import duckdb

    from analysis.plan import AnalysisPlan

__all__ = ["AnalysisError", "PlanError", "analyze", "load", "load_report", "render"]


def load() -> None:
    """Load what an analysis needs, which takes a second, while there is something to wait for."""
    import lifelines.utils  # noqa: F401

    import analysis.run  # noqa: F401


def load_report() -> None:
    """Load what a report needs beside it."""
    import docx  # noqa: F401

    import analysis.report  # noqa: F401


def analyze(
    con: duckdb.DuckDBPyConnection,
    plan: AnalysisPlan,
    say: Callable[[str], None] = lambda _: None,
    *,
    beside: Executor | None = None,
) -> bool:
    """Analyze `marts.survival_cohort` and replace the tables of the schema `results`.

    Where they were made of the same cohort, plan and code, they stay, and False is returned. `say`
    hears how far a long computation has come. `beside` computes what does not wait for the rest.

    Writes every table of `analysis.results.TABLES`, each with comments on the table and its
    columns. An empty cohort gives empty or null results. Raises `AnalysisError` where the table or
    a column is missing or a survival time is negative.
    """
    from analysis.run import run_analysis

    return run_analysis(con, plan, say, beside)


def render(
    con: duckdb.DuckDBPyConnection,
    plan: AnalysisPlan,
    folder: str | Path,
    *,
    registry_name: str,
    notice: str | None = None,
    remarks: Sequence[str] = (),
    data_as_of: datetime.date | str | None = None,
    definitions: Sequence[tuple[str, str]] = (),
    beside: Executor | None = None,
) -> list[Path]:
    """Write survival_report.html, tables/*.{csv,docx} and figures/*.{svg,pdf,png} from `results.*`.

    `notice` is shown as a banner (e.g. that the data are synthetic), `remarks` are what a reader
    has to know of the deliveries behind the figures, `definitions` what the clinical rules decide
    and by which value. `beside` draws the figures while the tables are written. Returns the files
    written. Raises `AnalysisError` where a table of results, or `marts.cohort_flow`, is missing.
    """
    from analysis.report import render_report

    return render_report(
        con,
        plan,
        folder,
        registry_name=registry_name,
        notice=notice,
        remarks=remarks,
        data_as_of=data_as_of,
        definitions=definitions,
        beside=beside,
    )
