"""The ledger ``raw``: every version of every delivered row, nothing overwritten.

A row of ``raw.<extract>`` is one version of a delivered row: the fields of the contract as text,
its pseudonyms, and where it came from. A changed row adds a version and closes the former one; an
unchanged row adds nothing; a row gone from a snapshot is closed. The rows that hold now are those
with ``closed_by_extract_id`` null.

Rows are judged by their hashes alone, in narrow tables; the text of a row is touched again only
where the row is written.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import duckdb

from ingestion.contract import Contract, ExtractContract
from ingestion.delivered_table import DeliveredTable
from ingestion.errors import IngestionError
from ingestion.nights import NIGHTS
from ingestion.pseudonyms import DOMAINS, PseudonymKey, normalized_identifier_sql, pseudonym_sql
from ingestion.quarantine import QUARANTINE, hold_rows, release_rows
from ingestion.sql import fetch_one, fetch_value, text_literal
from ingestion.value_labels import VALUE_LABELS

PROVENANCE = {
    "key_hash": "uuid",
    "row_hash": "uuid",
    "file_row_number": "bigint",
    "extract_id": "varchar",
    "last_extract_id": "varchar",
    "closed_by_extract_id": "varchar",
}

_TABLES = f"""
create schema if not exists raw;
create table if not exists raw.extracts (
    extract_id varchar, delivery_number bigint, extract varchar, run_id varchar,
    file_name varchar, sha256 varchar, bytes bigint, taken_in_at timestamp, fingerprint varchar,
    forced_because varchar, other_records bigint,
    rows_read bigint, rows_new bigint, rows_changed bigint, rows_unchanged bigint,
    rows_collapsed bigint, rows_quarantined bigint, rows_closed bigint, rows_reappeared bigint,
    cells_changed bigint, cells_blanked bigint
);
{QUARANTINE}
{NIGHTS}
{VALUE_LABELS}
create table if not exists raw.fields (
    extract varchar, field varchar, kind varchar, vocabulary varchar, is_mapped boolean,
    header varchar, recognized_by varchar, unit varchar, calendar varchar, date_order varchar,
    days_per_month double, thousands varchar, minimum double, maximum double, expected varchar
);
create table if not exists raw.value_map (
    extract varchar, field varchar, delivered varchar, value varchar
);
create table if not exists raw.missing_tokens (extract varchar, token varchar, reason varchar);
create table if not exists raw.phrases (
    extract varchar, field varchar, phrase varchar, value varchar
);
"""


@dataclass(frozen=True)
class DeliveryCounts:
    """Rows of one delivery of an extract; ``read`` is the sum of the next five.

    ``reappeared`` are those of the new whose key had been closed before. ``cells_changed`` are
    the cells in which changed rows differ, ``cells_blanked`` those of them that were filled and
    are blank now.
    """

    read: int
    new: int
    changed: int
    unchanged: int
    collapsed: int
    quarantined: int
    closed: int
    reappeared: int = 0
    cells_changed: int = 0
    cells_blanked: int = 0


def create_raw_schema(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create the tables of ``raw``; a field new in the contract becomes a column of its table.

    Raises IngestionError where the ledger is one of an earlier form, whose hashes are not ours.
    """
    columns_of_extracts = con.execute(
        "select column_name from duckdb_columns() "
        "where schema_name = 'raw' and table_name = 'extracts'"
    ).fetchall()
    if columns_of_extracts and ("cells_changed",) not in columns_of_extracts:
        raise IngestionError(
            "the warehouse was made by an earlier version of this project, whose ledger has "
            "another form; move warehouse.duckdb away and run crlm refresh again"
        )
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
    files: list[DeliveredTable],
    key: PseudonymKey,
    *,
    is_snapshot: bool,
) -> DeliveryCounts:
    """Merge the files of one delivery into ``raw.<extract>`` and ``raw.quarantine``.

    The counts per file are written to ``raw.extracts``, whose rows of this delivery exist already.
    """
    first_extract_id = files[0].extract_id
    _list_files(con, files)
    _hash_rows(con, extract, natural_key, files)
    _judge_rows(con, extract, natural_key)
    closed = _close_versions(con, extract, first_extract_id, is_snapshot=is_snapshot)
    _add_versions(con, extract, files, key)
    release_rows(con, extract, files, is_snapshot=is_snapshot)
    hold_rows(con, extract, files, key)
    return _count_delivery(con, extract, first_extract_id, closed)


def _list_files(con: duckdb.DuckDBPyConnection, files: list[DeliveredTable]) -> None:
    con.execute(
        "create or replace temp table delivered_files "
        "(file_number integer, extract_id varchar, file_name varchar, held_rows bigint)"
    )
    con.executemany(
        "insert into delivered_files values (?, ?, ?, ?)",
        [[file.number, file.extract_id, file.file_name, file.found.held_rows] for file in files],
    )


