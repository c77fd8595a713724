"""A new file → a proposed block of registry.yml, each guess with its reason; nothing is applied.

The loading path takes nothing but what registry.yml says. This module reads a file once, before
there is such a block, and says what it seems to hold. What the contract's own names decide is
sure; all else is marked ``unsure`` for the registry manager. No value of a patient is shown, only
headers, counts and short codes.
"""

from __future__ import annotations

import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import yaml

from ingestion.archive import ArchivedFile, archive_file
from ingestion.contract import Contract, ExtractContract, Field
from ingestion.errors import DeliveryError, IngestionError
from ingestion.gates import UNIT_LIMIT, UNIT_SHARE
from ingestion.mapping import looks_like_data, normalized_header
from ingestion.proposal.column_facts import (
    Column,
    header_stands_among_values,
    load_phrases,
    look_at_columns,
)
from ingestion.proposal.dialect import Guess, guess_dialect
from ingestion.proposal.resemblance import resemblance
from ingestion.readers import READERS, ReadFile, read_file
from ingestion.readers.delimited import read_delimited
from ingestion.readers.workbook import read_workbook
from ingestion.settings import FormatSettings

# A header resembles a field, and values agree with its kind, from here on.
_RESEMBLES = 0.55
_AGREES = 0.5
# So much do values say of which nothing can be told: free text, identifiers, codes.
_NEUTRAL = 0.75
# Fewer values than these may be slips.
_EVIDENCE = 5

_UNIT_WORDS = {
    "mm": ("mm", "millimeter", "millimeters", "millimetres", "میلی متر", "میلیمتر"),
    "cm": ("cm", "centimeter", "centimeters", "centimetres", "سانتی متر", "سانتیمتر", "سانت"),
    "days": ("day", "days", "روز"),
    "weeks": ("week", "weeks", "wks", "هفته"),
    "months": ("month", "months", "mo", "mos", "ماه"),
}
_NOUNS = {
    "date": "dates",
    "length": "lengths",
    "count": "counts",
    "number": "numbers within the plausible bounds",
    "percent": "numbers",
    "duration": "numbers",
    "word": "words of the list",
    "margin": "distances or words of the list",
    "steatosis": "numbers or words of the list",
    "regression": "numbers or words of the list",
    "procedure": "words of the list",
    "segments": "lists of segments",
    "text": "text",
    "label": "text",
    "identifier": "no dates",
}


@dataclass(frozen=True)
class Source:
    """The column proposed for a field; null where several answer that cannot be told apart."""

    column: Column | None
    why: str
    sure: bool


@dataclass
class Proposal:
    """What is proposed for one extract, and which columns it leaves unused."""

    extract: ExtractContract
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def columns(self) -> Iterator[tuple[Field, Column]]:
        for f in self.extract.fields:
            source = self.sources.get(f.name)
            if source and source.column:
                yield f, source.column


@dataclass(frozen=True)
class _File:
    """A file as read with the guessed dialect."""

    written: dict[str, Guess]
    read: ReadFile
    columns: list[Column]
    phrases: dict[str, dict[str, str]]


def propose(
    contract: Contract,
    seeds: Path,
    path: Path,
    *,
    extract: str | None = None,
    sheet: str | None = None,
) -> str:
    """Propose blocks for `extracts:` of registry.yml from one file: YAML with comments.

    ``seeds`` is the folder of the code lists; without ``extract`` there is a block for each extract
    that the file can feed. Raises DeliveryError for a file that cannot be read or in which
    nothing is recognized, IngestionError where a sheet has to be named.
    """
    file = _read(contract, seeds, path, sheet)
    proposals = {name: _map(contract[name], file) for name in contract.extracts}
    fed = _fed(contract, proposals)
    if extract is None and not fed:
        raise DeliveryError(
            f"{path}: no extract is recognized by its headers; name one with --extract to see "
            "what they resemble"
        )
    lines = [
        "# A proposal: nothing is written. Put it under `extracts:` of registry.yml when every",
        "# line marked `unsure` has been looked at, then run `crlm check`.",
        *_notes_on_extracts(proposals, fed, extract),
    ]
    shown = [proposals[name] for name in ([extract] if extract else fed)]
    for proposal in shown:
        lines += _block(proposal, file, path)
    used = {column.number for proposal in shown for _, column in proposal.columns}
    unused = [_quoted(c.header) for c in file.columns if c.number not in used and c.header]
    if unused:
        lines.append(f"  # not used: {', '.join(unused)}")
    return "\n".join(lines) + "\n"


