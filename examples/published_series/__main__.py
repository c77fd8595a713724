"""``python -m examples.published_series``: write the committed files again."""

from pathlib import Path

from examples.published_series import defects
from examples.published_series.deliveries import write
from examples.published_series.targets import PATIENTS, SEED


def main() -> None:
    """Rewrite the extracts, and the list of their defects, beside this module."""
    folder = Path(__file__).parent
    for path in [*write(folder, PATIENTS, SEED), defects.write(folder)]:
        print(path.name)


if __name__ == "__main__":
    main()
