"""What leaves the hospital tells no small count, not even to one who solves for it."""

from __future__ import annotations

import csv
import math
import re
from itertools import pairwise

import docx
import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

import analysis
from analysis import AnalysisError
from analysis.disclosed_cells import count_columns
from analysis.disclosure import RULES, disclosed, midpoint_6, step_months
from analysis.plan import TableOne
from analysis.results import TABLES, read_table
from analysis.suppression import HIDDEN, Cells, Hidden

FACTORS = ("sex", "chronology", "tumor_grade", "resection_status", "margin_group", "age_group")


@pytest.fixture(scope="module")
def small_plan(plan):
    """The default plan with six factors, none excluded, and nothing that takes long."""
    described = [item for item in plan.table_one.categorical if item.column in (*FACTORS, "died")]
    return plan.model_copy(
        update={
            "factors": [factor for factor in plan.factors if factor.column in FACTORS],
            "exclude": [],
            "curves": ["resection_status", "margin_group"],
            "logrank": [test for test in plan.logrank if test.column in FACTORS],
            "table_one": TableOne(
                continuous=plan.table_one.continuous[:2],
                categorical=described,
                by=["resection_status", "sex"],
            ),
            "imputations": 0,
            "sensitivity": plan.sensitivity[:1],
            "cutpoints": [cut.model_copy(update={"resamples": 20}) for cut in plan.cutpoints],
            "selection_resamples": 20,
        }
    )


@pytest.fixture(scope="module")
def analyzed(build_cohort, small_plan):
    """`analyzed(patients)`: the exact tables and the cohort flow."""

    def analyze(patients):
        con = build_cohort(patients)
        analysis.analyze(con, small_plan)
        results = {name: read_table(con, f"results.{name}") for name in TABLES}
        return con, results, read_table(con, "marts.cohort_flow")

    return analyze


@pytest.fixture(scope="module")
def cohorts(analyzed, random_patients):
    """Three cohorts in which many counts are small; one patient of each has no survival time."""

    def patients(seed, size):
        rng = np.random.default_rng(seed)
        made = random_patients(size, seed)
        for patient in made:
            if rng.random() < 0.06:
                patient["chronology"] = None
            if rng.random() < 0.05:
                patient |= {"resection_status": "R2"}
        made[0] |= {"died": None, "follow_up_days": None}
        return made

    return [analyzed(patients(seed, size)) for seed, size in ((58, 26), (2, 65), (3, 105))]


class Attack:
    """All numbers printed, and all that a reader knows of how they belong together."""

    def __init__(self):
        self.names: dict[tuple, int] = {}
        self.printed: dict[tuple, float] = {}
        self.sums: list[tuple[list[tuple[tuple, int]], float]] = []

    def see(self, key, value):
        self.names.setdefault(key, len(self.names))
        if value is not None and not isinstance(value, str):
            assert self.printed.setdefault(key, float(value)) == float(value)

    def equal(self, *terms, constant=0.0):
        """The sum of (key, factor) is the constant."""
        for key, _ in terms:
            self.names.setdefault(key, len(self.names))
        self.sums.append((list(terms), constant))

    def total(self, whole, parts, at_most=False):
        rest = [(("slack", len(self.sums)), 1)] if at_most else []
        self.equal((whole, -1), *((part, 1) for part in parts), *rest)

    def _solve(self, key, sign):
        """Whole numbers that agree with everything seen, `key` as small (1) or great (-1) as can
        be."""
        size = len(self.names)
        rows, columns, factors = zip(
            *(
                (i, self.names[name], factor)
                for i, (terms, _) in enumerate(self.sums)
                for name, factor in terms
            ),
            strict=True,
        )
        matrix = csr_array((factors, (rows, columns)), shape=(len(self.sums), size))
        right = np.array([constant for _, constant in self.sums])
        low, high = np.zeros(size), np.full(size, 500.0)
        for name, value in self.printed.items():
            low[self.names[name]] = high[self.names[name]] = value
        cost = np.zeros(size)
        cost[self.names[key]] = sign
        solved = milp(
            cost,
            integrality=np.ones(size),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, right, right),
        )
        assert solved.x is not None, "the attack contradicts the tables"
        return np.round(solved.x)

    def bounds(self, key):
        """The least and the greatest that a count can be."""
        return tuple(int(self._solve(key, sign)[self.names[key]]) for sign in (1, -1))

    def told(self, keys):
        """Those of the counts that cannot be 1 or less, or cannot be 5 or more.

        What one solution shows of other counts is not solved for again.
        """
        at = {key: self.names[key] for key in keys}
        open_ends = {(key, sign) for key in keys for sign in (1, -1)}
        found = []
        for key, sign in [(key, sign) for key in keys for sign in (1, -1)]:
            if (key, sign) not in open_ends:
                continue
            solved = self._solve(key, sign)
            if not (solved[at[key]] <= 1 if sign == 1 else solved[at[key]] >= 5):
                found.append((key, sign, solved[at[key]]))
            open_ends -= {(k, 1) for k, i in at.items() if solved[i] <= 1}
            open_ends -= {(k, -1) for k, i in at.items() if solved[i] >= 5}
        return found


