"""The survival report: one HTML file that works offline, with its tables and figures beside it.

It reads `results.*` and `marts.cohort_flow` only, so that no figure in the report can differ from
the tables an analyst queries.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import diagnostic_figures, disclosure, figures, methods, tables, word
from analysis.cohort import FLOW_TABLE, table_columns
from analysis.flow_figure import flow_figure, stages
from analysis.names import GLOBAL, MULTIVARIABLE, OVERALL, UNIVARIABLE
from analysis.plan import AnalysisPlan
from analysis.processes import InThisProcess
from analysis.results import TABLES, read_table
from analysis.sections import sections
from analysis.suppression import HIDDEN
from reporting.figures import inside_page
from reporting.page import environment

if TYPE_CHECKING:
    import duckdb
    from matplotlib.figure import Figure

TEMPLATES = Path(__file__).parent / "templates"
REPORT = "survival_report.html"


def render_report(
    con: duckdb.DuckDBPyConnection,
    plan: AnalysisPlan,
    folder: str | Path,
    *,
    registry_name: str,
    notice: str | None,
    remarks: Sequence[str],
    data_as_of: datetime.date | str | None,
    definitions: Sequence[tuple[str, str]],
    beside: Executor | None,
) -> list[Path]:
    """See `analysis.render`."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    results = {}
    for name in TABLES:
        table_columns(con, f"results.{name}")
        results[name] = read_table(con, f"results.{name}")
    table_columns(con, FLOW_TABLE)
    flow = read_table(
        con,
        f"(select step_number, step, patients, excluded, reason from {FLOW_TABLE}"
        " order by step_number)",
    )
    left_out = disclosure.left_out(plan, results)
    results, flow = disclosure.disclosed(results, flow, plan)
    as_of = None if data_as_of is None else str(data_as_of)
    context = _context(plan, results, flow) | {
        "registry_name": registry_name,
        "notice": notice,
        "data_as_of": as_of,
        "left_out": left_out,
        "definitions": list(definitions),
        "methods": methods.paragraphs(
            plan, results, flow, registry_name=registry_name, data_as_of=as_of
        ),
        "checklist": methods.checklist(plan, results, definitions),
    }
    drawing = _draw(plan, results, flow, folder / "figures", beside or InThisProcess())
    written = _write_tables(results, context, folder / "tables")
    written += _write_documents(context, folder / "tables")
    drawn = {name: files for name, future in drawing.items() if (files := future.result())}
    html = (
        environment(TEMPLATES)
        .get_template("survival_report.html.j2")
        .render(
            **context,
            figures={name: _inline(files[0], name) for name, files in drawn.items()},
            # Remarks count rows of the deliveries.
            remarks=list(remarks) if plan.disclosure == "none" else [],
        )
    )
    report = folder / REPORT
    report.write_text(html, encoding="utf-8")
    return [report, *chain.from_iterable(drawn.values()), *written]


def _inline(svg: Path, name: str) -> str:
    return inside_page(svg.read_text(encoding="utf-8"), name.replace("_", "-"))


