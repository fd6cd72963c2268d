#!/usr/bin/env bash
# Installs what is missing and builds the site: the guide, the results and the reference.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/usage.sh

(($# == 0)) || usage
install_packages "${docs_packages[@]}"
python3 docs/site/build.py build/docs
echo "build/docs/html/index.html"
