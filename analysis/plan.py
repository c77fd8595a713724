"""The analysis plan: which factors, which curves, which model, decided before the data are seen.

A plan is a YAML file. `load_plan` reads it into an `AnalysisPlan`; every mistake becomes a
`PlanError` that names the file, the path of the key, what was found and what would be right.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from analysis.errors import PlanError
from analysis.published import read_published_figures

DEFAULT_PLAN = Path(__file__).parent / "plans" / "overall_survival.yml"


@dataclass(frozen=True)
class Endpoint:
    """The columns of marts.survival_cohort that hold an endpoint, and the words for it.

    days, event: columns; events: what readers call the events; ends_with: what ends the time;
    free: those without the event.
    """

    name: str
    days: str
    event: str
    events: str
    ends_with: str
    free: str


ENDPOINTS = {
    "overall_survival": Endpoint(
        "overall survival", "follow_up_days", "died", "deaths", "death from any cause", "alive"
    ),
    "recurrence_free_survival": Endpoint(
        "recurrence-free survival",
        "recurrence_free_days",
        "recurrence_or_death",
        "events",
        "the first of recurrence and death from any cause",
        "alive without recurrence",
    ),
}

Ties = Literal["breslow", "efron"]
IntervalType = Literal["log", "log-log", "plain"]


def _level_text(value: object) -> object:
    """Levels are compared as text: `0` and `true` in the file mean the texts '0' and 'true'."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value


def _named_column(value: object) -> object:
    """A bare column name stands for the mapping with only `column` set."""
    return {"column": value} if isinstance(value, str) else value


Level = Annotated[str, BeforeValidator(_level_text)]
ColumnName = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="a column of marts.survival_cohort in lower_snake_case",
    ),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Factor(_Strict):
    """One categorical factor of the models; the first level is the reference."""

    column: ColumnName
    label: str = Field(min_length=1, description="the factor's name as readers should see it")
    levels: list[Level] = Field(
        min_length=2, description="at least two levels, the first is the reference"
    )

    @model_validator(mode="after")
    def _levels_differ(self) -> Factor:
        if len(set(self.levels)) < len(self.levels):
            raise ValueError("a level is listed twice; each level once")
        return self


class ContinuousVariable(_Strict):
    """A number described in Table 1 by mean, SD, median, quartiles and range."""

    column: ColumnName
    label: str | None = Field(default=None, description="the variable's name, or nothing")
    unit: str | None = Field(default=None, description="the unit, e.g. mm, or nothing")

    @property
    def name(self) -> str:
        """The label, else the column in words."""
        return self.label or in_words(self.column)


def in_words(column: str) -> str:
    """The name of a column as words."""
    return column.replace("_", " ").capitalize()


class CutpointVariable(ContinuousVariable):
    """A number whose best cut is searched, corrected for the search."""

    proportion: float = Field(
        default=0.1, gt=0, lt=0.5, description="the least share of patients on either side"
    )
    resamples: int = Field(default=200, ge=0, description="a whole number of resamples")


class SplineVariable(ContinuousVariable):
    """A number along which the hazard is drawn."""

    knots: Literal[3, 4, 5] = Field(default=4, description="3, 4 or 5")


class CategoricalVariable(_Strict):
    """A category described in Table 1 by counts; a factor lends it its label and levels."""

    column: ColumnName
    label: str | None = Field(default=None, description="the variable's name, or nothing")
    levels: list[Level] | None = Field(default=None, description="the order of the levels")
    level_labels: dict[Level, str] = Field(
        default_factory=dict, description="a mapping from a level to the words for it"
    )


class TableOne(_Strict):
    """The variables of Table 1, in order."""

    continuous: list[Annotated[ContinuousVariable, BeforeValidator(_named_column)]] = Field(
        default_factory=list, description="a list of columns or of {column, label, unit}"
    )
    categorical: list[Annotated[CategoricalVariable, BeforeValidator(_named_column)]] = Field(
        default_factory=list,
        description="a list of columns or of {column, label, levels, level_labels}",
    )


