"""A run is killed: at every boundary between stages, in the middle of the release, anywhere."""

from __future__ import annotations

import random
import signal
from typing import Any

import pytest

from orchestration.refresh import STAGES

pytestmark = pytest.mark.slow

RANDOM_KILLS = 50


@pytest.mark.parametrize(
    "number",
    range(len(STAGES) + 1),
    ids=[f"before {stage.name}" for stage in STAGES] + ["after the last"],
)
def test_killed_at_the_boundary_of_a_stage(nights: Any, number: int) -> None:
    ended = nights.after(hook="die_before_stage", number=number)
    assert ended.code == -signal.SIGKILL


@pytest.mark.parametrize(
    ("call", "times"),
    [("fsync", (1, 3)), ("replace", (1,))],
)
def test_killed_while_the_release_is_switched(nights: Any, call: str, times: tuple) -> None:
    for number in times:
        ended = nights.refresh("--force", hook="fail_at_call", name=call, call=number, kill=True)
        assert ended.code == -signal.SIGKILL
        nights.last_release_stands()
    nights.next_run_heals()


@pytest.mark.parametrize("attempt", range(RANDOM_KILLS))
def test_killed_at_any_moment(nights: Any, attempt: int, seconds_of_a_night: float) -> None:
    moment = random.Random(attempt).uniform(0, seconds_of_a_night)
    ended = nights.after(signal_after=(signal.SIGKILL, moment))
    # A kill may come too late: then the night was done.
    assert ended.code in (-signal.SIGKILL, 0)
