"""registry.yml: read, checked and composed of the settings that each package declares."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from expectations.case_rules import rule_names
from expectations.settings import QualitySettings
from ingestion.contract import EXTRACTS
from ingestion.gates import GateSettings
from ingestion.settings import ExtractSettings, PrivacySettings
from orchestration.definitions import Definition, definitions_in_force
from orchestration.errors import ConfigurationError
from orchestration.paths import DBT_PROJECT


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RegistrySettings(_Settings):
    name: str = Field(min_length=1)
    home: Path
    timezone: str = "UTC"
    notice: str | None = None

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("no such time zone; an example is Asia/Tehran") from None
        return name


class AnalysisSettings(_Settings):
    plan: Path | None = None


class ReleaseSettings(_Settings):
    # Two at least: a reader may be about to open the one before.
    keep: int = Field(30, ge=2)


class Address(_Settings):
    """Where a message goes: a URL, or the environment variable or file that holds it."""

    url: SecretStr | None = None
    env: str | None = Field(None, min_length=1)
    file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _text_is_a_url(cls, found: Any) -> Any:
        return {"url": found} if isinstance(found, str) else found

    @field_validator("url")
    @classmethod
    def _is_a_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and re.match(r"[a-z0-9]+://.", url.get_secret_value()) is None:
            raise ValueError(
                "write a URL such as mailto://…, {env: NAME} with the variable that holds one, or "
                "{file: path}"
            )
        return url

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if [self.url, self.env, self.file].count(None) != 2:
            raise ValueError("write one of url, env and file")
        return self


Event = Literal["failed", "held", "findings", "recovered"]


class NotifySettings(_Settings):
    """`notify:` of registry.yml: who is told of what."""

    to: tuple[Address, ...] = ()
    heartbeat: Address | None = None
    events: tuple[Event, ...] = get_args(Event)
    # A failing check is told again once it fails in so many points more of the rows.
    worse_points: float = Field(1, gt=0, le=100)
    timeout_seconds: float = Field(20, gt=0, le=300)

    @field_validator("to", mode="before")
    @classmethod
    def _one_is_a_list(cls, found: Any) -> Any:
        return found if isinstance(found, list | tuple) else [found]


class LogSettings(_Settings):
    """`logs:` of registry.yml: how long the logs of single runs are kept."""

    keep_days: int = Field(90, ge=1)
    keep_mb: float = Field(50, gt=0)


class ScheduleSettings(_Settings):
    # When the night begins, in the time zone of the registry.
    at: datetime.time = datetime.time(4, 30)

    @field_validator("at", mode="before")
    @classmethod
    def _time_of_day(cls, at: object) -> object:
        if isinstance(at, datetime.time):
            return at
        # Without quotes YAML makes a number of 12:30.
        found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at) if isinstance(at, str) else None
        if found is None:
            raise ValueError('write a time of the day in quotes, such as "02:30"')
        return datetime.time(int(found[1]), int(found[2]))


class ExtractsSettings(_Settings):
    pathology: ExtractSettings | None = None
    operative: ExtractSettings
    follow_up: ExtractSettings | None = None


class RegistryConfig(_Settings):
    """The whole of registry.yml."""

    registry: RegistrySettings
    data_as_of: Literal["latest_contact"] | datetime.date = "latest_contact"
    extracts: ExtractsSettings
    vocabulary: Path | None = None
    privacy: PrivacySettings = PrivacySettings()
    definitions: dict[str, Any] = {}
    gates: GateSettings = GateSettings()
    quality: QualitySettings = QualitySettings()
    analysis: AnalysisSettings = AnalysisSettings()
    releases: ReleaseSettings = ReleaseSettings()
    notify: NotifySettings = NotifySettings()
    logs: LogSettings = LogSettings()
    schedule: ScheduleSettings = ScheduleSettings()

    @field_validator("schedule")
    @classmethod
    def _there_every_night(
        cls, schedule: ScheduleSettings, info: ValidationInfo
    ) -> ScheduleSettings:
        if "registry" in info.data:
            zone = info.data["registry"].timezone
            day = day_without(schedule.at, ZoneInfo(zone))
            if day is not None:
                raise ValueError(
                    f"at: {schedule.at:%H:%M} does not exist in {zone} on days such as {day}, when "
                    "summer time begins; choose another hour"
                )
        return schedule

    @field_validator("quality")
    @classmethod
    def _known_rules(cls, quality: QualitySettings) -> QualitySettings:
        known = rule_names(DBT_PROJECT)
        for rule, percent in quality.rules.items():
            if rule not in known:
                close = get_close_matches(rule, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known are {'; '.join(known)}"
                raise ValueError(f"rules: {rule}: there is no such rule; {hint}")
            if not 0 <= percent <= 100:
                raise ValueError(f"rules: {rule}: a threshold is between 0 and 100 percent")
        return quality

    @field_validator("definitions")
    @classmethod
    def _known_definitions(cls, definitions: dict[str, Any]) -> dict[str, Any]:
        definitions_in_force(DBT_PROJECT, definitions)
        return definitions


def day_without(at: datetime.time, zone: ZoneInfo) -> datetime.date | None:
    """A day on which clocks skip that time, by the rules of today; null where none does."""
    day = datetime.date(2026, 1, 1)
    while day.year < 2029:
        local = datetime.datetime.combine(day, at)
        there = local.replace(tzinfo=zone).astimezone(datetime.UTC).astimezone(zone)
        if there.replace(tzinfo=None) != local:
            return day
        day += datetime.timedelta(days=1)
    return None


@dataclass(frozen=True)
class Config:
    """A configuration with its paths resolved against the folder of its file."""

    path: Path
    settings: RegistryConfig

    @property
    def root(self) -> Path:
        return self.path.parent

    @property
    def home(self) -> Path:
        return (self.root / self.settings.registry.home.expanduser()).resolve()

    @property
    def plan(self) -> Path | None:
        plan = self.settings.analysis.plan
        return None if plan is None else (self.root / plan.expanduser()).resolve()

    @property
    def vocabulary(self) -> Path | None:
        """The file of the hospital's own words."""
        file = self.settings.vocabulary
        return None if file is None else (self.root / file.expanduser()).resolve()

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """The clinical definitions in force."""
        return definitions_in_force(DBT_PROJECT, self.settings.definitions)

    @property
    def changed_definitions(self) -> dict[str, Definition]:
        """Those that are not the defaults of the dbt project, ``data_as_of`` among them."""
        changed = dict(self.settings.definitions)
        if isinstance(self.settings.data_as_of, datetime.date):
            changed["data_as_of"] = str(self.settings.data_as_of)
        return changed

    @property
    def r0_margin_mm(self) -> float:
        return float(self.definitions["r0_margin_mm"])

    @property
    def extracts(self) -> dict[str, ExtractSettings]:
        found = ((name, getattr(self.settings.extracts, name)) for name in EXTRACTS)
        return {name: settings for name, settings in found if settings is not None}


