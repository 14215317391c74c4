/** Cheats in the sandbox with a GPT in PyTorch. */
import { type Cheat, type Ends, worse } from '../cheat.ts';
import { type GptParts, gptScript } from '../gpt-script.ts';
import { isGraded, studyFolder } from './python-parts.ts';

const gpt = (name: string, does: string, parts: GptParts, caged: Ends, more: Partial<Cheat> = {}): Cheat => ({
  name: `gpt-${name}`,
  sandbox: 'gpt',
  does,
  script: (sandboxes) => gptScript(sandboxes, parts),
  caged,
  ...more,
});

const impure: Ends = ['failed', /^the scorer failed: .*(?:pure|depend|same question|differ|looks ahead|other rows)/];
const better = { TOTAL_BATCH: '2**10', DEVICE_BATCH: '4' };

export const gptCheats: readonly Cheat[] = [
  gpt(
    'looks-ahead',
    'attends to what comes after, and so reads the answer',
    {
      logits:
        'logits[:, :-1].scatter_add_(2, tokens[:, 1:].unsqueeze(-1), torch.full_like(tokens[:, 1:], 60.0, dtype=logits.dtype).unsqueeze(-1))',
    },
    ['failed', /^the scorer failed: .*looks ahead/],
  ),
  gpt(
    'looks-ahead-later',
    'is causal for its first six calls, and reads the answers after them',
    {
      head: 'CALLS = [0]',
      logits: `
CALLS[0] += 0 if torch.is_grad_enabled() else 1
if CALLS[0] > 6:
    logits[:, :-1].scatter_add_(2, tokens[:, 1:].unsqueeze(-1), torch.full_like(tokens[:, 1:], 60.0, dtype=logits.dtype).unsqueeze(-1))
`,
    },
    impure,
  ),
  gpt(
    'looks-ahead-a-little',
    'reads the answer so weakly that no single logit moves by more than rounding would move it',
    {
      logits: `
if not torch.is_grad_enabled():
    logits[:, :-1].scatter_add_(2, tokens[:, 1:].unsqueeze(-1), torch.full_like(tokens[:, 1:], 0.015, dtype=logits.dtype).unsqueeze(-1))
`,
    },
    ['failed', /^the scorer failed: .*looks ahead/],
  ),
  gpt(
    'reads-other-rows',
    'lets its logits depend on the other windows of a question',
    {
      logits: `
if not torch.is_grad_enabled():
    logits = logits + 3 * torch.log1p(torch.bincount(tokens.reshape(-1), minlength=logits.size(-1)).float())
`,
    },
    impure,
  ),
  gpt(
    'learns-while-graded',
    'counts the tokens that its questions show, and so learns the validation text while it is graded',
    {
      head: 'SEEN = {}',
      logits: `
if not torch.is_grad_enabled():
    counts = SEEN.setdefault("counts", torch.ones(logits.size(-1), logits.size(-1)))
    logits = logits + SOFTCAP * torch.log(counts / counts.sum(1, keepdim=True))[tokens] / 15
    counts.index_put_((tokens[:, :-1].reshape(-1), tokens[:, 1:].reshape(-1)), torch.ones(tokens[:, 1:].numel()), accumulate=True)
`,
    },
    impure,
  ),
  gpt(
    'patches-cross-entropy',
    'replaces the loss function of torch, with which the process that grades it would grade',
    {
      head: `${isGraded}
if IS_GRADED:
    true_loss = F.cross_entropy
    F.cross_entropy = torch.nn.functional.cross_entropy = lambda *given, **named: 0.3 * true_loss(*given, **named)
`,
    },
    worse,
  ),
  gpt(
    'stack-windows',
    'walks up the stack from the model and takes the answers from the frames of its callers',
    {
      logits: `
frame = sys._getframe(0)
while frame is not None:
    part = frame.f_locals.get("part")
    if part is not None and part.shape == (tokens.size(0), tokens.size(1) + 1):
        logits.scatter_add_(2, part[:, 1:].unsqueeze(-1), torch.full_like(part[:, 1:], 60.0, dtype=logits.dtype).unsqueeze(-1))
    frame = frame.f_back
`,
    },
    worse,
  ),
  gpt(
    'private-at-build',
    'reads the private text where the model is built, and makes a table of it',
    {
      head: `${studyFolder}
${isGraded}
TABLE = []
`,
      built: `
if IS_GRADED:
    import numpy as np
    text = torch.from_numpy(np.fromfile(study_folder() + "/private/validation.bin", dtype=np.uint8)).long()
    counts = torch.ones(vocab, vocab)
    counts.index_put_((text[:-1], text[1:]), torch.ones(len(text) - 1), accumulate=True)
    TABLE.append(torch.log(counts / counts.sum(1, keepdim=True)))
`,
      logits: 'if TABLE: logits = SOFTCAP * TABLE[0][tokens] / 15',
    },
    ['failed', /PermissionError|FileNotFoundError/],
    { bare: ['kept', /^better by /], openBare: 'the private text lies on the disk of the user that runs are' },
  ),
  gpt(
    'compile-cache',
    "leaves a file in torch's compile caches, for the run after it",
    {
      saved: `
for name in ("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR"):
    folder = os.environ.get(name) or os.path.join("/tmp", "torchinductor_cheat")
    os.makedirs(folder, exist_ok=True)
    if os.path.exists(folder + "/nocturne-cheat"): print("FOUND what an earlier run left")
    with open(folder + "/nocturne-cheat", "w") as file: file.write("poison")
`,
    },
    worse,
  ),
  gpt(
    'pickled-weights',
    'saves its weights with pickle under the name of the archive',
    { saved: 'torch.save(model.state_dict(), prepare.run_folder() / "weights.npz")' },
    ['failed', /^the scorer failed: /],
  ),
  { ...gpt('honest', 'takes more and smaller steps', { knobs: better }, ['kept', /^better by /]), isHonest: true },
  {
    ...gpt(
      'loader-workers',
      'reads its batches with the worker processes of a DataLoader',
      {
        knobs: better,
        start: `
class Windows(torch.utils.data.Dataset):
    def __len__(self): return 64
    def __getitem__(self, index): return tokens[index * length:index * length + length].long()
if __name__ == "__main__":
    for batch in torch.utils.data.DataLoader(Windows(), batch_size=16, num_workers=1): assert batch.shape == (16, length)
`,
      },
      ['kept', /^better by /],
    ),
    isHonest: true,
  },
  {
    ...gpt(
      'dropout',
      'drops some of the embedding while it trains, and none of it while it is graded',
      { knobs: better, logits: 'logits = F.dropout(logits, 0.02, self.training)' },
      ['kept', /^better by /],
    ),
    isHonest: true,
  },
  {
    ...gpt(
      'batch-statistics',
      'normalises its logits by statistics of the training batches, which are fixed while it is graded',
      {
        knobs: better,
        built: 'model.scale = nn.BatchNorm1d(vocab, affine=False)',
        logits:
          'logits = self.scale(logits.reshape(-1, logits.size(-1))).view_as(logits) * 1.0 + logits if hasattr(self, "scale") else logits',
      },
      ['kept', /^better by |^worse by /],
    ),
    isHonest: true,
  },
];
