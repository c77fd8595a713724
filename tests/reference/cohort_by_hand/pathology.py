"""Pathology: reports → specimens → what holds of the index operation (dictionary §3 and §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from tests.reference.cohort_by_hand.measures import (
    ANY,
    Interval,
    exactly,
    largest,
    read_measure,
    smallest,
    total,
    without_labels,
)
from tests.reference.cohort_by_hand.rows import Row
from tests.reference.cohort_by_hand.words import (
    CONFLICTING,
    IMPRECISE,
    NOT_APPLICABLE,
    NOT_REPORTED,
    UNREADABLE,
    Reading,
    known,
    parts_of,
    phrases,
    read_words,
    says_something,
    seed,
    strongest,
    together,
)

INVOLVED = ("involved", "r1", "vascular")
FREE = ("negative", "r0")
OPEN = ("conflicting", "unreadable", "imprecise")
REGRESSION = ("complete", "partial", "poor")


# --- One text ---


@dataclass(frozen=True)
class Margin:
    """What a margin's text says: a word, a distance in mm, or why it says neither."""

    word: str | None = None
    distance: Interval | None = None
    reason: str | None = None


@cache
def read_margin(text: str, unit: str | None) -> Margin:
    words, distances = [], []
    whole = text in phrases("margin_phrases") or read_measure(text, "margin", unit)
    for part in [text] if whole else parts_of(text):
        part = re.sub(r" is ", " ", part)
        entry = phrases("margin_phrases").get(part) or phrases("margin_phrases").get(
            without_labels(part, "margin")
        )
        distance = read_measure(part, "margin", unit)
        if entry and entry.value != "label":
            words.append(entry)
        elif distance:
            distances.append(distance)
        elif not entry:
            return Margin(reason="unreadable")
    if len(distances) > 1:
        return Margin(reason="conflicting")
    distance = distances[0] if distances else None
    if distance and (distance.low > 150 or distance.below(0)):
        return Margin(reason="unreadable")
    values = {word.value for word in words}
    if values & {"negative", "r0"} and values & {"involved", "r1", "r2", "vascular"}:
        return Margin(reason="conflicting")
    reading = together(words, "margin_phrases") if words else Reading()
    if reading.reason and not distance:
        return Margin(reason=reading.reason)
    return Margin(reading.value, distance)


@dataclass(frozen=True)
class Regression:
    """What a regression text says: a grade in words or numbers, a percent viable, or neither."""

    grade: Reading
    viable: Interval | None = None


# Dictionary §5: which grades of a scale are complete, partial and poor; a bare number without one.
_FROM_1 = ({"1"}, {"2", "3"}, {"4", "5"})
_FROM_4 = ({"4"}, {"2", "3"}, {"0", "1"})
_FROM_0 = ({"0"}, {"1", "2"}, {"3"})
SCALES = {
    "rubbia-brandt": _FROM_1,
    "mandard": _FROM_1,
    "dworak": _FROM_4,
    "rodel": _FROM_4,
    "cap": _FROM_0,
    "ryan": _FROM_0,
    "becker": ({"1a"}, {"1b", "2"}, {"3"}),
}
_BARE = (set(), {"2"}, {"5"})


def _graded(number: str, scale: str) -> Reading | None:
    """A grade by its scale; one that the scale does not have cannot be read."""
    grades = SCALES.get(scale, _BARE)
    for word, numbers in zip(("complete", "partial", "poor"), grades, strict=True):
        if number in numbers:
            return Reading(word)
    if scale in SCALES:
        return UNREADABLE
    return IMPRECISE if number in ("0", "1", "3", "4") else None


@cache
def read_regression(text: str, scale: str) -> Regression:
    listed = phrases("regression_phrases")
    stated = re.fullmatch(r"(?:trg |grade )?(\d[ab]?)(?: ?\(([\w -]+)\))?", text)
    if stated:
        grade = _graded(stated[1], stated[2] or scale)
        if grade:
            return Regression(grade)
    if text in listed:
        return Regression(read_words(text, "regression_phrases"))
    body = re.sub(
        r"^(regression|viable tumor|viable|residual tumor):? | (viable|regression)$", "", text
    )
    percent = read_measure(body, "percent", None)
    if percent and percent.low <= 100 and (percent.high is None or percent.high <= 100):
        if "viable" not in text and "residual" not in text:
            high = Decimal(100) if percent.high is None else percent.high
            percent = Interval(100 - high, 100 - percent.low, percent.high_open, percent.low_open)
        return Regression(Reading(), percent)
    return Regression(read_words(text, "regression_phrases"))


