#!/usr/bin/env bash
# Sets up what `make` needs on a bare machine: the system's libraries, uv, and .venv from the lock.
# Asks before it installs system packages, unless CI or USHER_YES is set.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '  %s\n' "$*"; }
sure() {
  [ -n "${CI:-}${USHER_YES:-}" ] && return 0
  [ -t 0 ] || return 0
  read -r -p "  $1 [Y/n] " answer
  [ -z "$answer" ] || [ "$answer" = y ] || [ "$answer" = Y ]
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

DEBIAN="libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 libxkbcommon-x11-0 \
libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 \
libxcb-shape0 libxcb-xkb1 libzbar0 fonts-dejavu-core"
# The public pages are tested in a browser.
[ "${1:-}" != tests ] || DEBIAN="$DEBIAN chromium"

present() { # a package, or its renamed successor (Debian 13 and Ubuntu 24.04 add t64)
  [[ "$(dpkg-query -W -f='${Status}\n' "$1" "$1t64" 2>/dev/null)" == *'ok installed'* ]]
}

if command -v apt-get >/dev/null; then
  missing=""
  for name in $DEBIAN; do present "$name" || missing="$missing $name"; done
  if [ -n "$missing" ]; then
    say "system libraries missing:$missing"
    if sure "install them with apt-get?"; then
      as_root apt-get update -qq
      wanted=""
      for name in $missing; do
        if apt-cache show "$name" >/dev/null 2>&1; then wanted="$wanted $name"; else wanted="$wanted ${name}t64"; fi
      done
      # shellcheck disable=SC2086
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
    else
      say "going on without them; 'usher doctor' will tell what does not work"
    fi
  fi
elif command -v brew >/dev/null; then
  brew list zbar >/dev/null 2>&1 || { sure "install zbar with brew?" && brew install zbar; }
else
  say "no apt-get or brew here: install zbar and Qt's libraries yourself; 'usher doctor' will tell what is missing"
fi

if command -v uv >/dev/null; then uv=uv
else
  python3 -m venv .venv-uv 2>/dev/null || { say "python3-venv is needed: apt-get install python3-venv"; exit 1; }
  [ -x .venv-uv/bin/uv ] || { say "installing uv with pip"; .venv-uv/bin/pip install -q uv; }
  uv=.venv-uv/bin/uv
fi

[ -x .venv/bin/python ] || { say "making .venv"; $uv venv -q --python '>=3.11,<3.14' .venv; }
stamp=.venv/.lock-stamp
if ! cmp -s requirements.lock "$stamp" || [ pyproject.toml -nt "$stamp" ]; then
  say "installing the locked dependencies"
  VIRTUAL_ENV=.venv $uv pip sync -q --compile-bytecode --require-hashes requirements.lock
  VIRTUAL_ENV=.venv $uv pip install -q --no-deps --no-build-isolation -e .
  cp requirements.lock "$stamp"
fi
# Compiled once here, so that every program starts fast, also where Python may write nothing.
.venv/bin/python -m compileall -q domain server kiosk packaging
