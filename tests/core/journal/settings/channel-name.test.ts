import { expect, test } from 'vitest';
import { parseBrief } from '../../../../src/core/brief/parse-brief.ts';
import { readChannelNames } from '../../../../src/core/journal/settings/channel-name.ts';

const parse = (line: string) => parseBrief(['---', 'metric: loss', line, '---'].join('\n'), 'program.md');

test('a brief names channels, and a command beside them', () => {
  expect(parse('notify: [ntfy, desktop, ntfy]').notify).toEqual(['ntfy', 'desktop']);
  expect(parse('notify_command: [mail, -s, "{title}", me@example.org]').notifyCommand).toHaveLength(4);
  expect(parse('').notify).toEqual([]);
});

test.each([
  ['notify: [pager]', /`notify` must be channels: ntfy, slack, .* or desktop, found `pager`/],
  ['notify: slack', /`notify` must be a list of channels such as \[ntfy, desktop\]/],
])('%s is refused in one sentence', (line, says) => {
  expect(() => parse(line)).toThrow(says);
});

test('an address in a brief is refused without being told', () => {
  const line = 'notify: [https://hooks.slack.com/services/T0/B0/s3cr3t]';
  expect(() => parse(line)).toThrow(/`notify` must be channels: .*, found `an address`/);
  expect(() => parse(line)).not.toThrow(/s3cr3t/);
});

test('several names stand between commas', () => {
  expect(readChannelNames(' ntfy, desktop ,ntfy,')).toEqual({ kind: 'read', value: ['ntfy', 'desktop'] });
  expect(readChannelNames('ntfy;desktop')).toMatchObject({ kind: 'refused', found: 'ntfy;desktop' });
});