# --- reading -------------------------------------------------------------------------------------


def _read(contract: Contract, seeds: Path, path: Path, sheet: str | None) -> _File:
    fields = [f for extract in contract.extracts.values() for f in extract.fields]
    vocabularies = {f.vocabulary: f.name for f in fields if f.vocabulary}
    with duckdb.connect() as con, tempfile.TemporaryDirectory() as folder:
        archived = archive_file(path, Path(folder))
        written = _written(archived, sheet)
        settings = FormatSettings.model_validate({k: guess.value for k, guess in written.items()})
        read = read_file(con, archived, settings, "proposed")
        columns = look_at_columns(con, "proposed", read.headers, seeds, vocabularies)
        names = {normalized_header(name) for f in fields for name in (f.name, *f.synonyms)}
        if not any(normalized_header(header) in names for header in read.headers):
            _refuse_what_is_no_header(con, path, read.headers, names)
        return _File(written, read, columns, load_phrases(con))


def _refuse_what_is_no_header(
    con: duckdb.DuckDBPyConnection, path: Path, headers: list[str], names: set[str]
) -> None:
    """A title above the header, or a patient's row in its place, which must not be shown."""
    first = con.execute("from proposed order by file_row_number limit 10").fetchall()
    for *cells, row_number in first:
        if sum(normalized_header(cell or "") in names for cell in cells) >= 2:
            raise DeliveryError(
                f"{path}: the header stands in row {row_number}; remove the rows above it"
            )
    if looks_like_data(headers) or header_stands_among_values(con, headers):
        raise DeliveryError(f"{path}: its first line looks like data, a header has to come first")


def _written(file: ArchivedFile, sheet: str | None) -> dict[str, Guess]:
    """How a file is written, as keys of `format:`; nothing for formats that say it themselves."""
    suffix = file.path.name.removeprefix(file.sha256)
    reader = READERS.get(suffix)
    if reader is read_workbook:
        if sheet is not None:
            return {"sheet": Guess(sheet, "asked for", True)}
        only = _only_sheet(file)
        return {} if only is None else {"sheet": Guess(only, "the only one", True)}
    if sheet is not None:
        raise IngestionError(f"{file.delivered}: a {suffix} file has no sheets; leave --sheet out")
    try:
        return guess_dialect(file.path) if reader is read_delimited else {}
    except (OSError, EOFError, zlib.error):
        return {}  # A damaged compressed file: the reader says so.


def _only_sheet(file: ArchivedFile) -> str | None:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheets = CalamineWorkbook.from_path(str(file.path)).sheet_names
    except (CalamineError, OSError, ValueError):
        return None  # The reader says what is wrong with the file.
    if len(sheets) > 1:
        raise IngestionError(
            f"{file.delivered}: the workbook has {len(sheets)} sheets ({', '.join(sheets)}); "
            "name one with --sheet"
        )
    return sheets[0]


# --- columns -------------------------------------------------------------------------------------


