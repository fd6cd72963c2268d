# usage: what the comment at the head of the script that runs says of it; exits 2.
usage() {
    {
        echo "usage of ${0##*/}:"
        sed -n '2,/^[^#]/s/^# //p' "$0"
    } >&2
    exit 2
}
