/**
 * Which kind of knob a name means, as the tables of public tries name kinds (`knob-moves.json`, `kept-range.json`).
 */

/** Kind -> phrases one of which a name must have, and words it must not have; the first that fits counts. */
const kinds: readonly (readonly [kind: string, names: string, not?: string])[] = [
  [
    'final lr fraction',
    'FINAL LR, FINAL RATE, FINAL FRAC, FINAL FRACTION, FINAL RATIO, MIN LR, LR MIN, END LR, LR END, MIN RATIO',
  ],
  ['warmdown', 'WARMDOWN, COOLDOWN, COOL DOWN, WARM DOWN'],
  ['warmup', 'WARMUP, WARM UP', 'MOMENTUM EMA COMPILE BETA'],
  ['weight decay', 'WEIGHT DECAY, WD'],
  [
    'embedding lr',
    'EMBEDDING LR, EMBED LR, EMB LR, LR EMBED, LR EMB, LR EMBEDDING, EMBEDDING LEARNING RATE, EMBED LEARNING RATE',
  ],
  [
    'unembedding lr',
    'UNEMBEDDING LR, UNEMBED LR, LM HEAD LR, HEAD LR, LR HEAD, LR UNEMBED, LR UNEMBEDDING, UNEMBED LEARNING RATE',
  ],
  ['matrix/muon lr', 'MATRIX LR, MUON LR, LR MATRIX, LR MUON, MATRIX LEARNING RATE, MUON LEARNING RATE'],
  ['scalar lr', 'SCALAR LR, LR SCALAR, SCALAR LEARNING RATE'],
  [
    'lr (any other)',
    'LR, LR0, LEARNING RATE',
    'DECAY GAMMA MIN FINAL FRAC RATIO SCHEDULE SCHEDULER STEPS ITERS EPOCHS',
  ],
  ['device batch', 'DEVICE BATCH, MICRO BATCH, MICROBATCH, BATCH PER DEVICE'],
  ['batch', 'BATCH, BSZ', 'NORM DEVICE MICRO EVAL'],
  ['head dim', 'HEAD DIM, HEAD SIZE, DIM HEAD, D HEAD'],
  ['mlp ratio', 'MLP RATIO, MLP MULT, FFN MULT, FFN RATIO, EXPANSION RATIO, MLP EXPANSION'],
  ['depth', 'DEPTH, LAYERS, LAYER', 'DROP DROPOUT INIT STOCHASTIC LR'],
  [
    'aspect ratio/width',
    'ASPECT RATIO, WIDTH, HIDDEN, DIM, EMBED, EMBD, EMB, CHANNELS, UNITS, FILTERS, FFN, MLP, D MODEL',
    'HEAD DROP DROPOUT INIT LR HEADS WINDOW',
  ],
];

const parsed = kinds.map(([kind, names, not = '']) => ({
  kind,
  phrases: names.split(', ').map((phrase) => phrase.split(' ')),
  not: not.split(' ').filter(Boolean),
}));

/** The kind that these words of a name mean, in capitals and in order; undefined where the tables have none. */
export function knobKind(words: readonly string[]): string | undefined {
  const follows = (phrase: readonly string[]) =>
    words.some((_, start) => phrase.every((word, index) => words[start + index] === word));
  return parsed.find(({ phrases, not }) => phrases.some(follows) && !not.some((word) => words.includes(word)))?.kind;
}
