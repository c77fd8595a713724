"""The ledger ``raw``: every version of every delivered row, nothing overwritten.

A row of ``raw.<extract>`` is one version of a delivered row: the fields of the contract as text,
its pseudonyms, and where it came from. A changed row adds a version and closes the former one; an
unchanged row adds nothing; a row gone from a snapshot is closed. The rows that hold now are those
with ``closed_by_extract_id`` null.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from ingestion.contract import Contract, ExtractContract
from ingestion.pseudonyms import DOMAINS, PseudonymKey, normalized_identifier_sql, pseudonym_sql
from ingestion.sql import fetch_one, fetch_value

PROVENANCE = {
    "key_hash": "varchar",
    "row_hash": "varchar",
    "file_row_number": "bigint",
    "extract_id": "varchar",
    "last_extract_id": "varchar",
    "closed_by_extract_id": "varchar",
}

_TABLES = """
create schema if not exists raw;
create table if not exists raw.extracts (
    extract_id varchar, delivery_number bigint, extract varchar, run_id varchar,
    file_name varchar, sha256 varchar, bytes bigint, taken_in_at timestamp, fingerprint varchar,
    rows_read bigint, rows_new bigint, rows_changed bigint, rows_unchanged bigint,
    rows_collapsed bigint, rows_quarantined bigint, rows_closed bigint
);
alter table raw.extracts add column if not exists forced_because varchar;
alter table raw.extracts add column if not exists other_records bigint;
create table if not exists raw.quarantine (
    extract varchar, extract_id varchar, file_name varchar, file_row_number bigint,
    key_hash varchar, reason varchar, delivered_row json, released_by_extract_id varchar
);
alter table raw.quarantine add column if not exists patient_pseudonym varchar;
create table if not exists raw.fields (
    extract varchar, field varchar, kind varchar, vocabulary varchar, is_mapped boolean,
    header varchar, recognized_by varchar, unit varchar, calendar varchar, date_order varchar,
    days_per_month double, thousands varchar, minimum double, maximum double, expected varchar
);
create table if not exists raw.value_map (
    extract varchar, field varchar, delivered varchar, value varchar
);
create table if not exists raw.missing_tokens (extract varchar, token varchar);
"""


@dataclass(frozen=True)
class DeliveryCounts:
    """Rows of one delivery of an extract; ``read`` is the sum of the next five."""

    read: int
    new: int
    changed: int
    unchanged: int
    collapsed: int
    quarantined: int
    closed: int


def create_raw_schema(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create the tables of ``raw``; a field new in the contract becomes a column of its table."""
    con.execute(_TABLES)
    for extract in contract.extracts.values():
        columns = dict.fromkeys(extract.field_names, "varchar")
        columns |= dict.fromkeys(pseudonym_columns(extract), "varchar")
        columns |= PROVENANCE
        declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        con.execute(f"create table if not exists raw.{extract.name} ({declared})")
        for name, kind in columns.items():
            con.execute(f"alter table raw.{extract.name} add column if not exists {name} {kind}")


def pseudonym_columns(extract: ExtractContract) -> dict[str, str]:
    """Pseudonym column → identifier field, for the identifiers that link rows."""
    return {
        name.replace("_id", "_pseudonym"): name for name in extract.field_names if name in DOMAINS
    }


