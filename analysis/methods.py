"""The methods in words, made of the plan and of what was done; and who answers which item.

A sentence stands here only for what the plan asks for and the results hold, so that a manuscript
that takes the text over says nothing that was not done.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from analysis.disclosure import sentence as disclosure_sentence
from analysis.plan import AnalysisPlan, FixedSelection
from analysis.sections import day_zero_sentence
from analysis.tables import Rows, level_text

Results = dict[str, Rows]

# Name of the distribution -> how its authors are cited.
CITATIONS = {
    "lifelines": "Davidson-Pilon C. J Open Source Softw 2019;4:1317",
    "numpy": "Harris CR et al. Nature 2020;585:357",
    "scipy": "Virtanen P et al. Nat Methods 2020;17:261",
    "duckdb": "Raasveldt M, Mühleisen H. Proc SIGMOD 2019:1981",
    "matplotlib": "Hunter JD. Comput Sci Eng 2007;9:90",
}
NAMES = {"numpy": "NumPy", "scipy": "SciPy", "duckdb": "DuckDB", "matplotlib": "Matplotlib"}

AUTHORS = "for the authors"
NOT_DONE = "not done"


@dataclass(frozen=True)
class Paragraph:
    """A heading and the sentences under it."""

    heading: str
    text: str


@dataclass(frozen=True)
class Item:
    """An item of the reporting guidelines, in our words, and where the report answers it."""

    strobe: str
    remark: str
    asks: str
    answer: str


def paragraphs(
    plan: AnalysisPlan,
    results: Results,
    flow: Rows,
    *,
    registry_name: str,
    data_as_of: str | None,
) -> list[Paragraph]:
    """The methods section: patients, endpoint, survival, models, unknown values, software."""
    made = {
        "Patients": _patients(plan, results, flow, registry_name, data_as_of),
        "Endpoint": _endpoint(plan, results),
        "Survival": _survival(plan, results),
        "Models": _models(plan, results),
        "Unknown values": _unknown(plan, results),
        "Further analyses": _further(plan, results),
        "Disclosure": iter([disclosure_sentence(plan)]),
        "Software": _software(),
    }
    found = {
        heading: " ".join(sentence for sentence in sentences if sentence)
        for heading, sentences in made.items()
    }
    return [Paragraph(heading, text) for heading, text in found.items() if text]


def _listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = list(words)
    return f"{', '.join(first)} and {last}" if first else last


def _inside(label: str) -> str:
    """A label within a sentence; an abbreviation such as CEA stays as it is."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _label(plan: AnalysisPlan, column: str) -> str:
    return _inside(plan.factor(column).label)


def _confidence(plan: AnalysisPlan) -> str:
    return f"{100 * plan.confidence_level:g}%"


def _patients(
    plan: AnalysisPlan, results: Results, flow: Rows, registry_name: str, data_as_of: str | None
) -> Iterator[str]:
    as_of = f" (data as of {data_as_of})" if data_as_of else ""
    yield f"The patients come from {registry_name}{as_of}."
    excluded = [
        f"{row['reason']} ({row['excluded']})" for row in flow if row["excluded"] and row["reason"]
    ]
    if excluded:
        yield f"Not analyzed, with their numbers, were: {'; '.join(excluded)}."
    for condition in plan.cohort:
        levels = level_text(" or ".join(condition.levels))
        yield f"Only patients with {condition.column.replace('_', ' ')} {levels} were analyzed."
    described = []
    if plan.table_one.continuous:
        described.append(
            "numbers by mean, standard deviation, median, quartiles (interpolated linearly)"
            + (" and range" if plan.disclosure == "none" else "")
        )
    if plan.table_one.categorical:
        described.append("categories by counts and percents of the known")
    if described:
        yield f"The cohort is described in Table 1: {_listed(described)}."


def _endpoint(plan: AnalysisPlan, results: Results) -> Iterator[str]:
    measured = plan.measured
    yield (
        f"{measured.name.capitalize()} runs from the first liver resection to "
        f"{measured.ends_with}, or to the last contact in those {measured.free}, who are censored. "
        "Durations are counted in days; a month is 30.4375 days."
    )
    if results["endpoint"]:
        yield day_zero_sentence(plan, results)
    yield (
        f"Follow-up was estimated by the reverse Kaplan–Meier method, with {measured.events} "
        "censored."
    )


