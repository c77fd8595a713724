"""The clinical definitions in force: the constants of the rules, and what registry.yml says.

Each constant stands once, as a variable of the dbt project (`dbt_project.yml`), with its default;
`definitions:` of registry.yml overrides it for one registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

# Set elsewhere in registry.yml.
_NOT_A_DEFINITION = frozenset({"data_as_of"})

CHOICES = {
    "negative_margin_without_distance": ("r0", "unknown"),
    "rectosigmoid": ("colon", "rectum"),
    "major_hepatectomy_by": ("paper", "segments"),
    "metachronous_since": ("operation", "diagnosis"),
}

Definition = int | float | str


def default_definitions(dbt_project: Path) -> dict[str, Definition]:
    """The definitions of the dbt project."""
    content = yaml.safe_load((dbt_project / "dbt_project.yml").read_text(encoding="utf-8"))
    return {name: v for name, v in content["vars"].items() if name not in _NOT_A_DEFINITION}


def definitions_in_force(dbt_project: Path, configured: Mapping[str, Any]) -> dict[str, Definition]:
    """The definitions of the dbt project, overridden by those of a registry.

    Raises ValueError whose text names the definition, what was found and what would be right.
    """
    found = default_definitions(dbt_project)
    for name, value in configured.items():
        if name not in found:
            close = get_close_matches(name, found, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(found)}"
            raise ValueError(f"{name}: there is no such definition; {hint}")
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise ValueError(
                    f"{name}: found {value!r}; it has to be {' or '.join(CHOICES[name])}"
                )
        elif isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise ValueError(f"{name}: found {value!r}; it has to be a number above 0")
        elif isinstance(found[name], int) and not name.endswith("_mm") and value != int(value):
            raise ValueError(f"{name}: found {value!r}; it has to be a whole number")
        found[name] = value
    return found


def for_the_plan(definitions: Mapping[str, Definition]) -> dict[str, str]:
    """The definitions as the levels of an analysis plan write them."""
    texts = {name: f"{v:g}" if isinstance(v, float) else str(v) for name, v in definitions.items()}
    texts["size_cutoff_cm"] = f"{float(definitions['size_cutoff_mm']) / 10:g}"
    return texts
