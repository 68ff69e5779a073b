"""What `briefer digest --dry-run` shows: each story with what it would take, and the sums."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from briefer.cli.tables import UNKNOWN, aligned, cut, table

if TYPE_CHECKING:
    from briefer.estimate import Estimate, OpeningEstimate, StoryEstimate
    from briefer.write.forecast import Outlay
    from briefer.write.prices import Price


def shown(estimate: "Estimate") -> str:
    """Return the estimate for a reader: tables of plain text."""
    title = f"{estimate.title}, {estimate.date}: a dry run; no model was asked, and no issue is built"
    if not estimate.stories:
        return f"{title}\n\nNothing is to be written, and nothing costs anything."
    if estimate.engine == "extractive":
        costs = ["The embedded engine picks the sentences: no model is asked, nothing costs anything."]
    else:
        costs = [_sums(estimate), "\n".join([*_prices(estimate), *_cap(estimate)])]
    return "\n\n".join([title, _stories(estimate), *costs])


def _stories(estimate: "Estimate") -> str:
    """A row for each story; a column that would be empty is left out."""
    llm = estimate.engine == "llm"
    columns = {
        "STORY": [_title(story) for story in estimate.stories],
        "SECTION": [story.section for story in estimate.stories],
        "SOURCES": [str(story.sources) for story in estimate.stories],
        "PARTS": [str(story.parts or "") for story in estimate.stories],
        "PROMPT": [f"{story.prompt_tokens:,}" if llm else "" for story in estimate.stories],
        "ANSWERS": [_answers(story) if llm else "" for story in estimate.stories],
        "USD": [_usd(story.expected) if llm else "" for story in estimate.stories],
    }
    if opening := estimate.opening:
        told = (
            "Opening",
            "",
            "",
            "",
            f"{opening.prompt_tokens:,}",
            _answers(opening),
            _usd(opening.expected),
        )
        columns = {name: [*cells, cell] for (name, cells), cell in zip(columns.items(), told, strict=True)}
    filled = {name: cells for name, cells in columns.items() if any(cells)}
    words = sum(name in filled for name in ("STORY", "SECTION"))
    head, *rows = aligned([list(filled), *map(list, zip(*filled.values(), strict=True))], words=words)
    return table(head, rows)


def _title(story: "StoryEstimate") -> str:
    title = " ".join(story.title.split()) or story.url
    return cut(f"Update: {title}" if story.update else title)


def _answers(story: "StoryEstimate | OpeningEstimate") -> str:
    return "kept" if story.kept else f"{story.expected.completion_tokens:,}"


def _sums(estimate: "Estimate") -> str:
    measured = f"{estimate.measured_on} earlier briefs by this model"
    basis = measured if estimate.measured_on else "the briefs Briefer was tried with"
    rows = [
        ("least", estimate.least, "every brief valid at once, and short"),
        ("expected", estimate.expected, f"as {basis}"),
        ("most", estimate.most, "every repair turn, every answer as long as it may be"),
    ]
    lines = [["", "CALLS", "TOKENS IN", "TOKENS OUT", "USD"]]
    lines += [[name, *_figures(outlay)] for name, outlay, _ in rows]
    head, *body = aligned(lines)
    return table([*head, ""], [[*line, why] for line, (_, _, why) in zip(body, rows, strict=True)])


def _figures(outlay: "Outlay") -> list[str]:
    return [
        f"{outlay.calls:,.0f}",
        f"{outlay.prompt_tokens:,}",
        f"{outlay.completion_tokens:,}",
        _usd(outlay),
    ]


def _usd(outlay: "Outlay") -> str:
    return UNKNOWN if outlay.usd is None else f"{outlay.usd:.4f}"


def _prices(estimate: "Estimate") -> list[str]:
    """What the sums rest on: prices, and what is at hand already."""
    known = {price.model: price for price in estimate.prices}
    lines = [_price(name, known.get(name)) for name in estimate.models]
    if any(price.cached_input < price.input for price in estimate.prices):
        lines.append("Tokens the server has cached cost less; none is taken to be cached.")
    if kept := sum(story.kept for story in estimate.stories):
        lines.append(f"The answers for {kept} of {len(estimate.stories)} stories are kept and cost nothing.")
    return lines


def _price(model: str, price: "Price | None") -> str:
    if price is None:
        return f"{model}: price unknown; name it in a file of prices (--prices FILE)."
    when = f", as of {price.as_of}" if price.as_of else ""
    return f"{model}: ${price.input:g} a million tokens in, ${price.output:g} out{when} ({price.file})."


def _cap(estimate: "Estimate") -> Sequence[str]:
    cap, total = estimate.cap, len(estimate.stories)
    if cap is None:
        return ()
    name = f"The cap of ${cap.usd:g}"
    if cap.holds == "most":
        return (f"{name} has room for all of it, even at the most.",)
    fewest = f"after {cap.fewest_stories} of {total} stories"
    if cap.holds == "expected":
        return (f"{name} has room for what is expected; at the earliest it stops the run {fewest}.",)
    expected = f"after {cap.expected_stories} of {total} stories"
    return (f"{name} is expected to stop the run {expected}, at the earliest after {cap.fewest_stories}.",)
