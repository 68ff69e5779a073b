"""What a mail's HTML asks of the program that shows it, by the names caniemail gives to features.

What these names do not cover comes out in words: "attribute class", "property color".
"""

import re
from collections.abc import Collection, Iterable, Iterator
from html.parser import HTMLParser
from typing import Any, Final

import tinycss2

#: Elements that caniemail tests together.
_TOGETHER: Final = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "html-lists"),
    **dict.fromkeys(("table", "tbody", "thead", "tfoot", "tr", "td", "th"), "html-table"),
    **dict.fromkeys(("article", "aside", "details", "figcaption", "figure", "footer"), "html-semantics"),
    **dict.fromkeys(("header", "main", "mark", "nav", "section", "summary", "time"), "html-semantics"),
}
#: Properties that stand for all that begin as they do: "margin-top".
_FAMILIES: Final = ("margin", "padding", "border", "outline")
#: Words of a style sheet with a feature of their own.
_WORDS: Final = {
    **{("display", word): f"css-display-{word}" for word in ("none", "flex", "grid")},
    **dict.fromkeys((("width", "fit-content"), ("width", "min-content")), "css-intrinsic-size"),
}
_ANYWHERE: Final = {"system-ui": "css-sytem-ui", "initial": "css-unit-initial"}
#: What selectors are made of, in their text with the insides of brackets taken out.
_SELECTORS: Final = {
    "type": re.compile(r"(?:^|[\s>+~,(])[A-Za-z]"),
    "class": re.compile(r"\.[\w-]"),
    "id": re.compile(r"#[\w-]"),
    "attribute": re.compile(r"\["),
    "universal": re.compile(r"\*"),
    "grouping": re.compile(r","),
    "chaining": re.compile(r"[\w\])-][.#\[]"),
    "descendant": re.compile(r"[^\s>+~,]\s+[^\s>+~,]"),
    "child": re.compile(r">"),
    "adjacent-sibling": re.compile(r"\+"),
    "general-sibling": re.compile(r"~"),
}
#: At-rules that hold rules; the others hold descriptors.
_WITH_RULES: Final = ("media", "supports")
_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_PSEUDO: Final = re.compile(r"(::?)([A-Za-z-]+)")


class Features(HTMLParser):
    """Reads HTML and collects the names of what it uses, of those known and in words."""

    def __init__(self, html: str, known: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._known, self._in_style = known, False
        self.found: set[str] = set()
        self.feed(html)
        self.close()

    def handle_decl(self, decl: str) -> None:
        """A document type."""
        self._add(f"html-{decl.split()[0].lower()}", f"declaration {decl}")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - the parser's signature
        """A comment; what stands in a conditional one is for Word alone."""
        self._add("html-comments", "comment")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element with its attributes."""
        values = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        named = f"html-meta-{values['name']}" if tag == "meta" and "name" in values else f"html-{tag}"
        self._add(_TOGETHER.get(tag, named), f"element {tag}")
        for name, value in values.items():
            if name == "style":
                self._declarations(_parsed(value))
            self._add("" if name == "style" else f"html-{name}", f"attribute {name}")
        self._link(values.get("href", ""))
        self._picture(values.get("src", ""))

    def handle_data(self, data: str) -> None:
        """Text, which is CSS in a style element."""
        if self._in_style:
            self._rules(tinycss2.parse_stylesheet(data))
            self._in_style = False

    def _add(self, name: str, words: str) -> None:
        self.found.add(name if name in self._known else words)

    def _link(self, href: str) -> None:
        if href.startswith("#"):
            self._add("html-anchor-links", "links within the mail")
        elif href.startswith("mailto:"):
            self._add("html-mailto-links", "mailto links")

    def _picture(self, src: str) -> None:
        if src.startswith("data:"):
            self._add("image-base64", "pictures in data: URLs")
        elif src.startswith(("https:", "http:")):
            self._add("", "remote pictures")

    def _rules(self, rules: Iterable[Any]) -> None:
        for rule in rules:
            if rule.type == "qualified-rule":
                self._selector(rule.prelude)
                self._declarations(_parsed(rule.content))
            elif rule.type == "at-rule":
                self._at_rule(rule)
            elif rule.type == "comment":
                self._add("css-comments", "comments of a style sheet")
            elif rule.type == "error":
                self._add("", f"broken CSS ({rule.message})")

    def _at_rule(self, rule: Any) -> None:
        name = f"css-at-{rule.lower_at_keyword}"
        self._add(name, f"@{rule.lower_at_keyword}")
        for token in _flat(rule.prelude):
            special = f"{name}-{getattr(token, 'lower_value', '')}"
            if token.type == "ident" and special in self._known:
                self.found.add(special)
        if rule.lower_at_keyword in _WITH_RULES and rule.content is not None:
            self._rules(tinycss2.parse_rule_list(rule.content))

    def _declarations(self, nodes: Iterable[Any]) -> None:
        for node in nodes:
            if node.type == "declaration":
                self._property(node)
                if node.important:
                    self._add("css-important", "!important")
                for token in _flat(node.value):
                    self._value(node.lower_name, token)
            elif node.type == "error":
                self._add("", f"broken CSS ({node.message})")

    def _property(self, node: Any) -> None:
        name = node.lower_name
        words = [token for token in node.value if token.type != "whitespace"]
        if len(words) == 1 and (name, getattr(words[0], "lower_value", "")) in _WORDS:
            return  # its value has a feature of its own
        family = next((one for one in _FAMILIES if name.startswith(f"{one}-")), name)
        exact = f"css-{name}" in self._known
        self._add(f"css-{name if exact else family}", f"property {name}")

    def _value(self, name: str, token: Any) -> None:
        if token.type == "dimension":
            self._add(f"css-unit-{token.lower_unit}", f"unit {token.lower_unit}")
        elif token.type == "percentage":
            self._add("css-unit-percent", "unit %")
        elif token.type == "function":
            self._function(token.lower_name)
        elif token.type == "ident":
            word = token.lower_value
            special = _WORDS.get((name, word)) or _ANYWHERE.get(word)
            if special:
                self._add(special, f"{name}: {word}")

    def _function(self, name: str) -> None:
        names = (f"css-function-{name}", f"css-{name}", f"css-unit-{name}")
        own = "css-variables" if name == "var" else next((one for one in names if one in self._known), "")
        self._add(own, f"{name}()")

    def _selector(self, prelude: Iterable[Any]) -> None:
        written = tinycss2.serialize([token for token in prelude if token.type != "comment"]).strip()
        bare = _BRACKETS.sub("[]", written)
        for name, pattern in _SELECTORS.items():
            if pattern.search(bare):
                self._add(f"css-selector-{name}", f"{name} selector")
        for colons, name in _PSEUDO.findall(bare):
            kind = "class" if colons == ":" else "element"
            self._add(f"css-pseudo-{kind}-{name.lower()}", f"{colons}{name}")


def _parsed(declarations: Any) -> Any:
    return tinycss2.parse_blocks_contents(declarations, skip_whitespace=True, skip_comments=True)


def _flat(tokens: Iterable[Any]) -> Iterator[Any]:
    """The tokens, and those within functions and brackets."""
    for token in tokens:
        yield token
        yield from _flat(getattr(token, "arguments", None) or getattr(token, "content", None) or ())