def _survival(plan: AnalysisPlan, results: Results) -> Iterator[str]:
    if not results["survival_curve"]:
        return
    yield (
        "Survival was estimated by the Kaplan–Meier method with Greenwood's variance and "
        f"{plan.confidence_interval} {_confidence(plan)} confidence intervals. The median is the "
        "time at which the curve falls below one half; where the curve stays at exactly one half, "
        "it is the middle of that stretch, or its start where follow-up ends on it. Its limits are "
        "read from the confidence band by the same rule."
    )
    if plan.landmarks_months:
        months = _listed(str(month) for month in plan.landmarks_months)
        yield f"Survival is given at {months} months, not beyond the last follow-up."
    if results["restricted_mean"]:
        yield (
            f"The restricted mean is the area under the curve up to {plan.rmst_months} months; "
            "differences between groups have Wald intervals."
        )
    tested = [row for row in results["logrank"] if row["p"] is not None]
    if tested:
        labels = _listed(dict.fromkeys(_inside(row["label"]) for row in tested))
        yield f"Groups were compared by the log-rank test ({labels})."
    if any(row["trend_p"] is not None for row in tested):
        yield "Where a grouping has three or more levels, a trend over their order was tested."
    if any(row["p_holm"] is not None for row in results["logrank_pairwise"]):
        yield "The p of pairs of levels were adjusted by Holm's method within a grouping."


def _models(plan: AnalysisPlan, results: Results) -> Iterator[str]:
    if not any(row["coefficient"] is not None for row in results["cox_univariable"]):
        return
    events = plan.measured.events
    yield (
        f"Hazard ratios come from Cox proportional hazards models with {plan.ties.capitalize()}'s "
        f"handling of ties, Wald intervals ({_confidence(plan)}) and two-sided Wald p. Each "
        "univariable model has one factor."
    )
    if any(row["coefficient"] is not None for row in results["cox_multivariable"]):
        yield from _selection(plan)
    yield (
        f"A level without {events} has no finite hazard ratio and is reported as not estimable, as "
        f"is a factor that separates the {events} completely or repeats another."
    )
    if any(row["p"] is not None for row in results["proportional_hazards"]):
        yield (
            "Proportional hazards were tested by the score test on scaled Schoenfeld residuals "
            "against 1 − S(t−) (Grambsch and Therneau)."
        )
    if any(row["concordance"] is not None for row in results["model_fit"]):
        yield "Discrimination is Harrell's concordance index C."
    if any(row["optimism"] is not None for row in results["model_fit"]):
        yield (
            f"The optimism of C was estimated in {plan.bootstrap_resamples} bootstrap resamples, "
            "with the factors of the model as they are (the selection was not repeated)."
        )


def _selection(plan: AnalysisPlan) -> Iterator[str]:
    rule = plan.selection
    if isinstance(rule, FixedSelection):
        yield "The factors of the multivariable model were fixed in the analysis plan."
    else:
        yield (
            "A factor entered the multivariable model when any of its levels had "
            f"p < {rule.threshold:g} alone."
        )
        if rule.forced:
            forced = _listed(_label(plan, column) for column in rule.forced)
            yield f"The plan forces {forced} into it."
    if plan.exclude:
        left_out = _listed(_label(plan, item.column) for item in plan.exclude)
        yield f"The plan keeps out of it, for stated reasons: {left_out}."
    if not isinstance(rule, FixedSelection):
        yield (
            "The p of a model that was selected by p are too small; they are descriptive. No "
            "correction for the number of factors was made."
        )


def _unknown(plan: AnalysisPlan, results: Results) -> Iterator[str]:
    yield (
        "What a source does not tell, or tells illegibly, is unknown with a reason and was not "
        "guessed."
    )
    if results["cox_univariable"]:
        yield "Patients with an unknown factor are left out of the models that use it."
    imputed = next((row for row in results["cox_imputed"] if row["hazard_ratio"] is not None), None)
    if imputed is not None:
        yield (
            f"Besides, unknown factors of the multivariable model were imputed {plan.imputations} "
            "times by chained multinomial logits on the other factors, the event and the "
            "Nelson–Aalen hazard (White and Royston), and estimates pooled by Rubin's rules with "
            "the degrees of freedom of Barnard and Rubin."
        )


def _further(plan: AnalysisPlan, results: Results) -> Iterator[str]:
    if results["cumulative_incidence"]:
        yield (
            "Recurrence and death without recurrence are competing risks: their cumulative "
            "incidence was estimated by Aalen and Johansen's method."
        )
        if any(row["p"] is not None for row in results["gray_test"]):
            yield "Groups were compared by Gray's test."
    cuts = [
        variable
        for variable in plan.cutpoints
        for row in results["cutpoint"]
        if row["variable"] == variable.column and row["cutpoint"] is not None
    ]
    for cut in cuts:
        again = f"; {cut.resamples} bootstrap resamples show how far it moves"
        yield (
            f"For {_inside(cut.name)} the cut with the largest log-rank statistic was searched, "
            f"with at least {100 * cut.proportion:g}% of the patients on either side, its p "
            f"corrected for the search (Lausen and Schumacher){again if cut.resamples else ''}."
        )
    for curve in plan.splines:
        if any(row["variable"] == curve.column for row in results["spline"]):
            yield (
                f"The hazard along {_inside(curve.name)} was modeled by a restricted cubic spline "
                f"with {curve.knots} knots."
            )
    disputed = dict.fromkeys(row["definition"] for row in results["sensitivity"])
    if disputed:
        yield (
            "Sensitivity analyses repeat the estimates under other definitions: "
            f"{'; '.join(disputed)}."
        )
    if (
        cuts
        or any(row["optimism"] is not None for row in results["model_fit"])
        or (results["cox_imputed"])
    ):
        yield f"The random numbers start from the seed {plan.seed}."