def _draw(
    plan: AnalysisPlan,
    results: dict[str, tables.Rows],
    flow: tables.Rows,
    folder: Path,
    beside: Executor,
) -> dict[str, Future[list[Path]]]:
    """Let `beside` draw the figures: name -> the files; none where the data do not allow it."""
    made: dict[str, Callable[[], Figure | None]] = {}
    # It takes longest: begun last, it would be waited for alone.
    made["schoenfeld_multivariable"] = partial(
        diagnostic_figures.schoenfeld_figure,
        results["schoenfeld_residuals"],
        results["schoenfeld_smooth"],
    )
    # The boxes add exclusions up: where counts are protected, a sum could tell one.
    boxes = (
        stages(
            flow,
            results["model_flow"],
            results["cohort_restriction"],
            results["model_factors"],
            plan.measured.events,
        )
        if plan.disclosure == "none"
        else []
    )
    made["cohort_flow"] = partial(flow_figure, boxes)
    for grouping in [OVERALL, *plan.curves]:
        rows = [row for row in results["survival_curve"] if row["grouping"] == grouping]
        tests = [row for row in results["logrank"] if row["all_levels"]]
        test = next((row for row in tests if row["grouping"] == grouping), None)
        words = ""
        if test is not None and test["p"] not in (None, HIDDEN):
            p = figures.p_text(test["p"])
            words = f"Log-rank p {p}" if p.startswith("<") else f"Log-rank p = {p}"
        made[f"survival_{grouping}"] = partial(
            figures.kaplan_meier_figure,
            rows,
            caption_in_plot=words,
            endpoint=plan.measured.name,
            at_risk=[row for row in results["risk_table"] if row["grouping"] == grouping]
            if plan.disclosure != "none"
            else None,
        )
    made["forest_multivariable"] = partial(
        figures.forest_figure,
        results["cox_multivariable"],
        "of death " if plan.measured.event == "died" else "",
    )
    for variable in plan.splines:
        rows = [row for row in results["spline"] if row["variable"] == variable.column]
        made[f"spline_{variable.column}"] = partial(figures.spline_figure, rows)
    for grouping in plan.curves:
        rows = [row for row in results["survival_curve"] if row["grouping"] == grouping]
        made[f"log_minus_log_{grouping}"] = partial(
            diagnostic_figures.log_minus_log_figure, rows, plan.measured.name
        )
    for cut in plan.cutpoints:
        rows, points = (
            [row for row in results[name] if row["variable"] == cut.column]
            for name in ("time_dependent_roc", "time_dependent_roc_curve")
        )
        made[f"time_dependent_roc_{cut.column}"] = partial(
            diagnostic_figures.roc_figure, rows, points
        )
    titles = _titles(plan)
    return {
        name: beside.submit(
            figures.save, draw, folder, name, titles.get(name, name.replace("_", " "))
        )
        for name, draw in made.items()
    }


def _titles(plan: AnalysisPlan) -> dict[str, str]:
    """Name of a figure -> the title that its files carry."""
    curve = f"Kaplan–Meier curve of {plan.measured.name}"
    return {
        f"survival_{OVERALL}": curve,
        **{f"survival_{name}": f"{curve} by {plan.factor(name).label}" for name in plan.curves},
        "cohort_flow": "The way of the patients into the analysis",
        "schoenfeld_multivariable": "Scaled Schoenfeld residuals of the multivariable model",
        **{
            f"log_minus_log_{name}": f"Log-minus-log curves by {plan.factor(name).label}"
            for name in plan.curves
        },
        **{
            f"time_dependent_roc_{cut.column}": f"Time-dependent ROC curves of {cut.name}"
            for cut in plan.cutpoints
        },
        "forest_multivariable": f"Hazard ratios of {plan.measured.name}, multivariable model",
        **{
            f"spline_{variable.column}": f"Hazard ratio of {plan.measured.name} along "
            f"{variable.name}"
            for variable in plan.splines
        },
    }


