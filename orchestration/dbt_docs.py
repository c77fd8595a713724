"""`dbt_docs.html` of a release: dbt's own documentation, as one file that works offline.

`dbt docs generate --static` would start dbt once more and read the warehouse column by column, for
seconds. Its page is a template with a manifest and a catalog written into it. Both are at hand in
the night: what was parsed, and DuckDB's own list of columns.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.errors import RefreshError
from orchestration.release import PUBLISHED_SCHEMAS, TableContent

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PAGE = "dbt_docs.html"

# Kept of each node: what the page shows or follows. Paths of the machine are not among it.
_SHOWN = (
    "unique_id",
    "resource_type",
    "package_name",
    "name",
    "alias",
    "identifier",
    "source_name",
    "source_description",
    "database",
    "schema",
    "original_file_path",
    "path",
    "fqn",
    "description",
    "columns",
    "tags",
    "meta",
    "docs",
    "group",
    "access",
    "version",
    "latest_version",
    "language",
    "relation_name",
    "depends_on",
    "refs",
    "sources",
    "raw_code",
    "compiled_code",
    "test_metadata",
    "column_name",
    "macro_sql",
    "arguments",
    "block_contents",
)
# The text of a test is that of its macro, which the page has already.
_NOT_OF_TESTS = {"raw_code", "compiled_code", "fqn", "columns"}
_TITLE = "<title>dbt Docs</title>"
# A file that is nowhere.
_ICON = re.compile(r'<link rel="shortcut icon"[^>]*/>')
# From where dbt's page would load a script that counts its readers.
_COUNTER = re.compile(r"//[a-z0-9]+\.cloudfront\.net/[^\"']*")
# Nothing of the page is loaded from anywhere, and nothing is sent.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'unsafe-inline\' '
    "'unsafe-eval' data: blob:; connect-src 'none'; form-action 'none'\"/>"
)


def write_page(
    manifest: Manifest,
    con: duckdb.DuckDBPyConnection,
    published: dict[str, TableContent],
    folder: Path,
    title: str,
) -> Path:
    """Write the page of a release into its folder.

    ``con`` is the warehouse, ``published`` the tables of the release with their rows. Raises
    RefreshError where dbt's page is not built as this expects.
    """
    from dbt.task.docs import DOCS_INDEX_FILE_PATH

    page = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    page = _ICON.sub("", _COUNTER.sub("", page))
    # Images whose files the page would ask for before it knows their names.
    page = page.replace(' src="{{', ' ng-src="{{')
    page = page.replace(' xlink:href="{{', ' ng-attr-href="{{')
    documented = _manifest(manifest)
    columns = _columns(con)
    _add_tables_of_python(documented, con, columns)
    parts = {
        '"MANIFEST.JSON INLINE DATA"': _literal(documented),
        '"CATALOG.JSON INLINE DATA"': _literal(_catalog(documented, columns, published)),
        _TITLE: f"{_POLICY}<title>{html.escape(title)}: tables and how they are made</title>",
    }
    for place, text in parts.items():
        if page.count(place) != 1:
            raise RefreshError(
                f"the page of dbt's documentation has no {place}; this version of dbt-core is "
                "not one that the project knows"
            )
        page = page.replace(place, text)
    path = folder / PAGE
    path.write_text(page, encoding="utf-8")
    return path


def _manifest(manifest: Manifest) -> dict[str, Any]:
    """The part of dbt's manifest that the page shows."""
    own = manifest.metadata.project_name
    shown: dict[str, Any] = {
        "metadata": {
            "project_name": own,
            "adapter_type": manifest.metadata.adapter_type,
            "quoting": {"database": True, "schema": True, "identifier": True},
            "send_anonymous_usage_stats": False,
        },
        "nodes": _shown(manifest.nodes),
        "sources": _shown(manifest.sources),
        "macros": _shown(manifest.macros, of=own),
        "docs": _shown(manifest.docs, of=own),
    }
    for kind in ("exposures", "metrics", "semantic_models", "saved_queries", "unit_tests"):
        shown[kind] = {}
    shown["functions"], shown["groups"] = {}, {}
    for entry in shown["nodes"].values():
        # A macro that dbt brings is not on the page, and no link to follow.
        entry["depends_on"]["macros"] = [
            name for name in entry["depends_on"].get("macros", []) if name in shown["macros"]
        ]
    return shown


