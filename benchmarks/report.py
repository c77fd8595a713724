"""`python -m benchmarks.report`: the tables and the figure of docs/performance.md.

Written from benchmarks/results.csv and benchmarks/history.csv between the markers of the page;
what stands around them is left as it is. `--results F` takes other measurements, for a look.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks import results
from benchmarks.extracts import PROJECT
from benchmarks.results import (
    BARE_LOAD,
    CRLM,
    NIGHTS,
    SAME_STATISTICS,
    WHOLE,
    Case,
    Measurement,
    Medians,
)

PAGE = PROJECT / "docs" / "performance.md"
FIGURE = PROJECT / "docs" / "performance.svg"
UNKNOWN = "–"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--results", type=Path, default=results.RESULTS)
    options = parser.parse_args()
    rows = results.read(options.results)
    if not rows:
        sys.exit(
            f"{options.results} has no measurements: python -m benchmarks.run --record makes some"
        )
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(filled(page, tables(rows)), encoding="utf-8")
    draw(rows, FIGURE)
    for path in (PAGE, FIGURE):
        print(path.relative_to(PROJECT))


def filled(page: str, contents: Mapping[str, str]) -> str:
    """The page with each content between its markers; ValueError where it lacks one of them."""
    for name, content in contents.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, found, rest = page.partition(begin)
        _, found_end, after = rest.partition(end)
        if not (found and found_end):
            raise ValueError(f"{PAGE.name} lacks the markers {begin.strip()} and {end}")
        page = f"{before}{begin}{content}\n{end}{after}"
    return page


def tables(rows: Sequence[Measurement]) -> dict[str, str]:
    """Marker → content."""
    found = results.medians(rows)
    return {
        "measured": measured(rows),
        "nights": nights(found),
        "ratios": ratios(found),
        "stages": stages(rows),
        "steps of the peers": steps_of_peers(rows),
        "growth": growth(found),
    }


def measured(rows: Sequence[Measurement]) -> str:
    """A line per size: what was measured, when, and how often; and the figure."""
    lines = []
    for patients in sizes(results.medians(rows)):
        own = [row for row in rows if row.patients == patients]
        repeats = 1 + max(row.repeat for row in own)
        lines.append(
            [
                f"{patients:,}",
                f"{own[0].rows:,}",
                str(repeats),
                own[0].date,
                f"`{own[0].commit}`",
                str(own[0].cores),
            ]
        )
    head = ["patients", "rows in the three files", "repeats", "day", "commit", "cores"]
    figure = f"![Seconds by number of patients, for each night]({FIGURE.name})"
    return f"{table(head, lines)}\n\n{figure}"


def nights(found: Mapping[Case, Medians]) -> str:
    """What each night and each peer took."""
    lines = [
        [
            f"{patients:,}",
            night,
            contender,
            time(own.seconds),
            time(own.cpu_seconds),
            memory(own.peak_mb),
        ]
        for (patients, night, contender), own in sorted(found.items(), key=in_order)
    ]
    head = ["patients", "night", "", "seconds", "seconds of a core", "peak memory"]
    return table(head, lines)


def ratios(found: Mapping[Case, Medians]) -> str:
    """This project's time over that of each peer, in the same run; below 1 it is faster."""
    peers = results.peers_in(found)
    lines = []
    for (patients, night, contender), own in sorted(found.items(), key=in_order):
        if contender not in (CRLM, SAME_STATISTICS):
            continue
        others = [results.peer_of(found, patients, night, peer) for peer in peers]
        bare = found.get((patients, "cold", BARE_LOAD))
        lines.append(
            [
                f"{patients:,}",
                night,
                contender,
                *(
                    ratio(own.seconds, other.seconds if other else None)
                    for other in [*others, bare]
                ),
                *(ratio(own.peak_mb, other.peak_mb if other else None) for other in others),
            ]
        )
    head = ["patients", "night", "", *(f"time / {peer}" for peer in [*peers, BARE_LOAD])]
    return table([*head, *(f"memory / {peer}" for peer in peers)], lines)


def stages(rows: Sequence[Measurement]) -> str:
    """Median seconds of each stage, a column per size and night."""
    names = list(dict.fromkeys(row.stage for row in rows if row.contender == CRLM))
    names = [name for name in names if name != WHOLE]
    by_stage = {name: results.medians(rows, name) for name in [*names, WHOLE]}
    cases = [
        case
        for case in sorted(by_stage[WHOLE], key=lambda case: (case[0], NIGHTS.index(case[1])))
        if case[2] == CRLM and any(case in by_stage[name] for name in names)
    ]
    lines = [
        [
            name,
            *(
                time(by_stage[name][case].seconds) if case in by_stage[name] else UNKNOWN
                for case in cases
            ),
        ]
        for name in [*names, WHOLE]
    ]
    return table(["stage", *(f"{patients:,}, {night}" for patients, night, _ in cases)], lines)


