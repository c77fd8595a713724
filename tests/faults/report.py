"""``python -m tests.faults.report RESULTS.xml …``: the table of docs/reliability.md.

It counts what pytest wrote with ``--junitxml``.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


def results(files: list[Path]) -> dict[str, Counter[str]]:
    """Per test, how many of its cases passed, failed and were skipped."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for file in files:
        for case in ElementTree.parse(file).iter("testcase"):
            kinds = {child.tag for child in case}
            fate = "failed" if kinds & {"failure", "error"} else "passed"
            found[case.get("name", "").split("[")[0]][
                "skipped" if "skipped" in kinds else fate
            ] += 1
    return found


def table(found: dict[str, Counter[str]]) -> str:
    """A row per test: its name is the fault, and passing means that nothing was lost."""
    lines = ["| fault | tried | lost |", "|---|---:|---:|"]
    for name, counts in sorted(found.items()):
        tried = counts["passed"] + counts["failed"]
        if tried:
            fault = name.removeprefix("test_").replace("_", " ")
            lines.append(f"| {fault} | {tried} | {counts['failed']} |")
    return "\n".join(lines)


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    made = table(results([Path(name) for name in sys.argv[1:]]))
    PAGE.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
