"""``python -m examples.generate``: the example registry for any number of synthetic patients."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from examples.published_series.deliveries import write, write_nights
from examples.published_series.targets import PATIENTS, SEED


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the three extracts; the mix of patients and of mess is that of the example."""
    parser = argparse.ArgumentParser(prog="python -m examples.generate", description=__doc__)
    parser.add_argument(
        "--patients", type=_positive, default=PATIENTS, help="size of the cohort (%(default)s)"
    )
    parser.add_argument("--seed", type=_natural, default=SEED, help="(%(default)s)")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument(
        "--nights", type=_positive, help="a folder for each of so many nights, a month apart"
    )
    parser.add_argument(
        "--delivery",
        choices=("snapshot", "delta"),
        default="snapshot",
        help="what a night brings: everything, or what is new and changed (%(default)s)",
    )
    options = parser.parse_args(arguments)
    if options.nights is None:
        paths = write(options.out, options.patients, options.seed)
    else:
        paths = write_nights(
            options.out, options.patients, options.seed, options.nights, options.delivery
        )
    for path in paths:
        print(path)


def _positive(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {text}")
    return int(text)


def _natural(text: str) -> int:
    if int(text) < 0:
        raise argparse.ArgumentTypeError(f"expected 0 or more, found {text}")
    return int(text)


if __name__ == "__main__":
    main()