def _attack(made, plan, exact):
    """What a reader can set up of the tables as they are shown. `exact` gives only the patients
    who are followed to a month to the very day, which keeps the sums of the attack true."""
    a = Attack()
    for row in made["table_one"]:
        kind = (
            row["statistic"]
            if row["statistic"] in ("count", "missing_reason", "missing")
            else "known"
        )
        a.see((kind, row["variable"], row["level"]), row["n"])
        percent, key = row["percent_of_known"], (kind, row["variable"], row["level"])
        if percent is not None and percent is not HIDDEN:
            # n / known = percent: a printed percent is a relation as well.
            known = a.printed.get(("known", row["variable"], None))
            if known:
                a.see(key, round(percent * known / 100))
    for variable in {row["variable"] for row in made["table_one"]}:
        known, missing = ("known", variable, None), ("missing", variable, None)
        a.total(("N",), [known, missing])
        for kind, whole in (("count", known), ("missing_reason", missing)):
            parts = [key for key in a.names if key[:2] == (kind, variable)]
            if parts or kind == "missing_reason":
                a.total(whole, parts)
    overall = {r["measure"]: r for r in made["survival_summary"] if r["grouping"] == "overall"}
    a.see(("A",), overall["patients"]["estimate"])
    a.see(("E",), overall["events"]["estimate"])
    a.see(("L",), overall["living_patients"]["estimate"])
    a.total(("A",), [("E",), ("L",)])
    a.total(("N",), [("A",)], at_most=True)
    a.total(("count", "died", "true"), [("E",)], at_most=True)
    for row in made["cox_univariable"]:
        factor, level = row["factor"], row["level"]
        a.see(("n", factor), row["n"])
        a.see(("e", factor), row["events"])
        a.see(("n", factor, level), row["n_level"])
        a.see(("e", factor, level), row["events_level"])
    for row in made["survival_summary"]:
        if row["grouping"] != "overall" and row["measure"] in ("patients", "events"):
            kind = "n" if row["measure"] == "patients" else "e"
            a.see((kind, row["grouping"], row["level"]), row["estimate"])
    for row in made["restricted_mean"]:
        if row["grouping"] != "overall":
            a.see(("n", row["grouping"], row["level"]), row["patients"])
            a.see(("e", row["grouping"], row["level"]), row["events"])
    factors = {key[1] for key in a.names if key[0] == "n" and len(key) == 2}
    for factor in factors:
        levels = [key[2] for key in a.names if key[:2] == ("n", factor) and len(key) == 3]
        for kind, whole in (("n", ("A",)), ("e", ("E",))):
            a.total((kind, factor), [(kind, factor, level) for level in levels])
            a.total(whole, [(kind, factor), (kind, factor, "unknown")])
        a.total(("n", factor, "unknown"), [("e", factor, "unknown"), ("alive", factor, "unknown")])
        for level in levels:
            whole = ("n", factor, level)
            a.total(whole, [("e", factor, level), ("alive", factor, level)])
            a.total(("count", factor, level), [whole], at_most=True)
    for row in made["logrank"] + made["logrank_pairwise"]:
        levels = (
            row["levels"].split(" | ") if "levels" in row else [row["level"], row["other_level"]]
        )
        for kind, column in (("n", "patients"), ("e", "events")):
            key = (kind, row["grouping"], tuple(levels))
            a.see(key, row[column])
            a.total(key, [(kind, row["grouping"], level) for level in levels])
    for row in made["model_factors"]:
        a.see(("known", row["factor"], None), row["patients_known"])
        a.see(("missing", row["factor"], None), row["patients_unknown"])
    _attack_flow(a, made)
    _attack_months(a, made, plan, exact)
    _attack_groups(a, made, plan)
    _attack_numbers(a, made)
    return a


