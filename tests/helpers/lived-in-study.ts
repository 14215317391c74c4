/** A finished study with something in nearly every section of its report, and with text that would break a careless page. */
import type { Attachments, Curve } from '../../src/core/views/report/attachments.ts';
import { createJournal } from './study-history.ts';

const hostile = `</script><img src="http://example.invalid/x" onerror="alert(1)">${'unbroken'.repeat(20)}`;
const setKnob = (knob: string, to: number) => [{ kind: 'set-knob' as const, file: 'train.py', knob, to }];

/** Its journal: a baseline, three keeps, crashes, near-misses, an insight, and a long plateau. */
export function livedInJournal() {
  const journal = createJournal();
  const { add, attempt } = journal;
  journal.begin();
  attempt({
    title: 'Warm the learning rate up',
    value: 2.91,
    isKept: true,
    hypothesis: `It starts too fast. ${hostile}`,
  });
  attempt({ title: 'Halve the batch size', value: 3.02, edits: setKnob('BATCH', 16), kind: 'knobs' });
  attempt({ title: hostile, reason: `ValueError: ${hostile}`, evidence: `Traceback\n${hostile}\n` });
  attempt({ title: 'Muon for the matrices, AdamW for the rest', value: 2.7312, isKept: true });
  add({ event: 'insight-written', experiment: 4, model: 'scripted', text: `The optimiser matters most. ${hostile}` });
  attempt({ title: 'Twice the width', reason: 'exit code 137', evidence: 'Killed' });
  attempt({ title: 'A cosine schedule to zero instead of a constant one, over the whole budget', value: 2.7298 });
  attempt({ title: 'Squared ReLU', value: 2.65, isKept: true });
  for (let index = 0; index < 16; index++)
    attempt({
      title: `DROPOUT -> ${index / 100}`,
      value: 2.651 + (index % 5) / 500,
      edits: setKnob('DROPOUT', index / 100),
      kind: 'knobs',
    });
  add({ event: 'study-stopped', reason: 'experiments', detail: '23 experiments were made' });
  return journal;
}

/** A patch, and a curve of 40 points, for each experiment. */
export const livedInAttachments: Attachments = {
  patchOf: () => `--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-${'x = 1 '.repeat(60)}\n+# ${hostile}\n`,
  curveOf: curveFor,
};

function curveFor(experiment: number): Curve {
  const at = Array.from({ length: 40 }, (_, index) => index / 39);
  const points = at.map((share) => ({
    at: share,
    loss: 2.6 - experiment / 50 + 3 * Math.exp(-(6 + experiment / 3) * share),
  }));
  return { unit: 'share', points };
}
