/**
 * Channels on the command line.
 */
import { SettingsError } from '../../core/base/errors.ts';
import type { ChannelName } from '../../core/base/names.ts';
import { readChannelNames } from '../../core/journal/settings/channel-name.ts';

/** A commander parser for channels with commas between. */
export function parseChannels(flag: string): (text: string) => readonly ChannelName[] {
  return (text) => {
    const reading = readChannelNames(text);
    if (reading.kind === 'read') return reading.value;
    const { expected, found = JSON.stringify(text), hint } = reading;
    throw new SettingsError(`${flag} must be ${expected}, found ${found}.`, hint === undefined ? {} : { hint });
  };
}
