"""Whether the release is as fresh as the schedule promises: told by the log of runs, so that a
night counts whoever started it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestration.paths import Home
from orchestration.runs import last_good_night

# A day, and two hours for a night that is late.
LIMIT = timedelta(hours=26)


@dataclass(frozen=True)
class Freshness:
    """``age`` is that of the last good night; null where there was none."""

    fresh: bool
    age: timedelta | None
    text: str


def freshness(home: Home, now: datetime) -> Freshness:
    """A night is good that published, or found that nothing had changed. ``now`` is UTC."""
    good = last_good_night(home)
    if good is None:
        return Freshness(False, None, "no night has published anything yet")
    age = now - good
    hours = age / timedelta(hours=1)
    text = f"the last good night began {hours:.1f} hours ago; {LIMIT / timedelta(hours=1):.0f} is"
    return Freshness(age <= LIMIT, age, f"{text} the limit")
