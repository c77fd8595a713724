"""The worklist on its way out and back: who is asked, in the hospital's own numbers, and what was
answered, kept in a journal from which it can be taken again."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from expectations.issues import Answer, take_answers
from expectations.worklist import WorklistError, read_worklist, write_worklist
from ingestion.archive import archive_file, write_private
from ingestion.errors import ArchiveError, IngestionError
from ingestion.pseudonyms import load_key, require_same_key
from orchestration.config import Config
from orchestration.errors import ConfigurationError, RefreshError
from orchestration.lock import refresh_lock
from orchestration.paths import Home

# The hospital's number and the day of what an issue is about. A specimen is known by its
# pseudonym, a report without one and an operation by their keys.
_RECORDS = """
    select p.specimen_pseudonym as record_id, min(p.specimen_id) as number,
        min(coalesce(s.procedure_date, s.report_date)) as day
    from raw.pathology p
    inner join staging.stg_pathology s
        on s.extract_id = p.extract_id and s.file_row_number = p.file_row_number
    where p.specimen_pseudonym is not null and p.closed_by_extract_id is null
    group by p.specimen_pseudonym
    union all
    select report_id, null, coalesce(procedure_date, report_date)
    from staging.stg_pathology
    union all
    select o.operation_key, min(r.operation_id), min(o.operation_date)
    from intermediate.int_operation_rows o
    inner join raw.operative r
        on r.extract_id = o.extract_id and r.file_row_number = o.file_row_number
    group by o.operation_key
"""

_PATIENTS = " union ".join(
    f"select patient_pseudonym as patient_id, patient_id as number from raw.{extract}"
    for extract in ("operative", "pathology", "follow_up")
)


def export_worklist(
    con: duckdb.DuckDBPyConnection, config: Config, path: Path, center: str | None
) -> tuple[int, bool]:
    """Write the issues that are not closed or waived, of one centre or all; the most urgent first.

    Patients and records stand in the hospital's own numbers where the key of the pseudonyms is at
    hand. Returns how many issues, and whether they are in the hospital's numbers. Raises
    ConfigurationError where there is no such centre.
    """
    found = con.execute("select center from quality.issue_turnover order by center").fetchall()
    centers = [name for (name,) in found]
    if center is not None and center not in centers:
        raise ConfigurationError(
            f"--center {center}: there is no such centre; known are {', '.join(centers)}"
        )
    has_key = _has_key(con, config)
    patient = "coalesce(p.number, i.patient_id)" if has_key else "i.patient_id"
    record = "coalesce(r.number, i.record_id)" if has_key else "i.record_id"
    frame = con.execute(
        f"""
        with records as ({_RECORDS}),
        patients as (select patient_id, min(number) as number from ({_PATIENTS}) group by all)
        select
            i.issue_id, i.priority, {patient} as patient, {record} as record,
            cast(r.day as varchar) as day, i.center, i.laboratory, i.field,
            case when i.detail is null then i.rule else replace(i.detail, '_', ' ') end as problem,
            i.remedy, cast(cast(i.opened_at as date) as varchar) as opened_on, i.state
        from quality.issues i
        left join records r on r.record_id = i.record_id
        left join patients p on p.patient_id = i.patient_id
        where i.state not in ('closed', 'waived') and (? is null or i.center = ?)
        order by i.priority, i.center, i.laboratory, patient, i.field, i.issue_id
        """,
        [center, center],
    ).df()
    title = f"{config.settings.registry.name}: worklist of {center or 'all centres'}"
    try:
        write_worklist(frame, path, title)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the workbook cannot be written ({error.strerror}); name another with --out"
        ) from None
    return len(frame), has_key


def import_worklist(config: Config, path: Path, answered_by: str | None) -> tuple[int, int]:
    """Take the answers of a workbook in; returns how many it has, and how many were new.

    They are written into the journal (``<home>/archive/answers``) and the workbook into the
    archive before the warehouse learns of them. Raises ConfigurationError where the workbook
    cannot be taken; then nothing of it is.
    """
    home = Home(config.home)
    if not home.warehouse.exists():
        raise RefreshError(f"{home.warehouse}: there is no warehouse yet; run crlm refresh first")
    now = datetime.now(UTC).replace(tzinfo=None)
    with (
        refresh_lock(home.lock, "worklist import"),
        duckdb.connect(str(home.warehouse)) as con,
    ):
        asked = dict(con.execute("select issue_id, field from quality.issues").fetchall())
        try:
            returned = read_worklist(path, asked, now, answered_by)
        except WorklistError as error:
            raise ConfigurationError(str(error)) from None
        archived = archive_file(path, home.archive)
        entry = home.archive / "answers" / f"{archived.sha256}.json"
        if entry.exists():
            return len(returned.answers), 0
        content = {
            "file": path.name,
            "taken_in_at": now.isoformat(),
            "answers": [
                asdict(answer) | {"remark": returned.remarks.get(answer.issue_id)}
                for answer in returned.answers
            ],
        }
        write_private(entry, json.dumps(content, ensure_ascii=False, indent=1, default=str))
        return len(returned.answers), take_answers(con, returned.answers, now)


def journaled_answers(archive: Path) -> list[Answer]:
    """All answers ever taken in; ArchiveError where an entry of the journal is damaged."""
    answers = []
    for path in sorted((archive / "answers").glob("*.json")):
        try:
            for entry in json.loads(path.read_text(encoding="utf-8"))["answers"]:
                entry.pop("remark")
                until = entry.pop("waived_until")
                at = datetime.fromisoformat(entry.pop("at"))
                answers.append(
                    Answer(
                        **entry,
                        at=at,
                        waived_until=None if until is None else date.fromisoformat(until),
                    )
                )
        except (OSError, ValueError, KeyError, TypeError):
            raise ArchiveError(
                f"{path}: the answers taken in are damaged; restore the file from a backup, or "
                "remove it to do without them"
            ) from None
    return answers


def _has_key(con: duckdb.DuckDBPyConnection, config: Config) -> bool:
    try:
        require_same_key(con, load_key(config.settings.privacy, config.root, config.home))
    except IngestionError:
        return False
    return True
