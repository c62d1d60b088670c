#!/bin/bash
# Time `peerage template` against python3-jinja2 in one run; see README.md.   template.sh [COMMAND]
set -u
here=$(cd "$(dirname "$0")" && pwd)
command=${1:-${PEERAGE_BUILD:-$here/../../build}/peerage}
[ -x "$command" ] || { echo "no built command at $command; give its path"; exit 2; }
/usr/bin/python3 -c 'import jinja2' 2> /dev/null || { echo "the reference is missing: apt-get install python3-jinja2"; exit 2; }
PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 "$here/template/run.py" "$command"
