"""Figures that show whether a model or a cut may be believed, drawn from the rows of results."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from reporting.figures import COLORS, INK, LINE_STYLES, STYLE, WIDTH_INCHES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Rows = list[dict[str, Any]]

PERCENT_TICKS = ([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])


def roc_figure(rows: Rows, points: Rows) -> Figure | None:
    """The curves of one variable of `results.time_dependent_roc_curve`; None without any.

    Their areas stand beside them. No cut is marked: on these patients it looks better than it is.
    """
    if not points:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure

    by_month = {row["landmark_months"]: row for row in rows}
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_INCHES, 4.1))
        axes = figure.add_axes((0.09, 0.13, 0.83 * 4.1 / WIDTH_INCHES, 0.83))
        axes.plot([0, 1], [0, 1], color=INK, linewidth=0.5, alpha=0.5, zorder=0)
        for i, (month, curve) in enumerate(groupby(points, key=lambda row: row["landmark_months"])):
            path = [(1 - row["specificity"], row["sensitivity"]) for row in curve]
            row = by_month[month]
            words = f"{month} months: AUC {row['auc']:.2f}"
            if row["ci_low"] is not None:
                words += f" ({row['ci_low']:.2f}–{row['ci_high']:.2f})"
            axes.plot(
                *zip(*path, strict=True),
                color=COLORS[i % 4],
                linestyle=LINE_STYLES[i % 4],
                label=words,
            )
        axes.set_aspect("equal")
        axes.set_xlim(0, 1.01)
        axes.set_ylim(0, 1.01)
        axes.set_xticks(*PERCENT_TICKS)
        axes.set_yticks(*PERCENT_TICKS)
        axes.set_xlabel("1 − specificity (%)")
        axes.set_ylabel("Sensitivity (%)")
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.04, 0.5), handlelength=3.2)
        return figure