def _inside(plan, grouping, level, kind, variable, at):
    """The key of a count within a group; of two groupings it is one count, from either side."""
    if kind == "count" and variable in plan.table_one.by:
        (grouping, level), (variable, at) = sorted([(grouping, level), (variable, at)])
    return ("in", grouping, level, kind, variable, at)


def _kind(row):
    return row["statistic"] if row["statistic"] in KINDS else "known"


KINDS = ("count", "missing_reason", "missing", "patients")


def _attack_groups(a, made, plan):
    by_group = made["table_one_by_group"]
    for row in by_group:
        grouping, level = row["grouping"], row["group_level"]
        if row["statistic"] == "patients":
            key = ("count", grouping, level) if level else ("nobody", grouping)
            a.see(key, row["n"])
    for row in by_group:
        grouping, level, kind = row["grouping"], row["group_level"], _kind(row)
        if kind == "patients":
            continue
        key = _inside(plan, grouping, level, kind, row["variable"], row["level"])
        a.see(key, row["n"])
        for percent, whole in (
            ("percent_of_known", ("in", grouping, level, "known", row["variable"], None)),
            ("percent_of_all", ("count", grouping, level)),
        ):
            if row[percent] not in (None, HIDDEN) and whole in a.printed:
                a.see(key, round(row[percent] * a.printed[whole] / 100))
    for grouping in plan.table_one.by:
        own = [row for row in by_group if row["grouping"] == grouping]
        levels = [row["group_level"] for row in own if row["statistic"] == "patients"]
        levels = [level for level in levels if level]
        a.total(("N",), [*(("count", grouping, level) for level in levels), ("nobody", grouping)])
        rows = [row for row in own if row["statistic"] != "patients"]
        for level, variable in {(row["group_level"], row["variable"]) for row in rows}:
            listed = {
                (_kind(row), row["level"])
                for row in rows
                if (row["group_level"], row["variable"]) == (level, variable)
            }
            cells = {
                (kind, at): _inside(plan, grouping, level, kind, variable, at)
                for kind, at in listed
            }
            known, missing = cells["known", None], cells["missing", None]
            a.total(("count", grouping, level), [known, missing])
            for whole, kind in ((known, "count"), (missing, "missing_reason")):
                parts = [key for (own_kind, _), key in cells.items() if own_kind == kind]
                if parts or kind == "missing_reason":
                    a.total(whole, parts)
        for kind, variable, at in {(_kind(r), r["variable"], r["level"]) for r in rows}:
            parts = [
                _inside(plan, grouping, row["group_level"], kind, variable, at)
                for row in rows
                if (_kind(row), row["variable"], row["level"]) == (kind, variable, at)
            ]
            # Table 1 less the groups: who is in none.
            rest = ("in", grouping, None, kind, variable, at)
            a.total((kind, variable, at), [*dict.fromkeys(parts), rest])
        for level in levels:
            dead, alive = (
                _inside(plan, grouping, level, "count", "died", at) for at in ("true", "false")
            )
            a.total(dead, [("e", grouping, level)], at_most=True)
            a.total(alive, [("alive", grouping, level)], at_most=True)
    for row in made["table_one_test"]:
        if row["kind"] == "continuous":
            key = ("tested", row["grouping"], row["variable"])
            a.see(key, row["n"])
            levels = plan.factor(row["grouping"]).levels
            a.total(
                key,
                [("in", row["grouping"], x, "known", row["variable"], None) for x in levels],
            )


