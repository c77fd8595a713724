"""The counts of all tables of `results` as one system of cells, to find those that must be hidden.

Each class of cells has a key: ("n", factor, level) are the analyzed patients at a level, wherever
they are printed. Sums and rests say which counts follow from which; a rest, such as the patients
at no level, is a cell though no table prints it. See `analysis.suppression`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise, permutations
from typing import Any

from analysis.cohort import DAYS_PER_MONTH
from analysis.group_comparison import PATIENTS
from analysis.names import ALL_PATIENTS, OVERALL, UNIVARIABLE
from analysis.plan import AnalysisPlan
from analysis.results import TABLES
from analysis.suppression import HIDDEN, Cells, Key
from analysis.tables import Rows, cohort_patients

Results = dict[str, Rows]

Group = tuple[str, str]

COHORT, ANALYZED, EVENTS, ALIVE = ("cohort",), ("analyzed",), ("events",), ("alive",)
# What the loss of a count costs a reader, beside another of its size.
TOTAL, ESTIMATE, LEVEL, MODEL, EVENT, DETAIL = 100.0, 30.0, 20.0, 8.0, 4.0, 1.0


def hide_counts(made: Results, flow: Rows, plan: AnalysisPlan, smallest: int) -> set[Key]:
    """Put `HIDDEN` in the place of every count that is small or tells a small one.

    Counts that are not cells of this system are hidden altogether. Gives the keys that are hidden.
    """
    system = _System(made, flow, plan)
    hidden = system.cells.hide(smallest)
    for row, column, key in system.printed:
        if key in hidden:
            row[column] = HIDDEN
    for name, rows in made.items():
        known = {id(row): set[str]() for row in rows}
        for row, column, _ in system.printed:
            if id(row) in known:
                known[id(row)].add(column)
        for row in rows:
            for column in count_columns(name):
                if column not in known[id(row)] and row[column] is not None:
                    row[column] = HIDDEN
    return hidden


class _System:
    """The cells, and where each is printed: row, column, key."""

    def __init__(self, made: Results, flow: Rows, plan: AnalysisPlan) -> None:
        self.made, self.plan = made, plan
        self.cells = Cells()
        self.printed: list[tuple[dict[str, Any], str, Key]] = []
        self.before: Key = ()
        overall = {
            row["measure"]: row for row in made["survival_summary"] if row["grouping"] == OVERALL
        }
        self.cells.add(COHORT, cohort_patients(made) or 0)
        self._print(overall["patients"], "estimate", ANALYZED, TOTAL)
        self._print(overall["events"], "estimate", EVENTS, TOTAL)
        self._print(overall["living_patients"], "estimate", ALIVE, DETAIL)
        self.cells.total(ANALYZED, [EVENTS, ALIVE])
        self.cells.rest(COHORT, [ANALYZED], ("not analyzed",))
        self._flow(flow)
        self._description()
        self._levels()
        self._same_patients()
        self._groups()
        self._models()
        self._tests()
        self._curves()
        self._variables()

    def _print(self, row: dict[str, Any], column: str, key: Key, weight: float) -> None:
        value = row[column]
        if value is None:
            return
        self.cells.add(key, value)
        self.cells.publish(key, weight)
        self.printed.append((row, column, key))

    def _known(self, *keys: Key) -> list[Key]:
        return [key for key in keys if key in self.cells.value]

    def _second(self, kind: str) -> list[Any]:
        """The second part of the keys of a kind, each once, in order."""
        keys: list[Any] = list(self.cells.value)
        return list(dict.fromkeys(key[1] for key in keys if key[0] == kind and key[1:]))

    def _between(self, one: Key, other: Key, *, sensitive: bool = True) -> None:
        """Two counts of nearly the same people: who is in one of them only is implied."""
        if one != other and len(self._known(one, other)) == 2:
            self.cells.rest(one, [other], ("between", one, other), sensitive=sensitive)

    def _flow(self, flow: Rows) -> None:
        """From all patients to the cohort, and to those whom the plan analyzes."""
        for number, row in enumerate(flow):
            self._chain("flow", row, "patients", number)
        for row in self.made["cohort_restriction"]:
            self._chain("restriction", row, "remaining", row["step_number"])

    def _chain(self, name: str, row: dict[str, Any], column: str, number: int) -> None:
        """Each step is what the step before leaves; who is the cohort is the cohort."""
        key: Any = (name, number)
        if row[column] == self.cells.value[COHORT]:
            key = COHORT
        before, self.before = self.before, key
        self._print(row, column, key, TOTAL)
        self._print(row, "excluded", (name, number, "excluded"), DETAIL)
        if number and before != key and row["excluded"] is not None:
            self.cells.total(before, [key, (name, number, "excluded")])

    def _description(self) -> None:
        rows = self.made["table_one"]
        for row in rows:
            key, weight = self._described(row)
            self._print(row, "n", key, weight)
        for row in self.made["model_factors"]:
            self._print(row, "patients_known", ("known", row["factor"]), MODEL)
            self._print(row, "patients_unknown", ("missing", row["factor"]), DETAIL)
        for variable in self._second("known"):
            known, missing = ("known", variable), ("missing", variable)
            self.cells.total(COHORT, [known, missing])
            for total, part in ((known, "level"), (missing, "reason")):
                parts = [key for key in self.cells.value if key[:2] == (part, variable)]
                if parts:
                    self.cells.total(total, parts)
                elif part == "reason" and not self.cells.value[missing]:
                    # No reason is listed: nobody is unknown.
                    self.cells.total(missing, [])
        self._between(("level", self.plan.measured.event, "true"), EVENTS)
        self._between(("level", self.plan.measured.event, "false"), ALIVE)
        self._deaths(())

    def _deaths(self, group: Key) -> None:
        """Who died within 30 days is among those who died within 90, and they among the dead."""
        at = len(group)
        keys: list[Any] = [key for key in self.cells.value if key[:at] == group]
        nested = [
            key
            for key in keys
            if key[at] == "level" and key[at + 2] == "true" and str(key[at + 1]).startswith("died")
        ]
        nested.sort(key=lambda key: self.cells.value[key])
        for one, other in pairwise(nested):
            self._between(other, one)

    @staticmethod
    def _described(row: dict[str, Any]) -> tuple[Key, float]:
        variable, statistic = row["variable"], row["statistic"]
        if statistic == "count":
            return ("level", variable, row["level"]), LEVEL
        if statistic == "missing":
            return ("missing", variable), DETAIL
        if statistic == "missing_reason":
            return ("reason", variable, row["level"]), DETAIL
        return ("known", variable), MODEL

    def _levels(self) -> None:
        """Patients and events of each level, as models and curves print them."""
        for row in self.made["cox_univariable"]:
            factor, level = row["factor"], row["level"]
            self._print(row, "n", ("n", factor), MODEL)
            self._print(row, "events", ("e", factor), MODEL)
            self._print(row, "n_level", ("n", factor, level), LEVEL)
            self._print(row, "events_level", ("e", factor, level), EVENT)
        for name in ("survival_summary", "restricted_mean"):
            for row in self.made[name]:
                for measure, kind, all_of_them in (
                    ("patients", "n", ANALYZED),
                    ("events", "e", EVENTS),
                ):
                    column = measure if name == "restricted_mean" else "estimate"
                    if name == "survival_summary" and row["measure"] != measure:
                        continue
                    overall = row["grouping"] == OVERALL
                    key = all_of_them if overall else (kind, row["grouping"], row["level"])
                    self._print(row, column, key, LEVEL if kind == "n" else EVENT)
        for factor in self._second("n"):
            levels = [key[2] for key in self.cells.value if key[:2] == ("n", factor) and key[2:]]
            for kind, everyone in (("n", ANALYZED), ("e", EVENTS)):
                parts: list[Key] = [(kind, factor, level) for level in levels]
                if (kind, factor) in self.cells.value:
                    self.cells.total((kind, factor), parts)
                self.cells.rest(everyone, parts, (kind, factor, None))
            for level in (*levels, None):
                dead = ("e", factor, level)
                self.cells.rest(("n", factor, level), [dead], ("alive", factor, level))
                self._between(("level", factor, level), ("n", factor, level))
            self._between(("missing", factor), ("n", factor, None))

    def _same_patients(self) -> None:
        """Factors that say the same of the same patients: R0 is a margin of 1 mm, or more.

        Results do not tell what a level means. A level of a factor whose patients and events are
        those of some levels of another, known in as many patients with as many events, is taken
        for the same patients; where that is a coincidence, a little more is hidden.
        """
        value = self.cells.value
        self.same: list[tuple[Group, list[Group]]] = []
        factors = [factor for factor in self._second("n") if ("n", factor) in value]
        for one, other in permutations(factors, 2):
            if any(value[kind, one] != value[kind, other] for kind in ("n", "e")):
                continue
            levels = [self._filled(factor) for factor in (one, other)]
            for group in levels[0] if len(levels[0]) > 1 else []:
                counts = [value[kind, *group] for kind in ("n", "e")]
                for size in range(1, len(levels[1])):
                    for parts in combinations(levels[1], size):
                        found = [sum(value[kind, *p] for p in parts) for kind in ("n", "e")]
                        if found == counts:
                            self.same.append((group, list(parts)))
        for group, same in self.same:
            for kind in ("n", "e"):
                self.cells.total((kind, *group), [(kind, *part) for part in same])

    def _groups(self) -> None:
        """Table 1 by group: cells of variable and group, within the group and across groups.

        Whoever is in no group is what the groups leave of Table 1: implied in each of its rows.
        """
        described: dict[str, Rows] = {}
        for row in self.made["table_one_by_group"]:
            described.setdefault(row["grouping"], []).append(row)
        for grouping, rows in described.items():
            sizes = self._sizes(grouping, rows)
            inside: dict[str, dict[Key, Key]] = {level: {} for level in sizes}
            for row in rows:
                if row["statistic"] == PATIENTS:
                    continue
                key, weight = self._described(row)
                own = self._in(grouping, row["group_level"], key)
                inside[row["group_level"]][key] = own
                # Table 1 itself is to lose as little as can be.
                self._print(row, "n", own, min(weight, EVENT))
            for level, cells in inside.items():
                self._within(sizes[level], cells)
                self._deaths(("in", grouping, level))
                for dead, kind in (("true", "e"), ("false", "alive")):
                    event: Key = ("level", self.plan.measured.event, dead)
                    self._between(self._in(grouping, level, event), (kind, grouping, level))
            for key in dict.fromkeys(key for cells in inside.values() for key in cells):
                if key in self.cells.value:
                    # A reason that a group does not list is nobody's there.
                    parts = [cells[key] for cells in inside.values() if key in cells]
                    self.cells.rest(key, parts, ("in", grouping, None, *key))
        self._apart()
        self._group_tests()

    def _in(self, grouping: str, level: str, key: Key) -> Key:
        """A count of Table 1 within a group. R0 among women is women among R0."""
        if key[0] == "level" and key[1] in self.plan.table_one.by:
            (grouping, level), other = sorted([(grouping, level), (str(key[1]), str(key[2]))])
            key = ("level", *other)
        return ("in", grouping, level, *key)

    def _sizes(self, grouping: str, rows: Rows) -> dict[str, Key]:
        """How many are in each group, and in none."""
        sizes: dict[str, Key] = {}
        outside = None
        for row in rows:
            if row["statistic"] != PATIENTS:
                continue
            level = row["group_level"]
            if level is None:
                outside = row
                continue
            key: Key = ("level", grouping, level)
            if key not in self.cells.value:
                key = ("group", grouping, level)
                self.cells.add(key, row["n"])
                self._between(key, ("n", grouping, level))
            self._print(row, "n", key, LEVEL)
            sizes[level] = key
        nobody = self.cells.rest(COHORT, sizes.values(), ("group", grouping, None))
        if outside is not None:
            self._print(outside, "n", nobody, DETAIL)
        self._between(nobody, ("missing", grouping))
        return sizes

    def _within(self, size: Key, cells: dict[Key, Key]) -> None:
        """The sums of Table 1 within a group."""
        for variable in dict.fromkeys(key[1] for key in cells):
            known, missing = cells["known", variable], cells["missing", variable]
            self.cells.total(size, [known, missing])
            for total, part in ((known, "level"), (missing, "reason")):
                parts = [own for key, own in cells.items() if key[:2] == (part, variable)]
                if parts or (part == "reason" and not self.cells.value[missing]):
                    self.cells.total(total, parts)

    def _apart(self) -> None:
        """Who is in one of two factors that divide the same patients is in no other level."""
        value = self.cells.value
        factors = dict.fromkeys(group[0] for group, _ in self.same)
        levels = {factor: self._filled(factor) for factor in factors}
        for group, same in self.same:
            other = same[0][0]
            pairs = [(group, part) for part in levels.get(other, []) if part not in same]
            pairs += [(own, part) for own in levels[group[0]] if own != group for part in same]
            for one, two in (*pairs, *((two, one) for one, two in pairs)):
                key = self._in(*one, ("level", *two))
                if value.get(key) == 0:
                    self.cells.total(key, [])

    def _group_tests(self) -> None:
        """Numbers are tested over all groups; tests of categories are made of what is shown."""
        for row in self.made["table_one_test"]:
            if row["kind"] != "continuous":
                continue
            grouping, variable = row["grouping"], row["variable"]
            key: Key = ("tested", grouping, variable)
            known = [
                own
                for own in self.cells.value
                if own[:2] == ("in", grouping) and own[2] is not None
            ]
            self._print(row, "n", key, MODEL)
            self.cells.total(key, [own for own in known if own[3:] == ("known", variable)])

    def _filled(self, factor: str) -> list[Group]:
        """The levels of a factor that have patients."""
        keys: list[Any] = list(self.cells.value)
        return [
            key[1:]
            for key in keys
            if key[:2] == ("n", factor) and key[2:] and key[2] and self.cells.value[key]
        ]

    def _models(self) -> None:
        """The way from the cohort to each model; what lies between the first and the last step is
        told of nobody but the excluded."""
        rows = self.made["model_flow"]
        for row in rows:
            factor, step = row["factor"], row["step"]
            model = "n" if row["model"] == UNIVARIABLE else "m"
            if step in ("cohort", "analyzed"):
                self._print(row, "excluded", ("nobody",), DETAIL)
            if step == "cohort":
                self._print(row, "remaining", COHORT, TOTAL)
                self._print(row, "events", ("events in the cohort",), DETAIL)
                self._between(("events in the cohort",), EVENTS)
            elif step == "analyzed":
                number = ("n", factor) if model == "n" else ("m", "n")
                events = ("e", factor) if model == "n" else ("m", "e")
                self._print(row, "remaining", number, MODEL)
                self._print(row, "events", events, MODEL)
            elif step in ("survival_time_unknown", "day_zero_dropped"):
                self._print(row, "excluded", ("not analyzed", row["description"]), DETAIL)
            else:
                reason = row["missing_reason"]
                key = (f"{model} excluded", row["excluded_factor"], reason)
                self._print(row, "excluded", key, DETAIL)
                # Who is unknown for two reasons leaves at the first.
                self._between(
                    ("reason", row["excluded_factor"], reason), key, sensitive=model == "n"
                )
        keys = list(self.cells.value)
        without = [key for key in keys if key[0] == "not analyzed" and key[1:]]
        if without or (rows and not self.cells.value["not analyzed",]):
            # A step that is not listed excludes nobody.
            self.cells.total(("not analyzed",), without)
        for factor in self._second("n"):
            out = [key for key in keys if key[:2] == ("n excluded", factor)]
            if ("n", factor) in keys:
                self.cells.total(ANALYZED, [("n", factor), *out])
        if ("m", "n") not in keys:
            return
        out = [key for key in keys if key[0] == "m excluded"]
        self.cells.total(ANALYZED, [("m", "n"), *out])
        lost = self.cells.rest(EVENTS, [("m", "e")], ("m", "events lost"), sensitive=False)
        lost_n = self.cells.rest(ANALYZED, [("m", "n")], ("m", "lost"))
        self.cells.rest(lost_n, [lost], ("m", "alive lost"), sensitive=False)
        self.cells.rest(("m", "n"), [("m", "e")], ("m", "alive"))
        for row in self.made["cox_multivariable"]:
            self._print(row, "n", ("m", "n"), MODEL)
            self._print(row, "events", ("m", "e"), MODEL)
            if self.cells.value.get(("n", row["factor"], row["level"])) == 0:
                # Whom no model has is in none.
                self._print(row, "n_level", ("nobody",), DETAIL)
                self._print(row, "events_level", ("nobody",), DETAIL)
        for row in self.made["cox_imputed"]:
            self._print(row, "n", ("imputed", "n"), MODEL)
            self._print(row, "events", ("imputed", "e"), MODEL)
            self._print(row, "n_imputed", ("imputed", row["factor"]), DETAIL)
            self._print(row, "complete_n", ("m", "n"), MODEL)
        self._between(ANALYZED, ("imputed", "n"))
        self._between(EVENTS, ("imputed", "e"))
        for row in self.made["cox_imputed"]:
            self._between(("missing", row["factor"]), ("imputed", row["factor"]))
        self._fits()

    def _fits(self) -> None:
        for row in self.made["model_fit"]:
            factor = row["factor"]
            for column, kind in (("n", "n"), ("events", "e")):
                whole = ("m", kind) if factor is None else (kind, factor)
                key: Key = ("fit", factor, kind)
                if row[column] is not None and row[column] == self.cells.value.get(whole):
                    key = whole
                self._print(row, column, key, MODEL)
                self._between(whole, key)

    def _tests(self) -> None:
        for name in ("logrank", "logrank_pairwise"):
            for row in self.made[name]:
                levels = (
                    row["levels"].split(" | ")
                    if name == "logrank"
                    else [row["level"], row["other_level"]]
                )
                for column, kind in (("patients", "n"), ("events", "e")):
                    parts = [(kind, row["grouping"], level) for level in levels]
                    if self._known(*parts) != parts:
                        continue
                    key: Key = (kind, row["grouping"], tuple(levels))
                    if len(levels) == 1:
                        key = parts[0]
                    self._print(row, column, key, MODEL)
                    if len(levels) > 1:
                        self.cells.total(key, parts)

    def _curves(self) -> None:
        months = sorted({*self.plan.landmarks_months, *self.plan.risk_table_months})
        everyone: dict[Key, Key] = {}
        parts: dict[tuple[Key, Key], list[Key]] = {}
        groups: dict[tuple[str, str], Rows] = {}
        for row in self.made["survival_curve"]:
            groups.setdefault((row["grouping"], row["level"]), []).append(row)
        for (grouping, level), curve in groups.items():
            overall = grouping == OVERALL
            n: Key = ANALYZED if overall else ("n", grouping, level)
            events: Key = EVENTS if overall else ("e", grouping, level)
            made = dict(self._intervals(grouping, level, n, events, curve, months))
            for what, key in made.items():
                if overall:
                    everyone[what] = key
                else:
                    parts.setdefault(((grouping,), what), []).append(key)
        for (grouping_key, what), keys in parts.items():
            rest = ("at no level", grouping_key, what)
            self.cells.rest(everyone[what], keys, rest, sensitive=False)
        for group, same in self.same:
            for kind in ("events", "censored", "at risk"):
                for month in months:
                    whole = (kind, *group, month)
                    keys = [(kind, *part, month) for part in same]
                    if len(self._known(whole, *keys)) == 1 + len(keys) and self.cells.value[
                        whole
                    ] == sum(self.cells.value[key] for key in keys):
                        self.cells.total(whole, keys)
        self._at_months()

    def _intervals(
        self, grouping: str, level: str, n: Key, events: Key, curve: Rows, months: list[int]
    ) -> Iterator[tuple[Key, Key]]:
        """Who has the event, or leaves, in each stretch between months, and who stays."""
        stays: list[Key] = []
        happened: dict[str, list[Key]] = {"events": [], "censored": []}
        last = -1.0
        for month in months:
            end = month * DAYS_PER_MONTH
            for what, keys in happened.items():
                count = sum(row[what] for row in curve if last < row["time_days"] <= end)
                keys.append(self.cells.add((what, grouping, level, month), count))
                yield (what, month), keys[-1]
            here = ("at risk", grouping, level, month)
            left = sum(row["events"] + row["censored"] for row in curve if row["time_days"] < end)
            self.cells.add(here, self.cells.value[n] - left)
            # Up to those who leave on the very day, of whom everybody may know.
            self.cells.total(n, [here, *happened["events"], *happened["censored"]])
            yield ("at risk", month), here
            so_far = ("so far", grouping, level, month)
            self.cells.add(so_far, sum(self.cells.value[key] for key in happened["events"]))
            self.cells.total(so_far, list(happened["events"]))
            stays.append(here)
            last = end
        alive = ALIVE if grouping == OVERALL else ("alive", grouping, level)
        self.cells.rest(
            events, happened["events"], ("events later", grouping, level), sensitive=False
        )
        self.cells.rest(
            alive, happened["censored"], ("censored later", grouping, level), sensitive=False
        )

    def _at_months(self) -> None:
        months = sorted(self.plan.risk_table_months)
        before = dict(zip(months, [-1, *months], strict=False))
        between = sorted({*self.plan.landmarks_months, *months})
        for row in self.made["risk_table"]:
            group = (row["grouping"], row["level"])
            month = row["month"]
            if ("at risk", *group, month) not in self.cells.value:
                # Nobody is in the group.
                for column in ("at_risk", "events", "censored"):
                    self._print(row, column, ("nobody", *group), DETAIL)
                continue
            self._print(row, "at_risk", ("at risk", *group, month), EVENT)
            for column in ("events", "censored"):
                stretch = [m for m in between if before[month] < m <= month]
                parts = [(column, *group, m) for m in stretch]
                key = parts[0] if len(parts) == 1 else (f"{column} since", *group, month)
                self._print(row, column, key, DETAIL)
                if len(parts) > 1:
                    self.cells.total(key, parts)
        for row in self.made["survival_summary"]:
            if row["measure"] != "survival_at_landmark":
                continue
            at: Key = (row["grouping"], row["level"], row["landmark_months"])
            if ("at risk", *at) not in self.cells.value:
                self._print(row, "at_risk", ("nobody", *at[:2]), DETAIL)
                continue
            self._print(row, "at_risk", ("at risk", *at), EVENT)
            if row["estimate"] is not None:
                # Survival tells the events so far, where few are censored.
                weight = TOTAL if row["grouping"] == OVERALL else ESTIMATE
                self.cells.publish(("so far", *at), weight)
                self.printed.append((row, "estimate", ("so far", *at)))

    def _variables(self) -> None:
        """Numbers that are cut or drawn, competing risks, and day 0."""
        for name in ("cutpoint", "spline_test"):
            for row in self.made[name]:
                variable = row["variable"]
                n, events = ("n", "number", variable), ("e", "number", variable)
                self._print(row, "n", n, MODEL)
                self._print(row, "events", events, MODEL)
                if name == "cutpoint" and row["n_up_to"] is not None:
                    up_to, above = ("up to", variable), ("above", variable)
                    self._print(row, "n_up_to", up_to, DETAIL)
                    self._print(row, "n_above", above, DETAIL)
                    self.cells.total(n, [up_to, above])
                self._between(ANALYZED, n)
                self._between(EVENTS, events)
                self._between(("known", variable), n)
        self._roc()
        self._incidence()
        day = self.made["endpoint"][0] if self.made["endpoint"] else None
        if day is not None:
            self._print(day, "patients_on_day_zero", ("day 0",), DETAIL)
            self._print(day, "events_on_day_zero", ("day 0", "events"), DETAIL)
            self.cells.rest(("day 0",), [("day 0", "events")], ("day 0", "alive"))
            if self.plan.day_zero == "keep" and 0 in self.plan.risk_table_months:
                self._between(("day 0", "events"), ("events", OVERALL, "all", 0))

    def _roc(self) -> None:
        """Cases and controls of a number at each landmark, and who changes between landmarks."""
        before: dict[str, dict[str, Key]] = {}
        for row in sorted(self.made["time_dependent_roc"], key=lambda row: row["landmark_months"]):
            variable, month = row["variable"], row["landmark_months"]
            n: Key = ("n", "number", variable)
            self._print(row, "n", n, MODEL)
            here: dict[str, Key] = {
                what: (what, variable, month) for what in ("cases", "controls", "censored_before")
            }
            for what, key in here.items():
                self._print(row, what, key, EVENT)
            self.cells.total(n, list(here.values()))
            last = before.get(variable, {})
            for what, key in last.items():
                self._between(here[what], key)
            before[variable] = here
            everyone = (OVERALL, ALL_PATIENTS, month)
            for whole, what in (
                (("e", "number", variable), "cases"),
                (("so far", *everyone), "cases"),
                (("at risk", *everyone), "controls"),
            ):
                self._between(whole, here[what], sensitive=False)

    def _incidence(self) -> None:
        """Who has which first event, at the landmarks and in all."""
        curves: dict[tuple[str, str, str], Rows] = {}
        for row in self.made["cumulative_incidence"]:
            curves.setdefault((row["grouping"], row["level"], row["cause"]), []).append(row)
        parts: dict[tuple[str, Any], list[Key]] = {}
        for (grouping, level, cause), curve in curves.items():
            n = ("first event n", grouping, level)
            self.cells.add(n, curve[0]["at_risk"])
            self.cells.publish(n, MODEL)
            keys, last = list[Key](), -1.0
            for month in self.plan.landmarks_months:
                end = month * DAYS_PER_MONTH
                count = sum(row["events"] for row in curve if last < row["time_days"] <= end)
                keys.append(self.cells.add((cause, grouping, level, month), count))
                so_far = ("so far", cause, grouping, level, month)
                self.cells.add(so_far, sum(self.cells.value[key] for key in keys))
                self.cells.publish(so_far, ESTIMATE)
                self.cells.total(so_far, list(keys))
                parts.setdefault((grouping, (cause, month)), []).append(keys[-1])
                last = end
            events: Key = (cause, grouping, level)
            self.cells.add(events, sum(row["events"] for row in curve))
            self.cells.rest(events, keys, (cause, grouping, level, "later"), sensitive=False)
            parts.setdefault((grouping, cause), []).append(events)
            patients = parts.setdefault((grouping, "n"), [])
            if n not in patients:
                patients.append(n)
        for grouping, level in dict.fromkeys(key[:2] for key in curves):
            n = ("first event n", grouping, level)
            causes = [(key[2], *key[:2]) for key in curves if key[:2] == (grouping, level)]
            self.cells.rest(n, causes, ("no event", grouping, level))
            whole = ANALYZED if grouping == OVERALL else ("n", grouping, level)
            self._between(whole, n)
        for (grouping, what), keys in parts.items():
            if grouping != OVERALL and (OVERALL, what) in parts:
                everyone = parts[OVERALL, what][0]
                rest = ("at no level", grouping, "first event", what)
                self.cells.rest(everyone, keys, rest, sensitive=False)
        for row in self.made["gray_test"]:
            grouping, cause = row["grouping"], row["cause"]
            for column, what in (("patients", "n"), ("events", cause)):
                key = ("compared", grouping, what)
                self._print(row, column, key, MODEL)
                if parts.get((grouping, what)):
                    self.cells.total(key, parts[grouping, what])


def count_columns(table: str) -> list[str]:
    """The columns of a table of results that count patients or events."""
    return [
        name
        for name, (kind, _) in TABLES[table].columns.items()
        if kind == "integer" and name not in NO_COUNTS
    ]


# Whole numbers that count no patients.
NO_COUNTS = {
    "position",
    "factor_position",
    "level_position",
    "step_number",
    "landmark_months",
    "horizon_months",
    "month",
    "groups",
    "degrees_of_freedom",
    "nonlinear_degrees_of_freedom",
    "factor_df",
    "parameters",
    "imputations",
    "resamples",
    "seed",
}