def _map(extract: ExtractContract, file: _File) -> Proposal:
    """Columns for the fields: sure matches first, then the best of what resembles."""
    proposal = Proposal(extract)
    taken: set[int] = set()
    for f in extract.fields:
        found, how = _named(f, file.columns)
        taken |= {column.number for column in found}
        if found:
            proposal.sources[f.name] = _sure_source(f, found, how)
    free = _nameable([c for c in file.columns if c.number not in taken], file.columns)
    candidates = []
    for f in extract.fields:
        if f.name in proposal.sources:
            continue
        for column in free:
            likeness, phrase = _likeness(column, f, file.read)
            agreement = _agreement(f, column)
            score = likeness * (1 + (_NEUTRAL if agreement is None else agreement)) / 2
            if likeness >= _RESEMBLES and (agreement is None or agreement >= _AGREES):
                candidates.append((score, f, column, phrase))
    # Sorting keeps the order of the contract among equals.
    candidates.sort(key=lambda candidate: -candidate[0])
    for _, f, column, phrase in candidates:
        if f.name in proposal.sources or column.number in taken:
            continue
        taken.add(column.number)
        also = [o.name for _, o, c, _ in candidates if c is column and o is not f]
        rivals = [c.header for _, o, c, _ in candidates if o is f and c is not column]
        why = [f'the header resembles "{phrase}"', _agreement_in_words(f, column)]
        if also:
            why.append(f"may be {' or '.join(also[:2])}")
        if rivals:
            why.append(f"also resembling: {', '.join(map(_quoted, rivals[:3]))}")
        proposal.sources[f.name] = Source(column, "; ".join(filter(None, why)), sure=False)
    return proposal


def _named(f: Field, columns: list[Column]) -> tuple[list[Column], str]:
    """The columns that a refresh finds for a field without being told."""
    for names, how in (((f.name,), "the name of the field"), (f.synonyms, "a synonym")):
        wanted = {normalized_header(name) for name in names}
        found = [column for column in columns if normalized_header(column.header) in wanted]
        if found:
            return found, how
    return [], ""


def _sure_source(f: Field, found: list[Column], how: str) -> Source:
    nameable = _nameable(found, found)
    if not nameable:
        return Source(None, f"{len(found)} columns are headed {_quoted(found[0].header)}", False)
    best = max(nameable, key=lambda column: column.filled)
    if len(found) > 1:
        others = ", ".join(_quoted(column.header) for column in found if column is not best)
        return Source(best, f"{others} answers to it too; this one is filled most", False)
    agreement = _agreement(f, best)
    if agreement is not None and agreement < _AGREES:
        return Source(best, f"the header is {how}, but {_agreement_in_words(f, best)}", False)
    return Source(best, how, True)


def _nameable(columns: list[Column], among: list[Column]) -> list[Column]:
    """The columns that registry.yml can name: with a header that no other column has."""
    headers = Counter(normalized_header(column.header) for column in among)
    return [c for c in columns if c.header and headers[normalized_header(c.header)] == 1]


def _likeness(column: Column, f: Field, read: ReadFile) -> tuple[float, str]:
    label = next((t for h, t in read.labels.items() if " ".join(h.split()) == column.header), "")
    return max(resemblance(column.header, f), resemblance(label, f))


def _agreement(f: Field, column: Column) -> float | None:
    """The share of a column's values that read as the field's kind; null where none can be told."""
    if not column.filled:
        return None
    known = column.known.get(f.vocabulary or "", 0)
    if f.kind == "date":
        agreeing = column.dates
    elif f.kind == "count":
        agreeing = column.whole + column.known.get("count_words", 0)
    elif _is_coded(f, column):
        return _NEUTRAL
    elif f.kind in ("word", "procedure"):
        agreeing = known
    elif f.kind in ("text", "label"):
        agreeing = column.filled - column.numbers - column.dates
    elif f.kind == "segments":
        return None  # "4" and "5-6" look like counts and dates.
    elif f.kind == "identifier":
        return 0.0 if column.dates > column.filled / 2 else None
    elif f.kind == "margin":
        agreeing = column.measures + known
    elif column.is_binary:
        return 0.0  # No measurement has but the values 0 and 1: it is a yes and no.
    elif f.kind in ("steatosis", "regression"):
        agreeing = column.measures + known
    else:
        agreeing = column.measures
        if f.kind == "number" and f.maximum is not None and (column.high_number or 0) > f.maximum:
            return 0.0
    return min(1.0, agreeing / column.filled)