def _attack_numbers(a, made):
    """Cut-points and ROC curves: who is up to a cut, and who is a case at each landmark."""
    for row in made["cutpoint"]:
        n, e = ("number n", row["variable"]), ("number e", row["variable"])
        a.see(n, row["n"])
        a.see(e, row["events"])
        a.total(("A",), [n], at_most=True)
        a.total(("E",), [e], at_most=True)
        for side in ("n_up_to", "n_above"):
            a.see((side, row["variable"]), row[side])
        if row["cutpoint"] is not None:
            a.total(n, [("n_up_to", row["variable"]), ("n_above", row["variable"])])
    last = {}
    for row in made["time_dependent_roc"]:
        parts = {
            what: (what, row["variable"], row["landmark_months"])
            for what in ("cases", "controls", "censored_before")
        }
        a.see(("number n", row["variable"]), row["n"])
        for what, key in parts.items():
            a.see(key, row[what])
        a.total(("number n", row["variable"]), list(parts.values()))
        a.total(("number e", row["variable"]), [parts["cases"]], at_most=True)
        for what, key in last.items():
            whole, part = (key, parts[what]) if what == "controls" else (parts[what], key)
            a.total(whole, [part, ("since", *part)])
        last = parts


def _attack_flow(a, made):
    flows = {}
    for row in made["model_flow"]:
        flows.setdefault((row["model"], row["factor"]), []).append(row)
    for (model, factor), rows in flows.items():
        a.see(("N",), rows[0]["remaining"])
        for number, row in enumerate(rows):
            here = ("flow", model, factor, number)
            a.see(here, row["remaining"])
            a.see(("out", *here), row["excluded"])
            if number:
                a.total(("flow", model, factor, number - 1), [here, ("out", *here)])
            if row["step"] == "survival_time_unknown":
                a.total(("out", *here), [("lost", row["description"])])
            if row["step"] == "factor_unknown":
                whole = ("missing_reason", row["excluded_factor"], row["missing_reason"])
                a.total(whole, [("out", *here)], at_most=True)
        a.total(("N",), [("flow", model, factor, 0)])
        last = ("flow", model, factor, len(rows) - 1)
        a.see((*last, "events"), rows[-1]["events"])
        if model == "univariable":
            a.total(("n", factor), [last])
            a.total(("e", factor), [(*last, "events")])


def _attack_months(a, made, plan, exact):
    on_the_day = {
        (row["grouping"], row["level"], month): row["events"] + row["censored"]
        for row in exact["survival_curve"]
        for month in plan.risk_table_months
        if row["time_days"] == month * 30.4375
    }
    groups = {}
    for row in made["risk_table"]:
        groups.setdefault((row["grouping"], row["level"]), []).append(row)
    for group, rows in groups.items():
        n = ("A",) if group[0] == "overall" else ("n", *group)
        e = ("E",) if group[0] == "overall" else ("e", *group)
        left = []
        for row in rows:
            here = (*group, row["month"])
            for column in ("at_risk", "events", "censored"):
                a.see((column, *here), row[column])
            left += [("events", *here), ("censored", *here)]
            a.equal(
                (n, -1),
                (("at_risk", *here), 1),
                *((key, 1) for key in left),
                constant=on_the_day.get(here, 0),
            )
        a.total(e, [key for key in left if key[0] == "events"], at_most=True)
    for row in made["survival_summary"]:
        if row["measure"] != "survival_at_landmark":
            continue
        here = (row["grouping"], row["level"], row["landmark_months"])
        a.see(("at_risk", *here), row["at_risk"])
        if row["estimate"] not in (None, HIDDEN) and row["at_risk"] not in (None, HIDDEN):
            # Where nobody was censored so far, survival tells who died: the least case to look at.
            parts = [
                key
                for key in a.names
                if key[0] == "events" and key[1:3] == here[:2] and key[3] <= here[2]
            ]
            died = sum(
                r["events"]
                for r in exact["survival_curve"]
                if (r["grouping"], r["level"]) == here[:2] and r["time_days"] <= here[2] * 30.4375
            )
            a.equal(*((key, 1) for key in parts), constant=died)


