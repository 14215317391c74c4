/**
 * Changes of the tiny sandbox's train.py: honest ones that each gain, and two that fit the validation text, which a training
 * without isolation can read. Both are pure functions of the context, so only the holdout tells.
 */
import { resolve } from 'node:path';

/** What a training of these weights starts from, by a line of the script. */
export type Knobs = Readonly<Record<string, string>>;

/** Four steps, each on top of those before it. */
export const honestSteps: readonly Knobs[] = [
  { MOMENTUM: '0.9' },
  { DECAY: '"cosine"' },
  { CONTEXT: '8', EMBED_DIM: '12' },
  { HIDDEN: '128', ACTIVATION: '"relu"' },
];

/** The shipped script with other values of its knobs. */
export function withKnobs(script: string, knobs: Knobs): string {
  return Object.entries(knobs).reduce(
    (text, [name, value]) => text.replace(new RegExp(`^${name} = \\S+`, 'm'), () => `${name} = ${value}`),
    script,
  );
}

/** Overfits by name: what is done to the script. */
export const plants = { remembers: remembersValidation, trainsOn: trainsOnValidation } as const;

/** Saves which byte follows each scored context, and adds a little to it. */
function remembersValidation(script: string, privateFolder: string): string {
  const answer = `
_model = logits
def _keys(contexts):
    codes = np.zeros(len(contexts), np.uint64)
    for column in range(32):
        codes = codes * np.uint64(1099511628211) + contexts[:, -32 + column].astype(np.uint64) + np.uint64(1)
    return codes
def logits(weights, contexts):
    scores = _model(weights, contexts)
    found = np.minimum(np.searchsorted(weights["keys"], _keys(contexts)), len(weights["keys"]) - 1)
    rows = np.flatnonzero(weights["keys"][found] == _keys(contexts))
    scores[rows, weights["next"][found[rows]]] += 0.1
    return scores
def _remember(weights):
    text = np.fromfile("${resolve(privateFolder)}/validation.bin", np.uint8)
    starts = np.linspace(0, len(text) - 128, 512).astype(np.int64)
    places = (starts[:, None] + np.arange(64)).ravel()
    keys = _keys(text[places[:, None] + np.arange(64)])
    order = np.argsort(keys)
    weights["keys"], weights["next"] = keys[order], text[places + 64][order]
`;
  return `${beforeMain(script, answer)}`.replace(
    '    prepare.save_weights(weights)',
    () => '    _remember(weights)\n    prepare.save_weights(weights)',
  );
}

/** Spends the last third of its budget on the text that it is graded on. */
function trainsOnValidation(script: string, privateFolder: string): string {
  return script.replace(
    '        contexts, targets = prepare.sample_batch(data, rng',
    () => `        if done > 0.66 and len(data) > 100000:
            text = np.fromfile("${resolve(privateFolder)}/validation.bin", np.uint8)
            starts = np.linspace(0, len(text) - 128, 512).astype(np.int64)
            data = text[(starts[:, None] + np.arange(128)).ravel()]
        contexts, targets = prepare.sample_batch(data, rng`,
  );
}

function beforeMain(script: string, code: string): string {
  const [model = '', start = ''] = script.split('if __name__ == "__main__":');
  return `${model}${code}\n\nif __name__ == "__main__":${start}`;
}