def grade_of_viable(viable: Interval) -> Reading:
    """Blazer: none is complete, below 50 % partial, 50 % and more poor."""
    if viable.at_most(0):
        return Reading("complete")
    if viable.at_least(50):
        return Reading("poor")
    if viable.above(0) and viable.below(50):
        return Reading("partial")
    return IMPRECISE


@cache
def read_count(text: str) -> Interval | Reading:
    entry = phrases("count_words").get(text)
    if entry and entry.reason:
        return Reading(reason=entry.reason)
    if entry and entry.value:
        number = Decimal(entry.value.rstrip("+"))
        return Interval(number, None if entry.value.endswith("+") else number)
    found = read_measure(text, "count", "")
    if not found or found.low % 1 or (found.high or 0) % 1:
        return UNREADABLE
    whole = found.whole()
    return whole if whole.low <= 60 and (whole.high is None or whole.high >= 0) else UNREADABLE


@cache
def read_size(text: str, unit: str | None) -> Interval | Reading:
    found = read_measure(text, "length", unit)
    return found if found and found.low <= 300 else UNREADABLE


@cache
def read_steatosis(text: str) -> Reading:
    """Grade of Kleiner; a percent beats the word beside it."""
    if text in phrases("steatosis_phrases"):
        return read_words(text, "steatosis_phrases")
    parts = parts_of(text)
    percents = [p for part in parts if (p := read_measure(part, "percent", None))]
    others = [part for part in parts if not read_measure(part, "percent", None)]
    if any(part not in phrases("steatosis_phrases") for part in others):
        return UNREADABLE
    if not percents:
        severities = {phrases("steatosis_phrases")[part].value for part in others}
        return (
            CONFLICTING if len(severities - {None}) > 1 else read_words(text, "steatosis_phrases")
        )
    if len(percents) > 1:
        return CONFLICTING
    percent = percents[0]
    if percent.low > 100 or (percent.high or 0) > 100:
        return UNREADABLE
    if percent.below(5):
        return Reading("0")
    if percent.at_least(5) and percent.at_most(33):
        return Reading("1")
    if percent.above(33) and percent.at_most(66):
        return Reading("2")
    return Reading("3") if percent.above(66) else IMPRECISE


# --- What a comment states ---

OF_COMMENT = (
    "largest_metastasis",
    "margin_distance",
    "tumor_grade",
    "lymphovascular_invasion",
    "perineural_invasion",
    "tumor_regression",
    "viable_tumor_percent",
    "steatosis",
)