def _same_count(exact, made, plan):
    """Key of the attack -> the true count, of the counts that are hidden."""
    found = {}
    for before, row in zip(exact["table_one"], made["table_one"], strict=True):
        kind = row["statistic"]
        if row["n"] is HIDDEN and kind in ("count", "missing", "missing_reason", "known"):
            found[kind, row["variable"], row["level"]] = before["n"]
    for before, row in zip(exact["cox_univariable"], made["cox_univariable"], strict=True):
        for kind, column in (("n", "n_level"), ("e", "events_level")):
            if row[column] is HIDDEN:
                found[kind, row["factor"], row["level"]] = before[column]
    for before, row in zip(exact["risk_table"], made["risk_table"], strict=True):
        for column in ("at_risk", "events", "censored"):
            if row[column] is HIDDEN:
                key = (column, row["grouping"], row["level"], row["month"])
                found[key] = before[column]
    for before, row in zip(exact["table_one_by_group"], made["table_one_by_group"], strict=True):
        if row["n"] is HIDDEN:
            grouping, level, kind = row["grouping"], row["group_level"], _kind(row)
            key = _inside(plan, grouping, level, kind, row["variable"], row["level"])
            if kind == "patients":
                key = ("count", grouping, level) if level else ("nobody", grouping)
            found[key] = before["n"]
    for before, row in zip(exact["time_dependent_roc"], made["time_dependent_roc"], strict=True):
        for what in ("cases", "controls", "censored_before"):
            if row[what] is HIDDEN:
                found[what, row["variable"], row["landmark_months"]] = before[what]
    return found


def _in_no_group(exact, plan):
    """Key of the attack -> the true count of those whom no group has, in each row of Table 1."""
    found = {}
    for grouping in plan.table_one.by:
        for row in exact["table_one"]:
            key = (_kind(row), row["variable"], row["level"])
            inside = {
                r["group_level"]: r["n"]
                for r in exact["table_one_by_group"]
                if r["grouping"] == grouping and (_kind(r), r["variable"], r["level"]) == key
            }
            if row["variable"] != grouping and inside:
                found["in", grouping, None, *key] = row["n"] - sum(inside.values())
    return found


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1, 2])
def test_no_small_count_follows_from_what_is_printed(cohorts, small_plan, number):
    _, exact, flow = cohorts[number]
    plan = small_plan.model_copy(update={"disclosure": "five"})
    made, _ = disclosed(exact, flow, plan)
    attack = _attack(made, plan, exact)
    hidden = _same_count(exact, made, plan) | _in_no_group(exact, plan)
    small = [key for key, n in hidden.items() if 0 < n < 5]
    assert len(small) > 50
    assert {"in", "at_risk"} <= {key[0] for key in small}
    assert attack.told(small) == []


@pytest.mark.parametrize("number", [0, 1, 2])
def test_no_small_count_is_printed(cohorts, small_plan, number):
    _, exact, flow = cohorts[number]
    made, shown_flow = disclosed(exact, flow, small_plan.model_copy(update={"disclosure": "five"}))
    for name, rows in made.items():
        for row in rows:
            for column in count_columns(name):
                assert row[column] is HIDDEN or row[column] is None or not 0 < row[column] < 5
    assert not [row for row in shown_flow if row["excluded"] in (1, 2, 3, 4)]
    hidden = [row for rows in made.values() for row in rows if HIDDEN in row.values()]
    assert len(hidden) > 100
    # The exact tables are untouched.
    assert not [row for rows in exact.values() for row in rows if HIDDEN in row.values()]


def test_without_the_protection_the_attack_finds_the_counts(cohorts, small_plan):
    """The attack is worth something: hiding small counts alone would not do."""
    _, exact, _ = cohorts[1]
    naive = {name: [dict(row) for row in rows] for name, rows in exact.items()}
    for name, rows in naive.items():
        for row in rows:
            for column in count_columns(name):
                if row[column] is not None and 0 < row[column] < 5:
                    row[column] = HIDDEN
    attack = _attack(naive, small_plan, exact)
    found = [
        key
        for key, n in _same_count(exact, naive, small_plan).items()
        if 0 < n < 5 and key[0] != "in" and attack.bounds(key) == (n, n)
    ]
    assert len(found) > 5
    inside = [
        key
        for key, n in _same_count(exact, naive, small_plan).items()
        if 0 < n < 5 and key[0] == "in"
    ]
    told = [key for key in inside[:25] if attack.bounds(key)[0] == attack.bounds(key)[1]]
    assert len(told) > 5