class _WordLoader(yaml.SafeLoader):
    """YAML in which yes, no, on and off are the words that a hospital means by them.

    YAML 1.1 makes booleans of them, and then `{1: x, yes: y}` is one key, for true equals 1.
    """


_WordLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_config(path: Path) -> Config:
    """Read a configuration.

    Raises ConfigurationError whose text names the file, the line, the path of the key, what was
    found and what would be right.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigurationError(
            f"{path}: the configuration cannot be read ({reason}); name one with --config"
        ) from None
    except UnicodeError:
        raise ConfigurationError(f"{path}: the configuration is not UTF-8 text") from None
    try:
        node = yaml.compose(text, Loader=_WordLoader)
        content = yaml.load(text, Loader=_WordLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is no valid YAML"
        raise ConfigurationError(f"{path}{line}: {problem}; the file has to be YAML") from None
    if not isinstance(content, dict):
        raise ConfigurationError(
            f"{path}: the file has to hold keys such as registry, extracts and analysis"
        )
    _refuse_repeated_keys(path, node)
    try:
        settings = RegistryConfig.model_validate(content)
    except ValidationError as error:
        # A misspelled key is also a missing one: its own name says more.
        first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        raise ConfigurationError(_sentence(path, node, first)) from None
    return Config(path.resolve(), settings)


def _sentence(path: Path, node: yaml.Node | None, error: Any) -> str:
    # Pydantic names the branch of a union too; only keys and positions belong to the path.
    location = [
        part
        for part in error["loc"]
        if isinstance(part, int)
        or not (part in ("date", "str") or part.startswith(("literal[", "list[")))
    ]
    key = ".".join(str(part) for part in location)
    line = _line_of(node, location)
    place = f"{path}:{line}: {key}" if line else f"{path}: {key}"
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _known_keys(location[:-1])
        close = get_close_matches(str(location[-1]), known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
        return f"{place}: there is no such key; {hint}"
    if kind == "missing":
        return f"{place}: the key is missing; it has to be set"
    found = error.get("input")
    # Of an address the text may be a secret.
    is_secret = location[:2] in (["notify", "to"], ["notify", "heartbeat"])
    shown = ""
    if isinstance(found, str | int | float | bool) and not is_secret:
        shown = f"found {found!r}; "
    message = error["msg"].removeprefix("Value error, ")
    if location == ["data_as_of"]:
        message = "write latest_contact or a date such as 2024-12-31"
    return f"{place}: {shown}{message[:1].lower() + message[1:]}"


def _known_keys(location: list[str | int]) -> list[str]:
    """The keys that the settings have at a place of the configuration."""
    model: Any = RegistryConfig
    for part in location:
        if isinstance(part, int):
            continue  # an entry of a list: the model is that of its entries
        if not isinstance(model, type) or not issubclass(model, BaseModel):
            return []
        field = model.model_fields.get(part)
        if field is None:
            return []
        options = [field.annotation, *get_args(field.annotation)]
        model = next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), None)
    return list(model.model_fields) if model is not None else []


def _line_of(node: yaml.Node | None, location: list[str | int]) -> int | None:
    """The line of the deepest key of ``location`` that the file has."""
    line = None
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _refuse_repeated_keys(path: Path, node: yaml.Node | None) -> None:
    # YAML lets the last of two equal keys win in silence.
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise ConfigurationError(
                    f"{path}:{line}: {key.value}: the key stands twice; keep one"
                )
            seen.add(key.value)
            _refuse_repeated_keys(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_repeated_keys(path, value)
