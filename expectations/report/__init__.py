"""The quality report: one HTML file that the registry manager opens in the morning.

It says what the night brought and changed, what is missing and whose it is, whether that gets
better, and what to ask which laboratory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from concurrent.futures import Executor

    import duckdb

REPORT = "quality_report.html"


@dataclass(frozen=True)
class Night:
    """The run that the report is of, and the release that it follows, if there is one."""

    run_id: str
    last_release: str | None


def render_quality_report(
    con: duckdb.DuckDBPyConnection,
    folder: str | Path,
    night: Night,
    *,
    registry_name: str,
    notice: str | None = None,
    remarks: Sequence[str] = (),
    data_as_of: datetime.date | str | None = None,
    external: bool = False,
    beside: Executor,
) -> Path:
    """Write quality_report.html from the schemas `quality` and `marts`, and from `raw.extracts`.

    `notice` is shown as a banner, `remarks` are what a reader has to know of the deliveries. No
    text of a patient is in the page. An `external` one may leave the hospital: it has no worklist,
    no file name and no remark, and small counts are protected as `Counts` says. `beside` draws the
    figures.
    """
    # Templates and figures are loaded when a report is made, not with the commands.
    from expectations.report.content import content_of
    from expectations.report.counts import Counts
    from expectations.report.figures import heat_map, trends
    from reporting.figures import drawn_in_page
    from reporting.page import environment

    counts = Counts(external)
    content = content_of(con, night, external=external)
    drawing = {
        name: beside.submit(drawn_in_page, draw, rows, counts, prefix=name.replace("_", "-"))
        for name, draw, rows in (
            ("heat_map", heat_map, content.completeness_by_period),
            ("trends", trends, content.trends),
        )
    }
    html = (
        environment(Path(__file__).parent / "templates")
        .get_template("quality_report.html.j2")
        .render(
            content=content,
            figures={name: svg for name, future in drawing.items() if (svg := future.result())},
            counts=counts,
            external=external,
            registry_name=registry_name,
            notice=notice,
            remarks=[] if external else list(remarks),
            data_as_of=None if data_as_of is None else str(data_as_of),
        )
    )
    report = Path(folder) / REPORT
    report.write_text(html, encoding="utf-8")
    return report
