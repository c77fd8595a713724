"""The night on a clock: by Dagster, by systemd or by cron. None of them is needed to run it.

Only `assets` and `location` load Dagster; `crlm refresh` never does.
"""
