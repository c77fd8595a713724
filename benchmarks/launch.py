"""`python -I -S launch.py USAGE COMMAND…`: run a command and write what it took to a file, as JSON.

A process of its own between the benchmark and what it measures: the kernel counts into the peak
memory of a new program what its parent held when it was started. This one holds next to nothing.
"""

import json
import os
import sys
import time

usage_file, *command = sys.argv[1:]
started = time.monotonic()
try:
    process = os.posix_spawnp(command[0], command, os.environ)
except OSError as error:
    sys.exit(f"{command[0]}: {error.strerror}")
# The usage of this child and of the processes that it waited for.
_, status, usage = os.wait4(process, 0)
seconds = time.monotonic() - started
with open(usage_file, "w", encoding="utf-8") as file:
    json.dump(
        {
            "exit_code": os.waitstatus_to_exitcode(status),
            "seconds": seconds,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            # Linux counts in kilobytes.
            "peak_mb": usage.ru_maxrss / 1024,
        },
        file,
    )
