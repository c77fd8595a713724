"""``python -m examples.published_series``: write the three committed files again."""

from pathlib import Path

from examples.published_series.cohort import draw_cohort
from examples.published_series.extracts import build
from examples.published_series.targets import PATIENTS, SEED


def main() -> None:
    """Rewrite the extracts beside this module."""
    for path in build(draw_cohort(PATIENTS, SEED), SEED).write(Path(__file__).parent):
        print(path.name)


if __name__ == "__main__":
    main()
