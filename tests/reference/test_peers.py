"""The scripts that the project is measured against get what a release publishes."""

from __future__ import annotations

import os
import subprocess

import pytest

from benchmarks.agreement import TOLERANCE, differences, read
from benchmarks.extracts import PROJECT, change_rows, generate
from benchmarks.run import PEERS, r_has

PANDAS, R = PEERS
EXAMPLE = PROJECT / "examples" / "published_series"

peers = pytest.mark.parametrize("peer", [PANDAS, pytest.param(R, marks=pytest.mark.r)])


def figures_of(peer: str, files, out):
    """Run a peer; skips where R or a package is missing."""
    if peer == R and not r_has("data.table", "survival"):
        pytest.skip("R, data.table or survival is not installed")
    done = subprocess.run(
        [*PEERS[peer], str(files), str(out)],
        cwd=PROJECT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return out


@pytest.mark.slow
@peers
def test_a_peer_gets_the_figures_of_the_release(peer, example, tmp_path):
    out = figures_of(peer, EXAMPLE, tmp_path / "peer.csv")
    assert {kind for kind, *_ in read(out)} == set(TOLERANCE)
    assert differences(example.current / "registry.duckdb", out) == []


@pytest.mark.slow
@pytest.mark.r
def test_the_peers_agree_with_each_other_on_corrected_files(tmp_path):
    generate(2000, tmp_path / "first", seed=7)
    change_rows(tmp_path / "first", tmp_path / "changed")
    one, other = (
        read(figures_of(peer, tmp_path / "changed", tmp_path / f"{number}.csv"))
        for number, peer in enumerate((PANDAS, R))
    )
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert abs(value - other[key]) <= TOLERANCE[key[0]], key