@pytest.mark.parametrize(("rule", "step"), [("five", 5), ("opensafely", 6)])
def test_each_step_of_a_curve_is_made_by_enough_events(cohorts, small_plan, rule, step):
    steps = 0
    for _, exact, flow in cohorts:
        made, _ = disclosed(exact, flow, small_plan.model_copy(update={"disclosure": rule}))
        for group in {(row["grouping"], row["level"]) for row in made["survival_curve"]}:
            curve, true = (
                [r for r in rows["survival_curve"] if (r["grouping"], r["level"]) == group]
                for rows in (made, exact)
            )
            assert curve[0]["time_days"] == 0
            last = -1.0
            for before, row in pairwise([{"survival": 1.0}, *curve]):
                assert row["time_months"] == int(row["time_months"])
                if row["survival"] == before["survival"]:
                    continue
                events = sum(r["events"] for r in true if last < r["time_days"] <= row["time_days"])
                assert events >= step
                last, steps = row["time_days"], steps + 1
            at_end = [r["at_risk"] for r in true if r["time_days"] >= curve[-1]["time_days"]]
            assert max(at_end) >= RULES[rule].smallest
    assert steps > 10


def test_opensafely_rounds_every_count_and_makes_percents_of_them(cohorts, small_plan):
    _, exact, flow = cohorts[2]
    plan = small_plan.model_copy(update={"disclosure": "opensafely"})
    made, shown_flow = disclosed(exact, flow, plan)
    for name, rows in made.items():
        for row in rows:
            for column in count_columns(name):
                value = row[column]
                assert value is HIDDEN or value in (None, 0) or value % 6 in (0, 3), name
    for before, row in zip(exact["table_one"], made["table_one"], strict=True):
        assert row["n"] == midpoint_6(before["n"])
        if row["percent_of_known"] is not None:
            known = next(
                r["n"]
                for r in made["table_one"]
                if r["variable"] == row["variable"] and r["statistic"] == "known"
            )
            assert math.isclose(row["percent_of_known"], 100 * row["n"] / known, rel_tol=1e-3)
    assert [row["patients"] for row in shown_flow] == [midpoint_6(row["patients"]) for row in flow]


@pytest.mark.parametrize("rule", ["five", "opensafely"])
def test_a_rounded_curve_is_near_the_exact_one(analyzed, random_patients, small_plan, rule):
    _, exact, flow = analyzed(random_patients(248, 3))
    made, _ = disclosed(exact, flow, small_plan.model_copy(update={"disclosure": rule}))
    shown = [
        (before["estimate"], row["estimate"])
        for before, row in zip(exact["survival_summary"], made["survival_summary"], strict=True)
        if row["measure"] == "survival_at_landmark" and row["grouping"] == "overall"
    ]
    assert len(shown) == 3
    for true, value in shown:
        assert abs(true - value) < (0.001 if rule == "five" else 0.03)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["five", "opensafely"])
def test_a_patient_alone_is_in_no_file(build_cohort, random_patients, small_plan, tmp_path, rule):
    """The canary: one patient with R2, 197 years old, with 313 metastases, who dies on day 777,
    which is month 25.527."""
    patients = random_patients(80, 5)
    patients[7] |= {
        "resection_status": "R2",
        "age_at_operation": 197,
        "metastasis_count": 313,
        "died": True,
        "follow_up_days": 777,
    }
    con = build_cohort(patients)
    plan = small_plan.model_copy(update={"disclosure": rule})
    analysis.analyze(con, plan)
    paths = analysis.render(
        con, plan, tmp_path, registry_name="R", remarks=["3 rows could not be taken."]
    )
    exact = read_table(con, "results.survival_summary")
    assert any(row["level"] == "R2" and row["estimate"] == 1 for row in exact)
    html = (tmp_path / "survival_report.html").read_text(encoding="utf-8")
    assert RULES[rule].sentence in html
    assert "3 rows" not in html
    for path in paths:
        text = ""
        if path.suffix in (".csv", ".html", ".svg"):
            text = path.read_text(encoding="utf-8-sig")
        elif path.suffix == ".docx":
            document = docx.Document(path)
            text = "\n".join(
                " | ".join(cell.text for cell in row.cells)
                for table in document.tables
                for row in table.rows
            )
        assert "777" not in re.sub(r"\d*\.\d+", "", text), path.name
        assert path.suffix != ".csv" or "25.52" not in text, path.name
        if path.suffix == ".csv":
            _no_trace_of_r2(path, rule)
    for name in ("table_1.csv", "table_one.csv"):
        cells = re.findall(r"[\d.]+", (tmp_path / "tables" / name).read_text(encoding="utf-8-sig"))
        assert not {"197", "197.0", "313", "313.0"} & set(cells)
    svg = (tmp_path / "figures" / "survival_resection_status.svg").read_text(encoding="utf-8")
    assert "R0" in svg or "R1" in svg
    assert "R2" not in svg


