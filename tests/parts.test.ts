/** The tables of AGENTS.md, "Adding a part", are the source: what stands in them is accepted, said and opened everywhere. */
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addRun } from '../src/cli/commands/run.ts';
import { engineOpeners } from '../src/cli/compose/engines.ts';
import { researcherOpeners } from '../src/cli/compose/researcher-openers.ts';
import { applyFlags } from '../src/cli/session/settings.ts';
import { alternativesText } from '../src/core/base/format.ts';
import { engineNames, policyNames, tierNames } from '../src/core/base/names.ts';
import { researcherNames, researchers } from '../src/core/base/researchers.ts';
import { rankOf, tierWords } from '../src/core/base/tiers.ts';
import type { Brief } from '../src/core/brief/brief.ts';
import { parseBrief } from '../src/core/brief/parse-brief.ts';
import { proposersOf } from '../src/core/brief/proposers.ts';
import { armNames, armOf, armResearchers, expectedGainOf, researcherOf } from '../src/core/journal/arm.ts';
import { createJournal, scored } from './helpers/journal.ts';
import { judgeAnew } from './helpers/judge-anew.ts';

const rows = researchers.map((row) => [row.name, row] as const);
const arms = researchers.flatMap((row) => row.arms.map((arm) => [arm.name, arm, row] as const));

function parse(...settings: readonly string[]): Brief {
  return parseBrief(['---', 'metric: loss', ...settings, '---'].join('\n'), 'program.md');
}

/** The line of `nocturne run --help` about a flag, as one line. */
function helpOf(flag: string): string {
  const program = new Command().configureHelp({ helpWidth: 1000 });
  addRun(program);
  const help = program.commands[0]?.configureHelp({ helpWidth: 1000 }).helpInformation() ?? '';
  return help.split('\n').find((line) => line.trim().startsWith(`${flag} `)) ?? '';
}

