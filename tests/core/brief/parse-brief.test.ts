import { describe, expect, test } from 'vitest';
import { BriefError } from '../../../src/core/base/errors.ts';
import { alternativesText } from '../../../src/core/base/format.ts';
import { engineNames } from '../../../src/core/base/names.ts';
import { researcherNames, researchers } from '../../../src/core/base/researchers.ts';
import { defaultTimeoutSeconds } from '../../../src/core/brief/brief.ts';
import { hasFrontMatter } from '../../../src/core/brief/front-matter.ts';
import { parseBrief } from '../../../src/core/brief/parse-brief.ts';
import { briefNameOf, settings } from '../../../src/core/journal/settings/settings.ts';

// Texts that list a table follow it; `tests/parts.test.ts` pins what the tables list, and in which order.
const standIns = researchers
  .filter(({ mayStandIn }) => mayStandIn)
  .map(({ name }) => name)
  .join(', ');

const parse = (settings: string) => parseBrief(`---\n${settings}\n---\nprose`, 'program.md');

/** The error's sentence; `line 2` is the first line after the opening `---`. */
function troubleOf(text: string): string {
  try {
    parseBrief(text, 'program.md');
  } catch (error) {
    expect(error).toBeInstanceOf(BriefError);
    return (error as BriefError).message;
  }
  return 'no trouble';
}

describe('a brief that can be understood', () => {
  test('everything has a default but the metric', () => {
    expect(parse('metric: val_bpb')).toEqual({
      prose: 'prose',
      form: 'front-matter',
      sandbox: '.',
      edit: ['train.py'],
      include: [],
      link: [],
      prepare: undefined,
      train: ['python', 'train.py'],
      score: undefined,
      metric: { name: 'val_bpb', goal: 'minimize', pattern: undefined },
      budgetSeconds: 300,
      budgetClock: 'wall',
      endAtBudget: false,
      timeoutSeconds: 720,
      researcher: 'auto',
      policy: 'value',
      space: {},
      knobs: {},
      env: [],
      engine: 'local',
      slots: 1,
      slotsPerGpu: 1,
      ahead: 'auto',
      network: false,
      notify: [],
      trackers: {},
      earlyKill: 'safe',
      stop: {},
    });
  });

  test.each<[settings: string, expected: object]>([
    [
      "metric: {name: acc, pattern: 'acc=([\\d.]+)'}\ngoal: maximize",
      { metric: { name: 'acc', goal: 'maximize', pattern: 'acc=([\\d.]+)' } },
    ],
    ['metric: loss\nbudget: 90', { budgetSeconds: 90, timeoutSeconds: 300 }],
    ['metric: loss\nbudget: 8s\nbudget_clock: cpu', { budgetSeconds: 8, budgetClock: 'cpu', timeoutSeconds: 200 }],
    ['metric: loss\nbudget: 1h30m\ntimeout: 2h', { budgetSeconds: 5400, timeoutSeconds: 7200 }],
    ['metric: loss\nbudget: 8s\nbudget_clock: cpu\ntimeout: 5s', { timeoutSeconds: 5 }],
    ['metric: loss\nend_at_budget: true', { endAtBudget: true, budgetSeconds: 300 }],
    ['metric: loss\nsandbox: sandbox/gpt/', { sandbox: 'sandbox/gpt' }],
    ['metric: loss\nsandbox: ../other/./x/../y', { sandbox: '../other/y' }],
    ['metric: loss\nedit: [./train.py, model//net.py, train.py]', { edit: ['train.py', 'model/net.py'] }],
    ['metric: loss\ninclude: [../common/]\nlink: [data/]', { include: ['../common'], link: ['data'] }],
    [
      'metric: loss\nprepare: python prepare.py\nscore: [python, score.py]',
      { prepare: ['python', 'prepare.py'], score: ['python', 'score.py'] },
    ],
    [
      'metric: loss\nspace: { LR: log 1e-4..1e-1, ACT: "choice relu, gelu" }',
      { space: { LR: 'log 1e-4..1e-1', ACT: 'choice relu, gelu' } },
    ],
    [
      'metric: loss\nenv: [HF_HOME, TOKENIZERS_PARALLELISM, MAX_TOKENS]',
      { env: ['HF_HOME', 'TOKENIZERS_PARALLELISM', 'MAX_TOKENS'] },
    ],
    [
      'metric: loss\nstop: { experiments: 5e6, hours: 0.5, target: .95, plateau: 1 }',
      { stop: { experiments: 5_000_000, hours: 0.5, target: 0.95, plateau: 1 } },
    ],
    ['metric: loss\nshares: { llm: 50%, random: 0 }', { researcher: 'auto', shares: { llm: 0.5, random: 0 } }],
    ['metric: loss\nresearcher: grid\npolicy: greedy\nengine: local', { researcher: 'grid', policy: 'greedy' }],
    ['metric: loss\npolicy: confirm', { policy: 'confirm' }],
    [
      'metric: loss\nguards: { peak_memory_mb: "<= 1.2x", num_steps: ">= 100" }',
      { guards: { peak_memory_mb: '<= 1.2x', num_steps: '>= 100' } },
    ],
  ])('%j', (settings, expected) => {
    expect(parse(settings)).toMatchObject(expected);
  });

  test('a byte order mark, CRLF line ends and blank lines before the front matter change nothing', () => {
    const brief = parseBrief('\uFEFF\r\n---\r\nmetric: loss\r\nbudget: 1m\r\n---\r\n# Title\r\ntext\r\n', 'program.md');
    expect(brief).toMatchObject({ budgetSeconds: 60, prose: '# Title\ntext' });
  });

  test('a rule of dashes in the prose does not end it', () => {
    expect(parseBrief('---\nmetric: loss\n---\none\n---\ntwo', 'program.md').prose).toBe('one\n---\ntwo');
  });

  test('a default timeout never outlasts what a timer can count', () => {
    expect(defaultTimeoutSeconds(20 * 86_400, 'cpu')).toBe(24 * 86_400);
  });
});

