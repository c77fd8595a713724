"""The look of every figure, and a figure as SVG for a page or a file.

Everything is drawn in one ink color on a transparent ground, so that the page can give the ink the
color of its own text.
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from matplotlib.figure import Figure

INK = "#1b1b1b"
# Okabe and Ito: told apart with any color vision; the line styles tell them apart without color.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
LINE_STYLES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))
WIDTH_INCHES = 7.2
STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica", "sans-serif"],
    "font.size": 9.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "survival report",
    "pdf.fonttype": 42,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def svg_text(figure: Figure, *, standalone: bool, prefix: str = "", title: str = "") -> str:
    """A figure as SVG with its text as text.

    Standalone, it is an SVG file, with the namespace such a file must name and a title for readers
    who hear it. Otherwise it is an
    element for an HTML page: no namespace, no address at all, the ink is the page's text color, and
    `prefix` keeps its ids apart from those of other figures.
    """
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        figure.savefig(
            buffer,
            format="svg",
            transparent=True,
            metadata={"Creator": None, "Date": None, "Format": None, "Type": None},
        )
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    # This rule would reach beyond the figure when it stands inside a page.
    text = re.sub(r"<style[^>]*>\*\{[^}]*\}</style>", "", text)
    text = text.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)
    text = text.replace("xlink:href", "href")
    text = re.sub(r'\s+xmlns:xlink="[^"]*"', "", text)
    if not standalone:
        return inside_page(text, prefix)
    if not title:
        return text
    named = text.replace("<svg ", '<svg role="img" ', 1)
    return named.replace(">", f">\n <title>{escape(title)}</title>", 1)


# Processes that draw.
DRAWERS = 2


def load_in(drawers: Executor) -> None:
    """Let each of the processes that draw load what it needs."""
    for _ in range(DRAWERS):
        drawers.submit(load)


def load() -> None:
    """Load what draws, so that it is there when the first figure comes."""
    import matplotlib.backends.backend_agg
    import matplotlib.backends.backend_pdf
    import matplotlib.backends.backend_svg  # noqa: F401


def drawn_in_page(draw: Callable[..., Figure | None], *data: Any, prefix: str) -> str | None:
    """Draw a figure, as an element of a page; None where there is nothing to draw."""
    figure = draw(*data)
    return None if figure is None else svg_text(figure, standalone=False, prefix=prefix)


def inside_page(text: str, prefix: str) -> str:
    """A standalone SVG as an element of a page, as `svg_text` makes it, not drawn again."""
    # The page has the title in its caption.
    text = re.sub(r"\s*<title>.*?</title>", "", text.replace(' role="img"', "", 1), count=1)
    text = re.sub(r'\s+xmlns="[^"]*"', "", text)
    text = text.replace(INK, "currentColor")
    for number, color in enumerate(COLORS, start=1):
        # The page lightens the series colors on a dark ground.
        text = text.replace(color, f"var(--series-{number}, {color})")
    text = re.sub(r'\bid="', f'id="{prefix}-', text)
    text = re.sub(r'href="#', f'href="#{prefix}-', text)
    return text.replace("url(#", f"url(#{prefix}-")