def _write_tables(
    results: dict[str, tables.Rows], context: dict[str, Any], folder: Path
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in results.items():
        written.append(_write_csv(folder / f"{name}.csv", list(TABLES[name].columns), rows))
    one = ["name", "known", "value"]
    written.append(_write_csv(folder / "table_1.csv", one, context["table_one"]))
    two = [
        "name",
        "counts",
        "univariable",
        "univariable_p",
        "multivariable",
        "multivariable_p",
        "note",
    ]
    written.append(_write_csv(folder / "table_2.csv", two, context["cox"]))
    return written


def _write_documents(context: dict[str, Any], folder: Path) -> list[Path]:
    made = {
        "table_1": [word.table_one(context)],
        "table_2": [word.table_two(context)],
        "table_survival": word.survival(context),
    }
    written = [
        word.write_document(folder / f"{name}.docx", found, notice=context["notice"])
        for name, found in made.items()
    ]
    path = word.write_document(
        folder / "methods.docx",
        word.methods(context),
        notice=context["notice"],
        paragraphs=[(found.heading, found.text) for found in context["methods"]],
        title="Methods",
    )
    return [*written, path]


def _write_csv(path: Path, columns: list[str], rows: Any) -> Path:
    # Excel takes a file without the mark for its local encoding and spoils "≥" and "–".
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _context(
    plan: AnalysisPlan, results: dict[str, tables.Rows], flow: tables.Rows
) -> dict[str, Any]:
    summary = results["survival_summary"]
    overall = {row["measure"]: row for row in summary if row["grouping"] == OVERALL}
    reverse = overall["reverse_kaplan_meier_follow_up_months"]
    factors = results["model_factors"]
    multivariable_flow = [row for row in results["model_flow"] if row["model"] == MULTIVARIABLE]
    reproduction = tables.reproduction(results["reproduction"])
    return {
        "plan": plan,
        "percent": f"{100 * plan.confidence_level:g}",
        "flow": flow,
        "cohort_patients": tables.cohort_patients(results),
        "table_one": tables.table_one(results["table_one"]),
        "overall": overall,
        "overall_group": next(iter(tables.survival_groups(summary, OVERALL)), None),
        "living": _living(overall),
        "reverse_median": tables.with_interval(
            tables.month_text(reverse["estimate"]), tables.month_interval(reverse)
        ),
        "groups": [
            {
                "grouping": grouping,
                "label": plan.factor(grouping).label,
                "rows": tables.survival_groups(summary, grouping),
            }
            for grouping in plan.curves
        ],
        "logrank": tables.logrank(results["logrank"]),
        "sections": sections(plan, results),
        "endpoint": plan.measured,
        "cox": tables.cox_side_by_side(
            results["cox_univariable"], results["cox_multivariable"], plan.measured.events
        ),
        "multivariable": _model_line(results["cox_multivariable"]),
        "multivariable_flow": multivariable_flow,
        "univariable_flow": _univariable_flow(results["model_flow"], factors),
        "factors": [{**row, "p_text": figures.p_text(row["smallest_p"])} for row in factors],
        "reproduction": reproduction,
        "reproduction_sections": [
            {"title": title, "rows": list(rows)}
            for title, rows in groupby(reproduction, key=lambda row: row["section"])
        ],
        "hazards": _hazards(results["proportional_hazards"]),
        "disclosure": disclosure.sentence(plan),
    }


def _living(overall: dict[str, Any]) -> dict[str, str] | None:
    """How long those without the event were followed; None where there are none."""
    if not overall["living_patients"]["estimate"]:
        return None
    return {"patients": f"{overall['living_patients']['estimate']:.0f}"} | {
        name: f"{overall[f'follow_up_of_living_{name}_months']['estimate']:.1f}"
        for name in ("median", "min", "max")
    }


def _model_line(rows: tables.Rows) -> dict[str, Any] | None:
    estimates = sum(row["coefficient"] is not None for row in rows)
    if not estimates:
        return None
    events = rows[0]["events"]
    return {
        "n": rows[0]["n"],
        "events": events,
        "estimates": estimates,
        "events_per_estimate": f"{events / estimates:.1f}",
    }


def _univariable_flow(rows: tables.Rows, factors: tables.Rows) -> list[dict[str, Any]]:
    labels = {row["factor"]: row["label"] for row in factors}
    lines = []
    for factor, label in labels.items():
        own = [row for row in rows if row["model"] == UNIVARIABLE and row["factor"] == factor]
        if own:
            excluded = [f"{r['description']}: {r['excluded']}" for r in own if r["excluded"]]
            lines.append(
                {
                    "label": label,
                    "cohort": own[0]["remaining"],
                    "excluded": "; ".join(excluded) or "none",
                    "analyzed": own[-1]["remaining"],
                    "events": own[-1]["events"],
                }
            )
    return lines


def _hazards(rows: tables.Rows) -> list[dict[str, Any]]:
    """Per factor the tests of its univariable and of the multivariable model, GLOBAL last."""
    lines: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(row["factor"], {"label": row["label"]})
        line[row["model"]] = (
            "–"
            if row["p"] is None
            else f"χ² {row['chi_square']:.2f}, df {row['degrees_of_freedom']}, "
            f"p {figures.p_text(row['p'])}"
        )
        line["small"] = line.get("small", False) or (row["p"] is not None and row["p"] < 0.05)
    total = lines.pop(GLOBAL, None)
    return [*lines.values(), *([total] if total else [])]