def _is_coded(f: Field, column: Column) -> bool:
    """Whether a column holds nothing but a few codes that the field's list does not know."""
    if column.codes is None or f.vocabulary is None or column.known.get(f.vocabulary):
        return False
    return f.kind in ("word", "procedure") or not column.measures


def _agreement_in_words(f: Field, column: Column) -> str:
    agreement = _agreement(f, column)
    if not column.filled:
        return "the column is empty"
    if agreement is None:
        return ""
    if _is_coded(f, column):
        return "its values are codes"
    nouns = _NOUNS[f.kind]
    return (
        f"{_percent(agreement)} of its values are {nouns.replace('the list', f.vocabulary or '')}"
    )


# --- extracts ------------------------------------------------------------------------------------


def _fed(contract: Contract, proposals: dict[str, Proposal]) -> list[str]:
    """The extracts that a file can feed, judged by the fields that only they have."""
    return [
        name
        for name, (sure, unsure) in _evidence(contract, proposals).items()
        if sure or unsure >= 2
    ]


def _evidence(contract: Contract, proposals: dict[str, Proposal]) -> dict[str, tuple[int, int]]:
    """Per extract the fields of its own that are surely there, and that resemble a column which no
    other extract surely claims."""
    owners = Counter(name for e in contract.extracts.values() for name in e.field_names)
    own = {
        name: {f: s for f, s in proposal.sources.items() if owners[f] == 1 and s.column}
        for name, proposal in proposals.items()
    }
    claimed = {
        s.column.number for sources in own.values() for s in sources.values() if s.sure and s.column
    }
    return {
        name: (
            sum(s.sure for s in sources.values()),
            sum(
                not s.sure and s.column is not None and s.column.number not in claimed
                for s in sources.values()
            ),
        )
        for name, sources in own.items()
    }


def _notes_on_extracts(
    proposals: dict[str, Proposal], fed: list[str], wanted: str | None
) -> list[str]:
    notes = []
    for name, proposal in proposals.items():
        sure = sum(source.sure for source in proposal.sources.values())
        notes.append(f"{name} {sure} + {len(proposal.sources) - sure}")
    lines = [f"# Fields recognized surely + unsurely: {', '.join(notes)}."]
    if wanted is None and len(fed) > 1:
        lines.append(
            "# Several extracts are possible: drop the block that the file is not to feed."
        )
    elif wanted is not None and fed and wanted not in fed:
        lines.append(f"# unsure: by its headers the file looks like {' and '.join(fed)}.")
    return lines


# --- settings ------------------------------------------------------------------------------------


def _block(proposal: Proposal, file: _File, path: Path) -> list[str]:
    """The lines of one extract's block, indented for `extracts:`."""
    return [
        f"  {proposal.extract.name}:",
        f"    files: {_quoted(str(path))}   # as seen from the folder of registry.yml",
        "    delivery: snapshot   # unsure: write delta where files only add and correct",
        *_format_lines(file),
        *_date_lines(proposal),
        *_missing_lines(proposal, file.phrases),
        *_column_lines(proposal),
        *_unit_lines(proposal),
        *_value_lines(proposal, file),
    ]


def _column_lines(proposal: Proposal) -> list[str]:
    lines, unnamed = [], []
    for f in proposal.extract.fields:
        source = proposal.sources.get(f.name)
        if source and source.column:
            lines.append(f"      {f.name}: {_quoted(source.column.header)}   # {_said(source)}")
        elif f.required:
            why = f"{source.why}; rename one" if source else "no header resembles it"
            unnamed.append(f"      # {f.name}:   # unsure: {why}; it has to be named")
        elif source:
            lines.append(f"      {f.name}: null   # unsure: {source.why}; rename one in the file")
    return ["    columns:" if lines else "    columns: {}", *unnamed, *lines]


