#!/bin/bash
# transformers 5.24.0 (PyPI): the dict that Trainer prints has texts of four significant digits for its numbers, and `evaluate()` after
# `train()` prints nothing at all.
#
# Expected: what 4.x printed and countless parsers of logs read: {'eval_loss': 2.3025717735290527, 'epoch': 1.0}, numbers in full; and
# the score of a last `trainer.evaluate()` in the log.
# Instead: {'eval_loss': '2.303', 'epoch': '1'}. `ast.literal_eval(line)['eval_loss'] < best` raises a TypeError (or compares texts), a
# pattern such as `'eval_loss': ([\d.]+)` matches nothing, and two runs that differ in the fifth digit print the same score. With its
# progress bar, which is the default, Trainer writes through the bar, and that is closed when train() returns: evaluate() is silent.
#
# Output that was seen:
#   printed while training: 1 line, 2.303 of type str
#   returned by evaluate(): 2.3025717735290527
#   lines printed by evaluate() after train(): 0
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv && venv/bin/pip install --quiet transformers==5.24.0 accelerate==1.15.0 torch==2.14.1
cat > fit.py <<'PY'
import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

torch.manual_seed(0)
rows = [{"input_ids": torch.randint(20, (8,)), "labels": i % 10} for i in range(64)]
model = BertForSequenceClassification(
    BertConfig(vocab_size=20, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=10)
)
args = TrainingArguments("out", num_train_epochs=1, eval_strategy="epoch", report_to="none", use_cpu=True, save_strategy="no")
trainer = Trainer(model=model, args=args, train_dataset=rows, eval_dataset=rows)
trainer.train()
print("TRAINED", flush=True)
print("RETURNED", repr(trainer.evaluate()["eval_loss"]))
PY
venv/bin/python fit.py > log 2> errors
venv/bin/python - <<'PY' | tee seen
import ast
before, after = open("log").read().replace("\r", "\n").split("TRAINED")
printed = [ast.literal_eval(line) for line in before.split("\n") if line.startswith("{'eval_loss'")]
value = printed[-1]["eval_loss"] if printed else None
print("printed while training: %d line, %s of type %s" % (len(printed), value, type(value).__name__))
print("returned by evaluate(): " + after.split("RETURNED ")[1].split()[0])
print("lines printed by evaluate() after train(): %d" % after.split("RETURNED")[0].count("eval_loss"))
PY
grep -q 'of type str' seen && grep -q 'after train(): 0' seen || { echo 'The behaviour has changed: Trainer prints numbers, or what evaluate() found.'; exit 1; }
