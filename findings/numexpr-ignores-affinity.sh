#!/usr/bin/env bash
# numexpr 2.14.1: a process that may use one processor gets as many threads as the machine has processors.
#
# Expected: the number of threads is that of the processors that the process may use (taskset, a scheduler's cpuset), as OpenMP,
#           OpenBLAS and PyTorch count them.
# Instead:  numexpr counts all processors of the machine. Several jobs side by side, each kept to its own processors, start that many
#           threads each, which take turns on them; pandas uses numexpr by itself where it is installed. NUMEXPR_NUM_THREADS or
#           OMP_NUM_THREADS bounds it.
# Seen:     of 2 processors may use 1: numexpr 2 threads; with OMP_NUM_THREADS=1: 1
set -euo pipefail

[ "$(nproc --all)" -gt 1 ] || { echo 'This machine has one processor: nothing can be seen on it.'; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numexpr==2.14.1
unset OMP_NUM_THREADS NUMEXPR_NUM_THREADS NUMEXPR_MAX_THREADS

cat >"$folder/look.py" <<'PYTHON'
import os
import numexpr
print(len(os.sched_getaffinity(0)), numexpr.get_num_threads())
PYTHON
first=$(taskset -pc $$ | sed 's/.*: *//; s/[-,].*//')
read -r may threads < <(taskset -c "$first" "$folder/venv/bin/python" "$folder/look.py")
read -r _ bounded < <(OMP_NUM_THREADS=1 taskset -c "$first" "$folder/venv/bin/python" "$folder/look.py")
echo "of $(nproc --all) processors may use $may: numexpr $threads threads; with OMP_NUM_THREADS=1: $bounded"
[ "$may" = 1 ] && [ "$threads" -gt 1 ] && [ "$bounded" = 1 ] ||
  { echo 'The behaviour has changed: numexpr counts the processors that its process may use.'; exit 1; }
