import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secretsIn } from '../../../src/core/base/secret-patterns.ts';

test.each([
  ['WANDB_API_KEY = "0123456789abcdef0123456789abcdef01234567"', '0123456789abcdef0123456789abcdef01234567'],
  [
    "os.environ['WANDB_API_KEY'] = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00'",
    'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
  ],
  ['os.environ.setdefault("COMET_API_KEY", "q8Zr3TnB1xWv7LpK")', 'q8Zr3TnB1xWv7LpK'],
  ['api_key: str = "q8Zr3TnB1xWv7LpK"', 'q8Zr3TnB1xWv7LpK'],
  ['{"neptune_api_token": "eyJhcGlfYWRkcmVzcyI6Imh0dHBzOi8vYXBw"}', 'eyJhcGlfYWRkcmVzcyI6Imh0dHBzOi8vYXBw'],
  ['wandb.login(key="a1b2c3d4e5f6a7b8c9d0")', 'a1b2c3d4e5f6a7b8c9d0'],
  ['export MLFLOW_TRACKING_PASSWORD=hunter2hunter2', 'hunter2hunter2'],
  ['  db_password: hunter2hunter2', 'hunter2hunter2'],
  ['python train.py --api-key q8Zr3TnB1xWv7LpK --lr 0.1', 'q8Zr3TnB1xWv7LpK'],
  ["environ({'SOME_SECRET': 'canary-0123456789'})", 'canary-0123456789'],
  ['url = "postgres://ada:s3cr3tword@db.example.org/runs"', 's3cr3tword'],
  ['machine api.wandb.ai login user password 0a1b2c3d4e5f', '0a1b2c3d4e5f'],
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  ['login("hf_AbCdEfGhIjKlMnOpQrStUvWx")', 'hf_AbCdEfGhIjKlMnOpQrStUvWx'],
  ['-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----', 'MIIEvQIBADANBgkq'],
])('in %j the secret is %s', (text, secret) => {
  expect(secretsIn(text)).toContain(secret);
});

test.each([
  'sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
  'COMMIT = "e83c5163316f89bfbde7d9ab23ca2e25604af290"',
  'IMAGE_BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"',
  'eos_token = "<|endoftext|>"',
  'pad_token="[PAD]", bos_token = "<s>"',
  'tokenizer = AutoTokenizer.from_pretrained("gpt2-medium-2024")',
  'max_new_tokens = 1234567890',
  'tokens_per_second: 123456789012345678901234',
  'key = "transformer.h.0.attn.c_attn.weight"',
  'key = jax.random.PRNGKey(1234567890)',
  'cache_key = f"{name}_{seed}_v2"',
  'api_key = os.environ["OPENAI_API_KEY"]',
  'api_key = getenv("OPENAI_API_KEY2")',
  'API_KEY_VARIABLE = "OPENAI_API_KEY"',
  'password = getpass.getpass()',
  'token = tokens[index2].strip()',
  'access_token = None',
  'api_key = "your-api-key-here"',
  'Model = AutoModelForSequenceClassification',
  'sk-learn-contrib-examples-and-more',
  'the bearer of bad news, and a password protected archive',
  'https://example.org:8080/path@2x.png',
])('%j holds no secret', (text) => {
  expect(secretsIn(text)).toEqual([]);
});

test.each(['sandbox/gpt', 'sandbox/tiny', 'tests/fixtures/projects/karpathy'])(
  'nothing of %s is taken for a secret',
  (folder) => {
    for (const name of readdirSync(folder)) {
      if (!/\.(py|md|toml|txt)$/.test(name)) continue;
      expect(secretsIn(readFileSync(join(folder, name), 'utf8')), name).toEqual([]);
    }
  },
);

test.each([
  'a_',
  'sk-',
  'eyJaaaaaaaaaaaa-',
  'a.',
  'login a ',
  'key     ',
  'Bearer ',
  '-----BEGIN PRIVATE KEY-----\n',
  'api_key: a ',
  'hf_aaaaaaaaaaaaaaaaaaaa',
  '://a:',
])('half a million characters of %j are searched at once', (piece) => {
  secretsIn(piece.repeat(500_000 / piece.length));
});