describe('hasFrontMatter', () => {
  test.each([
    ['---\nmetric: loss\n---\n', true],
    ['\uFEFF---  \r\nmetric: loss\r\n---', true],
    ['\n\n---\nmetric: loss\n---', true],
    ['---', true],
    ['# Research\n---\n', false],
    ['----\n', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(hasFrontMatter(text)).toBe(expected);
  });
});

const metric =
  "line 1: `metric` must be the name of the number to improve, such as val_bpb or { name: acc, pattern: 'acc=(\\S+)' }";
const shell = 'line 3: `train` must be one command as argv, which no shell reads';
const duration = 'must be a duration such as 5m, 90s or 1h30m';
const range = 'must be a range such as `log 1e-4..1e-1`';
const known = Object.keys(settings).map(briefNameOf);
const firstKnown =
  'sandbox, edit, include, link, prepare, train, score, metric, goal, budget, budget_clock, end_at_budget, timeout, researcher, shares, model, base_url, api, effort, max_output, context, fallback, command, prices, policy, space, guards, env, engine, early_kill, stop';

test('every key that briefs ever had is still one, in the order in which the sentence lists them', () => {
  expect(known.filter((name) => firstKnown.split(', ').includes(name)).join(', ')).toBe(firstKnown);
});

describe('a brief that cannot be understood is one sentence with its line', () => {
  test.each([
    ['', 'line 1: a brief must begin with front matter, found no line `---`'],
    ['# Research', 'line 1: a brief must begin with front matter, found no line `---`'],
    ['---\nmetric: loss', 'line 1: the front matter must end with a second line `---`, found none'],
    ['\n---\nmetric: loss', 'line 2: the front matter must end with a second line `---`, found none'],
    ['---\n---', `${metric}, found nothing`],
    ['---\n# metric: loss\n---', `${metric}, found nothing`],
    ['---\n- a\n---', 'line 2: the front matter must be `key: value` lines, found `- a`'],
    ['\n---\nmetric: loss\n\n# note\ngoal: down\n---', 'line 6: `goal` must be minimize or maximize, found `down`'],
    ['---\r\nmetric: loss\r\ngoal: down\r\n---', 'line 3: `goal` must be minimize or maximize, found `down`'],
    ['---\nbudget: x\nmetric: loss\ngoal: down\n---', `line 2: \`budget\` ${duration}, found \`x\``],
  ])('%j', (text, sentence) => {
    expect(troubleOf(text)).toBe(`program.md ${sentence}`);
  });

  test.each([
    ['metric:', `${metric.replace('1', '2')}, found nothing`],
    ['metric: 5', `${metric.replace('1', '2')}, found \`5\``],
    ['metric: val bpb', 'line 2: `metric.name` must be a name without spaces or any of `:=,|`, found `val bpb`'],
    [
      "metric: {name: a, pattern: 'a=.*'}",
      "line 2: `metric.pattern` must be a regular expression with one group, not 0, found `'a=.*'`",
    ],
    [
      "metric: {name: a, pattern: '(a)(b)'}",
      "line 2: `metric.pattern` must be a regular expression with one group, not 2, found `'(a)(b)'`",
    ],
    ["metric: {name: a, pattern: '(a'}", "line 2: `metric.pattern` must be a valid regular expression, found `'(a'`"],
    ['metrik: loss', 'line 2: `metrik` is not a setting; did you mean `metric`?'],
    ['metric: {name: a, goal: maximize}', 'line 2: `metric.goal` is not a setting; expected name, pattern, file'],
  ])('%j', (settings, sentence) => {
    expect(troubleOf(`---\n${settings}\n---`)).toBe(`program.md ${sentence}`);
  });

  test.each([
    ['gaol: minimize', 'line 3: `gaol` is not a setting; did you mean `goal`?'],
    ['budget-clock: cpu', 'line 3: `budget-clock` is not a setting; did you mean `budget_clock`?'],
    ['zzzzzz: 1', `line 3: \`zzzzzz\` is not a setting; expected ${known.join(', ')}`],
    ['__proto__: 1', `line 3: \`__proto__\` is not a setting; expected ${known.join(', ')}`],
    ['goal: [minimize]', 'line 3: `goal` must be minimize or maximize, found `[minimize]`'],
    ['budget: 0', 'line 3: `budget` must be a duration above zero, found `0`'],
    ['budget: -5', 'line 3: `budget` must be a duration above zero, found `-5`'],
    ['budget: .nan', `line 3: \`budget\` ${duration}, found \`.nan\``],
    ['budget: .inf', 'line 3: `budget` must be a duration of at most 24 days, found `.inf`'],
    ['budget: 5 minutes', `line 3: \`budget\` ${duration}, found \`5 minutes\``],
    ['budget: 1:30', `line 3: \`budget\` ${duration}, found \`1:30\``],
    ['budget: ""', `line 3: \`budget\` ${duration}, found \`""\``],
    ['stop: { gpu_hours: 0 }', 'line 3: `stop.gpu_hours` must be a number of GPU hours above zero, found `0`'],
    ['early_kill: fast', 'line 3: `early_kill` must be true, false or bold, found `fast`'],
    ['engine: {toString: 1}', `line 3: \`engine\` must be ${alternativesText(engineNames)}, found \`{toString: 1}\``],
    [
      'end_at_budget: true\nbudget_clock: cpu',
      'line 3: `end_at_budget` must be left out, or `budget_clock` be wall: only a wall clock ends a training, found `true`',
    ],
    ['end_at_budget: 60s', 'line 3: `end_at_budget` must be true or false, found `60s`'],
    ['budget_clock: gpu', 'line 3: `budget_clock` must be wall or cpu, found `gpu`'],
    ['timeout: 5m', 'line 3: `timeout` must be longer than the budget of 300 s, found `5m`'],
    ['edit: train.py', 'line 3: `edit` must be a list of files such as [train.py], found `train.py`'],
    ['edit: []', 'line 3: `edit` must be a list of at least one file, found `[]`'],
    ['edit:\n  - train.py\n  - ../x.py', 'line 5: `edit` must be a path inside the sandbox, found `../x.py`'],
    ['edit: [a/../../x.py]', 'line 3: `edit` must be a path inside the sandbox, found `a/../../x.py`'],
    [
      'edit: [/etc/passwd]',
      'line 3: `edit` must be a path relative to the sandbox, not an absolute one, found `/etc/passwd`',
    ],
    ['edit: ["*.py"]', 'line 3: `edit` must be a plain path, found `"*.py"`'],
    ['edit: [*.py]', 'line 3: a value must not begin with `*` or `&`, found `*.py`'],
    ['edit: [src/]', 'line 3: `edit` must be a file, found `src/`'],
    ['edit: [.git/config]', "line 3: `edit` must be a path outside git's own folder, found `.git/config`"],
    ['edit: [3]', 'line 3: `edit` must be a path relative to the sandbox, found `3`'],
    ['include: lib', 'line 3: `include` must be a list of paths such as [common/], found `lib`'],
    ['link: [.]', 'line 3: `link` must be a path of data, not a folder that holds the sandbox, found `.`'],
    ['link: [../..]', 'line 3: `link` must be a path of data, not a folder that holds the sandbox, found `../..`'],
    ['link: [/]', 'line 3: `link` must be a path of data, not the whole machine or home, found `/`'],
    ['sandbox: /abs', 'line 3: `sandbox` must be a path relative to the brief, not an absolute one, found `/abs`'],
    ['sandbox: C:/x', 'line 3: `sandbox` must be a path relative to the brief, not an absolute one, found `C:/x`'],
    ['sandbox: a\\b', 'line 3: `sandbox` must be a path with `/` between its folders, found `a\\b`'],
    ['train: cd x && python train.py', `${shell}, found \`&&\``],
    ['train: [python, 3]', 'line 3: `train` must be a list of strings, found `3`'],
    ['train: {a: b}', 'line 3: `train` must be a command such as `python train.py`, found `{a: b}`'],
    ['env: HF_HOME', 'line 3: `env` must be a list of names such as [HF_HOME], found `HF_HOME`'],
    ['env: [HF-HOME]', 'line 3: `env` must be the name of an environment variable such as HF_HOME, found `HF-HOME`'],
    [
      'env: [OPENAI_API_KEY]',
      'line 3: `env` must be no key or password, because a run never sees one, found `OPENAI_API_KEY`',
    ],
    ['env: [hf_token]', 'line 3: `env` must be no key or password, because a run never sees one, found `hf_token`'],
    ['env: [PGPASSWORD]', 'line 3: `env` must be no key or password, because a run never sees one, found `PGPASSWORD`'],
    ['space: [LR]', 'line 3: `space` must be ranges such as { LR: log 1e-4..1e-1 }, found `[LR]`'],
    ['space: {LR: 5}', `line 3: \`space.LR\` ${range}, found \`5\``],
    [
      'space:\n  A: bool\n  LR: log 0..1',
      'line 5: `space.LR` must be a log range whose low bound is above zero, found `log 0..1`',
    ],
    ['space: {A: choice a, b}', `line 3: \`space.b\` ${range}, found nothing`],
    ['stop: 5', 'line 3: `stop` must be rules such as { experiments: 100, hours: 8 }, found `5`'],
    [
      'stop: {experiments: 0}',
      'line 3: `stop.experiments` must be a whole number of experiments, 1 or more, found `0`',
    ],
    [
      'stop: {experiments: 1.5}',
      'line 3: `stop.experiments` must be a whole number of experiments, 1 or more, found `1.5`',
    ],
    ['stop: {hours: 0}', 'line 3: `stop.hours` must be a number of hours above zero, found `0`'],
    ['stop: {target: "0.95"}', 'line 3: `stop.target` must be a number, without quotes, found `"0.95"`'],
    ['stop: {target: .inf}', 'line 3: `stop.target` must be a number, without quotes, found `.inf`'],
    ['stop: {plateau: -1}', 'line 3: `stop.plateau` must be a whole number of experiments, 1 or more, found `-1`'],
    ['stop: {experiment: 5}', 'line 3: `stop.experiment` is not a setting; did you mean `stop.experiments`?'],
    ['researcher: foo', `line 3: \`researcher\` must be ${alternativesText(researcherNames)}, found \`foo\``],
    [
      'model: x',
      'line 3: `model` must be provider:model, such as anthropic:claude-sonnet-5-5 or ollama:qwen3, found `x`',
    ],
    ['base_url: x', 'line 3: `base_url` must be an address such as http://localhost:11434/v1, found `x`'],
    ['api: soap', 'line 3: `api` must be responses or chat, found `soap`'],
    ['fallback: x', `line 3: \`fallback\` must be ${standIns} or another provider:model, found \`x\``],
    ['stop: { usd: 0 }', 'line 3: `stop.usd` must be a number of US dollars above zero, found `0`'],
    ['slots: 0', 'line 3: `slots` must be a whole number of runs at once, 1 or more, or auto, found `0`'],
    ['slots: all', 'line 3: `slots` must be a whole number of runs at once, 1 or more, or auto, found `all`'],
    ['slots_per_gpu: 0', 'line 3: `slots_per_gpu` must be a whole number of runs on one GPU, 1 or more, found `0`'],
    ['gpus: 0.5', 'line 3: `gpus` must be a whole number of GPUs of a run, or 0 for none, found `0.5`'],
    ['ahead: -1', 'line 3: `ahead` must be a whole number of proposals, 0 or more, or auto, found `-1`'],
    ['stop: { tokens: 1.5 }', 'line 3: `stop.tokens` must be a whole number of tokens, 1 or more, found `1.5`'],
    ['goal: minimize\ngoal: maximize', 'line 4: every key must be given once, found a second `goal: maximize`'],
    ['\tgoal: minimize', 'line 3: lines must be indented with spaces, found a tab before `goal: minimize`'],
    ['goal: minimize: x', 'line 3: a value with `: ` in it must be in quotes, found `minimize: x`'],
    ['train: "\\d"', 'line 3: a backslash in double quotes must be written twice, found `\\d"`'],
    ['goal: !!x y', 'line 3: a value must not begin with `!`, found `!!x y`'],
    ['goal minimize\nbudget: 5m', 'line 3: a setting must be `key: value` on one line, found `goal minimize`'],
    ['train: "x', 'line 3: the front matter must be valid YAML, found its end (Missing closing "quote)'],
  ])('%j', (setting, sentence) => {
    expect(troubleOf(`---\nmetric: loss\n${setting}\n---`)).toBe(`program.md ${sentence}`);
  });

  test.each([
    ['{a: "<= fast"}', 'a bound such as "<= 9000", or "<= 1.2x" for 1.2 times what the baseline reports, found `fast`'],
    ['{a: "9000"}', 'a bound such as "<= 9000", or "<= 1.2x" for 1.2 times what the baseline reports, found `"9000"`'],
    ['{a: "<= 0x"}', 'more than zero times the baseline, found `0`'],
    ['{a: 9000}', 'a bound such as "<= 9000", or "<= 1.2x" for 1.2 times what the baseline reports, found `9000`'],
  ])('guards %s', (guards, expected) => {
    expect(troubleOf(`---\nmetric: loss\nguards: ${guards}\n---`)).toContain(
      `program.md line 3: \`guards.a\` must be ${expected}`,
    );
  });
});
