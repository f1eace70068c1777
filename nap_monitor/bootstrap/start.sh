#!/bin/sh
# Finds a Python that NAP Monitor can run on, and hands the work to nap_monitor.bootstrap.
# PYTHON=/path/to/python names one. Otherwise the first that fits is taken, one that can make a virtual environment by
# itself before one that first needs a system package for it.
set -u

probe='
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.stdout.write("is Python %d.%d" % sys.version_info[:2])
    sys.exit(0)
for name in ("ctypes", "sqlite3", "ssl", "zlib"):
    try:
        __import__(name)
    except ImportError:
        sys.stdout.write("was built without " + name)
        sys.exit(0)
try:
    import ensurepip, venv
    sys.stdout.write("fits")
except ImportError:
    sys.stdout.write("fits without venv")
'

seen=""
second=""
found=""
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 /usr/bin/python3 /usr/local/bin/python3}; do
    path=$(command -v "$name" 2>/dev/null) || continue
    answer=$("$path" -c "$probe" 2>/dev/null) || continue
    case "$answer" in
        "fits") found=$path; break ;;
        "fits without venv") [ -n "$second" ] || second=$path ;;
        *) seen="${seen:+$seen, }$path $answer" ;;
    esac
done
found=${found:-$second}

if [ -z "$found" ]; then
    echo "NAP Monitor needs Python 3.11, 3.12 or 3.13 with sqlite3 and ssl (here: ${seen:-none found}):" \
        "install one (apt-get install python3; dnf install python3.12; brew install python@3.12)" \
        "or name it (make run PYTHON=/path/to/python3.12)." >&2
    exit 1
fi
exec "$found" -m nap_monitor.bootstrap "$@"
