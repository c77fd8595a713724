"""From the rows of one patient to one case (dictionary §3 and §4)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.reference.cohort_by_hand.dates import Day, months_later, years_between
from tests.reference.cohort_by_hand.measures import Interval, common, read_measure
from tests.reference.cohort_by_hand.pathology import (
    ANSWERED_BY,
    BASES,
    Specimen,
    index_pathology,
)
from tests.reference.cohort_by_hand.procedures import (
    extent_by_paper,
    extent_by_segments,
    read_procedure,
    read_segment_field,
)
from tests.reference.cohort_by_hand.rows import Files, Row, patient_pseudonym
from tests.reference.cohort_by_hand.words import (
    CONFLICTING,
    IMPRECISE,
    NOT_APPLICABLE,
    NOT_REPORTED,
    UNREADABLE,
    Reading,
    known,
    phrases,
    says_something,
    strongest,
)

DAYS_PER_MONTH = 30.4375
NO_REPORT = Reading(reason="no_report")


# --- Operations ---


@dataclass
class Operation:
    """The rows of one patient on one day."""

    rows: list[Row]
    date: Reading

    @property
    def identifiers(self) -> set[str]:
        return {name for row in self.rows if (name := row.identifier("operation_id"))}

    @property
    def sort_key(self) -> tuple[bool, date, str]:
        day = self.date.value.day if known(self.date) else date.max
        return not known(self.date), day, min(self.identifiers, default="")

    @property
    def is_liver_resection(self) -> bool:
        """A blank or unlisted procedure counts as a liver resection of unknown extent."""
        return any(_is_liver(row) for row in self.rows)


def _is_liver(row: Row) -> bool:
    cell = row.cell("procedure", "hepatectomy_procedures")
    if isinstance(cell, Reading):
        return True
    parts = read_procedure(cell)
    return parts is None or any(part.is_liver for part in parts)


def operations_of(rows: list[Row]) -> list[Operation]:
    """Two rows of one day are one operation; a month or year is no day."""
    operations: dict[Any, Operation] = {}
    for row in rows:
        when = row.date("operation_date")
        exact = known(when) and when.value.precision == "day"
        key = when.value.day if exact else (row.number,)
        operations.setdefault(key, Operation([], when)).rows.append(row)
    return sorted(operations.values(), key=lambda operation: operation.sort_key)


# --- Facts of the patient ---

DIFFER_IS_CONFLICT = ("sex", "birth_date", "primary_site")


def fact(name: str, read: Any, index: Operation | None, operations: list[Operation]) -> Reading:
    """The index operation's rows; where these are silent or unread, the latest that speaks."""
    everywhere = [read(row) for operation in operations for row in operation.rows]
    if not everywhere:
        return NO_REPORT
    if name in DIFFER_IS_CONFLICT and _differ(everywhere):
        return CONFLICTING
    if name in DIFFER_IS_CONFLICT and any(known(reading) for reading in everywhere):
        return _narrowest([reading for reading in everywhere if known(reading)])
    here = [read(row) for row in index.rows] if index else []
    if _differ(here):
        return CONFLICTING
    values = [reading for reading in here if known(reading)]
    if values:
        return _narrowest(values)
    if any(reading.reason == "not_applicable" for reading in here):
        return Reading(reason=strongest([r.reason for r in here]))
    for operation in reversed(operations):
        there = [read(row) for row in operation.rows] if operation is not index else []
        if _differ(there):
            return CONFLICTING
        values = [reading for reading in there if known(reading)]
        if values:
            return _narrowest(values)
        if any(reading.reason == "not_applicable" for reading in there):
            return Reading(reason="not_applicable")
    return Reading(reason=strongest([reading.reason for reading in everywhere]))


def _differ(readings: list[Reading]) -> bool:
    """Whether two of them cannot both be true; a year and a date within it can."""
    if any(reading.reason == "conflicting" for reading in readings):
        return True
    values = [reading.value for reading in readings if known(reading)]
    return any(_exclude(one, other) for one in values for other in values)


def _exclude(one: Any, other: Any) -> bool:
    if isinstance(one, Day):
        return one.first > other.last
    if isinstance(one, Interval):
        return other.high is not None and (
            one.low > other.high or (one.low == other.high and (one.low_open or other.high_open))
        )
    return bool(one != other)


