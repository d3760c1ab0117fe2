# Find a Python that can start the project, or say how to get one. Sourced by script/demo, test, manage and bench.

fits() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if command -v "$python" >/dev/null 2>&1 && fits "$python"; then return 0; fi
    done
    return 1
}

install_python() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then
        become=''
    elif command -v sudo >/dev/null 2>&1; then
        if [ -t 0 ]; then become=sudo; else become='sudo -n'; fi
    else
        return 1
    fi
    echo 'Installing Python 3 and its venv module…' >&2
    $become apt-get update -q >/dev/null &&
        $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
            python3 python3-venv >/dev/null
}

if ! find_python && ! { install_python && find_python; }; then
    echo 'Python 3.11 or newer with its venv module is needed. Install it, then start again:' >&2
    echo '    sudo apt-get install python3 python3-venv' >&2
    exit 1
fi
