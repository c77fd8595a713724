"""Kaplan-Meier curves with numbers at risk, and the forest plot, drawn from the rows of results.

matplotlib is loaded when something is drawn, never on import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.names import ALL_PATIENTS
from analysis.suppression import HIDDEN
from reporting.figures import COLORS, INK, LINE_STYLES, STYLE, WIDTH_INCHES, svg_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Rows = list[dict[str, Any]]

FORMATS = ("svg", "pdf", "png")


def kaplan_meier_figure(
    curve: Rows,
    *,
    caption_in_plot: str = "",
    endpoint: str = "survival",
    at_risk: Rows | None = None,
) -> Figure | None:
    """The curves of one grouping from rows of `results.survival_curve`; None without any.

    Steps, confidence bands, a tick where follow-up ends alive, and under the axis, at its ticks,
    the patients at risk: those of the rows of `results.risk_table` where `at_risk` holds them, else
    those of the curve.
    """
    levels = list(dict.fromkeys(row["level"] for row in curve))
    if not levels:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # A group that is drawn alone, because nothing else may be, still says which it is.
    named = levels != [ALL_PATIENTS]
    with mpl.rc_context(STYLE):
        row_height, top, axis_space = 0.19, 0.15, 0.62
        below = axis_space + row_height * (len(levels) + 1) + 0.1
        height = 3.6 + below
        figure = Figure(figsize=(WIDTH_INCHES, height))
        left = 0.62 if not named else 0.45 + 0.075 * max(6, *(len(x) for x in levels))
        axes = figure.add_axes(
            (
                left / WIDTH_INCHES,
                below / height,
                1 - (left + 0.25) / WIDTH_INCHES,
                1 - (below + top) / height,
            )
        )
        last = max(row["time_months"] for row in curve)
        ticks = _month_ticks(last)
        counted = ticks if at_risk is None else sorted({row["month"] for row in at_risk})
        for i, level in enumerate(levels):
            rows = [row for row in curve if row["level"] == level]
            _draw_curve(axes, rows, COLORS[i % 4], LINE_STYLES[i % 4])
            for tick in counted:
                axes.annotate(
                    _at_risk_text(rows, tick, level, at_risk),
                    (tick, 0),
                    xycoords=("data", "axes fraction"),
                    xytext=(0, -72 * (axis_space + row_height * (i + 0.9))),
                    textcoords="offset points",
                    ha="center",
                    annotation_clip=False,
                )
            axes.annotate(
                level_text(level) if named else "",
                (0, 0),
                xycoords="axes fraction",
                xytext=(-22, -72 * (axis_space + row_height * (i + 0.9))),
                textcoords="offset points",
                ha="right",
                color=COLORS[i % 4],
                weight="bold",
                annotation_clip=False,
            )
        axes.annotate(
            "At risk",
            (0, 0),
            xycoords="axes fraction",
            xytext=(-22 if named else -8, -72 * (axis_space - 0.03)),
            textcoords="offset points",
            ha="right" if named else "left",
            annotation_clip=False,
        )
        axes.set_xlim(0, max(ticks[-1], last) * 1.01)
        axes.set_ylim(0, 1.02)
        axes.set_xticks(ticks)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
        axes.set_ylabel(f"{endpoint.capitalize()} (%)")
        axes.set_xlabel("Months since the operation")
        axes.axhline(0.5, color=INK, linewidth=0.5, alpha=0.35, zorder=0)
        if named:
            axes.legend(frameon=False, loc="upper right", handlelength=3.2)
        if caption_in_plot:
            axes.text(0.02, 0.05, caption_in_plot, transform=axes.transAxes)
        return figure


def _draw_curve(axes: Axes, rows: Rows, color: str, style: Any) -> None:
    # The curve starts at 1 even where patients die on day 0: the first step is part of it.
    time = np.array([0.0, *(row["time_months"] for row in rows)])
    survival = np.array([1.0, *(row["survival"] for row in rows)])
    low = np.array([1.0, *(_number(row["ci_low"]) for row in rows)])
    high = np.array([1.0, *(_number(row["ci_high"]) for row in rows)])
    axes.fill_between(time, low, high, step="post", color=color, alpha=0.15, linewidth=0)
    axes.step(
        time,
        survival,
        where="post",
        color=color,
        linestyle=style,
        label=level_text(rows[0]["level"]),
    )
    ends = [row for row in rows if row["censored"]]
    axes.plot(
        [row["time_months"] for row in ends],
        [row["survival"] for row in ends],
        linestyle="none",
        marker="|",
        markersize=5,
        markeredgewidth=0.7,
        color=color,
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _month_ticks(last: float) -> list[int]:
    step = next((s for s in (3, 6, 12, 24, 36, 60) if last / s <= 11), 120)
    return list(range(0, max(1, int(-(-last // step))) * step + 1, step))


def _at_risk_text(rows: Rows, month: int, level: str, at_risk: Rows | None) -> str:
    if at_risk is None:
        return str(_at_risk(rows, month))
    return next(
        str(row["at_risk"]) for row in at_risk if (row["level"], row["month"]) == (level, month)
    )


def _at_risk(rows: Rows, months: float) -> int:
    """Patients followed at least this long: the at_risk of the first row not before it."""
    return next((int(row["at_risk"]) for row in rows if row["time_months"] >= months), 0)


def forest_figure(rows: Rows, of_what: str = "") -> Figure | None:
    """Hazard ratios of `results.cox_multivariable` on a log axis; None without an estimate.

    Levels without patients are left out; levels without an estimate are named as such.
    """
    if not any(row["hazard_ratio"] not in (None, HIDDEN) for row in rows):
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    shown = [row for row in rows if not row["is_reference"] and row["n_level"]]
    with mpl.rc_context(STYLE):
        height = 0.9 + 0.36 * len(shown)
        figure = Figure(figsize=(WIDTH_INCHES, height))
        names = [
            level_text(f"{row['label']}: {row['level']} vs {row['reference']}") for row in shown
        ]
        left = min(0.5, (0.35 + 0.068 * max(map(len, names))) / WIDTH_INCHES)
        right = 0.29
        axes = figure.add_axes((left, 0.62 / height, 1 - left - right, 0.36 * len(shown) / height))
        limits = [
            value
            for row in shown
            if row["ci_low"] not in (None, 0, HIDDEN)
            for value in (row["ci_low"], row["ci_high"])
        ]
        low, high = min(0.5, *limits) / 1.1, max(2.0, *limits) * 1.1
        axes.set_xscale("log")
        axes.set_xlim(max(low, 0.01), min(high, 100))
        axes.set_ylim(len(shown) - 0.5, -0.5)
        axes.axvline(1, color=INK, linewidth=0.8)
        for y, row in enumerate(shown):
            name = names[y]
            axes.text(-0.03, y, name, transform=axes.get_yaxis_transform(), ha="right", va="center")
            text = "not estimable"
            if row["hazard_ratio"] is HIDDEN:
                text = HIDDEN
            elif row["hazard_ratio"] is not None:
                axes.plot([row["ci_low"], row["ci_high"]], [y, y], color=COLORS[0], linewidth=1.4)
                axes.plot(row["hazard_ratio"], y, marker="s", markersize=5, color=COLORS[0])
                text = f"{hazard_ratio_text(row)}  p {p_text(row['p'])}"
            axes.text(1.03, y, text, transform=axes.get_yaxis_transform(), va="center")
        axes.spines["left"].set_visible(False)
        axes.set_yticks([])
        ticks = [t for t in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if low <= t <= high]
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(f"Hazard ratio {of_what}(log scale)")
        return figure


def spline_figure(rows: Rows) -> Figure | None:
    """The hazard ratio along one variable of `results.spline`, on a log axis; None without rows."""
    if not rows:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_INCHES, 3.4))
        axes = figure.add_axes((0.09, 0.16, 0.88, 0.8))
        value = [row["value"] for row in rows]
        low, high = ([row[name] for row in rows] for name in ("ci_low", "ci_high"))
        axes.fill_between(value, low, high, color=COLORS[0], alpha=0.15, linewidth=0)
        axes.plot(value, [row["hazard_ratio"] for row in rows], color=COLORS[0])
        axes.axhline(1, color=INK, linewidth=0.8)
        axes.set_yscale("log")
        bottom, top = max(min(0.5, *low), 0.05), min(max(2.0, *high), 20)
        axes.set_ylim(bottom, top)
        axes.set_xlim(value[0], value[-1])
        ticks = [t for t in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if bottom <= t <= top]
        axes.yaxis.set_major_locator(FixedLocator(ticks))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_minor_formatter(NullFormatter())
        unit = f" ({rows[0]['unit']})" if rows[0]["unit"] else ""
        axes.set_xlabel(f"{rows[0]['label']}{unit}")
        axes.set_ylabel("Hazard ratio (log scale)")
        return figure


def level_text(level: str) -> str:
    """A level as readers write it: ≥65 for >=65, colon first for colon_first."""
    return level.replace(">=", "≥").replace("<=", "≤").replace("_", " ")


def hazard_ratio_text(row: dict[str, Any]) -> str:
    """`1.79 (1.19–2.69)`; from 1000 on with two digits, `1.2e+05`, for what few deaths give."""
    if row["hazard_ratio"] is HIDDEN:
        return HIDDEN
    ratio, low, high = (
        f"{value:.2f}" if value < 1000 else f"{value:.2g}"
        for value in (row["hazard_ratio"], row["ci_low"], row["ci_high"])
    )
    return f"{ratio} ({low}–{high})"


def p_text(p: float | None) -> str:
    """A p-value for readers: three decimals, or <0.001."""
    if p is None:
        return "–"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def save(draw: Callable[[], Figure | None], folder: Path, name: str, title: str) -> list[Path]:
    """Draw a figure and write it as svg, pdf and png (200 dpi), with its title and without date,
    address or producer inside; returns the files, none where there is nothing to draw."""
    paths = [folder / f"{name}.{suffix}" for suffix in FORMATS]
    figure = draw()
    if figure is None:
        # An earlier rendering into the same folder must not survive beside this one.
        for path in paths:
            path.unlink(missing_ok=True)
        return []
    import matplotlib as mpl

    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        paths[0].write_text(svg_text(figure, standalone=True, title=title), encoding="utf-8")
        nothing = {"Creator": None, "Producer": None, "CreationDate": None}
        figure.savefig(paths[1], metadata={**nothing, "Title": title})
        about = {"Software": None, "Title": title}
        figure.savefig(paths[2], dpi=200, facecolor="white", metadata=about)
    return paths
