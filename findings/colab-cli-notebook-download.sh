#!/usr/bin/env bash
# google-colab-cli 0.7.5: `colab download` of a notebook writes Python's `repr` of it, which is no JSON.
#
# Expected: the bytes of the file, as for every other file: a notebook that was uploaded comes back as it went.
# Instead:  Jupyter's contents API gives a notebook as an object where it gives other files as text or base64, and the CLI writes
#           `str()` of the object: single quotes, True and None. No program opens it, and the call says that it was downloaded.
# Seen:     [colab] Downloaded 'n.ipynb' to 'back.ipynb'
#           {'cells': [], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}
set -euo pipefail

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet google-colab-cli==0.7.5 jupyter-server==2.21.1 ipykernel==7.4.0
export HOME="$folder/home"
mkdir -p "$HOME/.config/colab-cli" "$folder/root"
echo '{"enable_update_check": false}' >"$HOME/.config/colab-cli/settings.json"

# A Jupyter server in the place of the machine of session `a`, whose address and token are taken to be fresh: no service is asked.
port=$("$folder/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$folder/venv/bin/python" -m jupyter_server --no-browser --allow-root --ServerApp.ip=127.0.0.1 --ServerApp.port="$port" \
  --ServerApp.root_dir="$folder/root" --ServerApp.disable_check_xsrf=True --IdentityProvider.token= >"$folder/log" 2>&1 & server=$!
until "$folder/venv/bin/python" -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/api')" 2>/dev/null; do sleep 0.2; done
echo '{"a": {"name": "a", "token": "", "endpoint": "e", "url": "http://127.0.0.1:'"$port"'", "token_expires_at": "2999-01-01T00:00:00Z"}}' \
  >"$HOME/.config/colab-cli/sessions.json"

cd "$folder"
echo '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}' >n.ipynb
venv/bin/colab upload -s a n.ipynb n.ipynb
venv/bin/colab download -s a n.ipynb back.ipynb
cat back.ipynb; echo
if venv/bin/python -c 'import json; json.load(open("back.ipynb"))' 2>/dev/null; then echo 'A notebook comes back as JSON.'; exit 1; fi