def _format_lines(file: _File) -> list[str]:
    guesses = {
        key: guess for key, guess in file.written.items() if (key, guess.value) != ("quote", '"')
    }
    commas = sum(column.thousands_comma for column in file.columns)
    points = sum(column.thousands_point for column in file.columns)
    if commas + points:
        mark, count = (",", commas) if commas >= points else (".", points)
        guesses["thousands"] = Guess(mark, f"{count} numbers are written so", False)
    if not guesses:
        return []
    settings = [f"      {key}: {_quoted(g.value)}   # {_said(g)}" for key, g in guesses.items()]
    return ["    format:", *settings]


def _date_lines(proposal: Proposal) -> list[str]:
    dates = [column for f, column in proposal.columns if f.kind == "date" and column.dates]
    if not dates:
        return []
    jalali, gregorian = sum(c.jalali for c in dates), sum(c.gregorian for c in dates)
    calendar = Guess(
        "jalali" if jalali > gregorian else "gregorian",
        f"{jalali} dates have a year of 1300–1430, {gregorian} one of 1900–2100",
        not (jalali and gregorian),
    )
    order = _date_order(dates)
    lines = [f"    calendar: {calendar.value}   # {_said(calendar)}"]
    lines.append(f"    date_order: {order.value}   # {_said(order)}")
    short_years = sum(column.short_years for column in dates)
    if short_years:
        lines.append(f"    # {short_years} dates have a year of two digits and cannot be read")
    return lines


def _date_order(dates: list[Column]) -> Guess:
    """The order of dates that end in the year, by those that fit one order only."""
    day_first = sum(column.day_first_only for column in dates)
    month_first = sum(column.month_first_only for column in dates)
    year_last = sum(column.year_last for column in dates)
    value = "mdy" if month_first > day_first else "dmy"
    if not year_last:
        return Guess("ymd", "every year stands in front", True)
    if not day_first and not month_first:
        return Guess(value, f"undecided: no day above 12 in {year_last} dates", False)
    why = f"{day_first} dates fit dmy only, {month_first} fit mdy only"
    if day_first and month_first:
        counts = [(c.header, c.day_first_only, c.month_first_only) for c in dates]
        split = ", ".join(f"{_quoted(h)} {d} and {m}" for h, d, m in counts if d or m)
        why = f"columns or rows contradict each other, {why}: {split}"
        return Guess(value, why, False)
    return Guess(value, why, day_first + month_first >= _EVIDENCE)


def _missing_lines(proposal: Proposal, phrases: dict[str, dict[str, str]]) -> list[str]:
    cells: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    meant: set[str] = set()
    for f, column in proposal.columns:
        meant |= phrases.get(f.vocabulary or "", {}).keys()
        if f.kind in ("identifier", "text", "label"):
            continue
        cells.update(column.tokens)
        columns.update(column.tokens.keys())
    lines = [
        f"      - {_quoted(token)}   # unsure: {cells[token]} cells of {_columns(columns[token])}"
        for token in sorted(cells, key=lambda token: (-cells[token], token))
        # A word that a list of the extract knows says something there.
        if token not in meant
    ]
    return ["    missing:", *lines] if lines else []


def _unit_lines(proposal: Proposal) -> list[str]:
    lines = []
    for f, column in proposal.columns:
        guess = _unit(f, column)
        if guess:
            lines.append(f"      {f.name}: {guess.value}   # {_said(guess)}")
            if guess.value == "months":
                lines.append("    # days_per_month: 30.4375   # write 30 where a month is 30 days")
    # A comment about a unit closes the units.
    lines.sort(key=lambda line: line.startswith("    #"))
    return ["    units:", *lines] if lines else []


