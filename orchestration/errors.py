"""Errors of the night, each with the exit code that the command line returns."""


class RefreshError(Exception):
    """A stage or the gate failed; the last release stands."""

    exit_code = 1


class ConfigurationError(RefreshError):
    """registry.yml, or the way a command was called, is wrong."""

    exit_code = 2


class LockedError(RefreshError):
    """Another refresh is running."""

    exit_code = 3


class BusyError(RefreshError):
    """Another program has the warehouse open."""


class Stopped(BaseException):
    """The run was asked to stop (SIGTERM). No error: nothing that catches those may swallow it."""

    # What a shell says of a process that a SIGTERM ended.
    exit_code = 143