def _shown(entries: Any, of: str | None = None) -> dict[str, Any]:
    """Of dbt's entries, or those of one package, what is kept of each."""
    found = {}
    for name, entry in entries.items():
        if of is not None and entry.package_name != of:
            continue
        whole = entry.to_dict(omit_none=True)
        skipped = _NOT_OF_TESTS if whole.get("test_metadata") else set()
        if whole.get("schema") == "staging":
            # The readings, written out for every field, would be half of the page.
            skipped = skipped | {"compiled_code"}
        kept = {key: whole[key] for key in _SHOWN if key in whole and key not in skipped}
        if "config" in whole:
            config = whole["config"]
            kept["config"] = {
                key: config[key] for key in ("materialized", "contract") if key in config
            }
        found[name] = kept
    return found


Columns = dict[tuple[str, str], list[tuple[str, str, str | None]]]


def _columns(con: duckdb.DuckDBPyConnection) -> Columns:
    """(schema, table) → (column, type, description), in their order."""
    found: Columns = {}
    for schema, table, *column in con.execute(
        """
        select schema_name, table_name, column_name, data_type, comment from duckdb_columns()
        where database_name = current_database() and not internal
        order by schema_name, table_name, column_index
        """
    ).fetchall():
        found.setdefault((schema, table), []).append((column[0], column[1], column[2]))
    return found


def _add_tables_of_python(
    documented: dict[str, Any], con: duckdb.DuckDBPyConnection, columns: Columns
) -> None:
    """Add the published tables that are no models (the results of the analysis, the history of
    the checks), as sources, and to each analysis the tables that it reads; then who reads whom."""
    own = documented["metadata"]["project_name"]
    tables = {
        f"{node['schema']}.{node['alias']}": name
        for name, node in documented["nodes"].items()
        if node["resource_type"] == "model"
    }
    for schema, table, comment in con.execute(
        """
        select schema_name, table_name, comment from duckdb_tables()
        where database_name = current_database() and list_contains(?, schema_name)
        """,
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall():
        if f"{schema}.{table}" in tables:
            continue
        name = f"source.{own}.{schema}.{table}"
        tables[f"{schema}.{table}"] = name
        documented["sources"][name] = {
            "unique_id": name,
            "resource_type": "source",
            "package_name": own,
            "name": table,
            "identifier": table,
            "source_name": schema,
            "source_description": "Tables that Python writes, not dbt.",
            "database": "warehouse",
            "schema": schema,
            "original_file_path": "",
            "path": "",
            "fqn": [own, schema, table],
            "description": comment or "",
            "tags": [],
            "meta": {},
            "docs": {"show": True},
            "columns": {
                column: {"name": column, "description": described or "", "meta": {}, "tags": []}
                for column, _, described in columns.get((schema, table), [])
            },
        }
    for node in documented["nodes"].values():
        if node["resource_type"] == "analysis":
            named = sorted(set(re.findall(r"\b(?:from|join)\s+(\w+\.\w+)", node["raw_code"])))
            node["depends_on"]["nodes"] = [tables[name] for name in named if name in tables]
            # It is SQL as it stands, and the question is its first line.
            node["compiled_code"] = node["raw_code"]
            node["description"] = node["description"] or node["raw_code"].splitlines()[0][3:]
    # What the page draws its graph by.
    documented["parent_map"] = {
        name: node["depends_on"].get("nodes", []) for name, node in documented["nodes"].items()
    }


def _catalog(
    documented: dict[str, Any], columns: Columns, published: dict[str, TableContent]
) -> dict[str, Any]:
    """What dbt calls a catalog: the tables as they are, with types, and rows where published."""
    catalog: dict[str, Any] = {"metadata": {}, "nodes": {}, "sources": {}, "errors": None}
    for kind in ("nodes", "sources"):
        for name, node in documented[kind].items():
            schema, table = node.get("schema"), node.get("identifier") or node.get("alias")
            found = columns.get((schema, table))
            if found is None:
                continue
            content = published.get(f"{schema}.{table}")
            stats = {
                "has_stats": {"id": "has_stats", "include": False, "value": content is not None}
            }
            if content is not None:
                stats["rows"] = {
                    "id": "rows",
                    "label": "Rows",
                    "value": content.rows,
                    "description": "Rows in this release",
                    "include": True,
                }
            catalog[kind][name] = {
                "unique_id": name,
                "metadata": {
                    "type": "BASE TABLE",
                    "schema": schema,
                    "name": table,
                    "database": "warehouse",
                    "comment": None,
                    "owner": "",
                },
                "columns": {
                    column: {"name": column, "index": index, "type": data_type, "comment": None}
                    for index, (column, data_type, _) in enumerate(found, start=1)
                },
                "stats": stats,
            }
    return catalog


def _literal(content: Any) -> str:
    """JSON that can stand in a script of a page, whatever its texts hold."""
    return json.dumps(content, default=str).replace("<", "\\u003c")