def _unit(f: Field, column: Column) -> Guess | None:
    """The unit of bare numbers: by the header, else by values with units, else by their size."""
    in_header = next(
        (
            unit
            for unit, words in _UNIT_WORDS.items()
            if any(f" {word} " in f" {_bare(column.header)} " for word in words)
        ),
        None,
    )
    if f.kind in ("length", "margin") and column.numbers:
        if in_header in ("mm", "cm"):
            return Guess(in_header, f"the header says {in_header}", True)
        if (
            column.with_mm + column.with_cm >= _EVIDENCE
            and min(column.with_mm, column.with_cm) == 0
        ):
            unit = "mm" if column.with_mm else "cm"
            return Guess(
                unit, f"all {column.with_mm + column.with_cm} values with a unit have {unit}", False
            )
        if f.kind == "margin":
            return Guess("mm", "nothing names the unit; margins mostly are in mm", False)
        sizes = column.below_15 + column.above_15
        small = column.below_15 >= UNIT_SHARE * sizes
        side, count = ("below", column.below_15) if small else ("above", column.above_15)
        why = f"nothing names the unit; {count} of {sizes} sizes are {side} {UNIT_LIMIT}"
        return Guess("cm" if small else "mm", why, False)
    if f.kind == "duration":
        if in_header in ("days", "weeks", "months"):
            return Guess(in_header, f"the header says {in_header}", True)
        days = (column.high_number or 0) > 500
        why = f"nothing names the unit; its high values are {'above' if days else 'up to'} 500"
        return Guess("days" if days else "months", why, False)
    if f.kind in ("percent", "steatosis", "regression"):
        fractions = column.numbers and column.up_to_1 == column.numbers > column.whole
        return Guess("fraction", "no number is above 1", False) if fractions else None
    return None


def _value_lines(proposal: Proposal, file: _File) -> list[str]:
    """Codes with the labels that the file carries; codes without a meaning as lines to fill in."""
    labelled, to_fill = [], []
    labels = {" ".join(h.split()): codes for h, codes in file.read.value_labels.items()}
    for f, column in proposal.columns:
        phrases = file.phrases.get(f.vocabulary or "", {})
        given = labels.get(column.header)
        if given and f.kind not in ("identifier", "text", "label", "date"):
            codes = ", ".join(f"{_quoted(code)}: {_quoted(text)}" for code, text in given.items())
            unknown = [t for t in given.values() if normalized_header(t) not in phrases]
            why = "the labels are the file's own"
            if unknown and phrases:
                why += f"; {f.vocabulary} does not know {', '.join(map(_quoted, unknown))}"
            labelled.append(f"      {f.name}: {{{codes}}}   # unsure: {why}")
        elif column.codes is None:
            continue
        elif f.kind == "count" and column.is_binary:
            to_fill.append(_to_fill(f.name, column.codes, "a count, or no and yes?"))
        elif f.kind in ("word", "procedure") or _is_coded(f, column):
            unknown = [code for code in column.codes if code not in phrases]
            if unknown:
                meanings = ", ".join(dict.fromkeys(filter(None, phrases.values())))
                to_fill.append(_to_fill(f.name, unknown, f"fill in, each one of: {meanings}"))
    lines = ["    values:", *labelled] if labelled else []
    if to_fill and not labelled:
        to_fill.insert(0, "    # values:")
    return lines + to_fill


def _to_fill(name: str, codes: list[str] | tuple[str, ...], what: str) -> str:
    # YAML without meanings would not load: the line is a comment until it is filled in.
    return f"    #   {name}: {{{', '.join(f'{_quoted(c)}: ' for c in codes)}}}   # unsure: {what}"


# --- words ---------------------------------------------------------------------------------------


def _said(guess: Guess | Source) -> str:
    return f"{'sure' if guess.sure else 'unsure'}: {guess.why}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _columns(count: int) -> str:
    return f"{count} column{'s' if count > 1 else ''}"


def _bare(header: str) -> str:
    return " ".join("".join(c if c.isalpha() else " " for c in normalized_header(header)).split())


def _quoted(text: str) -> str:
    """A text as YAML in double quotes."""
    return str(yaml.dump(text, default_style='"', allow_unicode=True, width=1 << 30)).strip()