def _has(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


@cache
def read_comment(text: str) -> dict[str, str]:
    """The fields that a normalized comment states plainly, as the columns would have them."""
    labels = [(row["phrase"], row["field"], row["value"]) for row in seed("comment_labels")]
    if any(value == "other" and not name and _has(text, phrase) for phrase, name, value in labels):
        return {}
    stated: dict[str, list[str | None]] = {}
    for statement in _statements(text):
        for name in OF_COMMENT:
            of_field = [(p, v) for p, f, v in labels if f == name and _has(statement, p)]
            names = [(p, v) for p, v in of_field if v != "other"]
            if not names:
                continue
            phrase, kind = max(names, key=lambda item: len(item[0]))
            if kind == "weak" and any(
                v == "other" and f == name and _has(text, p) for p, f, v in labels
            ):
                continue
            rest = statement
            if kind in ("name", "weak") and statement.startswith(phrase):
                rest = re.sub(r"^(:| -| is)? ?", "", statement.removeprefix(phrase))
                if name in ("lymphovascular_invasion", "perineural_invasion"):
                    rest = rest if rest else statement
            stated.setdefault(name, []).append(rest if _plain(name, rest) else None)
    return {
        name: texts[0]
        for name, texts in stated.items()
        if texts[0] is not None and len(set(texts)) == 1
    }


def _statements(text: str) -> list[str]:
    """Its sentences; one is divided at commas only where each piece names a field."""
    names = [r["phrase"] for r in seed("comment_labels") if r["value"] in ("name", "weak", "part")]
    found = []
    for sentence in re.split(r"[;\n]|\.(?!\d)", text):
        # Where a lesion lies says nothing of the margin behind it.
        pieces = [
            piece.strip()
            for piece in sentence.split(",")
            if not re.fullmatch(r"in segment \d", piece.strip())
        ]
        if all(any(_has(piece, name) for name in names) for piece in pieces):
            found += pieces
        else:
            found.append(sentence.strip())
    return found


def _plain(name: str, text: str) -> bool:
    """Whether the statement can be read as the column would be."""
    if name == "largest_metastasis":
        return isinstance(read_size(text, None), Interval)
    if name == "margin_distance":
        return read_margin(text, None).reason is None
    if name == "tumor_regression":
        found = read_regression(text, "")
        return found.viable is not None or known(found.grade)
    if name == "viable_tumor_percent":
        return read_measure(text, "percent", None) is not None
    if name == "steatosis":
        return known(read_steatosis(text))
    vocabulary = {
        "tumor_grade": "tumor_grades",
        "lymphovascular_invasion": "lymphovascular_phrases",
        "perineural_invasion": "perineural_phrases",
    }[name]
    return read_words(text, vocabulary).reason in (None, "imprecise")


# --- One specimen ---


@dataclass
class Specimen:
    """All reports of one specimen, the latest first."""

    reports: list[Row]
    from_comment: set[str] = field(default_factory=set)

    def latest(self, name: str, vocabulary: str | None = None) -> str | Reading:
        """The text of the latest report that says something in this field."""
        cells = [report.cell(name, vocabulary) for report in self.reports]
        return next((cell for cell in cells if not isinstance(cell, Reading)), cells[0])

    def comment(self, name: str, *columns: str) -> str | None:
        """What the comment says of a field that is blank in the columns that could tell it."""
        for column in columns:
            if not isinstance(self.latest(column), Reading):
                return None
        return self.stated(name)

    def stated(self, name: str) -> str | None:
        for report in self.reports:
            cell = report.cell("comment")
            if not isinstance(cell, Reading) and name in read_comment(cell):
                return read_comment(cell)[name]
        return None

    def text(self, name: str, *columns: str, vocabulary: str | None = None) -> str | Reading:
        """The column's text, else the comment's."""
        cell = self.latest(name, vocabulary)
        if not isinstance(cell, Reading):
            return cell
        stated = self.comment(name, name, *columns)
        if stated is None:
            return cell
        self.from_comment.add(name)
        return stated

    def word(self, name: str, vocabulary: str, *columns: str) -> Reading:
        cell = self.text(name, *columns, vocabulary=vocabulary)
        return cell if isinstance(cell, Reading) else read_words(cell, vocabulary)

    @property
    def organ(self) -> Reading:
        cell = self.latest("organ", "organs")
        return cell if isinstance(cell, Reading) else read_words(cell, "organs")

    def diagnosis(self, treated: Reading) -> Reading:
        cell = self.latest("diagnosis", "histologies")
        reading = cell if isinstance(cell, Reading) else read_words(cell, "histologies")
        if reading.value != "no_malignancy":
            return reading
        if not known(treated):
            return IMPRECISE
        return Reading("no_residual_tumor" if treated.value == "yes" else "benign")

    def lymphovascular_invasion(self) -> Reading:
        joint = self.latest("lymphovascular_invasion", "lymphovascular_phrases")
        lymphatic = self._vessels("lymphatic_invasion", "lymphatic_phrases")
        venous = self._vessels("venous_invasion", "venous_phrases")
        if isinstance(joint, Reading):
            stated = self.comment(
                "lymphovascular_invasion",
                "lymphovascular_invasion",
                "lymphatic_invasion",
                "venous_invasion",
            )
            if stated is not None:
                self.from_comment.add("lymphovascular_invasion")
                joint = stated
        both = joint if isinstance(joint, Reading) else read_words(joint, "lymphovascular_phrases")
        if "yes" in (both.value, lymphatic.value, venous.value):
            return Reading("yes")
        if both.value == "no" or (lymphatic.value == "no" and venous.value == "no"):
            return Reading("no")
        reasons = {r.reason for r in (both, lymphatic, venous) if r.reason}
        return Reading(reason=strongest(reasons))

    def _vessels(self, name: str, vocabulary: str) -> Reading:
        cell = self.latest(name, vocabulary)
        return cell if isinstance(cell, Reading) else read_words(cell, vocabulary)

    def viable(self) -> Interval | Reading:
        """Percent viable of its own column, else of the regression text if that names one."""
        own = self.own_viable()
        text = self._regression()
        if isinstance(own, Reading) and isinstance(text, Regression):
            return text.viable if text.viable is not None and text.viable.exact else own
        return own

    def own_viable(self) -> Interval | Reading:
        cell = self.latest("viable_tumor_percent")
        if isinstance(cell, Reading) and not self._answered():
            stated = self.stated("viable_tumor_percent")
            if stated is not None:
                self.from_comment.add("viable_tumor_percent")
                cell = stated
        if isinstance(cell, Reading):
            return cell
        found = read_measure(re.sub(r"^viable tumor:? | viable$", "", cell), "percent", "%")
        return found if found and found.low <= 100 and (found.high or 0) <= 100 else UNREADABLE

    def _answered(self) -> bool:
        """Whether a column answers how the tumor regressed: viable tumor and the diagnosis do."""
        told = [
            self.latest("tumor_regression", "regression_phrases"),
            self.latest("viable_tumor_percent"),
        ]
        gone = self.diagnosis(NOT_REPORTED).value == "no_residual_tumor"
        return gone or any(not isinstance(cell, Reading) for cell in told)

    def _regression(self) -> Regression | Reading:
        cell = self.latest("tumor_regression", "regression_phrases")
        if isinstance(cell, Reading) and not self._answered():
            stated = self.stated("tumor_regression")
            if stated is not None:
                self.from_comment.add("tumor_regression")
                cell = stated
        if isinstance(cell, Reading):
            return cell
        # The scale is that of the report whose grade it is.
        scales = (
            report.cell("tumor_regression_scale")
            for report in self.reports
            if report.cell("tumor_regression", "regression_phrases") == cell
        )
        scale = next(scales, NOT_REPORTED)
        return read_regression(cell, "" if isinstance(scale, Reading) else scale)

    def regression(self, treated: Reading) -> Reading:
        """As stated or by viable tumor, the worse where both speak; complete beside viable tumor
        conflicts; where neither speaks, no residual tumor is a complete response."""
        text = self._regression()
        stated = text if isinstance(text, Reading) else text.grade
        if isinstance(text, Regression) and text.viable is not None:
            stated = grade_of_viable(text.viable)
        viable = self.own_viable()
        if stated.reason == "conflicting":
            return CONFLICTING
        if isinstance(viable, Reading):
            if known(stated):
                return stated
            silent = not says_something(stated) and not says_something(viable)
            if silent and self.diagnosis(treated).value == "no_residual_tumor":
                return Reading("complete")
            return Reading(reason=strongest([stated.reason, viable.reason]))
        if stated.value == "complete" and viable.above(0):
            return CONFLICTING
        if stated.value in ("partial", "poor") and viable.at_most(0):
            return CONFLICTING
        by_percent = grade_of_viable(viable)
        values = [reading.value for reading in (stated, by_percent) if known(reading)]
        return Reading(max(values, key=REGRESSION.index)) if values else IMPRECISE

    def regression_basis(self, treated: Reading) -> str | None:
        """What tells the regression: the text, the percent viable, or that nothing is left."""
        regression = self.regression(treated)
        if not known(regression):
            return None
        text, viable = self._regression(), self.own_viable()
        stated = text if isinstance(text, Reading) else text.grade
        if isinstance(text, Regression) and text.viable is not None:
            stated = grade_of_viable(text.viable)
        # Where both say the same the text tells.
        by_percent = isinstance(viable, Interval) and stated.value != regression.value
        if by_percent and grade_of_viable(viable).value == regression.value:
            return "comment" if "viable_tumor_percent" in self.from_comment else "viable tumor"
        if known(stated):
            return "comment" if "tumor_regression" in self.from_comment else "column"
        return "diagnosis"

    def viable_basis(self, treated: Reading) -> str | None:
        if isinstance(self.own_viable(), Interval):
            return "comment" if "viable_tumor_percent" in self.from_comment else "column"
        if isinstance(self.viable(), Interval):
            return "comment" if "tumor_regression" in self.from_comment else "regression"
        return None

    def is_complete(self, treated: Reading) -> bool:
        gone = self.diagnosis(treated).value == "no_residual_tumor"
        return gone or self.regression(treated).value == "complete"

    def count(self, treated: Reading) -> Interval | Reading:
        cell = self.latest("metastasis_count", "count_words")
        found = cell if isinstance(cell, Reading) else read_count(cell)
        if isinstance(found, Interval) and found.at_most(0) and not self.is_complete(treated):
            return UNREADABLE
        return found

    def size(self, treated: Reading) -> Interval | Reading:
        cell = self.text("largest_metastasis")
        if isinstance(cell, Reading):
            return cell
        unit = self.reports[0].extract.units.get("largest_metastasis")
        found = read_size(cell, unit)
        if isinstance(found, Interval) and found.at_most(0) and not self.is_complete(treated):
            return UNREADABLE
        return found

    def margin(self) -> SpecimenMargin:
        unit = self.reports[0].extract.units.get("margin_distance")
        texts = [self.latest("margin_distance"), self.latest("margin_status")]
        if all(isinstance(text, Reading) for text in texts):
            stated = self.stated("margin_distance")
            if stated is not None:
                self.from_comment.add("margin_distance")
                return of_margin(read_margin(stated, unit), Margin(reason="not_reported"))
        first, second = (
            Margin(reason=text.reason) if isinstance(text, Reading) else read_margin(text, unit)
            for text in texts
        )
        stated = self.stated("margin_distance")
        worded = all(
            m.word or m.reason in ("not_reported", "not_collected") for m in (first, second)
        )
        if stated is not None and worded and not first.distance and not second.distance:
            # Beside a word without a distance, a distance that says the same is taken.
            distance = read_margin(stated, unit).distance
            words = {first.word, second.word} - {None}
            same_r0 = distance and distance.at_least(1) and words and words <= {"r0", "negative"}
            same_r1 = distance and distance.below(1) and words == {"r1"}
            if same_r0 or same_r1:
                self.from_comment.add("margin_distance")
                first = Margin(first.word, distance)
        return of_margin(first, second)


# --- The margin of one specimen ---


@dataclass(frozen=True)
class SpecimenMargin:
    """Where the margin lies, the R status by both rules, how they are known, and the flag."""

    distance: Interval | None
    reason: str | None
    status: Reading
    basis: str | None
    status_0mm: Reading
    vascular: bool


def of_margin(first: Margin, second: Margin) -> SpecimenMargin:
    """Paper: R0 is a margin of at least 1 mm, R1 less or involved; a stated R2 wins."""
    blank = ("not_reported", "not_collected")
    distance = first.distance or second.distance
    words = {first.word, second.word} - {None}
    reasons = [margin.reason for margin in (first, second) if margin.reason]
    spoken = [reason for reason in reasons if reason not in blank]
    vascular = "vascular" in words
    involved = bool(words & {"involved", "r1"})
    free = bool(words & set(FREE))

    def result(
        status: Reading,
        basis: str | None,
        lies: Interval | None,
        zero: Reading,
        reason: str | None = None,
    ) -> SpecimenMargin:
        return SpecimenMargin(lies, reason, status, basis, zero, vascular)

    if "r2" in words:
        reason = None if distance else "imprecise" if free else "not_reported"
        return result(Reading("R2"), "stated", distance, Reading("R2"), reason)
    words_conflict = "conflicting" in reasons or (free and (involved or vascular))
    if distance is not None:
        # A word does not narrow a distance; where that leaves R open the word may tell.
        zero = _zero_mm(distance, words)
        if words_conflict:
            zero = Reading("R1") if distance.at_most(0) else CONFLICTING
        if distance.below(1):
            return result(Reading("R1"), "distance", distance, zero)
        if words_conflict:
            return result(CONFLICTING, None, distance, zero)
        if distance.at_least(1) and vascular:
            return result(Reading("R1"), "stated", distance, zero)
        if distance.at_least(1) and involved:
            return result(CONFLICTING, None, distance, zero)
        if distance.at_least(1):
            return result(Reading("R0"), "distance", distance, zero)
        if involved or vascular:
            return result(Reading("R1"), "stated", distance, zero)
        if "r0" in words:
            return result(Reading("R0"), "stated", distance, zero)
        return result(IMPRECISE, None, distance, zero)
    if words_conflict:
        return result(CONFLICTING, None, None, CONFLICTING, "conflicting")
    if "involved" in words:
        return result(Reading("R1"), "stated", exactly(0), Reading("R1"))
    if vascular or "r1" in words:
        below = Interval(Decimal(0), Decimal(1), high_open=True)
        return result(Reading("R1"), "stated", below, Reading("R1") if vascular else IMPRECISE)
    if "r0" in words:
        return result(Reading("R0"), "stated", Interval(Decimal(1), None), Reading("R0"))
    if free:
        above = Interval(Decimal(0), None, low_open=True)
        return result(Reading("R0"), "stated", above, Reading("R0"))
    reason = strongest(spoken or reasons)
    unknown = Reading(reason=reason)
    return result(unknown, None, None, unknown, reason)


def _zero_mm(distance: Interval, words: set[str]) -> Reading:
    """The rule by involvement: R1 at 0 mm, so that "involved" above 0 mm contradicts itself."""
    if "vascular" in words or distance.at_most(0):
        return Reading("R1")
    if "involved" in words:
        return CONFLICTING if distance.above(0) else Reading("R1")
    if not distance.above(0) and words & set(FREE):
        return Reading("R0")
    return Reading("R0") if distance.above(0) else IMPRECISE


# --- All specimens of the index operation ---


def _worst(readings: list[Reading], order: tuple[str, ...]) -> Reading:
    """The worst of what is reported; what is not reported or cannot be read says nothing."""
    values = [reading.value for reading in readings if known(reading)]
    if values:
        return Reading(max(values, key=order.index))
    return Reading(reason=strongest([reading.reason for reading in readings]))


def _measured(found: list[Interval | Reading], join: Any) -> tuple[Interval | None, str | None]:
    """Join intervals: a blank or "cannot be assessed" says nothing, what cannot be read leaves the
    result open."""
    told = [
        item
        for item in found
        if isinstance(item, Interval) or item.reason in ("conflicting", "unreadable", "imprecise")
    ]
    intervals = [item if isinstance(item, Interval) else ANY for item in told]
    reasons = [item.reason for item in told if isinstance(item, Reading)]
    if not told:
        return None, strongest([item.reason for item in found if isinstance(item, Reading)])
    if any(isinstance(item, Interval) and not item.exact for item in told):
        reasons.append("imprecise")
    return join(intervals), strongest(reasons) if reasons else None


def _decided(interval: Interval | None, reason: str | None, value: Any) -> Reading:
    """A value that follows from the interval, else the reason why it does not."""
    if interval is not None and value is not None:
        return Reading(value)
    return Reading(reason=reason)


MARGINS = ("margin_distance", "margin_status")
# A variable is not collected where none of the fields that could answer it is delivered.
ANSWERED_BY = {
    "metastasis_count": ("metastasis_count",),
    "metastasis_count_group": ("metastasis_count",),
    "multiple_metastases": ("metastasis_count",),
    "largest_metastasis_mm": ("largest_metastasis",),
    "size_group": ("largest_metastasis",),
    "margin_mm": MARGINS,
    "margin_group": MARGINS,
    "resection_status": MARGINS,
    "resection_status_0mm": MARGINS,
    "tumor_grade": ("tumor_grade",),
    "lymphovascular_invasion": (
        "lymphovascular_invasion",
        "lymphatic_invasion",
        "venous_invasion",
    ),
    "perineural_invasion": ("perineural_invasion",),
    "tumor_regression": ("tumor_regression", "viable_tumor_percent"),
    "viable_tumor_percent": ("viable_tumor_percent",),
    "steatosis_grade": ("steatosis",),
}


BASES = (
    "resection_status_basis",
    "margin_mm_basis",
    "largest_metastasis_mm_basis",
    "tumor_grade_basis",
    "lymphovascular_invasion_basis",
    "perineural_invasion_basis",
    "steatosis_grade_basis",
    "tumor_regression_basis",
    "viable_tumor_percent_basis",
)


def _bases(specimens: list[Specimen], treated: Reading) -> dict[str, str | None]:
    """Where the values of the specimens come from, each place once."""

    def places(name: str, tells: Any) -> str | None:
        found = {
            "comment" if name in specimen.from_comment else "column"
            for specimen in specimens
            if tells(specimen)
        }
        return " + ".join(sorted(found)) or None

    def is_graded(specimen: Specimen) -> bool:
        cell = specimen.text("steatosis", vocabulary="steatosis_phrases")
        return not isinstance(cell, Reading) and known(read_steatosis(cell))

    result = {
        "margin_mm_basis": places("margin_distance", lambda s: s.margin().distance),
        "largest_metastasis_mm_basis": places(
            "largest_metastasis", lambda s: isinstance(s.size(treated), Interval)
        ),
        "tumor_grade_basis": places(
            "tumor_grade", lambda s: known(s.word("tumor_grade", "tumor_grades"))
        ),
        "lymphovascular_invasion_basis": places(
            "lymphovascular_invasion", lambda s: known(s.lymphovascular_invasion())
        ),
        "perineural_invasion_basis": places(
            "perineural_invasion",
            lambda s: known(s.word("perineural_invasion", "perineural_phrases")),
        ),
        "steatosis_grade_basis": places("steatosis", is_graded),
    }
    if treated.value == "no":
        return result | dict.fromkeys(("tumor_regression_basis", "viable_tumor_percent_basis"))
    for name in ("regression_basis", "viable_basis"):
        found = {getattr(specimen, name)(treated) for specimen in specimens} - {None}
        variable = {"regression_basis": "tumor_regression", "viable_basis": "viable_tumor_percent"}
        result[f"{variable[name]}_basis"] = " + ".join(sorted(found)) or None
    return result


def index_pathology(
    specimens: list[Specimen], treated: Reading, collected: set[str]
) -> dict[str, Any]:
    """The pathology variables of one case, each a Reading; and the intervals behind them.

    ``collected`` are the fields that the pathology files have.
    """
    result: dict[str, Any] = {}
    if not specimens:
        for name, fields in ANSWERED_BY.items():
            missing = "no_report" if collected & set(fields) else "not_collected"
            result[name] = Reading(reason=missing)
        result |= {"diagnosis": NOT_REPORTED, "count": None, "size": None}
        result |= dict.fromkeys((*BASES, "r1_vascular", "read_from_comment"))
        if treated.value == "no":
            result["tumor_regression"] = result["viable_tumor_percent"] = NOT_APPLICABLE
        return result

    count, why = _measured([s.count(treated) for s in specimens], total)
    result["count"] = count
    exact = count.low if count and count.exact else None
    result["metastasis_count"] = _decided(count, why, None if exact is None else int(exact))
    group = None if not count else "<3" if count.below(3) else ">=3" if count.at_least(3) else None
    result["metastasis_count_group"] = _decided(count, why, group)
    multiple = (
        None if not count else False if count.at_most(1) else True if count.above(1) else None
    )
    result["multiple_metastases"] = _decided(count, why, multiple)

    size, why = _measured([s.size(treated) for s in specimens], largest)
    result["size"] = size
    result["largest_metastasis_mm"] = _decided(size, why, size.low if size and size.exact else None)
    group = (
        None if not size else "<6 cm" if size.below(60) else ">=6 cm" if size.at_least(60) else None
    )
    result["size_group"] = _decided(size, why, group)

    result |= _margins([s.margin() for s in specimens])
    result["tumor_grade"] = _worst(
        [s.word("tumor_grade", "tumor_grades") for s in specimens], ("well", "moderate", "poor")
    )
    result["lymphovascular_invasion"] = _worst(
        [s.lymphovascular_invasion() for s in specimens], ("no", "yes")
    )
    result["perineural_invasion"] = _worst(
        [s.word("perineural_invasion", "perineural_phrases") for s in specimens], ("no", "yes")
    )
    steatosis = []
    for specimen in specimens:
        cell = specimen.text("steatosis", vocabulary="steatosis_phrases")
        steatosis.append(cell if isinstance(cell, Reading) else read_steatosis(cell))
    result["steatosis_grade"] = _worst(steatosis, ("0", "1", "2", "3"))

    regressions = [s.regression(treated) for s in specimens]
    percents = [s.viable() for s in specimens]
    # What cannot be read says nothing here: only margin, size and count stay open.
    read = [percent for percent in percents if isinstance(percent, Interval)]
    viable, why = _measured(read or percents[:1], largest)
    if not read:
        viable, why = None, strongest([p.reason for p in percents if isinstance(p, Reading)])
    if treated.value == "no":
        result["tumor_regression"] = result["viable_tumor_percent"] = NOT_APPLICABLE
    else:
        result["tumor_regression"] = _worst(regressions, REGRESSION)
        # A metastasis of unknown regression leaves a complete response beside it open.
        open_reasons = [
            r.reason
            for s, r in zip(specimens, regressions, strict=True)
            if r.reason and s.diagnosis(treated).value == "metastasis"
        ]
        if result["tumor_regression"].value == "complete" and open_reasons:
            result["tumor_regression"] = Reading(reason=strongest(open_reasons))
        result["viable_tumor_percent"] = _decided(
            viable, why, viable.low if viable and viable.exact else None
        )
    result["diagnosis"] = final_diagnosis([s.diagnosis(treated) for s in specimens])
    result |= _bases(specimens, treated)
    if not known(result["tumor_regression"]):
        result["tumor_regression_basis"] = None
    stated = set().union(*(s.from_comment for s in specimens))
    result["read_from_comment"] = ", ".join(sorted(stated)) or None
    return result


def final_diagnosis(diagnoses: list[Reading]) -> Reading:
    """A metastasis beside anything stays one; what is unknown leaves a hemangioma open."""
    order = ("benign", "hemangioma", "other", "no_residual_tumor", "metastasis")
    worst = _worst(diagnoses, order)
    reasons = [d.reason for d in diagnoses if d.reason]
    if reasons and worst.value not in ("metastasis", "no_residual_tumor"):
        return Reading(reason=strongest(reasons))
    return worst


def _margins(margins: list[SpecimenMargin]) -> dict[str, Any]:
    told = [m for m in margins if m.distance or known(m.status) or m.reason in OPEN]
    if not told:
        unknown = Reading(reason=strongest([m.reason for m in margins]))
        names = ("margin_mm", "margin_group", "resection_status", "resection_status_0mm")
        return dict.fromkeys(names, unknown) | {"resection_status_basis": None, "r1_vascular": None}
    # What is "close", cannot be read or contradicts itself may be the smallest.
    lying = [m.distance or ANY for m in told if m.distance or m.reason in OPEN]
    lies = smallest(lying) if lying else None
    reasons = [m.reason for m in told if m.reason in OPEN or not lying]
    if any(m.distance and not m.distance.exact for m in told):
        reasons.append("imprecise")
    why = strongest(reasons) if reasons else None
    group = (
        None
        if lies is None
        else "<1 mm"
        if lies.below(1)
        else ">1 mm"
        if lies.above(1)
        else "1 mm"
        if lies.exact and lies.low == 1
        else None
    )
    result: dict[str, Any] = {
        "margin_mm": _decided(lies, why, lies.low if lies and lies.exact else None),
        "margin_group": _decided(lies, why, group),
    }
    vascular = any(m.vascular for m in told)
    for name, of in (("resection_status", "status"), ("resection_status_0mm", "status_0mm")):
        readings = [getattr(m, of) for m in told]
        values = [r.value for r in readings]
        worst = next((v for v in ("R2", "R1") if v in values), None)
        if worst is None:
            reasons = [r.reason for r in readings if r.reason]
            result[name] = Reading(reason=strongest(reasons)) if reasons else Reading("R0")
        else:
            result[name] = Reading(worst)
    status = result["resection_status"]
    # One distance is enough for R1; R0 rests on every specimen, so that one word makes it stated.
    bases = {m.basis for m in told if known(status) and m.status.value == status.value}
    result["resection_status_basis"] = None
    if bases:
        by_distance = bases == {"distance"} or (status.value == "R1" and "distance" in bases)
        result["resection_status_basis"] = "distance" if by_distance else "stated"
    result["r1_vascular"] = True if vascular else False if known(status) else None
    return result
