"""Tables of plain text: on a terminal and in a pipe alike, one line a row."""

from collections.abc import Iterable, Sequence

#: Longer titles are cut, so that the columns after them stay in sight.
TITLE_CELLS = 36
#: What stands in the place of a sum of money that is not known.
UNKNOWN = "price unknown"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the rows under their heads, columns aligned; the last column is as wide as it likes."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(_cells(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _cells(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def aligned(lines: Sequence[Sequence[str]], *, words: int = 1) -> list[list[str]]:
    """Return the lines with all columns but the first `words` set to the right, for figures."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        [
            *line[:words],
            *(cell.rjust(width) for cell, width in zip(line[words:], widths[words:], strict=True)),
        ]
        for line in lines
    ]


def cut(text: str, cells: int = TITLE_CELLS) -> str:
    """Return a text of at most so many cells of a terminal; Chinese takes two a character."""
    if _cells(text) <= cells:
        return text
    while _cells(text) > cells - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
