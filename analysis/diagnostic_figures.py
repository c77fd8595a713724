"""Figures that show whether a model or a cut may be believed, drawn from the rows of results."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

from analysis.figures import level_text
from reporting.figures import COLORS, INK, LINE_STYLES, STYLE, WIDTH_INCHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
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


def log_minus_log_figure(curve: Rows, endpoint: str) -> Figure | None:
    """log(-log S) against log time, from rows of `results.survival_curve`; None without a point.

    Where hazards are proportional the curves run parallel.
    """
    levels = list(dict.fromkeys(row["level"] for row in curve))
    # Of day 0 there is no logarithm, nor of a survival of 1 or 0.
    inside = [row for row in curve if 0 < row["survival"] < 1 and row["time_months"] > 0]
    if not inside:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_INCHES, 3.6))
        axes = figure.add_axes((0.09, 0.15, 0.88, 0.82))
        for i, level in enumerate(levels):
            rows = [row for row in inside if row["level"] == level]
            if rows:
                axes.step(
                    [row["time_months"] for row in rows],
                    [math.log(-math.log(row["survival"])) for row in rows],
                    where="post",
                    color=COLORS[i % 4],
                    linestyle=LINE_STYLES[i % 4],
                    label=level_text(level),
                )
        times = [row["time_months"] for row in inside]
        axes.set_xscale("log")
        # A single time has no width on its own.
        axes.set_xlim(min(times) / 1.1, max(times) * 1.1)
        _month_axis(axes, [t for t in MONTH_TICKS if min(times) / 1.1 <= t <= max(times) * 1.1])
        axes.set_xlabel("Months since the operation (log scale)")
        axes.set_ylabel(f"log(−log({endpoint}))")
        axes.legend(frameon=False, loc="upper left", handlelength=3.2)
        return figure


MONTH_TICKS = (0.1, 0.2, 0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120, 240)


def _month_axis(axes: Axes, ticks: list[float]) -> None:
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())


def schoenfeld_figure(residuals: Rows, line: Rows) -> Figure | None:
    """A panel per coefficient of `results.schoenfeld_residuals`; None without any.

    Time runs along 1 - S(t-), so that events lie evenly, with months written under it. A dashed
    line is the coefficient of the model.
    """
    panels = list(dict.fromkeys((row["factor"], row["level"]) for row in residuals))
    if not panels:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    with mpl.rc_context(STYLE):
        lines = -(-len(panels) // 2)
        height = 2.15 * lines + 0.1
        figure = Figure(figsize=(WIDTH_INCHES, height))
        for i, panel in enumerate(panels):
            rows = [row for row in residuals if (row["factor"], row["level"]) == panel]
            smooth = [row for row in line if (row["factor"], row["level"]) == panel]
            axes = figure.add_axes(
                (
                    0.08 + 0.5 * (i % 2),
                    1 - (2.15 * (i // 2 + 1) - 0.45) / height,
                    0.4,
                    1.42 / height,
                )
            )
            clock = [row["transformed_time"] for row in smooth]
            axes.axhline(0, color=INK, linewidth=0.5, alpha=0.4, zorder=0)
            axes.axhline(rows[0]["coefficient"], color=INK, linewidth=0.9, linestyle=(0, (5, 3)))
            axes.plot(
                [row["transformed_time"] for row in rows],
                [row["residual"] for row in rows],
                linestyle="none",
                marker="o",
                markersize=2.4,
                markeredgewidth=0,
                color=COLORS[0],
                alpha=0.55,
            )
            axes.fill_between(
                clock,
                [row["ci_low"] for row in smooth],
                [row["ci_high"] for row in smooth],
                color=COLORS[1],
                alpha=0.18,
                linewidth=0,
            )
            axes.plot(clock, [row["coefficient_at_time"] for row in smooth], color=COLORS[1])
            axes.set_xticks(*_clock_ticks(rows))
            axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
            first = rows[0]
            axes.set_title(
                level_text(f"{first['label']}: {first['level']} vs {first['reference']}"),
                fontsize=9,
                loc="left",
            )
            if i % 2 == 0:
                axes.set_ylabel("Log hazard ratio")
            if i >= len(panels) - 2:
                axes.set_xlabel("Months since the operation")
        return figure


def _clock_ticks(rows: Rows) -> tuple[list[float], list[str]]:
    """Where months lie along 1 - S(t-): at the next event, as far as they are apart there."""
    places: list[float] = []
    words: list[str] = []
    width = rows[-1]["transformed_time"] - rows[0]["transformed_time"]
    for month in (0, 12, 24, 36, 60, 120, 180, 240):
        place = next((r["transformed_time"] for r in rows if r["time_months"] >= month), None)
        if place is not None and (not places or place - places[-1] > 0.08 * width):
            places.append(place)
            words.append(str(month))
    return places, words
