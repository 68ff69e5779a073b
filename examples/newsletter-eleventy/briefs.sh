#!/bin/sh
# Today's issue of an edition, as a page of the site and as data: `sh briefs.sh [EDITION]`.
# Built again it costs nothing: what a model answered is kept in Briefer's archive.
set -e
edition=${1:-../morning/morning.toml}

# Exit code 3: the issue is there, and some articles gave no brief.
issue() { briefer digest "$edition" --engine extractive --quiet "$@" || [ $? -eq 3 ]; }

mkdir -p content/_data
issue -f json > content/_data/digest.json
day=$(node -p 'JSON.parse(require("fs").readFileSync("content/_data/digest.json")).date')
issue -f md --front-matter yaml --out "content/issues/$day"
