"""What each stage of the night stands on, read off the one list of stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Step(Protocol):
    """A stage by what it reads and writes (`orchestration.refresh.Stage`)."""

    @property
    def name(self) -> str: ...
    @property
    def reads(self) -> tuple[str, ...]: ...
    @property
    def writes(self) -> tuple[str, ...]: ...


def upstream(stages: Sequence[Step]) -> dict[str, set[str]]:
    """Per stage the names of those before it that it stands on.

    These are the last to write what it reads or writes again, and the last gate, a stage that
    writes nothing and lets the later ones pass.
    """
    found: dict[str, set[str]] = {}
    writer: dict[str, str] = {}
    gate: str | None = None
    for stage in stages:
        touched = (*stage.reads, *stage.writes)
        found[stage.name] = {writer[thing] for thing in touched if thing in writer}
        if gate is not None:
            found[stage.name].add(gate)
        writer.update(dict.fromkeys(stage.writes, stage.name))
        if not stage.writes:
            gate = stage.name
    return found


def brought_from_outside(stages: Sequence[Step]) -> dict[str, set[str]]:
    """What no stage writes, and the names of the stages that read it."""
    written = {thing for stage in stages for thing in stage.writes}
    found: dict[str, set[str]] = {}
    for stage in stages:
        for thing in set(stage.reads) - written:
            found.setdefault(thing, set()).add(stage.name)
    return found