def steps_of_peers(rows: Sequence[Measurement]) -> str:
    """Median seconds of each step of each peer in a cold night, a column per size."""
    found = results.medians(rows)
    steps = list(dict.fromkeys((row.contender, row.stage) for row in rows))
    lines = []
    for peer in results.peers_in(found):
        for step in (stage for contender, stage in steps if contender == peer):
            own = results.medians(rows, step)
            cells = [own.get((patients, "cold", peer)) for patients in sizes(found)]
            lines.append([peer, step, *(time(c.seconds) if c else UNKNOWN for c in cells)])
    return table(["", "step", *(f"{patients:,}" for patients in sizes(found))], lines)


def growth(found: Mapping[Case, Medians]) -> str:
    """The exponent k of time ~ patients^k between each size and the next smaller one."""
    larger = sizes(found)[1:]
    if not larger:
        return "Measured at one size alone."
    lines = []
    for _, night, contender in unique_cases(found):
        exponents = results.growth(found, night, contender)
        if exponents:
            shown = [f"{exponents[n]:.2f}" if n in exponents else UNKNOWN for n in larger]
            lines.append([night, contender, *shown])
    return table(["night", "", *(f"up to {patients:,}" for patients in larger)], lines)


def draw(rows: Sequence[Measurement], path: Path) -> None:
    """Seconds by patients, both on logarithmic scales: a panel per night, a line per contender."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    # The same measurements give the same file, to the byte.
    matplotlib.rcParams.update({"svg.hashsalt": "performance", "svg.fonttype": "none"})
    found = results.medians(rows)
    figure, panels = pyplot.subplots(1, len(NIGHTS), figsize=(11, 3.8), sharey=True)
    contenders = list(dict.fromkeys(contender for *_, contender in unique_cases(found)))
    colors = ("#0072b2", "#56b4e9", "#d55e00", "#009e73", "#999999")
    for panel, night in zip(panels, NIGHTS, strict=True):
        for contender, color, marker in zip(contenders, colors, "osD^v", strict=False):
            points = []
            for patients in sizes(found):
                own = found.get((patients, night, contender))
                if own is None and contender in results.peers_in(found):
                    own = results.peer_of(found, patients, night, contender)
                if own is not None:
                    points.append((patients, own.seconds))
            if points:
                panel.plot(*zip(*points, strict=True), marker=marker, color=color, label=contender)
        panel.set(xscale="log", yscale="log", title=night, xlabel="patients")
        panel.grid(True, which="major", color="#dddddd", linewidth=0.6)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("seconds")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=len(labels), frameon=False)
    figure.tight_layout(rect=(0, 0.08, 1, 1))
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)


# --- small things --------------------------------------------------------------------------------


def sizes(found: Iterable[Case]) -> list[int]:
    return sorted({patients for patients, *_ in found})


def in_order(item: tuple[Case, Medians]) -> tuple[int, int, int]:
    patients, night, contender = item[0]
    first = (CRLM, SAME_STATISTICS)
    place = first.index(contender) if contender in first else len(first)
    return patients, NIGHTS.index(night), place + (contender == BARE_LOAD)


def unique_cases(found: Mapping[Case, Medians]) -> list[Case]:
    """Each night and contender once, whatever the size."""
    cases: dict[tuple[str, str], Case] = {}
    for case, _ in sorted(found.items(), key=lambda item: in_order(item)[1:]):
        cases.setdefault(case[1:], case)
    return list(cases.values())


def time(seconds: float) -> str:
    if math.isnan(seconds):
        return UNKNOWN
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:,.0f}"


def memory(megabytes: float) -> str:
    if math.isnan(megabytes):
        return UNKNOWN
    return f"{megabytes:.0f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def ratio(own: float, other: float | None) -> str:
    return UNKNOWN if other is None or math.isnan(other) else f"{own / other:.2f}"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; cells that begin with a digit are set to the right."""
    body = [list(line) for line in lines]

    def is_number(column: int) -> bool:
        cells = [line[column] for line in body]
        return all(cell[:1].isdigit() or cell == UNKNOWN for cell in cells)

    rule = ["---:" if is_number(column) else "---" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in [list(head), rule, *body])


if __name__ == "__main__":
    main()
