"""Processes that work beside this one, and none where the machine has one core only."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from analysis.errors import AnalysisError


class InThisProcess(Executor):
    """An executor that does at once, where it is asked, what it is given."""

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def processes(number: int) -> Iterator[Executor]:
    """An executor of so many processes, and of no more than there are cores; with one core, of
    none.

    Leaving it early, by an exception, ends them at once, whatever they do. Raises AnalysisError
    where one of them was killed.
    """
    if cores() == 1:
        yield InThisProcess()
        return
    # DuckDB has threads of its own: a forked process would hang on their locks.
    context = multiprocessing.get_context("spawn")
    lifeline, held = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        min(number, cores()), mp_context=context, initializer=_begin, initargs=(lifeline,)
    )
    try:
        yield pool
    except BaseException as error:
        # Who waits to hear what is wrong does not wait for what they are loading.
        held.close()
        if isinstance(error, BrokenProcessPool):
            raise AnalysisError(
                "a process that worked beside this one was ended from outside, perhaps for want of "
                "memory; nothing is wrong with the data, run it again"
            ) from None
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        held.close()
        lifeline.close()


def collect_rarely() -> None:
    """Let Python look for unused cycles rarely, in a process that lives for a night: each time it
    goes through all that the libraries have made, which is a tenth of the work of a small night."""
    gc.set_threshold(100_000, 20, 20)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(lifeline: Connection) -> None:
    """End when the parent lets go of the lifeline, or ends itself, however it ends; and leave it
    to the parent to hear signals."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    collect_rarely()
    # Each core has its process: threads of linear algebra besides would wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What was loaded is taken apart when a process ends, for the better part of a second.
    atexit.register(os._exit, 0)


def _end_with(lifeline: Connection) -> None:
    # Nothing is ever sent: it ends where the parent's end is closed.
    with suppress(EOFError):
        lifeline.recv()
    os._exit(1)
