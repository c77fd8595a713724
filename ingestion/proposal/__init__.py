"""A new file → a proposed block of registry.yml; here alone anything is guessed."""

from ingestion.proposal.block import propose

__all__ = ["propose"]
