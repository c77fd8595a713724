"""What nights leave behind: the whole again from the archive, and what changed between them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.content import content_of_database

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def two_nights(example: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The example registry, and a second night in which one operation row was corrected."""
    registry, files = example.copy(tmp_path_factory.mktemp("nights") / "registry")
    example.rewrite(
        files / "operative_synthetic.csv", lambda line: line.replace(",M,", ",F,"), lines=1
    )
    done = registry.refresh()
    assert done.returncode == 0, done.stdout + done.stderr
    return registry


def test_a_damaged_warehouse_is_made_again_out_of_the_archive(two_nights: Any) -> None:
    warehouse = two_nights.home / "warehouse.duckdb"
    published = two_nights.current.resolve()
    with two_nights.warehouse() as con:
        ledger = con.execute("select * from raw.operative order by all").fetchall()
        history = con.execute("select count(*) from quality.check_results").fetchall()
        events = con.execute("from quality.issue_events order by all").fetchall()
    warehouse.write_bytes(b"damaged" + warehouse.read_bytes()[4096:])

    done = two_nights.crlm("rebuild")

    assert done.returncode == 0, done.stdout + done.stderr
    assert two_nights.current.resolve() != published
    assert content_of_database(two_nights.current / "registry.duckdb") == content_of_database(
        published / "registry.duckdb"
    )
    with two_nights.warehouse() as con:
        assert con.execute("select * from raw.operative order by all").fetchall() == ledger
        # Carried over from the last release, for the warehouse could not be read.
        assert (
            con.execute(
                "select count(*) from quality.check_results where run_id < "
                "(select max(run_id) from quality.check_results)"
            ).fetchall()
            == history
        )
        # Nothing happened to the issues: what was there stays open since when it was.
        assert con.execute("from quality.issue_events order by all").fetchall() == events
    assert not (two_nights.home / ".rebuilding").exists()


def test_an_earlier_night_is_made_beside_the_registry(two_nights: Any) -> None:
    current = two_nights.current.resolve()
    first = sorted(path.name for path in two_nights.current.resolve().parent.iterdir())[0]

    done = two_nights.crlm("rebuild", "--as-of", first)

    assert done.returncode == 0, done.stdout + done.stderr
    rebuilt = two_nights.home / "as_of" / first / "published" / "current"
    as_published = two_nights.home / "published" / "releases" / first
    content = content_of_database(rebuilt / "registry.duckdb")
    assert content == content_of_database(as_published / "registry.duckdb")
    assert content != content_of_database(current / "registry.duckdb")
    assert two_nights.current.resolve() == current


def test_a_night_before_the_first_and_a_lost_file_are_said_plainly(two_nights: Any) -> None:
    refused = two_nights.crlm("rebuild", "--as-of", "1999-12-31")
    assert refused.returncode == 2
    assert "the first night of this registry is" in refused.stderr
    assert two_nights.crlm("rebuild", "--as-of", "yesterday").returncode == 2

    archived = next((two_nights.home / "archive").glob("*.csv"))
    content = archived.read_bytes()
    archived.chmod(0o600)
    archived.write_bytes(content + b"\n")
    refused = two_nights.crlm("rebuild")
    archived.write_bytes(content)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_diff_names_the_row_and_the_field(two_nights: Any) -> None:
    done = two_nights.crlm("diff", "--extract", "operative", "--rows")
    assert done.returncode == 0, done.stderr
    assert "delivery 1 → 2: 0 new, 1 changed, 0 vanished, 0 reappeared" in done.stdout
    assert "1 cells changed" in done.stdout
    assert "operative_synthetic.csv, row" in done.stdout
    assert two_nights.crlm("diff", "--from", "7").returncode == 2