def _narrowest(readings: list[Reading]) -> Reading:
    """What several that agree leave open together."""
    if isinstance(readings[0].value, Day):
        return min(readings, key=lambda r: r.value.last - r.value.first)
    if isinstance(readings[0].value, Interval):
        return Reading(common([reading.value for reading in readings]))
    return readings[0]


def _number(row: Row, name: str, kind: str, unit: str, low: int, high: int | None) -> Reading:
    cell = row.cell(name)
    if isinstance(cell, Reading):
        return cell
    found = read_measure(cell, kind, unit)
    if found is None:
        return UNREADABLE
    if kind == "age":
        found = found.whole()
    outside = found.below(low) or (high is not None and found.above(high))
    return UNREADABLE if outside else Reading(found)


def _site(row: Row) -> Reading:
    """Colon or rectum; rectosigmoid (ICD-O C19.9) is colon by policy."""
    sites = _sites(row)
    if not known(sites):
        return Reading(reason=sites.reason)
    return Reading(sites.value[0]) if len(sites.value) == 1 else CONFLICTING


def _sites(row: Row) -> Reading:
    cell = row.cell("primary_site", "primary_sites")
    if isinstance(cell, Reading):
        return cell
    entries = [phrases("primary_sites").get(cell)]
    if entries == [None]:
        entries = [phrases("primary_sites").get(part.strip()) for part in cell.split(";")]
    if None in entries:
        return UNREADABLE
    values = {v for e in entries if e and e.value for v in e.value.split(" + ")}
    if not values:
        return Reading(reason="conflicting")
    return Reading(sorted({"colon" if v == "rectosigmoid" else v for v in values}))


# --- Which report belongs to which operation ---


def link(report: Row, reports: list[Row], operations: list[Operation]) -> Operation | None:
    """By number; else by the day it was taken; else the report 0 to 60 days later."""
    number = report.identifier("operation_id")
    for operation in operations:
        if number and number in operation.identifiers:
            return operation
    dated = [operation for operation in operations if known(operation.date)]
    taken, reported = report.date("procedure_date"), report.date("report_date")
    if known(taken):
        same = [o for o in dated if _is_one_day(o.date.value, taken.value)]
        may_be = same or [o for o in dated if _may_be_one_day(o.date.value, taken.value)]
        return may_be[0] if len(may_be) == 1 else None
    if known(reported):
        before = [
            operation
            for operation in dated
            if operation.date.value.first <= reported.value.last
            and reported.value.first - operation.date.value.last <= timedelta(60)
        ]
        return before[-1] if before else None
    if not number and len(reports) == 1 and len(operations) == 1:
        return operations[0]
    return None


def _is_one_day(one: Day, other: Day) -> bool:
    return one.precision == other.precision == "day" and one.day == other.day


def _may_be_one_day(one: Day, other: Day) -> bool:
    return one.first <= other.last and other.first <= one.last


def specimens_of(
    reports: list[Row], operations: list[Operation]
) -> list[tuple[Specimen, Operation | None]]:
    """Reports of one accession number are one specimen, the latest first."""
    by_number: dict[Any, list[Row]] = {}
    for report in reports:
        by_number.setdefault(report.identifier("specimen_id") or report.number, []).append(report)
    found = []
    for several in by_number.values():
        several.sort(key=_reported, reverse=True)
        links = [o for report in several if (o := link(report, reports, operations))]
        found.append((Specimen(several), links[0] if links else None))
    return found


def _reported(report: Row) -> tuple[date, int]:
    reading = report.date("report_date")
    return (reading.value.day if known(reading) else date.min), report.number


# --- One case ---


@dataclass
class Case:
    """Everything that is derived of one patient; ``excluded`` is why not in the cohort."""

    patient_id: str
    columns: dict[str, Any]
    counts: dict[str, int]
    excluded: str | None
    survival_known: bool


