import { expect, test } from 'vitest';
import { createStopRule, keyPressMilliseconds } from '../../../src/cli/terminal/stop-signals.ts';

const stop = 'stop';
const nothing = 'nothing';
const atOnce = 'stop-at-once';

test.each([
  ['one Ctrl-C', [['SIGINT', 0, stop]]],
  [
    'two Ctrl-Cs',
    [
      ['SIGINT', 0, stop],
      ['SIGINT', 150, atOnce],
    ],
  ],
  [
    'a third Ctrl-C',
    [
      ['SIGINT', 0, stop],
      ['SIGINT', 150, atOnce],
      ['SIGINT', 300, nothing],
    ],
  ],
  [
    'one Ctrl-C that npx passes on',
    [
      ['SIGINT', 0, stop],
      ['SIGINT', 8, nothing],
    ],
  ],
  [
    'two Ctrl-Cs that npx passes on',
    [
      ['SIGINT', 0, stop],
      ['SIGINT', 8, nothing],
      ['SIGINT', 200, atOnce],
      ['SIGINT', 208, nothing],
    ],
  ],
  [
    'a closed terminal',
    [
      ['SIGHUP', 0, stop],
      ['SIGHUP', 1, nothing],
      ['SIGHUP', 900, nothing],
    ],
  ],
  [
    'a scheduler that repeats itself',
    [
      ['SIGTERM', 0, stop],
      ['SIGTERM', 900, nothing],
      ['SIGTERM', 9000, nothing],
    ],
  ],
  [
    'a shutdown after a closed terminal',
    [
      ['SIGHUP', 0, stop],
      ['SIGTERM', 900, nothing],
    ],
  ],
  [
    'a closed terminal after Ctrl-C',
    [
      ['SIGINT', 0, stop],
      ['SIGHUP', 900, nothing],
      ['SIGHUP', 901, nothing],
    ],
  ],
  [
    'Ctrl-C after a SIGTERM',
    [
      ['SIGTERM', 0, stop],
      ['SIGINT', 900, stop],
      ['SIGINT', 2000, atOnce],
    ],
  ],
] as const)('%s', (_, signals) => {
  const answerTo = createStopRule(100);
  expect(signals.map(([name, at]) => answerTo(name, at))).toEqual(signals.map(([, , answer]) => answer));
});

test('npm and npx have a second to pass on a Ctrl-C', () => {
  expect(keyPressMilliseconds({ npm_config_user_agent: 'npm/11.19.1 node/v20.20.2 linux x64' })).toBe(1000);
  expect(keyPressMilliseconds({})).toBe(100);
});
