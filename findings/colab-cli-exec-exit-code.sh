#!/usr/bin/env bash
# google-colab-cli 0.7.5: `colab exec` succeeds whatever the code does, and its `--timeout` ends nothing.
#
# Expected: a script that uses `colab exec` sees by the exit code that the code raised, as with `colab run`, and `--timeout 1` ends a
#           call whose code takes longer, with an error, as "Timeout in seconds for code execution" says.
# Instead:  the exit code is 0 with the traceback on stderr, so `colab exec -f train.py && colab download …` goes on. After the
#           timeout the call waits on, now without a pause between two looks at its messages, until the code has ended, and exits 0.
# Seen:     code that raises: exit 0, ValueError: no
#           code of 6 s with --timeout 1: exit 0, done
set -euo pipefail

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet google-colab-cli==0.7.5 jupyter-server==2.21.1 ipykernel==7.4.0
export HOME="$folder/home"
mkdir -p "$HOME/.config/colab-cli" "$folder/root"
echo '{"enable_update_check": false}' >"$HOME/.config/colab-cli/settings.json"

# `colab exec` makes /content and enters it first: the kernel takes a folder of its own for that, so that none is left on this machine.
startup="$HOME/.ipython/profile_default/startup"
mkdir -p "$startup" "$folder/root/content"
cat >"$startup/content.py" <<END
import os
def elsewhere(ask):
    return lambda path, *rest, **named: ask("$folder/root/content" if path == "/content" else path, *rest, **named)
os.makedirs, os.chdir = elsewhere(os.makedirs), elsewhere(os.chdir)
END

# A Jupyter server in the place of the machine of session `a`, whose address and token are taken to be fresh: no service is asked.
port=$("$folder/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/python" -m jupyter_server --no-browser --allow-root --ServerApp.ip=127.0.0.1 --ServerApp.port="$port" \
  --ServerApp.root_dir="$folder/root" --ServerApp.disable_check_xsrf=True --IdentityProvider.token= >"$folder/log" 2>&1 & server=$!
until "$folder/venv/bin/python" -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/api')" 2>/dev/null; do sleep 0.2; done
echo '{"a": {"name": "a", "token": "", "endpoint": "e", "url": "http://127.0.0.1:'"$port"'", "token_expires_at": "2999-01-01T00:00:00Z"}}' \
  >"$HOME/.config/colab-cli/sessions.json"

colab() { NO_COLOR=1 "$folder/venv/bin/colab" "$@"; }
raised=0; echo 'raise ValueError("no")' | colab exec -s a >"$folder/out" 2>"$folder/err" || raised=$?
echo "code that raises: exit $raised, $(sed 's/\x1b\[[0-9;]*m//g' "$folder/err" | tail -n 1)"
late=0; echo 'import time; time.sleep(6); print("done")' | colab exec -s a --timeout 1 >"$folder/out" 2>"$folder/err" || late=$?
echo "code of 6 s with --timeout 1: exit $late, $(tail -n 1 "$folder/out")"
[ "$raised" = 0 ] && [ "$late" = 0 ] && grep -q '^done$' "$folder/out" || { echo 'The behaviour has changed.'; exit 1; }