def take_delivery(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    natural_key: tuple[str, ...],
    key: PseudonymKey,
    *,
    is_snapshot: bool,
) -> DeliveryCounts:
    """Merge the temporary table ``delivery`` into ``raw.<extract>`` and ``raw.quarantine``.

    ``delivery`` has the contract's fields as text, ``extract_id``, ``file_name``,
    ``file_row_number`` and ``delivered_row`` (JSON of the whole row). The counts per file are
    written to ``raw.extracts``, whose rows of this delivery exist already.
    """
    target = f"raw.{extract.name}"
    fields = extract.field_names
    key_text = ", ".join(f"coalesce({normalized_identifier_sql(f)}, '')" for f in natural_key)
    # Blank fields say nothing: a field that the contract gains changes no row that lacks it.
    row_text = ", ".join(f"'{f}=' || nullif({f}, '')" for f in fields)
    required = [f.name for f in extract.fields if f.required]
    key_missing = " or ".join(f"{normalized_identifier_sql(f)} is null" for f in required)
    con.execute(
        f"""
        create or replace temp table hashed as
        select *,
            md5(concat_ws(chr(31), {key_text})) as key_hash,
            md5(concat_ws(chr(31), {row_text})) as row_hash,
            {key_missing} as key_missing
        from delivery;

        create or replace temp table repeated_keys as
        select key_hash, count(distinct row_hash) as versions
        from hashed where not key_missing
        group by key_hash having count(*) > 1;
        """
    )
    # Of equal rows the first is taken; of rows that share a key and differ, none can be.
    con.execute(
        f"""
        create or replace temp table judged as
        select h.*,
            case
                when h.key_missing then 'quarantined'
                when r.versions > 1 then 'quarantined'
                when r.versions = 1 and row_number() over (
                    partition by h.key_hash order by h.extract_id, h.file_row_number
                ) > 1 then 'collapsed'
                when o.key_hash is null then 'new'
                when o.row_hash = h.row_hash then 'unchanged'
                else 'changed'
            end as verdict,
            case
                when h.key_missing then 'no {" or ".join(required)}: the key is blank'
                when r.versions > 1 then
                    'the key ({", ".join(natural_key)}) stands on several rows that differ'
            end as reason
        from hashed h
        left join repeated_keys r using (key_hash)
        left join {target} o
            on o.key_hash = h.key_hash and o.closed_by_extract_id is null
        """
    )
    # A row is closed by the file that carries its new version; a vanished row, which no file
    # carries, by the first file of the delivery.
    con.execute(
        f"""
        update {target} o set closed_by_extract_id = j.extract_id
        from judged j
        where j.verdict = 'changed' and o.key_hash = j.key_hash
            and o.closed_by_extract_id is null;

        update {target} o set last_extract_id = j.extract_id
        from judged j
        where j.verdict = 'unchanged' and o.key_hash = j.key_hash
            and o.closed_by_extract_id is null and o.last_extract_id <> j.extract_id;
        """
    )
    closed = 0
    if is_snapshot:
        # A key whose rows are held in quarantine was delivered: its last version stays.
        closed = fetch_value(
            con,
            f"""
            update {target} o set closed_by_extract_id = (select min(extract_id) from delivery)
            where closed_by_extract_id is null
                and not exists (select 1 from judged j where j.key_hash = o.key_hash)
            """,
        )
    pseudonyms = pseudonym_columns(extract)
    pseudonym_list = "".join(f", {pseudonym_sql(f, f, key)} as {p}" for p, f in pseudonyms.items())
    con.execute(
        f"""
        insert into {target} by name
        select {", ".join(fields)}{pseudonym_list}, key_hash, row_hash, file_row_number,
            extract_id, extract_id as last_extract_id
        from judged where verdict in ('new', 'changed')
        order by extract_id, file_row_number
        """
    )
    _quarantine(con, extract.name, key, is_snapshot=is_snapshot)
    return _count_delivery(con, closed)


def _quarantine(
    con: duckdb.DuckDBPyConnection, extract: str, key: PseudonymKey, *, is_snapshot: bool
) -> None:
    """Hold the rows that could not be taken; release those whose key came back in order."""
    delivered_again = (
        "" if is_snapshot else "and key_hash in (select key_hash from judged where not key_missing)"
    )
    con.execute(
        f"""
        update raw.quarantine
        set released_by_extract_id = (select min(extract_id) from delivery)
        where extract = ? and released_by_extract_id is null {delivered_again}
        """,
        [extract],
    )
    con.execute(
        f"""
        insert into raw.quarantine by name
        select ? as extract, extract_id, file_name, file_row_number, key_hash, reason,
            delivered_row, {pseudonym_sql("patient_id", "patient_id", key)} as patient_pseudonym
        from judged where verdict = 'quarantined'
        order by extract_id, file_row_number
        """,
        [extract],
    )


def _count_delivery(con: duckdb.DuckDBPyConnection, closed: int) -> DeliveryCounts:
    con.execute(
        """
        update raw.extracts e set
            rows_read = c.rows_read, rows_new = c.rows_new, rows_changed = c.rows_changed,
            rows_unchanged = c.rows_unchanged, rows_collapsed = c.rows_collapsed,
            rows_quarantined = c.rows_quarantined,
            rows_closed = if(e.extract_id = (select min(extract_id) from delivery), ?, 0)
        from (
            select extract_id,
                count(*) as rows_read,
                count(*) filter (verdict = 'new') as rows_new,
                count(*) filter (verdict = 'changed') as rows_changed,
                count(*) filter (verdict = 'unchanged') as rows_unchanged,
                count(*) filter (verdict = 'collapsed') as rows_collapsed,
                count(*) filter (verdict = 'quarantined') as rows_quarantined
            from judged group by extract_id
        ) c
        where c.extract_id = e.extract_id
        """,
        [closed],
    )
    counts = fetch_one(
        con,
        """
        select count(*), count(*) filter (verdict = 'new'), count(*) filter (verdict = 'changed'),
            count(*) filter (verdict = 'unchanged'), count(*) filter (verdict = 'collapsed'),
            count(*) filter (verdict = 'quarantined')
        from judged
        """,
    )
    assert counts is not None
    read, new, changed, unchanged, collapsed, quarantined = counts
    return DeliveryCounts(read, new, changed, unchanged, collapsed, quarantined, closed)
