"""What mail clients support: `python -m benchmarks.mail_clients > briefer/render/clients.toml`.

The data is caniemail's, in `caniemail.jsonl.gz` of the evaluation data: of each feature and client the newest
version that was tested.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks import data

#: The clients the mail is held against: (family, platform) in the data, and what we call them. The new
#: Outlook for Windows is the web's.
CLIENTS = {
    ("gmail", "desktop-webmail"): "Gmail, web",
    ("gmail", "ios"): "Gmail, iOS",
    ("gmail", "android"): "Gmail, Android",
    ("apple-mail", "macos"): "Apple Mail, macOS",
    ("apple-mail", "ios"): "Apple Mail, iOS",
    ("outlook", "windows"): "Outlook, Windows (classic)",
    ("outlook", "outlook-com"): "Outlook, web and new",
    ("outlook", "macos"): "Outlook, macOS",
    ("outlook", "ios"): "Outlook, iOS",
    ("outlook", "android"): "Outlook, Android",
    ("yahoo", "desktop-webmail"): "Yahoo, web",
    ("yahoo", "ios"): "Yahoo, iOS",
    ("yahoo", "android"): "Yahoo, Android",
    ("samsung-email", "android"): "Samsung Email",
    ("thunderbird", "macos"): "Thunderbird",
}
LEFT_OUT = {"_template", "amp", "bimi"}
HEAD = """\
# What mail clients support, as measured by caniemail (https://www.caniemail.com,
# https://github.com/hteumeuleu/caniemail). Made from its data by `python -m benchmarks.mail_clients`.
# A letter for each client, in their order: y yes, a partly, n no, u unknown, - not tested.
#
# caniemail is under this licence:
#
# MIT License
#
# Copyright (c) 2019 HTeuMeuLeu
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
# associated documentation files (the "Software"), to deal in the Software without restriction, including
# without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
# copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
# following conditions:
#
# The above copyright notice and this permission notice shall be included in all copies or substantial
# portions of the Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
# LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
# EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
# IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
# THE USE OR OTHER DEALINGS IN THE SOFTWARE.

"""


def table(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the table as TOML."""
    found: dict[str, dict[tuple[str, str], tuple[list[int], str]]] = defaultdict(dict)
    for record in records:
        client = (record["family"], record["platform"])
        tested = (_version(record["version"]), record["value"])
        known = found[record["feature"]].get(client)
        if client in CLIENTS and (known is None or tested[0] >= known[0]):
            found[record["feature"]][client] = tested
    rows = [
        f'{feature} = "{"".join(tested.get(client, ([], "-"))[1] for client in CLIENTS)}"'
        for feature, tested in sorted(found.items())
        if feature not in LEFT_OUT
    ]
    names = [f'    "{name}",' for name in CLIENTS.values()]
    return "\n".join([HEAD + "clients = [", *names, "]", "", "[features]", *rows, ""])


def _version(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def main() -> None:
    """Print the table."""
    print(table(data.records("caniemail")), end="")


if __name__ == "__main__":
    main()
