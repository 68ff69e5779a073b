"""A newsletter page from Jinja2 templates of one's own: `python build.py [EDITION]` writes public/index.html.

What the templates ask for is kept, so building again fetches nothing and asks no model; with --offline it is
certain that nobody is asked.
"""

import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

import briefer
from briefer.jinja import configure

HERE = Path(__file__).parent


def main(arguments: list[str]) -> None:
    """Build the page of an edition, by default of the sample beside this example."""
    offline = "--offline" in arguments
    named = [one for one in arguments if one != "--offline"]
    edition = Path(named[0]) if named else HERE.parent / "morning/morning.toml"

    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    configure(environment, briefer.Settings.load(engine="extractive"), cached_only=offline)

    out = HERE / "public"
    out.mkdir(exist_ok=True)
    page = environment.get_template("newsletter.html").render(edition=edition)
    (out / "index.html").write_text(page, encoding="utf-8")
    print(out / "index.html")


if __name__ == "__main__":
    main(sys.argv[1:])
