"""Example registries: synthetic patients only."""
