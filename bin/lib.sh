# What the scripts share: saying, stopping, and installing Debian's packages where that is allowed.

say() {
    printf '· %s\n' "$1"
}

stop() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

apt_line() {
    echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
}

may_apt() { # prints the prefix that makes it lawful: nothing for root, sudo for whoever needs no password
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] && return
    sudo -n true 2>/dev/null && echo "sudo -n"
}

apt_install() { # why, then packages
    why=$1
    shift
    prefix=$(may_apt) || stop "$why This line mends it, then start again:" "  $(apt_line "$@")"
    say "$why Installing $*"
    log=$(mktemp)
    # A list of packages that cannot be refreshed is no reason to stop: the install says whether the packages are there.
    $prefix apt-get update >"$log" 2>&1 || true
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 || {
        tail -n 20 "$log" >&2
        stop "apt-get could not install it. When it can, this line mends it:" "  $(apt_line "$@")"
    }
    rm -f "$log"
}