describe('every researcher of the table', () => {
  test.each(researcherNames)('%s is accepted by the brief and the flag, and named by the help', (name) => {
    expect(parse(`researcher: ${name}`).researcher).toBe(name);
    const needs = parse('model: anthropic:claude-sonnet-5-5', 'command: claude');
    expect(applyFlags(needs, { researcher: name, isolation: false }).researcher).toBe(name);
    expect(helpOf('--researcher')).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('the first is the default', () => {
    expect(parse().researcher).toBe(researcherNames[0]);
  });

  test('has an opener', () => {
    expect(Object.keys(researcherOpeners).toSorted()).toEqual(rows.map(([name]) => name).toSorted());
  });

  test.each(rows)('%s stands in for a model where its row says so', (name, { mayStandIn }) => {
    const read = () => parse(`fallback: ${name}`).fallback;
    if (mayStandIn) expect(read()).toBe(name);
    else expect(read).toThrow('`fallback` must be');
  });

  test.each(rows)('%s is refused without the setting that it needs, and told an example', (name, { needs }) => {
    const apply = () => applyFlags(parse(`researcher: ${name}`), { isolation: false });
    if (needs?.kind !== 'setting') expect(apply().researcher).toBe(name);
    else {
      const message = expect.stringContaining(`The ${name} researcher needs a ${needs.setting}`);
      const hint = expect.stringContaining(`Add \`${needs.setting}: ${needs.example}\``);
      expect(apply).toThrow(expect.objectContaining({ message, hint }));
    }
  });

  test.each(rows)('%s proposes where it is named, and in a mix where its setting is there', (name, { needs }) => {
    expect(proposersOf({ researcher: name }).map((row) => row.name)).toEqual([name]);
    const bare = proposersOf({ researcher: 'auto' }).map((row) => row.name);
    expect(bare.includes(name)).toBe(armResearchers.includes(name) && needs?.kind !== 'setting');
    const full = proposersOf({ researcher: 'auto', model: 'a:b', command: ['claude'] }).map((row) => row.name);
    expect(full.includes(name)).toBe(armResearchers.includes(name));
  });
});

describe('every arm of the table', () => {
  test('has a name of its own', () => {
    expect(armNames.toSorted()).toEqual(arms.map(([name]) => name).toSorted());
    expect(new Set(armNames).size).toBe(armNames.length);
  });

  test.each(arms)('%s belongs to its researcher and takes a share', (name, { kind, expectedGain }, row) => {
    expect(researcherOf(name)).toBe(row.name);
    expect(armOf(row.name, kind, name)).toBe(name);
    expect(expectedGainOf(name)).toBe(expectedGain);
    expect(parse(`shares: { ${name}: 30% }`).shares).toEqual({ [name]: 0.3 });
    expect(parse(`shares: { ${row.name}: 30% }`).shares).toEqual({ [row.name]: 0.3 });
  });

  test('stands where it stood: random draws depend on the order', () => {
    const known = ['random', 'grid', 'recipe', 'bayes-gp', 'bayes-tpe', 'llm-knobs', 'llm-code', 'command-code'];
    expect(arms.map(([name]) => name).slice(0, known.length)).toEqual(known);
  });
});

test.each([
  ['researchers', researcherNames, 'auto, random, grid, recipe, bayes, llm or command'],
  [
    'those that may stand in',
    researchers.filter((row) => row.mayStandIn).map((row) => row.name),
    'random, grid or bayes',
  ],
  ['the shares', armResearchers, 'llm, command, bayes, recipe, grid or random'],
  ['the arms', armNames, 'llm-knobs, llm-code, command-code, bayes-gp, bayes-tpe, recipe, grid or random'],
  ['policies', policyNames, 'value, greedy or confirm'],
  ['engines', engineNames, 'local'],
])('%s are listed in one order everywhere', (_, names, text) => {
  const known = text.split(/, | or /);
  expect(alternativesText(names.filter((name) => known.includes(name)))).toBe(text);
});

describe('every policy of the table', () => {
  const history = createJournal().baseline(scored(2)).experiment(scored(1), 'keep').history();

  test.each(policyNames)('%s is accepted by the brief and the flag, named by the help, and judges', (name) => {
    expect(parse(`policy: ${name}`).policy).toBe(name);
    expect(applyFlags(parse(), { policy: name, isolation: false }).policy).toBe(name);
    expect(helpOf('--policy')).toMatch(new RegExp(`\\b${name}\\b`));
    expect(judgeAnew(history, 1, name)).toMatchObject({ decision: expect.any(String), reason: expect.any(String) });
  });

  test('the first is the default', () => {
    expect(parse().policy).toBe(policyNames[0]);
  });
});

describe('every tier of isolation', () => {
  test.each(tierNames)('%s is accepted by the brief, in order, and told in words', (name) => {
    expect(parse(`isolation: ${name}`).isolation).toBe(name);
    expect(rankOf(name)).toBe(tierNames.indexOf(name));
    expect(tierWords[name]).not.toBe('');
  });

  test('none is demanded where the brief names none, and the flag wins over the brief', () => {
    expect(parse().isolation).toBeUndefined();
    expect(applyFlags(parse('isolation: landlock'), { isolation: true }).isolation).toBe('landlock');
    expect(applyFlags(parse('isolation: landlock'), { isolation: false }).isolation).toBe('none');
  });

  test('another name is refused with those that there are', () => {
    expect(() => parse('isolation: docker')).toThrow(`\`isolation\` must be ${alternativesText(tierNames)}`);
    expect(() => parse('network: sometimes')).toThrow('`network` must be true or false');
  });
});

describe('every engine of the table', () => {
  const engineOptions = {
    ...{ python: 'python3', brief: parse(), studyFolder: '/study/runs/one', root: '/study', userSandbox: '/study' },
    ...{ slots: 1, tell: () => {} },
  };

  test.each(engineNames)('%s is accepted by the brief and the flag, named by the help, and opened', (name) => {
    expect(parse(`engine: ${name}`).engine).toBe(name);
    expect(applyFlags(parse(), { engine: name, isolation: false }).engine).toBe(name);
    expect(helpOf('--engine')).toMatch(new RegExp(`\\b${name}\\b`));
    expect(engineOpeners[name].open(engineOptions)).toHaveProperty('submit');
  });

  test('the first is the default', () => {
    expect(parse().engine).toBe(engineNames[0]);
  });
});
