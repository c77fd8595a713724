"""The command line: `crlm`.

Exit codes: 0 done; 1 a stage or the gate failed, the last release stands; 2 bad configuration or
usage; 3 another refresh is running; 4 the last good night is too old (`status --max-age`); 143
stopped by SIGTERM, the last release stands.
"""

from __future__ import annotations

import atexit
import enum
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from orchestration.errors import ConfigurationError, RefreshError, Stopped

if TYPE_CHECKING:
    import duckdb

    from orchestration.config import Config
    from orchestration.dry_run import ExtractReading

app = typer.Typer(
    name="crlm",
    help="The registry warehouse for surgery of colorectal liver metastases.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

vocabulary = typer.Typer(
    help="The phrases that are read, and those that no list knows.", no_args_is_help=True
)
app.add_typer(vocabulary, name="vocabulary")

worklist = typer.Typer(
    help="What to ask: out as a workbook, and back with the answers.", no_args_is_help=True
)
app.add_typer(worklist, name="worklist")

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration of the registry.")
]
DEFAULT_CONFIG = Path("registry.yml")


class OutputFormat(enum.StrEnum):
    table = "table"
    csv = "csv"
    json = "json"


class QueryFormat(enum.StrEnum):
    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@app.command()
def refresh(
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="Say it in JSON lines.")] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Build though nothing changed; with --reason, also take a delivery that the "
            "gates would hold.",
        ),
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why; recorded with the delivery.")
    ] = None,
) -> None:
    """Run the nightly job: extracts in, published database and reports out.

    Where nothing changed since the last release nothing is built again.
    """
    if reason is not None and (not force or not reason.strip()):
        raise ConfigurationError('--reason goes with --force: write --force --reason "…"')
    settings = _config(config)
    # The stages bring large libraries; other commands do without them.
    from orchestration.night import refresh as run
    from orchestration.progress import Progress

    progress = Progress(as_json=as_json)
    outcome = run(settings, progress, force=force, forced_because=reason)
    if outcome is None:
        return
    for check in outcome.warnings:
        share = f"{check.violated} of {check.denominator}" if check.denominator else ""
        text = f"{check.description} {share}".strip()
        progress.say("warning", text, level="warning", check_id=check.check_id)
    total = sum(progress.seconds.values())
    spent = ", ".join(f"{name} {seconds:.1f}" for name, seconds in progress.seconds.items())
    progress.say("done", f"{total:.1f} s: {spent}", seconds=progress.seconds)


@app.command()
def rebuild(
    config: ConfigOption = DEFAULT_CONFIG,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="An earlier night, by date or release; it is made beside the registry's own.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say it in JSON lines.")] = False,
) -> None:
    """Make the whole warehouse again from the archived files."""
    settings = _config(config)
    from orchestration.progress import Progress
    from orchestration.rebuild import rebuild as run

    progress = Progress(as_json=as_json)
    rebuilt = run(settings, progress, as_of=as_of)
    progress.say("done", f"rebuilt; the release is {rebuilt.outcome.folder}", nights=rebuilt.nights)


