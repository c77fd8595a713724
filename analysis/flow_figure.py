"""The way of the patients into the analysis as boxes, as STROBE and REMARK ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from analysis.figures import level_text
from analysis.names import MULTIVARIABLE, UNIVARIABLE
from reporting.figures import INK, STYLE, WIDTH_INCHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Rows = list[dict[str, Any]]

LINE_INCHES = 0.165
PADDING_INCHES = 0.075
GAP_INCHES = 0.2
MAIN_CHARACTERS, SIDE_CHARACTERS = 38, 46
MAIN_WIDTH, MAIN_CENTER = 3.0, 1.55
SIDE_LEFT, SIDE_WIDTH = 3.55, 3.6
ARROW: Any = {"arrowstyle": "-|>", "color": INK, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0}


def _wrapped(text: str, characters: int) -> list[str]:
    return wrap(text, characters, break_on_hyphens=False)


@dataclass
class Stage:
    """A box of the main line, and who leaves on the way to it."""

    name: str
    remaining: str
    leaving: list[tuple[int, str]] = field(default_factory=list)

    @property
    def main(self) -> list[str]:
        return [*_wrapped(self.name, MAIN_CHARACTERS), self.remaining]

    @property
    def side(self) -> list[str]:
        if len(self.leaving) == 1:
            n, reason = self.leaving[0]
            return _wrapped(f"Excluded: {n}, {reason}", SIDE_CHARACTERS)
        lines = [f"Excluded: {sum(n for n, _ in self.leaving)}"]
        for n, reason in self.leaving:
            first, *others = _wrapped(f"{n}  {reason}", SIDE_CHARACTERS)
            lines += [first, *(f"\u2003 {line}" for line in others)]
        return lines


def stages(
    flow: Rows, model_flow: Rows, restriction: Rows, factors: Rows, events: str
) -> list[Stage]:
    """The boxes from `marts.cohort_flow` and the flows of `results`; `events` in words.

    With a model, the last step of `marts.cohort_flow` (survival known) is told from the flow of the
    model, which knows the endpoint and day 0. What several reasons take out for one factor is one
    line. Nothing where there is no patient.
    """
    if not flow or not flow[0]["patients"]:
        return []
    model = [row for row in model_flow if row["model"] == MULTIVARIABLE]
    steps = flow[:-1] if model and len(flow) > 1 else flow
    found = [
        Stage(
            row["step"] or f"Step {row['step_number']}",
            f"n = {row['patients']}",
            [(row["excluded"], row["reason"])] if row["excluded"] else [],
        )
        for row in steps
    ]
    for row in restriction:
        if row["column_name"]:
            leaving = [(row["excluded"], "not analyzed by the plan")] if row["excluded"] else []
            name = level_text(f"{row['column_name']}: {row['levels']}")
            found.append(Stage(name, f"n = {row['remaining']}", leaving))
    if not model:
        return found
    labels = {row["factor"]: row["label"] for row in factors}
    before: list[tuple[int, str]] = []
    unknown: dict[str, int] = {}
    words = {"factor_unknown": "{} unknown", "level_not_in_plan": "{}: at a level not in the plan"}
    analyzed = model[0]
    for row in model:
        factor = row["excluded_factor"]
        if factor is not None:
            reason = words[row["step"]].format(labels[factor])
            unknown[reason] = unknown.get(reason, 0) + row["excluded"]
            continue
        if row["excluded"]:
            before.append((row["excluded"], row["description"]))
        if not unknown:
            analyzed = row
    alone = [
        row["remaining"]
        for row in model_flow
        if row["model"] == UNIVARIABLE and row["step"] == "analyzed"
    ]
    found.append(
        Stage(
            "Survival curves" + (f"; univariable models of {_range(alone)}" if alone else ""),
            f"n = {analyzed['remaining']}, {analyzed['events']} {events}",
            before,
        )
    )
    found.append(
        Stage(
            "Multivariable model",
            f"n = {model[-1]['remaining']}, {model[-1]['events']} {events}",
            [(n, reason) for reason, n in unknown.items()],
        )
    )
    return found


def _range(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low} patients" if low == high else f"{low} to {high} patients"


def flow_figure(boxes: list[Stage]) -> Figure | None:
    """Main boxes from top to bottom, and beside the way between two who leaves; None without."""
    if not boxes:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        height = sum(_height(box.main) for box in boxes)
        height += sum(_way(box) for box in boxes[1:]) + 0.1
        figure = Figure(figsize=(WIDTH_INCHES, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH_INCHES)
        axes.set_ylim(0, height)
        axes.set_axis_off()
        top = height - 0.05
        for i, box in enumerate(boxes):
            if i:
                bottom = top - _way(box)
                axes.annotate("", (MAIN_CENTER, bottom), (MAIN_CENTER, top), arrowprops=ARROW)
                if box.leaving:
                    middle = (top + bottom) / 2
                    side = middle + _height(box.side) / 2
                    axes.annotate("", (SIDE_LEFT, middle), (MAIN_CENTER, middle), arrowprops=ARROW)
                    _draw(axes, SIDE_LEFT, side, SIDE_WIDTH, box.side, "left")
                top = bottom
            _draw(axes, MAIN_CENTER - MAIN_WIDTH / 2, top, MAIN_WIDTH, box.main, "center")
            top -= _height(box.main)
        return figure


def _height(lines: list[str]) -> float:
    return LINE_INCHES * len(lines) + 2 * PADDING_INCHES


def _way(box: Stage) -> float:
    """The length of the arrow to a box: room for who leaves beside it."""
    return max(2 * GAP_INCHES, _height(box.side) + GAP_INCHES) if box.leaving else 1.4 * GAP_INCHES


def _draw(axes: Axes, left: float, top: float, width: float, lines: list[str], align: str) -> None:
    from matplotlib.patches import Rectangle

    height = _height(lines)
    axes.add_patch(
        Rectangle((left, top - height), width, height, fill=False, edgecolor=INK, linewidth=0.9)
    )
    x = left + (width / 2 if align == "center" else 0.12)
    for i, line in enumerate(lines):
        axes.text(
            x,
            top - PADDING_INCHES - LINE_INCHES * (i + 0.5),
            line,
            ha=align,
            va="center",
            fontsize=8.5,
        )
