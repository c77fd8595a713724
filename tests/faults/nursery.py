"""A process that has loaded the large libraries and forks one child per run of the command line.

Each run is a process of its own, to be killed like any other, without paying for the imports of
each. Orders come as JSON lines on standard input; the answers are the child's process number and,
when it has ended, how. A ``hook`` of `tests.faults.hooks` damages the child before it starts.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import nullcontext
from typing import Any

from analysis.processes import InThisProcess


def main() -> None:
    load_everything()
    # What is there stays shared with the children.
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(order)
        _answer({"process": child})
        _, status = os.waitpid(child, 0)
        _answer({"code": os.waitstatus_to_exitcode(status)})


def load_everything() -> None:
    """What a whole night loads."""
    import dbt.cli.main  # noqa: F401
    import lifelines  # noqa: F401

    import tests.faults.hooks  # noqa: F401
    from expectations import run
    from orchestration import refresh
    from reporting import figures

    run.load()
    figures.load()
    # Another process would load all of this once more.
    refresh.processes = lambda _: nullcontext(InThisProcess())


def _run(order: dict[str, Any]) -> None:
    from orchestration import cli
    from tests.faults import hooks

    out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(order["folder"])
    sys.argv = ["crlm", *order["arguments"]]
    try:
        if order["hook"]:
            getattr(hooks, order["hook"])(**order["hook_arguments"])
        cli.leave()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)


def _answer(content: dict[str, Any]) -> None:
    print(json.dumps(content), flush=True)


if __name__ == "__main__":
    main()
