"""The tests that dbt's YAML files declare of columns, run in sets, find what dbt itself finds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from expectations.declared import COUNTED, kind_of, run_declared
from orchestration.definitions import default_definitions
from orchestration.paths import DBT_PROJECT

DAMAGE = """
alter table marts.survival_cohort alter column patient_id drop not null;
update marts.survival_cohort set patient_id = null where rowid = 3;
update marts.survival_cohort set age_group = '<60' where rowid in (1, 2, 5);
update marts.survival_cohort set sex = 'F' where rowid = 4;
insert into marts.follow_up_contacts select * from marts.follow_up_contacts where rowid in (7, 8);
insert into seeds.tumor_grades select * from seeds.tumor_grades where rowid = 0;
insert into seeds.list_values select * from seeds.list_values where rowid = 0;
update seeds.vital_statuses set value = 'deceased' where value = 'dead';
"""


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    """The nodes of the manifest, as a night hands them on."""
    target = str(tmp_path_factory.mktemp("parsed"))
    arguments = ["--quiet", "parse", "--project-dir", str(DBT_PROJECT), "--no-write-json"]
    arguments += ["--profiles-dir", str(DBT_PROJECT), "--target-path", target, "--log-path", target]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRLM_WAREHOUSE", f"{target}/none.duckdb")
        parsed = dbtRunner().invoke(arguments).result
    return {name: node.to_dict(omit_none=False) for name, node in parsed.nodes.items()}


@pytest.fixture
def damaged(example, tmp_path):
    """The warehouse of the example registry, damaged."""
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(example.home / "warehouse.duckdb", warehouse)
    with duckdb.connect(str(warehouse)) as con:
        con.execute(DAMAGE)
    return warehouse


@pytest.mark.slow
def test_they_find_what_dbt_finds(damaged, nodes, tmp_path):
    target = tmp_path / "dbt"
    with duckdb.connect(str(damaged), read_only=True) as con:
        checks = run_declared(con, nodes, default_definitions(DBT_PROJECT))
    found = {check.check_id: check.violated for check in checks}

    arguments = ["test", "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    arguments += ["--target-path", str(target), "--log-path", str(target), "--select"]
    arguments += [f"test_name:{name}" for name in COUNTED]
    subprocess.run(
        [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments],
        env={**os.environ, "CRLM_WAREHOUSE": str(damaged)},
        capture_output=True,
    )
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    by_dbt = {f"dbt.{nodes[r['unique_id']]['name']}": r["failures"] for r in results}

    assert set(found) == set(by_dbt)
    assert {c for c, rows in found.items() if rows} == {c for c, rows in by_dbt.items() if rows}
    assert {kind_of(node) for node in nodes.values() if found.get(f"dbt.{node['name']}")} == set(
        COUNTED
    )


def test_rows_are_counted_and_not_the_values_in_them(damaged, nodes):
    with duckdb.connect(str(damaged), read_only=True) as con:
        checks = run_declared(con, nodes, default_definitions(DBT_PROJECT))
        patients = con.execute("select count(*) from marts.survival_cohort").fetchone()
    (age_group,) = (c for c in checks if "cohort_age_group" in c.check_id)
    assert (age_group.violated, age_group.column_name) == (3, "age_group")
    assert age_group.denominator == patients[0]
    (key,) = (c for c in checks if "not_null_survival_cohort_patient_id" in c.check_id)
    assert (key.violated, key.status, key.severity) == (1, "failed", "error")
