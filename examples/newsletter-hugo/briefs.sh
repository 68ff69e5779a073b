#!/bin/sh
# Today's issue of an edition, as a page, as data and as a fragment: `sh briefs.sh [EDITION]`.
# Built again it costs nothing: what a model answered is kept in Briefer's archive.
set -e
edition=${1:-../morning/morning.toml}

# Exit code 3: the issue is there, and some articles gave no brief.
issue() { briefer digest "$edition" --engine extractive --quiet "$@" || [ $? -eq 3 ]; }

mkdir -p data assets
issue -f json > data/digest.json
day=$(sed -n 's/^  "date": "\(.*\)",$/\1/p' data/digest.json)
issue -f md --front-matter toml --out "content/issues/$day"
issue -f html --fragment --class-prefix bf- --heading-level 1 > assets/newest.html