def _software() -> Iterator[str]:
    found = [f"Python {platform.python_version()}"]
    for name, citation in CITATIONS.items():
        try:
            found.append(f"{NAMES.get(name, name)} {version(name)} ({citation})")
        except PackageNotFoundError:
            continue
    yield f"Computed with {', '.join(found)}."


def checklist(plan: AnalysisPlan, results: Results, definitions: Sequence[object]) -> list[Item]:
    """Items of STROBE (cohort studies) and REMARK, and where the report answers each."""
    events = plan.measured.events
    together = any(row["coefficient"] is not None for row in results["cox_multivariable"])
    tested = any(row["p"] is not None for row in results["proportional_hazards"])
    others = [
        name
        for name, rows in (
            ("competing risks", results["cumulative_incidence"]),
            ("cut-points", results["cutpoint"]),
            ("splines", results["spline"]),
            ("imputed model", results["cox_imputed"]),
            ("disputed definitions", results["sensitivity"]),
        )
        if rows
    ]
    defined = "Definitions in force" if definitions else AUTHORS
    model = "Table 2, multivariable model" if together else NOT_DONE
    groups = "Survival by group; log-rank tests" if plan.curves else NOT_DONE
    return [
        Item("1", "", "The design in the title, and an abstract", AUTHORS),
        Item("2–3", "1", "Background, objectives, hypotheses", AUTHORS),
        Item(
            "4–5",
            "6",
            "Design, setting, dates of recruitment and follow-up",
            f"Methods, Patients; Follow-up; dates: {AUTHORS}",
        ),
        Item(
            "6",
            "2–3",
            "Who was eligible, and how patients were treated",
            f"Patients: from all patients to the cohort; treatment: {AUTHORS}",
        ),
        Item(
            "7",
            "7–8",
            "Outcomes and factors, and how each is defined",
            f"Methods, Endpoint; {defined}",
        ),
        Item(
            "8",
            "4–5",
            "Sources and methods of measurement",
            f"The registry's documentation; laboratory methods: {AUTHORS}",
        ),
        Item("9", "", "Sources of bias, and what was done about them", AUTHORS),
        Item(
            "10",
            "9",
            "How the size of the study came about",
            f"{events.capitalize()} per coefficient in Table 2; rationale: {AUTHORS}",
        ),
        Item(
            "11",
            "11",
            "How numbers were grouped, and cut-points chosen",
            f"Methods, Further analyses; {defined}",
        ),
        Item(
            "12a",
            "10",
            "Statistical methods, selection of factors, assumptions",
            "Methods, Survival and Models" + ("; Proportional hazards" if tested else ""),
        ),
        Item("12c", "10", "How unknown values were handled", "Methods, Unknown values"),
        Item("12d", "", "How loss to follow-up was handled", "Methods, Endpoint: censored"),
        Item(
            "12e",
            "",
            "Sensitivity analyses",
            "Disputed definitions" if results["sensitivity"] else NOT_DONE,
        ),
        Item(
            "13",
            "12",
            "Numbers at each stage, and why patients left",
            "From all patients to the cohort, and to each model",
        ),
        Item("14a", "13", "Characteristics of the patients", "Table 1"),
        Item("14b", "13", "How many are unknown in each variable", "Table 1: unknown"),
        Item("14c", "", "Length of follow-up", "Follow-up of the living"),
        Item("15", "15", f"Number of {events} over time", "At risk; survival"),
        Item(
            "16a",
            "15–16",
            "Estimates alone and adjusted, with intervals",
            f"Table 2, univariable models; {model}",
        ),
        Item("", "14–15", "Each factor's relation to the outcome, with curves", groups),
        Item("", "17", "Estimates of all factors in one model", model),
        Item("17", "18", "Other analyses done", ", ".join(others).capitalize() or NOT_DONE),
        Item(
            "18–21", "19–20", "Key results, limitations, interpretation, meaning elsewhere", AUTHORS
        ),
        Item("22", "", "Funding; ethics approval and consent", AUTHORS),
    ]