def _no_trace_of_r2(path, rule):
    name = path.stem
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    columns = count_columns(name) if name in TABLES else []
    small = "[c]" if rule == "five" else "3"
    for row in rows:
        if row.get("level") != "R2":
            continue
        assert name != "survival_curve"
        for column in columns:
            whole = column in ("n", "events") and name.startswith("cox")
            assert whole or row[column] in ("", "0", small, "[c]"), (name, column)
        for column in ("hazard_ratio", "coefficient", "survival", "restricted_mean_months"):
            assert row.get(column, "") in ("", "[c]"), (name, column)
        if name == "survival_summary":
            assert row["estimate"] in ("", "[c]", "3"), row["measure"]


def test_smallest_and_greatest_values_are_not_given(cohorts, small_plan):
    _, exact, flow = cohorts[2]
    for rule in RULES:
        made, _ = disclosed(exact, flow, small_plan.model_copy(update={"disclosure": rule}))
        for name, column in (("table_one", "statistic"), ("survival_summary", "measure")):
            rows = [r for r in made[name] if re.search(r"(^|_)(min|max)(_|$)", r[column])]
            values = {r["value" if name == "table_one" else "estimate"] for r in rows}
            assert rows
            assert values == {HIDDEN}


def test_what_the_rule_does_not_know_is_left_out(cohorts, small_plan):
    _, exact, flow = cohorts[0]
    for rule in RULES:
        plan = small_plan.model_copy(update={"disclosure": rule})
        made, _ = disclosed({**exact, "tomorrow": [{"n": 1}]}, flow, plan)
        assert made["tomorrow"] == []
        assert made["sensitivity"] == made["reproduction"] == []
        assert exact["sensitivity"]


def test_none_changes_nothing(cohorts, small_plan):
    _, exact, flow = cohorts[0]
    made, shown = disclosed(exact, flow, small_plan)
    assert made is exact
    assert shown is flow


@pytest.mark.slow
@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("name", ["empty", "one_patient", "no_events", "one_empty_group"])
def test_reports_at_the_edge(edges, plan, tmp_path, name, rule):
    changed = plan.model_copy(update={"disclosure": rule})
    report, *_ = analysis.render(edges[name], changed, tmp_path, registry_name="R")
    html = report.read_text(encoding="utf-8")
    assert "None" not in html
    assert "nan" not in html
    assert "[c][c]" not in html
    assert "[c]%" not in html


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, 3), (6, 3), (7, 9), (12, 9), (13, 15), (248, 249)]
)
def test_midpoint_6(count, shown):
    assert midpoint_6(count) == shown


def test_step_months_keeps_wanted_months_and_merges_the_rest():
    #         month 0  1  2  3  4  5   6   7   8   9  10
    so_far = [1, 2, 5, 6, 7, 9, 10, 12, 15, 17, 18]
    months = step_months(so_far, {4}, 5)
    # 5 events up to month 2 would leave 2 up to the wanted month 4.
    assert months == [4, 7, 10]
    assert step_months(so_far, set(), 5) == [2, 6, 10]
    assert step_months([0, 1, 3], {1}, 5) == []