def _hash_rows(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    natural_key: tuple[str, ...],
    files: list[DeliveredTable],
) -> None:
    """Make ``hashed``: a row per delivered row with the hashes of its key and of its content, and
    its patient's number as it is compared."""
    required = [field.name for field in extract.fields if field.required]
    identifiers = {field.name for field in extract.fields if field.kind == "identifier"}
    parts = []
    for file in files:
        key_text, joins = "", ""
        for name in natural_key:
            if name in identifiers or name not in file.columns:
                key_text += f", chr(31), {normalized_identifier_sql(file.column(name))}"
                continue
            # Days and words of a key are few: each is compared once, not once a row.
            table = f"texts_{name}_{file.number}"
            con.execute(
                f"""
                create or replace temp table {table} as
                select text, {normalized_identifier_sql("text")} as compared
                from (select distinct {file.column(name)} as text from {file.table} f)
                """
            )
            key_text += f", chr(31), {table}.compared"
            joins += f" left join {table} on {table}.text = {file.column(name)}"
        # Blank fields say nothing: a column that is added and blank changes no row.
        row_text = ", ".join(
            f"case when {file.column(name)} <> '' then chr(31) || '{name}=' end, "
            f"{file.column(name)}"
            for name in extract.field_names
            if name in file.columns
        )
        key_missing = " or ".join(
            f"{normalized_identifier_sql(file.column(name))} is null" for name in required
        )
        parts.append(
            f"""
            select {file.number}::integer as file_number, f.file_row_number,
                {normalized_identifier_sql(file.column("patient_id"))} as patient,
                md5_number(concat(''{key_text}))::uuid as key_hash,
                md5_number(concat({row_text}))::uuid as row_hash,
                {key_missing} as key_missing,
                {_is_header_again(file)} as header_again
            from {file.table} f{joins}
            """
        )
    con.execute(f"create or replace temp table hashed as {' union all '.join(parts)}")


def _is_header_again(file: DeliveredTable) -> str:
    """SQL: the row repeats the header, as where exports were pasted one below the other."""
    return " and ".join(
        f"f.c{column} = {text_literal(file.found.headers[column])}"
        for column in file.columns.values()
    )


def _judge_rows(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, natural_key: tuple[str, ...]
) -> None:
    """Make ``judged``: the verdict on each delivered row, and why where it is not taken."""
    required = [field.name for field in extract.fields if field.required]
    con.execute(
        f"""
        create or replace temp table repeated as
        with repeated_keys as (
            select key_hash, count(distinct row_hash) as versions
            from hashed where not key_missing and not header_again
            group by key_hash having count(*) > 1
        )
        select h.file_number, h.file_row_number, r.versions,
            row_number() over (
                partition by h.key_hash order by h.file_number, h.file_row_number
            ) as place
        from hashed h
        join repeated_keys r using (key_hash)
        where not h.key_missing and not h.header_again;

        -- Of equal rows the first is taken; of rows that share a key and differ, none can be.
        create or replace temp table judged as
        select h.file_number, h.file_row_number, h.patient, h.key_hash, h.row_hash, h.key_missing,
            case
                when h.header_again or h.key_missing or r.versions > 1 then 'quarantined'
                when r.place > 1 then 'collapsed'
                when o.key_hash is null then 'new'
                when o.row_hash = h.row_hash then 'unchanged'
                else 'changed'
            end as verdict,
            case
                when h.header_again then 'the header stands again'
                when h.key_missing then 'no {" or ".join(required)}: the key is blank'
                when r.versions > 1 then
                    'the key ({", ".join(natural_key)}) stands on several rows that differ'
            end as reason
        from hashed h
        left join repeated r using (file_number, file_row_number)
        left join raw.{extract.name} o
            on o.key_hash = h.key_hash and o.closed_by_extract_id is null;
        """
    )


def _close_versions(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    first_extract_id: str,
    *,
    is_snapshot: bool,
) -> int:
    """Close the versions that changed rows replace and, in a snapshot, those of vanished rows.

    A row is closed by the file that carries its new version; a vanished row, which no file
    carries, by the first file of the delivery. Returns the number of vanished rows.
    """
    target = f"raw.{extract.name}"
    con.execute(
        f"""
        update {target} o set closed_by_extract_id = f.extract_id
        from judged j join delivered_files f using (file_number)
        where j.verdict = 'changed' and o.key_hash = j.key_hash
            and o.closed_by_extract_id is null;

        update {target} o set last_extract_id = f.extract_id
        from judged j join delivered_files f using (file_number)
        where j.verdict = 'unchanged' and o.key_hash = j.key_hash
            and o.closed_by_extract_id is null and o.last_extract_id <> f.extract_id;
        """
    )
    if not is_snapshot:
        return 0
    # A key whose rows are held in quarantine was delivered: its last version stays.
    return fetch_value(
        con,
        f"""
        update {target} o set closed_by_extract_id = ?
        where closed_by_extract_id is null
            and not exists (select 1 from judged j where j.key_hash = o.key_hash)
        """,
        [first_extract_id],
    )


