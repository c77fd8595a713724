"""Thresholds of registry.yml (`quality:`). A warning never stops a release, an error always."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class QualitySettings(BaseModel):
    """Above or below these shares a check warns, in percent of its denominator; and for whom the
    quality report is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unreadable_percent: float = Field(5, ge=0, le=100, description="texts that no rule could read")
    completeness_percent: float = Field(80, ge=0, le=100, description="pathology fields known")
    quarantined_percent: float = Field(0, ge=0, le=100, description="rows that could not be taken")
    fell_points: float = Field(10, gt=0, le=100, description="completeness beside the last night")
    rules: dict[str, float] = Field({}, description="by rule about a case, over its own threshold")
    report: Literal["internal", "external"] = "internal"
