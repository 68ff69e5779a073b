"""Write the generated pages: `python -m tests.docs`."""

from pathlib import Path

from tests.docs.reference import pages

for path, text in pages().items():
    target = Path(__file__).parents[2] / "docs" / path
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