def _add_versions(
    con: duckdb.DuckDBPyConnection,
    extract: ExtractContract,
    files: list[DeliveredTable],
    key: PseudonymKey,
) -> None:
    # The same patient stands on many rows and in every extract: hashed once a night.
    con.execute(
        f"""
        create temp table if not exists patients_known (identifier varchar, pseudonym varchar);
        insert into patients_known
        select identifier, {pseudonym_sql("identifier", "patient_id", key)}
        from (
            select distinct patient as identifier from judged
            where verdict in ('new', 'changed')
        ) delivered
        where identifier not in (select identifier from patients_known)
        """
    )
    for file in files:
        pseudonyms = ", ".join(
            f"k.pseudonym as {pseudonym}"
            if name == "patient_id"
            else f"{pseudonym_sql(file.column(name), name, key)} as {pseudonym}"
            for pseudonym, name in pseudonym_columns(extract).items()
        )
        con.execute(
            f"""
            insert into raw.{extract.name} by name
            select {file.columns_of(extract.field_names)}, {pseudonyms},
                j.key_hash, j.row_hash, f.file_row_number,
                ? as extract_id, ? as last_extract_id
            from {file.table} f
            join judged j using (file_row_number)
            left join patients_known k on k.identifier = j.patient
            where j.file_number = {file.number} and j.verdict in ('new', 'changed')
            """,
            [file.extract_id, file.extract_id],
        )


def forget_pseudonyms(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what ``take_delivery`` remembers of patients from one extract to the next."""
    con.execute("drop table if exists patients_known")


def _count_delivery(
    con: duckdb.DuckDBPyConnection, extract: ExtractContract, first_extract_id: str, closed: int
) -> DeliveryCounts:
    blank = "coalesce({0}, '') = ''"
    cells_changed = " + ".join(
        f"(coalesce(n.{f}, '') <> coalesce(o.{f}, ''))::integer" for f in extract.field_names
    )
    cells_blanked = " + ".join(
        f"({blank.format('n.' + f)} and not {blank.format('o.' + f)})::integer"
        for f in extract.field_names
    )
    con.execute(
        f"""
        create or replace temp table counted as
        with rows_of_file as (
            select file_number,
                count(*) as rows_read,
                count(*) filter (verdict = 'new') as rows_new,
                count(*) filter (verdict = 'changed') as rows_changed,
                count(*) filter (verdict = 'unchanged') as rows_unchanged,
                count(*) filter (verdict = 'collapsed') as rows_collapsed,
                count(*) filter (verdict = 'quarantined') as rows_quarantined
            from judged group by file_number
        ),
        reappeared as (
            select j.file_number, count(*) as rows_reappeared
            from judged j
            where j.verdict = 'new' and exists (
                select 1 from raw.{extract.name} o
                where o.key_hash = j.key_hash and o.closed_by_extract_id is not null
            )
            group by j.file_number
        ),
        cells as (
            select j.file_number,
                sum({cells_changed}) as cells_changed, sum({cells_blanked}) as cells_blanked
            from judged j
            join delivered_files f using (file_number)
            join raw.{extract.name} n on n.key_hash = j.key_hash and n.extract_id = f.extract_id
            join raw.{extract.name} o
                on o.key_hash = j.key_hash and o.closed_by_extract_id = f.extract_id
            where j.verdict = 'changed'
            group by j.file_number
        )
        select f.extract_id, coalesce(rows_read, 0) + f.held_rows as rows_read,
            coalesce(rows_new, 0) as rows_new, coalesce(rows_changed, 0) as rows_changed,
            coalesce(rows_unchanged, 0) as rows_unchanged,
            coalesce(rows_collapsed, 0) as rows_collapsed,
            coalesce(rows_quarantined, 0) + f.held_rows as rows_quarantined,
            if(f.extract_id = ?, ?, 0) as rows_closed,
            coalesce(rows_reappeared, 0) as rows_reappeared,
            coalesce(cells_changed, 0) as cells_changed,
            coalesce(cells_blanked, 0) as cells_blanked
        from delivered_files f
        left join rows_of_file using (file_number)
        left join reappeared using (file_number)
        left join cells using (file_number)
        """,
        [first_extract_id, closed],
    )
    names = [
        f"{'cells' if f.name.startswith('cells') else 'rows'}_{f.name.removeprefix('cells_')}"
        for f in fields(DeliveryCounts)
    ]
    con.execute(
        f"update raw.extracts e set {', '.join(f'{n} = c.{n}' for n in names)} "
        "from counted c where c.extract_id = e.extract_id"
    )
    sums = fetch_one(con, f"select {', '.join(f'sum({n})::bigint' for n in names)} from counted")
    assert sums is not None
    return DeliveryCounts(*sums)
