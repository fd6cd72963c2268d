#!/usr/bin/env bash
# Installs what is missing and builds the site: the guide, the results, the reference, and the page that learns in the
# browser where emscripten is there (as root it is installed).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/usage.sh

(($# == 0)) || usage
install_packages "${docs_packages[@]}"
((EUID != 0)) || install_packages "${page_packages[@]}"
page=()
code=0
docs/site/live/build.py build/page || code=$?
case $code in
0) page=(build/page/live.html) ;;
77) ;;
*) exit $code ;;
esac
python3 docs/site/build.py build/docs "${page[@]}"
echo "build/docs/html/index.html"
