"""The order of the night, the release, the configuration and the command line."""
