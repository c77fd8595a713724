"""The ledger made again: the nights of the journal, one after the other, out of the archive."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ingestion.contract import Contract
from ingestion.errors import IngestionError
from ingestion.ingest import ExtractSummary, Ingestion
from ingestion.nights import ArchivedDeliveries, Night
from ingestion.pseudonyms import PseudonymKey


def replay(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    nights: list[Night],
    archive: Path,
    key: PseudonymKey,
) -> list[ExtractSummary]:
    """Take the deliveries of ``nights`` into an empty warehouse, as they were taken then.

    No delivery is held: what was believed then is believed now. Returns the summaries of the last
    night. Raises ArchiveError where a file is gone or damaged, and IngestionError where the key is
    not the one of those nights.
    """
    sound: set[Path] = set()
    summaries: list[ExtractSummary] = []
    for night in nights:
        if night.key_check_value != key.check_value:
            raise IngestionError(
                f"the night {night.run_id} was taken in with another pseudonym key than the one "
                "set now; set the key of that night"
            )
        ingestion = Ingestion(
            con,
            contract,
            night.settings,
            ArchivedDeliveries(night, archive, sound),
            key=key,
            gates=None,
            forced_because=night.forced_because,
            phrases=night.phrases,
        )
        summaries = ingestion.run(night.run_id, night.taken_in_at)
    return summaries
