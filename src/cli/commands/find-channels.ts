/**
 * What `nocturne doctor --notify` finds: whether a test message arrives through each channel.
 */
import { askedChannels, openChannels } from '../../adapters/notify/open-channels.ts';
import type { ChannelName } from '../../core/base/names.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { testNotice } from '../../core/views/notices.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Finding } from './finding.ts';

/** Sends it once through the channels that a study would have, or these. */
export async function channelFindings(brief: Brief, names: readonly ChannelName[] | undefined): Promise<Finding[]> {
  const asked = askedChannels(brief, names, process.env);
  if (asked.names.length === 0 && asked.command === undefined) {
    const hint = 'Name one: `nocturne doctor --notify ntfy`, or `notify: [ntfy]` in the brief (docs/notify.md).';
    return [{ name: 'notify', state: 'note', text: 'nobody is told of a study', hint }];
  }
  return Promise.all(openChannels(asked, process.env).map(tellOf));
}

async function tellOf(channel: Channel): Promise<Finding> {
  const told = await channel.tell(testNotice('doctor'), AbortSignal.timeout(limitMilliseconds));
  if (told.kind === 'told') return { name: 'notify', state: 'ok', text: `${channel.name} took a test message` };
  return { name: 'notify', state: 'problem', text: `${channel.name}: ${told.reason}.` };
}

const limitMilliseconds = 20_000;
