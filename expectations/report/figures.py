"""How complete each pathology field is: by the time of the specimen, and night after night."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from expectations.report.counts import Counts
from reporting.figures import COLORS, INK, STYLE, WIDTH_INCHES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Rows = list[dict[str, Any]]

# Dark is little, bright is much; told apart with any color vision.
COLOR_MAP = "cividis"
_LABEL_INCHES = 1.75
_CHARACTER_INCHES = 0.056


def heat_map(rows: Rows, counts: Counts) -> Figure | None:
    """Percent known by field and period from rows with field, period, known, expected.

    Each cell says its percent, and where there is room its counts; None without any.
    """
    if not rows:
        return None
    import matplotlib as mpl
    import numpy as np
    from matplotlib.figure import Figure

    fields = _worst_first(rows)
    periods = sorted({row["period"] for row in rows}, key=_in_time)
    cells = {(row["field"], row["period"]): (row["known"], row["expected"]) for row in rows}
    cell_inches = (WIDTH_INCHES - _LABEL_INCHES - 0.05) / len(periods)
    beside = {key: f"{counts.text(known)}/{counts.text(n)}" for key, (known, n) in cells.items()}
    has_room = max(map(len, beside.values())) * _CHARACTER_INCHES < cell_inches
    values = np.full((len(fields), len(periods)), np.nan)
    for (field, period), (known, expected) in cells.items():
        drawn = counts.drawn(known, expected)
        if drawn is not None:
            values[fields.index(field), periods.index(period)] = drawn
    colors = mpl.colormaps[COLOR_MAP]
    with mpl.rc_context(STYLE):
        row_height = 0.34 if has_room else 0.26
        height = row_height * len(fields) + 0.55
        figure = Figure(figsize=(WIDTH_INCHES, height))
        axes = figure.add_axes(
            (
                _LABEL_INCHES / WIDTH_INCHES,
                0.5 / height,
                cell_inches * len(periods) / WIDTH_INCHES,
                row_height * len(fields) / height,
            )
        )
        axes.pcolormesh(
            np.ma.masked_invalid(values),
            cmap=colors,
            vmin=0,
            vmax=100,
            edgecolors="white",
            linewidth=0.6,
        )
        for (field, period), (known, expected) in cells.items():
            x, y = periods.index(period) + 0.5, fields.index(field) + 0.5
            value = values[fields.index(field), periods.index(period)]
            ink = INK if np.isnan(value) else ink_on(colors(value / 100)[:3])
            percent = _short(counts, known, expected)
            if not has_room:
                axes.text(x, y, percent.rstrip("%"), color=ink, ha="center", va="center", size=6)
                continue
            axes.text(x, y - 0.17, percent, color=ink, ha="center", va="center", size=7)
            text = beside[field, period]
            axes.text(x, y + 0.22, text, color=ink, ha="center", va="center", size=6)
        axes.invert_yaxis()
        axes.set_yticks(
            [i + 0.5 for i in range(len(fields))], [f.replace("_", " ") for f in fields]
        )
        axes.set_xticks(
            [i + 0.5 for i in range(len(periods))],
            periods,
            rotation=0 if cell_inches > 0.42 else 90,
            size=7.5,
        )
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        return figure


def trends(rows: Rows, counts: Counts) -> Figure | None:
    """A panel per field with its percent known over the nights, from rows with field, checked_at,
    known, expected; None where there was one night only."""
    nights = sorted({row["checked_at"] for row in rows})
    if len(nights) < 2:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure

    ends = [nights[0], nights[-1]]
    fields = _worst_first(rows)
    across = 3
    down = math.ceil(len(fields) / across)
    with mpl.rc_context(STYLE | {"font.size": 8.0}):
        figure = Figure(figsize=(WIDTH_INCHES, 1.3 * down + 0.2), layout="constrained")
        panels = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False).flat
        for panel, field in zip(panels, fields, strict=False):
            own = [row for row in rows if row["field"] == field]
            drawn = [counts.drawn(row["known"], row["expected"]) for row in own]
            values = [math.nan if value is None else value for value in drawn]
            # What held on the last night that changed a field holds until tonight.
            panel.step(
                [*(row["checked_at"] for row in own), nights[-1]],
                [*values, values[-1]],
                where="post",
                color=COLORS[0],
            )
            percent = counts.percent(own[-1]["known"], own[-1]["expected"])
            panel.set_title(f"{field.replace('_', ' ')}: {percent}", size=8, loc="left")
            panel.set_ylim(0, 103)
            panel.set_yticks([0, 50, 100])
            panel.set_xlim(*ends)
            panel.set_xticks(ends, [f"{end:%Y-%m-%d}" for end in ends])
            # Only the lowest panels have labels.
            for label, side in zip(panel.get_xticklabels(), ("left", "right"), strict=False):
                label.set_horizontalalignment(side)
        for panel in list(panels)[len(fields) :]:
            panel.set_visible(False)
        figure.supylabel("Known (%)", size=8)
        return figure


def ink_on(color: tuple[float, float, float]) -> str:
    """Black or white, whichever contrasts more with a color: one of them is always 4.5 or more."""
    return "#000000" if contrast(color, (0, 0, 0)) >= contrast(color, (1, 1, 1)) else "#ffffff"


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """The contrast ratio of two sRGB colors (parts of 1) by WCAG 2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: tuple[float, float, float]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _worst_first(rows: Rows) -> list[str]:
    """The fields in one order for all figures: what is known least of its last counts first."""
    known: dict[str, int] = {}
    expected: dict[str, int] = {}
    for row in rows:
        known[row["field"]] = known.get(row["field"], 0) + row["known"]
        expected[row["field"]] = expected.get(row["field"], 0) + row["expected"]
    return sorted(known, key=lambda field: (known[field] / max(expected[field], 1), field))


def _in_time(period: str) -> tuple[bool, bool, str]:
    return period == "unknown", not period.startswith("–"), period


def _short(counts: Counts, known: int, expected: int) -> str:
    """A percent without decimals, cut so that 100% hides no case and 0% no known one."""
    if counts.external:
        return counts.percent(known, expected)
    percent = 100 * known / expected
    if 0 < percent < 1:
        return "<1%"
    return f"{math.floor(percent)}%"