def test_two_parts_are_hidden_where_one_would_follow():
    cells = Cells()
    for key, n in (("total", 100), ("small", 3), ("middle", 20), ("large", 77)):
        cells.add((key,), n)
        cells.publish((key,), 100 if key == "total" else 1)
    cells.total(("total",), [("small",), ("middle",), ("large",)])
    assert cells.hide(5) == {("small",), ("middle",)}


def test_small_parts_that_would_give_each_other_away_take_a_third():
    # 1 + 1 = 2: of two hidden parts that leave 2 each is at most 2.
    cells = Cells()
    for key, n in (("total", 100), ("one", 1), ("other", 1), ("large", 98)):
        cells.add((key,), n)
        cells.publish((key,), 100 if key == "total" else 1)
    cells.total(("total",), [("one",), ("other",), ("large",)])
    assert cells.hide(5) == {("one",), ("other",), ("large",)}


def test_a_square_table_needs_four_hidden_cells():
    cells = Cells()
    table = [[3, 40, 50], [60, 30, 20], [25, 35, 45]]
    for i, row in enumerate(table):
        for j, n in enumerate(row):
            cells.add((i, j), n)
            cells.publish((i, j))
    for i in range(3):
        for key, parts in (
            (("row", i), [(i, j) for j in range(3)]),
            (("column", i), [(j, i) for j in range(3)]),
        ):
            cells.add(key, sum(cells.value[part] for part in parts))
            cells.publish(key, 100)
            cells.total(key, parts)
    hidden = cells.hide(5)
    assert (0, 0) in hidden
    assert len(hidden) == 4
    for axis in (0, 1):
        assert sorted(key[axis] for key in hidden)[::2] == sorted({key[axis] for key in hidden})


def test_an_implied_rest_is_protected():
    cells = Cells()
    for key, n in (("dead", 40), ("all", 42)):
        cells.add((key,), n)
        cells.publish((key,), 1 if key == "dead" else 2)
    cells.rest(("all",), [("dead",)], ("alive",))
    assert cells.hide(5) == {("dead",)}


def test_much_is_still_told(analyzed, random_patients, small_plan):
    _, exact, flow = analyzed(random_patients(248, 3))
    made, _ = disclosed(exact, flow, small_plan.model_copy(update={"disclosure": "five"}))
    for name, column, share in (
        ("table_one", "n", 0.8),
        ("cox_univariable", "n_level", 0.8),
        ("cox_univariable", "events_level", 0.7),
    ):
        shown = [row[column] is not HIDDEN for row in made[name]]
        assert sum(shown) > share * len(shown), (name, column)
    landmarks = [r for r in made["survival_summary"] if r["measure"] == "survival_at_landmark"]
    assert [row["estimate"] is HIDDEN for row in landmarks[:3]] == [False] * 3


def test_a_count_that_cannot_be_hidden_is_an_error():
    cells = Cells()
    cells.add(("only",), 3)
    cells.publish(("only",))
    cells.total(("only",), [])
    with pytest.raises(AnalysisError, match="the count of only follows"):
        cells.hide(5)


def test_a_factor_that_table_1_does_not_describe(analyzed, random_patients, small_plan):
    patients = random_patients(40, 9)
    for patient in patients[:3]:
        patient["sex"] = None
    _, exact, flow = analyzed(patients)
    bare = exact | {"table_one": [r for r in exact["table_one"] if r["variable"] != "sex"]}
    made, _ = disclosed(bare, flow, small_plan.model_copy(update={"disclosure": "five"}))
    row = next(row for row in made["model_factors"] if row["factor"] == "sex")
    assert row["patients_unknown"] is HIDDEN
    assert row["patients_known"] is HIDDEN


def test_a_count_is_one_count():
    cells = Cells()
    cells.add(("a",), 1)
    with pytest.raises(ValueError, match="two counts"):
        cells.add(("a",), 2)


def test_what_is_hidden_stays_hidden():
    for made in (f"{HIDDEN:.1f}", 100 * HIDDEN, HIDDEN * 2, HIDDEN / 3, f"{HIDDEN:+.2g}"):
        assert made == "[c]"
    assert isinstance(100 * HIDDEN, Hidden)
    assert not HIDDEN < 0.05
    assert not HIDDEN > 0.05
