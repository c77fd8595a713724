"""Releases gone back to, frozen and compared."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def two_releases(nights: Any) -> Any:
    done = nights.refresh()
    assert done.code == 0, done.said
    return nights


def crlm(nights: Any, *arguments: str) -> Any:
    return nights.nursery.run(nights.registry, *arguments)


def test_rolled_back_until_the_next_refresh(two_releases: Any) -> None:
    current = two_releases.registry.current
    second = current.resolve()
    done = crlm(two_releases, "rollback")
    assert done.code == 0, done.said
    assert current.resolve() == two_releases.standing
    assert f"rolled back from {second.name}" in crlm(two_releases, "status").said
    assert crlm(two_releases, "rollback").code == 2
    assert crlm(two_releases, "rollback", "../releases").code == 2

    moved_on = two_releases.refresh()

    assert moved_on.code == 0, moved_on.said
    assert current.resolve().name > second.name
    assert "rolled back" not in crlm(two_releases, "status").said
    two_releases.next_run_heals()


def test_a_frozen_release_has_its_inputs_and_is_read_only(two_releases: Any) -> None:
    home, first = two_releases.home, two_releases.standing
    done = crlm(two_releases, "freeze", "paper-2026", "--release", first.name)
    assert done.code == 0, done.said
    frozen = home / "published" / "frozen" / "paper-2026"
    files = {path.relative_to(first): path for path in first.rglob("*") if path.is_file()}
    assert files
    assert all((frozen / name).read_bytes() == path.read_bytes() for name, path in files.items())
    assert {path.stat().st_mode & 0o222 for path in [frozen, *frozen.rglob("*")]} == {0}
    told = json.loads((frozen / "frozen.json").read_text(encoding="utf-8"))
    assert told["release_id"] == first.name
    assert told["code"]
    kept = home / "archive" / "frozen" / "paper-2026"
    assert {path.stem for path in kept.iterdir()} == {entry["sha256"] for entry in told["inputs"]}
    assert kept.parent.stat().st_mode & 0o077 == 0
    sources = {path.name.split("-", 1)[1] for path in (frozen / "sources").iterdir()}
    assert sources == {"registry.yml", "plan.yml", "overall_survival.yml", "requirements.lock"}

    again = crlm(two_releases, "freeze", "paper-2026")
    assert again.code == 2
    assert "exists already" in again.said
    assert crlm(two_releases, "freeze", "../elsewhere").code == 2
    assert crlm(two_releases, "freeze", "of-nothing", "--release", "nothing").code == 2
    # A refresh goes by it.
    assert two_releases.refresh("--force").code == 0
    assert frozen.is_dir()


def test_an_input_that_is_damaged_is_not_frozen(two_releases: Any) -> None:
    archived = next((two_releases.home / "archive").glob("*.csv"))
    archived.write_bytes(archived.read_bytes()[:-1])
    done = crlm(two_releases, "freeze", "paper", "--release", two_releases.standing.name)
    other = crlm(two_releases, "freeze", "another-paper")
    assert {done.code, other.code} <= {0, 1}
    assert 1 in {done.code, other.code}
    assert "restore it from a backup" in done.said + other.said


def test_what_differs_between_two_releases(two_releases: Any) -> None:
    first, second = two_releases.standing, two_releases.registry.current.resolve()
    with two_releases.registry.published() as con:
        con.execute(f"attach '{first / 'registry.duckdb'}' as former (read_only)")
        corrected = con.execute(
            "select n.patient_id from marts.survival_cohort n "
            "join former.marts.survival_cohort o using (patient_id) "
            "where n.sex is distinct from o.sex order by 1"
        ).fetchall()
        women = con.execute(
            "select n.n, o.n from results.table_one n join former.results.table_one o "
            "using (variable, statistic, level) where variable = 'sex' and level = 'female' "
            "and statistic = 'count'"
        ).fetchall()

    done = crlm(two_releases, "compare", first.name, "current", "--json")

    assert done.code == 0, done.said
    found = json.loads(done.said)
    assert (found["older"], found["newer"]) == (first.name, second.name)
    assert (found["entered"], found["left"]) == ([], [])
    assert corrected
    assert [(m["patient_id"], m["variable"], m["kind"]) for m in found["moved"]] == [
        (patient, "sex", "group") for (patient,) in corrected
    ]
    assert {(m["old"], m["new"]) for m in found["moved"]} == {("male", "female")}
    counted = [
        (figure["new"], figure["old"])
        for figure in found["figures"]
        if figure["table"] == "table_one"
        and figure["figure"] == "n"
        and "sex" in figure["of"]
        and "female" in figure["of"]
        and "count" in figure["of"]
    ]
    assert counted == [(float(new), float(old)) for new, old in women]

    same = json.loads(crlm(two_releases, "compare", "current", second.name, "--json").said)
    assert (same["moved"], same["figures"]) == ([], [])
    assert crlm(two_releases, "compare", "current", "nothing").code == 2
    assert (
        f"{first.name} → {second.name}"
        in crlm(two_releases, "compare", first.name, second.name).said
    )
