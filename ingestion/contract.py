"""The contract of the extracts, read from the dbt source files.

One declaration per extract says which columns may arrive, what they mean and how they are read.
Ingestion, the expectations and the dictionary all use the objects of this module, so that no
column list is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ingestion.errors import IngestionError

KINDS = frozenset(
    {
        "identifier",
        "date",
        "length",
        "count",
        "number",
        "percent",
        "duration",
        "word",
        "margin",
        "steatosis",
        "regression",
        "procedure",
        "segments",
        "text",
        "label",
    }
)

EXTRACTS = ("pathology", "operative", "follow_up")


@dataclass(frozen=True)
class Field:
    """One column that an extract may hold.

    ``unit`` is the unit after reading; ``minimum`` and ``maximum`` are the plausible bounds in
    that unit; ``expected`` says of which specimens the field is expected, the denominator of its
    completeness; ``synonyms`` are headers by which it is recognized.
    """

    name: str
    description: str
    kind: str
    unit: str | None = None
    vocabulary: str | None = None
    required: bool = False
    identifier: bool = False
    expected: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExtractContract:
    """The columns of one extract and its natural key.

    ``key_without`` names the field that takes the place of a key field which is not mapped.
    """

    name: str
    description: str
    grain: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    key_without: dict[str, str] = field(default_factory=dict)

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)

    def natural_key(self, mapped: set[str]) -> tuple[str, ...]:
        """The key fields that can be used when only the fields of ``mapped`` are delivered."""
        chosen = []
        for name in self.key:
            candidate = name if name in mapped else self.key_without.get(name)
            if candidate in mapped:
                chosen.append(candidate)
        return tuple(chosen)


@dataclass(frozen=True)
class Contract:
    extracts: dict[str, ExtractContract]

    def __getitem__(self, extract: str) -> ExtractContract:
        return self.extracts[extract]


def load_contract(dbt_project: Path) -> Contract:
    """Read the contract from ``models/staging/<extract>/_<extract>__sources.yml``.

    Raises IngestionError when a declaration is incomplete; that is a fault of the project, not of
    a delivery, and the message names the source file and column.
    """
    return Contract({name: _load_extract(dbt_project, name) for name in EXTRACTS})


def _load_extract(dbt_project: Path, name: str) -> ExtractContract:
    path = dbt_project / "models" / "staging" / name / f"_{name}__sources.yml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    tables = [table for source in document["sources"] for table in source["tables"]]
    table = next((table for table in tables if table["name"] == name), None)
    if table is None:
        raise IngestionError(f"{path.name}: no table of the source is named {name}")
    try:
        return _read_table(path, name, table)
    except KeyError as error:
        raise IngestionError(
            f"{path.name}: the declaration of {name} lacks {error.args[0]}"
        ) from None


def _read_table(path: Path, name: str, table: dict) -> ExtractContract:
    meta = table["config"]["meta"]
    fields = tuple(_load_field(path, column) for column in table["columns"])
    names = {f.name for f in fields}
    substitutes = dict(meta.get("key_without", {}))
    for key_field in [*meta["key"], *substitutes, *substitutes.values()]:
        if key_field not in names:
            raise IngestionError(f"{path.name}: the key names {key_field}, which is no column")
    return ExtractContract(
        name=name,
        description=table["description"],
        grain=meta["grain"],
        key=tuple(meta["key"]),
        fields=fields,
        key_without=substitutes,
    )


def _load_field(path: Path, column: dict) -> Field:
    meta = column.get("config", {}).get("meta", {})
    kind = meta.get("kind")
    if kind not in KINDS:
        raise IngestionError(
            f"{path.name}, column {column['name']}: kind is {kind!r}, "
            f"it has to be one of {', '.join(sorted(KINDS))}"
        )
    return Field(
        name=column["name"],
        description=column["description"],
        kind=kind,
        unit=meta.get("unit"),
        vocabulary=meta.get("vocabulary"),
        required=meta.get("required", False),
        identifier=meta.get("identifier", False),
        expected=meta.get("expected"),
        minimum=meta.get("minimum"),
        maximum=meta.get("maximum"),
        synonyms=tuple(str(s) for s in meta.get("synonyms", ())),
    )
