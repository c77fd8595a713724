"""What dbt says, without what the database quotes of the data."""

from __future__ import annotations

import pytest

from orchestration.errors import without_values


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "Runtime Error in model x\n  Conversion Error: Could not convert string 'it''s 9' to "
            "INT32",
            "Runtime Error in model x\n  Conversion Error: Could not convert string '…' to INT32",
        ),
        (
            'Constraint Error: Duplicate key "patient_id: 4711" violates primary key constraint.',
            "Constraint Error: Duplicate key '…' violates primary key constraint.",
        ),
        (
            'Binder Error: Referenced column "patient" not found in FROM clause!',
            'Binder Error: Referenced column "patient" not found in FROM clause!',
        ),
        ("Compilation Error\n  'x' is undefined", "Compilation Error\n  'x' is undefined"),
        ("no reason", "no reason"),
    ],
)
def test_quoted_values_are_left_out(said, kept):
    assert without_values(said) == kept
