/**
 * Names of channels, in a brief's `notify:`, after --notify and in NOCTURNE_NOTIFY. An address is refused: it is as good as a
 * password, and a brief is committed.
 */
import { alternativesText } from '../../base/format.ts';
import { type ChannelName, channelNames } from '../../base/names.ts';
import { type ReadResult, read, refuse } from '../../base/read-result.ts';

/** Reads one name. */
export function readChannelName(raw: unknown): ReadResult<ChannelName> {
  const name = channelNames.find((each) => each === raw);
  if (name !== undefined) return read(name);
  const expected = `channels: ${alternativesText(channelNames)}`;
  if (typeof raw !== 'string' || !raw.includes('://')) return refuse(expected, { found: String(raw) });
  const hint = 'Addresses and tokens stand in the environment: docs/notify.md says under which names.';
  return refuse(expected, { found: 'an address', hint });
}

/** Reads several, between commas. */
export function readChannelNames(text: string): ReadResult<readonly ChannelName[]> {
  const names: ChannelName[] = [];
  for (const part of text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)) {
    const reading = readChannelName(part);
    if (reading.kind === 'refused') return reading;
    if (!names.includes(reading.value)) names.push(reading.value);
  }
  return read(names);
}