class Patient:
    """One patient, rule by rule."""

    def __init__(self, number: str, files: Files) -> None:
        self.number = number
        self.data_as_of = data_as_of = files.data_as_of
        self.collected = files.fields["pathology"]
        rows = files.patients[number]
        self.rows = rows
        self.operations = operations_of(rows["operative"])
        used = [o for o in self.operations if not known(o.date) or o.date.value.first <= data_as_of]
        resections = [o for o in used if o.is_liver_resection]
        self.hepatectomies = len(resections)
        self.index = resections[0] if resections else None

    def case(self) -> Case:
        columns: dict[str, Any] = {"center": self.center()}
        self.put(columns, "sex", self.fact("sex", lambda row: row.word("sex", "sexes")))
        self.put(columns, "primary_site", self.fact("primary_site", _site))
        self.put(columns, "primary_sites", self.all_sites())
        excluded = "no liver resection"
        if self.index:
            excluded = self.derive(columns)
        survival_known = bool(
            self.index and columns["died"] is not None and columns["follow_up_days"] is not None
        )
        counts = {
            "operations": len(self.operations),
            "hepatectomies": self.hepatectomies,
            "pathology_reports": len(self.rows["pathology"]),
            "follow_up_contacts": len(self.rows["follow_up"]),
        }
        return Case(patient_pseudonym(self.number), columns, counts, excluded, survival_known)

    @staticmethod
    def put(columns: dict[str, Any], name: str, reading: Reading) -> None:
        columns[name] = reading.value
        columns[f"{name}_missing_reason"] = reading.reason

    def fact(self, name: str, read: Any) -> Reading:
        return fact(name, read, self.index, self.operations)

    def all_sites(self) -> Reading:
        readings = [_sites(row) for operation in self.operations for row in operation.rows]
        named = {site for reading in readings if known(reading) for site in reading.value}
        if named:
            return Reading(sorted(named))
        return Reading(reason=strongest([r.reason for r in readings])) if readings else NO_REPORT

    def center(self) -> str | None:
        """Of the index operation, else of any record; written as a name."""
        rows = self.index.rows if self.index else []
        others = [row for o in self.operations for row in o.rows] + self.rows["pathology"]
        for row in [*rows, *others]:
            cell = row.cell("center")
            if not isinstance(cell, Reading):
                return cell
        return None

    def derive(self, columns: dict[str, Any]) -> str | None:
        """All variables; returns the first reason not to be in the cohort."""
        assert self.index
        put = self.put
        self.when: Day | None = self.index.date.value
        put(columns, "operation_date", _day(self.index.date))
        columns["operation_date_precision"] = self.when.precision if self.when else None
        self.ages(columns)
        treated, columns["neoadjuvant_therapy_basis"] = self.neoadjuvant()
        put(columns, "neoadjuvant_therapy", treated)
        self.timing(columns)
        self.extent(columns)
        lobes = [row.word("lobar_involvement", "lobar_phrases") for row in self.index.rows]
        put(columns, "lobar_involvement", _of_operation(lobes))

        specimens = [
            specimen
            for specimen, operation in specimens_of(self.rows["pathology"], self.operations)
            if operation is self.index and specimen.organ.value != "other"
        ]
        found = index_pathology(specimens, treated, self.collected)
        for name in ANSWERED_BY:
            put(columns, name, found[name])
        for name in (*BASES, "r1_vascular", "read_from_comment"):
            columns[name] = found[name]
        self.risk(columns, found)
        self.follow_up(columns)

        seeding = _of_operation(
            [row.word("metastatic_seeding", "seeding_phrases") for row in self.index.rows]
        )
        if seeding.value == "yes":
            return "metastatic seeding"
        if found["diagnosis"].value == "hemangioma":
            return "hemangioma"
        if found["diagnosis"].value in ("other", "benign"):
            return "no colorectal metastasis"
        return None

    def ages(self, columns: dict[str, Any]) -> None:
        birth = self.fact("birth_date", lambda row: row.date("birth_date"))
        diagnosed = self.fact(
            "primary_diagnosis_date", lambda row: row.date("primary_diagnosis_date")
        )
        operated = self.index.date if self.index else NOT_REPORTED

        at_operation, basis = self.age("age_at_operation", birth, operated)
        exact = at_operation.value.low if known(at_operation) and at_operation.value.exact else None
        why = at_operation.reason or "imprecise"
        self.put(
            columns,
            "age_at_operation",
            Reading(int(exact)) if exact is not None else Reading(reason=why),
        )
        columns["age_at_operation_basis"] = basis
        group = None
        if known(at_operation):
            age = at_operation.value
            group = "<65" if age.below(65) else ">=65" if age.at_least(65) else None
        self.put(columns, "age_group", Reading(group) if group else Reading(reason=why))

        at_diagnosis, columns["age_at_diagnosis_basis"] = self.age(
            "age_at_diagnosis", birth, diagnosed
        )
        exact = at_diagnosis.value.low if known(at_diagnosis) and at_diagnosis.value.exact else None
        why = at_diagnosis.reason or "imprecise"
        self.put(
            columns,
            "age_at_diagnosis",
            Reading(int(exact)) if exact is not None else Reading(reason=why),
        )

    def age(self, name: str, birth: Reading, day: Reading) -> tuple[Reading, str | None]:
        """Completed years from the birth date; else the recorded age."""
        recorded = self.fact(name, lambda row: _number(row, name, "age", "", 15, 105))
        if known(birth) and known(day):
            least = years_between(birth.value.last, day.value.first)
            most = years_between(birth.value.first, day.value.last)
            if most >= 15 and least <= 105:
                return Reading(Interval(Decimal(least), Decimal(most))), "birth date"
            if not known(recorded):
                return UNREADABLE, None
        if known(recorded):
            return recorded, "recorded"
        reasons = [r.reason for r in (birth, day, recorded) if r.reason]
        return Reading(reason=strongest(reasons)), None

    def neoadjuvant(self) -> tuple[Reading, str | None]:
        """A named regimen is yes; a regimen with "no" is conflicting. And which of them tells."""
        word = self.fact(
            "neoadjuvant_therapy", lambda row: row.word("neoadjuvant_therapy", "therapy_phrases")
        )
        regimen = self.fact(
            "neoadjuvant_regimen",
            lambda row: row.word("neoadjuvant_regimen", "neoadjuvant_regimens"),
        )
        values = {r.value for r in (word, regimen) if known(r)}
        named_beside_no = word.value == "no" and regimen.reason == "conflicting"
        if len(values) > 1 or word.reason == "conflicting" or named_beside_no:
            return CONFLICTING, None
        if values:
            return Reading(values.pop()), "stated" if known(word) else "regimen"
        return Reading(reason=strongest([r.reason for r in (word, regimen)])), None

    def timing(self, columns: dict[str, Any]) -> None:
        """Chronology, the interval and the order of the operations."""
        resected = self.fact(
            "primary_operation_date", lambda row: row.date("primary_operation_date")
        )
        found = self.fact(
            "metastasis_diagnosis_date", lambda row: row.date("metastasis_diagnosis_date")
        )
        word = self.fact("chronology", lambda row: row.word("chronology", "chronology_phrases"))
        approach = self.fact(
            "surgical_approach", lambda row: row.word("surgical_approach", "surgical_approaches")
        )

        by_dates: Reading = Reading(
            reason=strongest([r.reason for r in (resected, found) if r.reason] or ["imprecise"])
        )
        if known(resected) and known(found):
            if found.value.first > months_later(resected.value.last, 6):
                by_dates = Reading("metachronous")
            elif found.value.last <= months_later(resected.value.first, 6):
                by_dates = Reading("synchronous")
        if known(by_dates):
            chronology, basis = by_dates, "dates"
        elif known(word):
            chronology, basis = word, "recorded"
        else:
            chronology, basis = Reading(reason=strongest([word.reason, by_dates.reason])), None
        self.put(columns, "chronology", chronology)
        columns["chronology_basis"] = basis

        # The interval, of metachronous metastases only.
        months, group = (Reading(reason=chronology.reason),) * 2
        self.interval_below_12 = Reading(reason=chronology.reason)
        if chronology.value == "synchronous":
            months = group = NOT_APPLICABLE
            self.interval_below_12 = Reading(True)
        elif chronology.value == "metachronous":
            # Without both dates "metachronous" says only that it was more than 6 months.
            unread = [r.reason for r in (resected, found) if r.reason]
            months = group = self.interval_below_12 = Reading(
                reason=strongest([*unread, "imprecise"])
            )
            if known(resected) and known(found):
                least = (found.value.first - resected.value.last).days
                most = (found.value.last - resected.value.first).days
                if least == most:
                    months = Reading(least / DAYS_PER_MONTH)
                if found.value.last <= months_later(resected.value.first, 12):
                    group = Reading("<=12")
                elif found.value.first > months_later(resected.value.last, 12):
                    group = Reading(">12")
        # Less than 12 months counts for the risk score, synchronous or not.
        if known(resected) and known(found) and chronology.value != "synchronous":
            if found.value.last < months_later(resected.value.first, 12):
                self.interval_below_12 = Reading(True)
            elif found.value.first >= months_later(resected.value.last, 12):
                self.interval_below_12 = Reading(False)
        self.put(columns, "interval_months", months)
        self.put(columns, "interval_group", group)

        assert self.index
        reasons = [r.reason for r in (approach, resected, self.index.date) if r.reason]
        if known(resected) and self.when:
            reasons.append("imprecise")  # the days are not exact enough to tell
        order, basis = Reading(reason=strongest(reasons)), None
        never_resected = approach.reason == "not_applicable" and not (known(resected) and self.when)
        if chronology.value == "metachronous" or (known(chronology) and never_resected):
            order = NOT_APPLICABLE
        elif not known(chronology):
            order = Reading(reason=chronology.reason)
        else:
            if known(resected) and self.when:
                primary, liver = resected.value, self.when
                if primary.precision == liver.precision == "day" and primary.day == liver.day:
                    order = Reading("simultaneous")
                elif primary.last < liver.first:
                    order = Reading("colon_first")
                elif liver.last < primary.first:
                    order = Reading("liver_first")
                if known(order):
                    basis = "dates"
            if basis is None and known(approach):
                order, basis = approach, "recorded"
        self.put(columns, "surgical_approach", order)
        columns["surgical_approach_basis"] = basis

    def extent(self, columns: dict[str, Any]) -> None:
        assert self.index
        parts, blanks, fields = [], [], []
        for row in self.index.rows:
            cell = row.cell("procedure", "hepatectomy_procedures")
            if isinstance(cell, Reading):
                blanks.append(cell.reason or "")
                fields.append(row.cell("segments"))
                continue
            read = read_procedure(cell)
            if read is None:
                blanks.append("unreadable")
            elif not any(part.is_liver for part in read):
                continue
            else:
                parts += read
            fields.append(row.cell("segments"))
        by_paper = extent_by_paper(parts, blanks)
        self.put(columns, "hepatectomy_extent", by_paper)
        self.put(columns, "hepatectomy_extent_by_paper", by_paper)

        of_field: Any = Reading(
            reason=strongest(
                [c.reason for c in fields if isinstance(c, Reading)] or ["not_reported"]
            )
        )
        told = [read_segment_field(cell) for cell in fields if not isinstance(cell, Reading)]
        if None in told:
            of_field = UNREADABLE
        elif told:
            of_field = (
                frozenset().union(*(t[0] for t in told)),
                frozenset().union(*(t[1] for t in told)),
            )
        resected = extent_by_segments(parts, blanks, of_field)
        self.put(columns, "resected_segments", resected.segments)
        self.put(columns, "hepatectomy_extent_by_segments", resected.extent)

    def risk(self, columns: dict[str, Any], found: dict[str, Any]) -> None:
        """Fong 1999: five items, all strict; and the tumor burden score of Sasaki 2018."""
        nodes = self.fact(
            "primary_node_positive", lambda row: row.word("primary_node_positive", "node_phrases")
        )
        cea = self.fact("cea_ng_ml", lambda row: _number(row, "cea_ng_ml", "cea", "ng/ml", 0, None))
        count, size = found["count"], found["size"]
        items = [
            Reading(nodes.value == "yes") if known(nodes) else nodes,
            self.interval_below_12,
            found["multiple_metastases"],
            _above(size, 50, found["largest_metastasis_mm"].reason),
            _above(cea.value, 200, cea.reason),
        ]
        sure = sum(item.value is True for item in items)
        unknown = [item.reason for item in items if item.reason]
        score = Reading(reason=strongest(unknown)) if unknown else Reading(sure)
        self.put(columns, "clinical_risk_score", score)
        columns["clinical_risk_score_min"] = sure
        columns["clinical_risk_score_max"] = sure + len(unknown)

        recorded = self.fact(
            "clinical_risk_score",
            lambda row: _number(row, "clinical_risk_score", "count", "", 0, 5),
        )
        if known(recorded):
            exact = recorded.value.exact
            recorded = Reading(int(recorded.value.low)) if exact else Reading(reason="imprecise")
        self.put(columns, "recorded_clinical_risk_score", recorded)

        both = (found["metastasis_count"], found["largest_metastasis_mm"])
        if all(known(reading) for reading in both):
            burden = math.sqrt((float(size.low) / 10) ** 2 + float(count.low) ** 2)
            self.put(columns, "tumor_burden_score", Reading(burden))
        else:
            reasons = [reading.reason for reading in both if reading.reason]
            self.put(columns, "tumor_burden_score", Reading(reason=strongest(reasons)))

    # --- Follow-up ---

    def follow_up(self, columns: dict[str, Any]) -> None:
        """From the index operation to death, else to the last contact; never to today.

        The operation itself is a contact with a living patient, so that nobody is without one.
        """
        rows = self.rows["follow_up"]
        operated = self.when
        # What was told after data_as_of is set aside; a death before it is not, whoever told it.
        contacts = [row for row in rows if self.is_by_then(row.date("contact_date"))]
        says = {row.number: row.word("vital_status", "vital_statuses") for row in contacts}
        dead = [row for row in contacts if says[row.number].value == "dead"]
        alive = [row for row in contacts if says[row.number].value == "alive"]
        deaths = [
            row
            for row in rows
            if known(d := row.date("death_date")) and d.value.first <= self.data_as_of
        ]

        died = Reading(bool(dead or deaths))
        if not died.value:
            died = self.unless_the_last_word_is_unread(contacts, says)
            if known(died) and not operated and not alive:
                died = NOT_REPORTED if rows else NO_REPORT

        # Of two death dates the one delivered last.
        death: Day | None = deaths[-1].date("death_date").value if deaths else None
        tells = dead + [
            row for row in deaths if row.word("vital_status", "vital_statuses").value != "alive"
        ]
        first, last = self.certain_death(death, tells, alive)

        reason = self.index.date.reason if self.index else None
        if not known(died):
            days = Reading(reason=died.reason)
        elif operated is None:
            days = Reading(reason=reason)
        elif died.value and death is None:
            days = Reading(reason=strongest([row.date("death_date").reason for row in dead]))
        elif died.value:
            assert death
            assert first
            assert last
            day = min(max(death.day, first), last)
            if last < operated.first:
                days = CONFLICTING
            else:
                days = Reading(max((day - operated.day).days, 0))
        else:
            seen = [operated.day]
            for row in contacts:
                when = row.date("contact_date")
                if known(when) and says[row.number].value != "lost":
                    seen.append(min(when.value.day, self.data_as_of))
            days = Reading((max(seen) - operated.day).days)
        self.put(columns, "follow_up_days", days)
        on = Reading(operated.day + timedelta(days.value)) if known(days) and operated else days
        self.put(columns, "last_contact_date", on)
        self.put(columns, "died", died)
        basis = None
        if known(died):
            seen = [row for row in contacts if says[row.number].value != "lost"]
            seen = [row for row in seen if known(row.date("contact_date"))]
            told = any(says[row.number].value in ("alive", "dead") for row in contacts)
            basis = "vital status" if told else "contact" if seen else "operation"
            if died.value and deaths:
                basis = "death date"
        columns["died_basis"] = basis
        months = Reading(days.value / DAYS_PER_MONTH) if known(days) else days
        self.put(columns, "follow_up_months", months)

        for limit in (30, 90):
            within = self.died_within(
                limit, died, first, last, contacts, says, death is not None, days
            )
            if days.reason == "conflicting":
                within = days
            self.put(columns, f"died_within_{limit}_days", within)
        self.recurrence(columns, died, on, days)

    def is_by_then(self, when: Reading) -> bool:
        return not known(when) or when.value.first <= self.data_as_of

    def unless_the_last_word_is_unread(
        self, contacts: list[Row], says: dict[int, Reading]
    ) -> Reading:
        """Nobody says dead: false, but unknown where the last word cannot be read."""
        unread = ("unreadable", "conflicting")
        last_read, last_unread, why = date.min, date.min, None
        for row in contacts:
            when = row.date("contact_date")
            told = min(when.value.day, self.data_as_of) if known(when) else date.min + timedelta(1)
            word, day = says[row.number], row.date("death_date")
            blank = word.value == "lost" or not says_something(word)
            if word.value == "alive":
                last_read = max(last_read, told)
            elif word.reason in unread or (blank and day.reason in unread):
                if told >= last_unread:
                    why = word.reason if word.reason in unread else day.reason
                last_unread = max(last_unread, told)
        if why and last_unread >= last_read:
            return Reading(reason=why)
        return Reading(False)

    def certain_death(
        self, death: Day | None, tells: list[Row], alive: list[Row]
    ) -> tuple[date | None, date | None]:
        """From when to when the patient died for certain: not before the operation or the last
        living contact, not after the first contact that tells of it or data_as_of."""
        if not tells and not death:
            return None, None
        told = [when.value.last for row in tells if known(when := row.date("contact_date"))]
        last = [self.data_as_of] + ([death.last] if death else [])
        if told and (death is None or min(told) >= death.first):
            last.append(min(told))
        latest = min(last)
        seen = [when.value.first for row in alive if known(when := row.date("contact_date"))]
        floors = [death.first] if death else []
        if self.when and self.when.first <= latest:
            floors.append(self.when.first)
        if seen and max(seen) <= latest:
            floors.append(max(seen))
        return (max(floors) if floors else None), latest

    def died_within(
        self,
        limit: int,
        died: Reading,
        first: date | None,
        last: date | None,
        contacts: list[Row],
        says: dict[int, Reading],
        has_day: bool,
        undated: Reading,
    ) -> Reading:
        """Day 0 to the limit; false only if followed beyond; from what is certain."""
        operated = self.when
        if not operated:
            return Reading(reason=self.index.date.reason if self.index else None)
        if not known(died):
            return died
        if died.value:
            if last and (last - operated.first).days <= limit:
                return Reading(True)
            if first and (first - operated.last).days > limit:
                return Reading(False)
            return IMPRECISE if has_day else undated
        seen = [
            when.value
            for row in contacts
            if known(when := row.date("contact_date")) and says[row.number].value != "lost"
        ]
        if any((day.first - operated.last).days > limit for day in seen):
            return Reading(False)
        if any((day.last - operated.first).days > limit for day in seen):
            return IMPRECISE
        return NOT_REPORTED

    def recurrence(
        self, columns: dict[str, Any], died: Reading, on: Reading, days: Reading
    ) -> None:
        """First of recurrence, death and last contact."""
        rows = self.rows["follow_up"]
        contacts = [row for row in rows if self.is_by_then(row.date("contact_date"))]
        status = [row.word("recurrence_status", "recurrence_phrases") for row in contacts]
        dates = [row.date("recurrence_date") for row in contacts]
        told = [d for row in rows if known(d := row.date("recurrence_date")) and self.is_by_then(d)]
        reasons = [r.reason for r in [*status, *dates] if r.reason]
        unread = {"unreadable", "conflicting"} & set(reasons)
        says_no = any(s.value == "no" for s in status) and not unread
        no_status = all(s.reason == "not_collected" for s in status)
        blank_dates = bool(dates) and no_status and {d.reason for d in dates} == {"not_reported"}
        recurred = Reading(reason=strongest(reasons) if reasons else "no_report")
        if told or any(s.value == "yes" for s in status):
            recurred = Reading(True)
        elif says_no or blank_dates:
            recurred = Reading(False)

        if recurred.value or died.value:
            either = Reading(True)
        elif known(recurred) and known(died):
            either = Reading(False)
        else:
            either = Reading(reason=strongest([r.reason for r in (recurred, died) if r.reason]))
        self.put(columns, "recurrence_or_death", either)

        operated = self.when
        free = days
        if not known(recurred):
            free = Reading(reason=recurred.reason)
        elif recurred.value and not operated:
            free = Reading(reason=self.index.date.reason if self.index else None)
        elif recurred.value and not told:
            undated = [d.reason for d in dates if d.reason and d.reason != "not_collected"]
            free = Reading(reason=strongest([*undated, "not_reported"]))
        elif recurred.value:
            assert operated
            when = min((d.value for d in told), key=lambda day: day.first)
            day = when.day
            if when.precision != "day":
                day = max(day, operated.day)
                if died.value and known(on):
                    day = min(day, on.value)
            after_death = died.value and known(on) and when.first > on.value
            if when.last < operated.first or after_death:
                free = CONFLICTING
            else:
                free = Reading(max((day - operated.day).days, 0))
        self.put(columns, "recurrence_free_days", free)


def _above(interval: Interval | None, limit: int, reason: str | None) -> Reading:
    if interval is not None:
        if interval.above(limit):
            return Reading(True)
        if interval.at_most(limit):
            return Reading(False)
        return Reading(reason=reason or "imprecise")
    return Reading(reason=reason)


def _day(reading: Reading) -> Reading:
    return Reading(reading.value.day) if known(reading) else reading


def _of_operation(readings: list[Reading]) -> Reading:
    if _differ(readings):
        return CONFLICTING
    values = [reading for reading in readings if known(reading)]
    return values[0] if values else Reading(reason=strongest([r.reason for r in readings]))