@app.command()
def rollback(
    release: Annotated[
        str | None, typer.Argument(help="A release, as crlm status names it; else the one before.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Let `current` name an earlier release; the next refresh moves on from there."""
    settings = _config(config)
    from orchestration.keeping import rollback as roll

    former, now = roll(settings, release)
    typer.echo(f"current is {now}, it was {former}; the next refresh moves on")


@app.command()
def freeze(
    name: Annotated[str, typer.Argument(help="What to keep it as, such as the paper's name.")],
    release: Annotated[
        str | None, typer.Option("--release", help="A release; else the current one.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Keep a release for a paper, with its inputs, configuration and versions, read-only."""
    settings = _config(config)
    from orchestration.keeping import freeze as keep

    typer.echo(f"{keep(settings, name, release)}: kept, and never removed by a refresh")


@app.command()
def compare(
    older: Annotated[str, typer.Argument(help="A release, a frozen one's name, or current.")],
    newer: Annotated[str, typer.Argument(help="The same of the other.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="Say it as JSON.")] = False,
) -> None:
    """What differs between two releases: patients (as pseudonyms) and figures, old and new."""
    settings = _config(config)
    from orchestration.compare import compare as beside
    from orchestration.compare import in_words
    from orchestration.keeping import find_release
    from orchestration.paths import Home

    home = Home(settings.home)
    found = beside(find_release(home, older), find_release(home, newer))
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        typer.echo(in_words(found))


@app.command()
def check(
    config: ConfigOption = DEFAULT_CONFIG,
    alert: Annotated[
        bool, typer.Option("--alert", help="Send a test to each address of notify, and stop.")
    ] = False,
) -> None:
    """Check a configuration against its files; nothing is written.

    Of each field it shows the header, what its values look like (9 for a digit, a for letters),
    how many of them can be read, and the codes that no list knows.
    """
    settings = _config(config)
    if alert:
        _check_alerts(settings, try_them=True)
        return
    from ingestion.contract import load_contract
    from ingestion.preview import preview
    from orchestration.dry_run import try_configuration
    from orchestration.night import prepare
    from orchestration.paths import DBT_PROJECT
    from orchestration.vocabulary import own_words

    contract = load_contract(DBT_PROJECT)
    prepare(settings, contract)
    if settings.vocabulary is not None:
        own = own_words(settings, contract)
        undecided = f", and {own.undecided} without a value yet" if own.undecided else ""
        typer.echo(f"vocabulary: {settings.vocabulary.name}, {len(own.phrases)} phrases{undecided}")
    for file in preview(contract, settings.extracts, settings.root):
        other = f", {file.other_records} of other instruments" if file.other_records else ""
        typer.echo(f"{file.extract}: {file.name}, {file.rows} rows{other}")
        for field, mapped in file.mapped.items():
            typer.echo(f"  {field:<28} ← {mapped.header.strip()}  ({mapped.recognized_by})")
        if file.absent:
            typer.echo(f"  not in the file: {', '.join(file.absent)}")
        if file.unmapped_headers:
            typer.echo(f"  not used: {', '.join(file.unmapped_headers)}")
    for extract in try_configuration(settings, contract):
        _show_readings(extract)
    _check_alerts(settings, try_them=False)
    typer.echo("The configuration and its files are in order.")


@app.command("map")
def propose_mapping(
    file: Annotated[Path, typer.Argument(help="A file as the hospital delivers it.")],
    extract: Annotated[
        str | None, typer.Option("--extract", help="pathology, operative or follow_up.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook.")] = None,
) -> None:
    """Propose a block of registry.yml for a new file; nothing is written."""
    from ingestion.contract import EXTRACTS, load_contract
    from ingestion.proposal import propose
    from orchestration.paths import DBT_PROJECT

    if extract is not None and extract not in EXTRACTS:
        raise ConfigurationError(
            f"--extract {extract}: there is no such extract; known are {', '.join(EXTRACTS)}"
        )
    contract = load_contract(DBT_PROJECT)
    text = propose(contract, DBT_PROJECT / "seeds", file, extract=extract, sheet=sheet)
    typer.echo(text, nl=False)


@app.command()
def quarantine(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the rows that could not be taken: file, row, patient (as pseudonym), reason, remedy."""
    from ingestion.quarantine import held_rows

    with _warehouse(_config(config)) as con:
        rows = held_rows(con)
    for row in rows:
        patient = row.patient_pseudonym or "no patient"
        typer.echo(f"{row.file_name}, row {row.file_row_number} ({patient}): {row.reason}")
        typer.echo(f"  {row.remedy}")
    typer.echo(f"{len(rows)} rows are held in quarantine.")


@app.command()
def diff(
    config: ConfigOption = DEFAULT_CONFIG,
    extract: Annotated[
        str | None, typer.Option("--extract", "-e", help="Only this extract.")
    ] = None,
    earlier: Annotated[
        int | None, typer.Option("--from", help="The earlier delivery; else the one before.")
    ] = None,
    later: Annotated[
        int | None, typer.Option("--to", help="The later delivery; else the last.")
    ] = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="List each row, its keys as pseudonyms.")
    ] = False,
) -> None:
    """What the last delivery changed, or the deliveries between two: rows, and cells by field."""
    settings = _config(config)
    from ingestion.contract import load_contract
    from ingestion.differences import changed_rows, compare_deliveries, deliveries_to_compare
    from orchestration.paths import DBT_PROJECT

    contract = load_contract(DBT_PROJECT)
    names = list(settings.extracts) if extract is None else [extract]
    if extract is not None and extract not in settings.extracts:
        raise ConfigurationError(
            f"--extract {extract}: the configuration has {', '.join(settings.extracts)}"
        )
    with _warehouse(settings) as con:
        for name in names:
            numbers = deliveries_to_compare(con, name, earlier, later)
            found = compare_deliveries(con, contract[name], *numbers)
            counted = ", ".join(f"{count} {change}" for change, count in found.rows.items())
            typer.echo(f"{name}: delivery {found.earlier} → {found.later}: {counted}")
            for cells in found.cells:
                blanked = f", {cells.blanked} of them blank now" if cells.blanked else ""
                typer.echo(f"  {cells.field:<28} {cells.changed} cells changed{blanked}")
            if rows:
                for row in changed_rows(con, contract[name], *numbers):
                    keys = " ".join(key for key in row.pseudonyms if key)
                    typer.echo(
                        f"  {row.change} {keys}: {row.file_name}, row {row.file_row_number}"
                        f"{': ' if row.fields else ''}{', '.join(row.fields)}"
                    )


@app.command()
def explain(
    patient: Annotated[
        str, typer.Argument(help="A pseudonym, or with the key at hand the hospital's number.")
    ],
    variable: Annotated[
        str | None, typer.Argument(help="A variable of marts.survival_cohort; else all.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="Say it as JSON.")] = False,
) -> None:
    """Where a patient's values come from: value, rule, delivered cells, cohort and models.

    It shows on the terminal what the hospital delivered of this patient, for that is its purpose.
    Nothing of it is logged.
    """
    settings = _config(config)
    from ingestion.contract import load_contract
    from ingestion.pseudonyms import load_key
    from orchestration.explain import explain_patient, find_patient, in_words
    from orchestration.paths import DBT_PROJECT

    with _warehouse(settings) as con:
        patient_id = find_patient(
            con, patient, lambda: load_key(settings.settings.privacy, settings.root, settings.home)
        )
        found = explain_patient(con, load_contract(DBT_PROJECT), patient_id, variable)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1, default=str))
    else:
        typer.echo(in_words(found))


@app.command()
def query(
    sql: Annotated[
        str | None, typer.Argument(help="A query over the schemas marts, quality, results.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    file: Annotated[Path | None, typer.Option("--file", help="The query from a file.")] = None,
    output: Annotated[
        QueryFormat | None,
        typer.Option("--format", "-f", help="Else a table, or what the name of --out says."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A new file for the rows; parquet needs it.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file of --out where it exists.")
    ] = False,
    release: Annotated[
        str, typer.Option("--release", help="A release, or the name of a frozen one.")
    ] = "current",
    earlier: Annotated[
        str | None,
        typer.Option("--earlier", help="Another release, its tables as earlier.marts.…"),
    ] = None,
) -> None:
    """Query a release: read-only, and out of reach of any other file.

    Null is empty in CSV and null in JSON; a list is written as [1, 2]. A file of --out may hold
    patients' data: only its owner can read it.
    """
    from orchestration.query import format_of, read_sql, run_query, save_query

    text, chosen = read_sql(sql, file), format_of(output, out)
    if overwrite and out is None:
        raise ConfigurationError("--overwrite goes with --out: name the file")
    settings = _config(config)
    folder = _release(settings, release)
    other = None if earlier is None else _release(settings, earlier)
    if out is not None:
        size = save_query(text, folder, chosen, out, other, overwrite=overwrite)
        typer.echo(f"{out}: {size} bytes, from release {folder.name}.", err=True)
        return
    try:
        run_query(text, folder, chosen, sys.stdout, other)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the rows has enough; Python would complain once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@app.command()
def analyze(
    plan: Annotated[Path, typer.Option("--plan", help="The analysis plan.")],
    config: ConfigOption = DEFAULT_CONFIG,
    release: Annotated[
        str, typer.Option("--release", help="A release, or the name of a frozen one.")
    ] = "current",
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder; else analysis_ and the plan's name.")
    ] = None,
) -> None:
    """Analyze a published release by another plan: report, tables and figures in a folder."""
    settings = _config(config)
    from orchestration.progress import Progress
    from orchestration.reanalysis import analyze_release

    folder = out or Path(f"analysis_{plan.stem}")
    files = analyze_release(settings, plan, release, folder, Progress())
    typer.echo(f"{files[0]} and {len(files) - 1} tables and figures beside it.")


@app.command()
def status(
    config: ConfigOption = DEFAULT_CONFIG,
    max_age: Annotated[
        str | None,
        typer.Option(
            "--max-age",
            help="For monitoring: one sentence, and exit code 4 where the last good night is older "
            "than, say, 26h, 90m or 2d.",
        ),
    ] = None,
) -> None:
    """The morning in ten lines: release, last run, patients, checks, issues, what is missing."""
    settings = _config(config)
    if max_age is not None:
        _show_last_good_night(settings, max_age)
        return
    folder = _published(settings)
    from datetime import UTC, datetime

    from orchestration.paths import Home
    from orchestration.status import status_lines

    for line in status_lines(Home(settings.home), folder, datetime.now(UTC)):
        typer.echo(line)


@app.command()
def schedule(
    config: ConfigOption = DEFAULT_CONFIG,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="Print a unit and a timer of systemd.")
    ] = False,
    cron: Annotated[bool, typer.Option("--cron", help="Print the lines of a crontab.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="With --systemd: a folder for the two files.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="With --systemd: the account; else yours.")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="The port of Dagster's page.")
    ] = 3070,
) -> None:
    """Run the night by the clock: Dagster's page and scheduler, on this machine alone.

    With --systemd or --cron nothing is started: what is printed runs the same job without Dagster.
    """
    if systemd and cron:
        raise ConfigurationError("--systemd and --cron are both given; keep one of them")
    if (out is not None or user is not None) and not systemd:
        raise ConfigurationError("--out and --user go with --systemd")
    settings = _config(config)
    if systemd or cron:
        from orchestration.schedule import timers

        if cron:
            typer.echo(timers.crontab(settings), nl=False)
            return
        units = timers.systemd(settings, user)
        if out is None:
            typer.echo(f"{units.service}\n{units.timer}", nl=False)
            return
        for path in timers.write_units(units, out):
            typer.echo(path)
        return
    from functools import partial

    from orchestration.progress import Progress
    from orchestration.schedule.serve import serve

    serve(settings, port, partial(Progress().say, "schedule"))


@vocabulary.command("unmapped")
def unmapped(
    config: ConfigOption = DEFAULT_CONFIG,
    output: Annotated[
        OutputFormat, typer.Option("--format", "-f", help="csv is a file to fill in.")
    ] = OutputFormat.table,
) -> None:
    """The phrases that no list knows, with the field, its list and the rows that hold them.

    They come from quality.unmapped_values of the last release. With --format csv they are a file
    to fill in: give the phrases a value and name the file in registry.yml as `vocabulary`. A
    longer text may be about a patient: the file belongs where the release does.
    """
    settings = _config(config)
    from ingestion.contract import load_contract
    from orchestration.paths import DBT_PROJECT
    from orchestration.vocabulary import template, unmapped_phrases

    contract = load_contract(DBT_PROJECT)
    found = unmapped_phrases(_published(settings) / "registry.duckdb", contract)
    if output is OutputFormat.csv:
        typer.echo(template(found), nl=False)
    elif output is OutputFormat.json:
        typer.echo(json.dumps([asdict(phrase) for phrase in found], ensure_ascii=False, indent=1))
    else:
        for phrase in found:
            field = f"{phrase.field} ({phrase.vocabulary})"
            typer.echo(f"{phrase.rows:>7}  {field:<46}  {phrase.phrase}")
        typer.echo(f"{len(found)} phrases are known to no list.")


@vocabulary.command("list")
def list_phrases(
    field: Annotated[str, typer.Argument(help="A field, such as tumor_grade.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """The phrases that a field is read by: what each stands for, its language, whose it is."""
    settings = _config(config)
    from ingestion.contract import load_contract
    from orchestration.paths import DBT_PROJECT
    from orchestration.vocabulary import phrases_in_force

    phrases = phrases_in_force(settings, load_contract(DBT_PROJECT), field)
    for phrase in phrases:
        typer.echo(
            f"{phrase.value:<28}  {phrase.language or '-':<3} {phrase.origin:<9} {phrase.phrase}"
        )
    hospital = sum(phrase.origin == "hospital" for phrase in phrases)
    typer.echo(f"{len(phrases)} phrases, {hospital} of them the hospital's.")


@worklist.command("export")
def export_worklist(
    config: ConfigOption = DEFAULT_CONFIG,
    center: Annotated[str | None, typer.Option("--center", help="Only this centre.")] = None,
    out: Annotated[Path, typer.Option("--out", help="The workbook.")] = Path("worklist.xlsx"),
) -> None:
    """Write what is missing or contradicts itself as a workbook to be answered.

    Where the key of the pseudonyms is at hand it names patients by the hospital's numbers: the
    file belongs inside the hospital.
    """
    settings = _config(config)
    from orchestration.worklist import export_worklist as export

    with _warehouse(settings) as con:
        issues, has_numbers = export(con, settings, out, center)
    numbers = "the hospital's numbers" if has_numbers else "pseudonyms, for the key is not at hand"
    typer.echo(f"{out}: {issues} issues, patients by {numbers}.")


@worklist.command("import")
def import_worklist(
    file: Annotated[Path, typer.Argument(help="The workbook as it came back.")],
    config: ConfigOption = DEFAULT_CONFIG,
    by: Annotated[
        str | None, typer.Option("--by", help="Who answers, where the workbook does not say.")
    ] = None,
) -> None:
    """Take the answers of a workbook in. They are kept; no delivered value changes by them."""
    settings = _config(config)
    from orchestration.worklist import import_worklist as take_in

    answers, new = take_in(settings, file, by)
    typer.echo(f"{file}: {answers} answers, {new} of them new.")


def _show_last_good_night(config: Config, max_age: str) -> None:
    from datetime import UTC, datetime

    from orchestration.paths import Home
    from orchestration.status import age_of, require_recent

    typer.echo(require_recent(Home(config.home), age_of(max_age), datetime.now(UTC)))


def _check_alerts(config: Config, *, try_them: bool) -> None:
    """Look at the channels of `notify`; with ``try_them`` send something to each."""
    notify = config.settings.notify
    if not notify.to and notify.heartbeat is None:
        if try_them:
            raise ConfigurationError(
                f"{config.path}: notify: nobody is to be told; `to` has to name who is"
            )
        return
    from orchestration.alerts import send_test
    from orchestration.notify import look_at_channels

    channels, problems = send_test(config) if try_them else look_at_channels(config)
    failed = {problem.channel for problem in problems}
    for channel in channels:
        if channel.name not in failed:
            typer.echo(f"notify: {channel.name}{', told' if try_them else ''}")
    for problem in problems:
        typer.echo(f"notify: {problem.channel}: {problem.text}", err=True)
    if problems:
        sentence = f"{config.path}: notify: {len(problems)} of the addresses do not work"
        raise RefreshError(sentence) if try_them else ConfigurationError(sentence)


def _show_readings(extract: ExtractReading) -> None:
    counts = extract.summary.counts
    if counts is not None:
        typer.echo(
            f"{extract.summary.extract}: {counts.read} rows read, {counts.collapsed} equal to "
            f"another, {counts.quarantined} would be held in quarantine"
        )
    for field in extract.fields:
        readable = ""
        if field.readable is not None and field.filled:
            # Rounded down: 100 % means that nothing is left unread.
            readable = f", {100 * field.readable // field.filled} % readable"
        shapes = "   ".join(f"{shape} ({rows})" for shape, rows in field.shapes)
        typer.echo(f"  {field.field:<28} {field.filled} filled{readable:<16}  {shapes}".rstrip())
        codes = ", ".join(f"{text} ({rows})" for text, rows in field.unmapped)
        longer = f"{field.unmapped_longer} rows of other texts" if field.unmapped_longer else ""
        if codes or longer:
            typer.echo(f"    no list or rule reads: {', '.join(filter(None, [codes, longer]))}")
        for fits, rows in field.misfits:
            typer.echo(f"    {rows} dates cannot be read as declared and would fit {fits}")


def main() -> None:
    """Entry point: a wrong configuration or delivery is one sentence, never a traceback."""
    from analysis.errors import AnalysisError
    from ingestion.errors import DeliveryError, IngestionError

    try:
        app()
    except RefreshError as error:
        _fail(str(error), error.exit_code)
    except DeliveryError as error:
        _fail(str(error), RefreshError.exit_code)
    except IngestionError as error:
        _fail(str(error), ConfigurationError.exit_code)
    except AnalysisError as error:
        _fail(str(error), RefreshError.exit_code)
    except Stopped as stopped:
        _fail("stopped as asked; the last release stands", stopped.exit_code)
    except Exception as error:
        # An error of the database, or of a table, quotes what it found: a patient's value.
        from orchestration.run_log import where_of

        place = "\n  ".join(where_of(error))
        _fail(
            f"an unexpected {type(error).__name__}; its text may hold a value and is not shown. "
            f"It arose in\n  {place}",
            RefreshError.exit_code,
        )


def leave() -> NoReturn:
    """Entry point of the command line: `main`, and out without taking apart what was loaded.

    That costs a second, and a thread that DuckDB still lets call Python would crash in it.
    """
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    # What has to be given back (locks between processes) is.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        # Who reads the output may have gone.
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _fail(sentence: str, exit_code: int) -> None:
    print(f"crlm: {sentence}", file=sys.stderr)
    raise SystemExit(exit_code)


def _config(path: Path) -> Config:
    from orchestration.config import load_config

    return load_config(path)


@contextmanager
def _warehouse(config: Config) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, for reading."""
    import duckdb

    from orchestration.paths import Home

    home = Home(config.home)
    if not home.warehouse.exists():
        raise RefreshError(f"{home.warehouse}: there is no warehouse yet; run crlm refresh first")
    try:
        con = duckdb.connect(str(home.warehouse), read_only=True)
    except duckdb.Error as error:
        raise RefreshError(
            f"{home.warehouse}: the warehouse cannot be opened ({type(error).__name__}); a "
            "refresh may be running, or it is damaged and crlm rebuild makes it again"
        ) from None
    with con:
        yield con


def _release(config: Config, name: str) -> Path:
    """The folder of a release; the current one without what looks for others."""
    current = _published(config)
    if name == "current":
        return current
    from orchestration.keeping import find_release
    from orchestration.paths import Home

    return find_release(Home(config.home), name)


def _published(config: Config) -> Path:
    from orchestration.paths import Home
    from orchestration.release import current_release

    home = Home(config.home)
    folder = current_release(home)
    if folder is None:
        raise RefreshError(f"{home.published}: nothing is published yet; run crlm refresh first")
    return folder


if __name__ == "__main__":
    leave()