class LogrankTest(_Strict):
    """A log-rank test over all levels of a factor, or over some of them."""

    column: str = Field(description="the column of a factor")
    levels: list[Level] | None = Field(
        default=None, min_length=2, description="at least two levels of the factor, or nothing"
    )


class UnivariableSelection(_Strict):
    """A factor enters if any of its levels has p < threshold alone, or if it is forced."""

    rule: Literal["univariable_p"]
    threshold: float = Field(default=0.10, gt=0, le=1, description="a number above 0, up to 1")
    forced: list[str] = Field(
        default_factory=list, description="columns of factors that always enter"
    )


class FixedSelection(_Strict):
    """The factors of the multivariable model are named in the plan."""

    rule: Literal["fixed"]
    factors: list[str] = Field(min_length=1, description="a list of columns of factors")


class Exclusion(_Strict):
    """A factor that is never a candidate for the multivariable model, and why."""

    column: str = Field(description="the column of a factor")
    reason: str = Field(min_length=1, description="a sentence saying why the factor stays out")


class Restriction(_Strict):
    """Only patients whose column has one of the levels are analyzed."""

    column: ColumnName
    levels: list[Level] = Field(min_length=1, description="the levels that stay, at least one")


class Alternative(_Strict):
    """A disputed definition: a column to be put in the place of a factor's."""

    definition: str = Field(min_length=1, description="the other definition in words")
    factor: str = Field(description="the column of a factor")
    column: ColumnName


class AnalysisPlan(_Strict):
    """Everything the analysis decides in advance. Times in the plan are months of 30.4375 days."""

    title: str = Field(min_length=1, description="the title of the report")
    endpoint: Literal["overall_survival", "recurrence_free_survival"] = Field(
        description="overall_survival or recurrence_free_survival"
    )
    cohort: list[Restriction] = Field(
        default_factory=list, description="a list of {column, levels}; patients must fit them all"
    )
    day_zero: Literal["keep", "drop_like_stata"] = Field(
        default="keep", description="keep or drop_like_stata"
    )
    seed: int = Field(default=1, ge=0, description="a whole number from 0 on")
    ties: Ties = Field(default="breslow", description="breslow or efron")
    confidence_level: float = Field(
        default=0.95, gt=0.5, lt=1, description="a number between 0.5 and 1, such as 0.95"
    )
    confidence_interval: IntervalType = Field(default="log", description="log, log-log or plain")
    landmarks_months: list[Annotated[int, Field(gt=0)]] = Field(
        default_factory=lambda: [12, 36, 60], description="whole months above 0"
    )
    curves: list[str] = Field(
        default_factory=list, description="columns of factors to draw a curve for"
    )
    logrank: list[Annotated[LogrankTest, BeforeValidator(_named_column)]] = Field(
        default_factory=list,
        description="columns of factors, or {column, levels}, to test by the log-rank test",
    )
    risk_table_months: list[Annotated[int, Field(ge=0)]] = Field(
        default_factory=lambda: [0, 12, 24, 36, 48, 60], description="whole months from 0 on"
    )
    rmst_months: int | None = Field(
        default=None, gt=0, description="the horizon of the restricted mean, in whole months"
    )
    factors: list[Factor] = Field(
        min_length=1, description="a list of {column, label, levels}, at least one"
    )
    selection: Annotated[UnivariableSelection | FixedSelection, Field(discriminator="rule")] = (
        Field(description="{rule: univariable_p, threshold, forced} or {rule: fixed, factors}")
    )
    exclude: list[Exclusion] = Field(default_factory=list, description="a list of {column, reason}")
    bootstrap_resamples: int = Field(
        default=0, ge=0, description="a whole number of resamples, or 0 for none"
    )
    competing_risks: list[str] | None = Field(
        default=None,
        description="columns of factors, [] for all patients together only, or nothing",
    )
    imputations: int = Field(
        default=0, ge=0, description="a whole number of imputations, or 0 for none"
    )
    imputation_limit: int = Field(
        default=50_000, gt=0, description="the most patients to impute, a whole number"
    )
    cutpoints: list[CutpointVariable] = Field(
        default_factory=list, description="a list of {column, label, unit, proportion, resamples}"
    )
    splines: list[SplineVariable] = Field(
        default_factory=list, description="a list of {column, label, unit, knots}"
    )
    sensitivity: list[Alternative] = Field(
        default_factory=list, description="a list of {definition, factor, column}"
    )
    table_one: TableOne = Field(
        default_factory=TableOne, description="{continuous: [...], categorical: [...]}"
    )
    published_figures: Path | None = Field(
        default=None,
        description="a CSV file of published figures to compare with, beside the plan, or nothing",
    )

    @model_validator(mode="after")
    def _names_agree(self) -> AnalysisPlan:
        columns = [factor.column for factor in self.factors]
        problems = [
            f"factors: the column {c!r} is listed {columns.count(c)} times; expected once"
            for c in sorted({c for c in columns if columns.count(c) > 1})
        ]
        for key, names in self._references():
            problems += [
                f"{key}: found {name!r}; expected the column of a factor: {', '.join(columns)}"
                for name in names
                if name not in columns
            ]
        problems += [
            f"{key}: a month is listed twice; expected each once"
            for key in ("landmarks_months", "risk_table_months")
            if len(set(getattr(self, key))) < len(getattr(self, key))
        ]
        levels = {factor.column: factor.levels for factor in self.factors}
        problems += [
            f"logrank: found the level {level!r} of {test.column}; "
            f"expected one of {', '.join(levels[test.column])}"
            for test in self.logrank
            for level in test.levels or []
            if level not in levels.get(test.column, [level])
        ]
        excluded = {item.column for item in self.exclude}
        wanted = self.selection.factors if isinstance(self.selection, FixedSelection) else []
        forced = self.selection.forced if isinstance(self.selection, UnivariableSelection) else []
        problems += [
            f"exclude: {name!r} is also named under selection; expected in one of the two only"
            for name in [*wanted, *forced]
            if name in excluded
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _references(self) -> Iterator[tuple[str, list[str]]]:
        yield "curves", self.curves
        yield "logrank", [test.column for test in self.logrank]
        yield "exclude", [item.column for item in self.exclude]
        yield "competing_risks", self.competing_risks or []
        yield "sensitivity", [item.factor for item in self.sensitivity]
        if isinstance(self.selection, FixedSelection):
            yield "selection.factors", self.selection.factors
        else:
            yield "selection.forced", self.selection.forced

    @property
    def measured(self) -> Endpoint:
        """The columns and words of the endpoint."""
        return ENDPOINTS[self.endpoint]

    def factor(self, column: str) -> Factor:
        """The factor of a column; raises KeyError where the plan has none."""
        for factor in self.factors:
            if factor.column == column:
                return factor
        raise KeyError(column)


class _PlanLoader(yaml.SafeLoader):
    """YAML in which `no` and `yes` are words and a key given twice is a mistake.

    YAML 1.1 reads an unquoted `no` as false: `levels: [no, yes]` would become two booleans.
    """


_PlanLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping_without_duplicates(loader: _PlanLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[object] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            line = key_node.start_mark.line + 1
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is given twice, again in line {line}", None
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_PlanLoader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_duplicates
)


def load_plan(path: str | Path, definitions: Mapping[str, str] | None = None) -> AnalysisPlan:
    """Read a plan.

    A name in braces, such as ``{age_cutoff_years}``, stands for a definition: that of
    ``definitions``, else that of the plan's own key ``definitions``. ``extends: other.yml`` takes
    from another plan, found beside this one, every key and definition that this one does not give.
    ``published_figures`` is found beside the plan that names it.

    Raises `PlanError` where the file cannot be read, is not YAML, or holds a wrong key or value;
    all mistakes of the file are listed at once, one a line.
    """
    path = Path(path)
    content = _read(path, ())
    own = content.pop("definitions", None) or {}
    if not isinstance(own, dict):
        raise PlanError(f"{path}: definitions: found {own!r}; expected names and values")
    known = {str(name): str(value) for name, value in own.items()} | dict(definitions or {})
    content = _with_definitions(content, known, path)
    try:
        plan = AnalysisPlan.model_validate(content)
    except ValidationError as error:
        lines = [line for item in error.errors() for line in _explain(item)]
        raise PlanError("\n".join(f"{path}: {line}" for line in lines)) from error
    if plan.published_figures is not None:
        read_published_figures(plan.published_figures)
    return plan


def _read(path: Path, extended_by: tuple[Path, ...]) -> dict[str, Any]:
    """The keys of a plan and of those it extends."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: cannot be read; expected a YAML file in UTF-8") from error
    try:
        content = yaml.load(text, Loader=_PlanLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "unreadable"
        raise PlanError(
            f"{path}: not valid YAML{where}: {problem} (a level such as '>=65' needs quotes)"
        ) from error
    if not isinstance(content, dict):
        raise PlanError(f"{path}: found {type(content).__name__}; expected keys such as title:")
    if content.get("published_figures"):
        content["published_figures"] = str(path.parent / str(content["published_figures"]))
    if "extends" not in content:
        return content
    base = path.parent / str(content.pop("extends"))
    if base.resolve() in (path.resolve(), *extended_by):
        raise PlanError(f"{path}: extends: found a plan that extends this one; expected another")
    extended = _read(base, (*extended_by, path.resolve()))
    if isinstance(extended.get("definitions"), dict) and isinstance(
        content.get("definitions"), dict
    ):
        content["definitions"] = extended["definitions"] | content["definitions"]
    return extended | content


def _with_definitions(content: Any, known: Mapping[str, str], path: Path) -> Any:
    if isinstance(content, dict):
        return {key: _with_definitions(value, known, path) for key, value in content.items()}
    if isinstance(content, list):
        return [_with_definitions(value, known, path) for value in content]
    if not isinstance(content, str):
        return content

    def value_of(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise PlanError(
                f"{path}: found {{{found[1]}}} in {content!r}; expected a definition: "
                f"{', '.join(sorted(known)) or 'none is known'}"
            )
        return known[found[1]]

    return re.sub(r"\{(\w+)\}", value_of, content)


def _explain(item: Any) -> list[str]:
    location = tuple(item["loc"])
    if item["type"] == "value_error":
        lines = str(item["ctx"]["error"]).split("\n")
        where = _key_path(location)
        return [f"{where}: {line}" if where else line for line in lines]
    model, expected = _walk(location)
    where = _key_path(location)
    if item["type"] == "extra_forbidden":
        allowed = list(model.model_fields) if model else []
        close = difflib.get_close_matches(str(location[-1]), allowed, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        return [f"{where}: unknown key; expected one of {', '.join(allowed)}{hint}"]
    if item["type"] in ("missing", "union_tag_not_found"):
        return [f"{where}: missing; expected {expected}"]
    found = item["input"]
    shown = repr(found)
    if isinstance(found, dict | list):
        shown = f"a {'list' if isinstance(found, list) else 'mapping'} of {len(found)}"
    return [f"{where}: found {shown}; expected {expected or item['msg']}"]


def _key_path(location: tuple[Any, ...]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part not in ("univariable_p", "fixed"):
            path += f".{part}" if path else str(part)
    return path


def _walk(location: tuple[Any, ...]) -> tuple[type[BaseModel] | None, str]:
    """The model in which a location ends, and the words for what belongs there."""
    model: type[BaseModel] | None = AnalysisPlan
    expected = ""
    for part in location:
        if part == "univariable_p":
            model = UnivariableSelection
        elif part == "fixed":
            model = FixedSelection
        elif isinstance(part, str) and model is not None and part in model.model_fields:
            field = model.model_fields[part]
            expected = field.description or expected
            model = _inner_model(field.annotation) or model
    return model, expected


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, Annotated):
        return _inner_model(get_args(annotation)[0])
    return None
