/**
 * The channels that a brief, a flag or the environment names. What is secret of them, addresses included, comes from the
 * environment alone.
 */
import { SettingsError } from '../../core/base/errors.ts';
import type { ChannelName } from '../../core/base/names.ts';
import type { Brief } from '../../core/brief/brief.ts';
import { readChannelNames } from '../../core/journal/settings/channel-name.ts';
import type { Channel } from '../../ports/channel.ts';
import { discord } from './discord.ts';
import { createHttpChannel } from './http-channel.ts';
import { ntfy } from './ntfy.ts';
import { createCommandChannel, createDesktopChannel } from './program-channel.ts';
import type { Environment, Provider } from './provider.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

const providers = { ntfy, slack, discord, telegram, webhook } satisfies Readonly<
  Record<Exclude<ChannelName, 'desktop'>, Provider>
>;

export interface AskedChannels {
  readonly names: readonly ChannelName[];
  /** The owner's command, where the brief has one. */
  readonly command?: readonly string[] | undefined;
}

/**
 * What a study is to tell its owner through: the channels of the flag, else those of the brief and of NOCTURNE_NOTIFY together.
 */
export function askedChannels(
  { notify, notifyCommand: command }: Pick<Brief, 'notify' | 'notifyCommand'>,
  flag: readonly ChannelName[] | undefined,
  environment: Environment,
): AskedChannels {
  if (flag) return { names: flag, command };
  const reading = readChannelNames(environment.NOCTURNE_NOTIFY ?? '');
  if (reading.kind === 'refused')
    throw new SettingsError(`NOCTURNE_NOTIFY must be ${reading.expected}, found ${reading.found ?? 'another'}.`, {
      hint: reading.hint ?? 'Name them with commas between, such as NOCTURNE_NOTIFY=ntfy,desktop.',
    });
  return { names: [...new Set([...notify, ...reading.value])], command };
}

/** Opens them. A SettingsError says which variable one of them lacks. */
export function openChannels({ names, command }: AskedChannels, given: Environment): readonly Channel[] {
  const environment = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value?.trim()]));
  const mask = maskOf(environment);
  const named = names.map((name) => {
    if (name === 'desktop') return createDesktopChannel(process.platform, mask);
    const provider = providers[name];
    requireVariables(name, provider, environment);
    return createHttpChannel(name, provider, environment, mask);
  });
  return command ? [...named, createCommandChannel(command, mask)] : named;
}

function requireVariables(name: string, { needs }: Provider, environment: Environment): void {
  for (const [variable, what] of Object.entries(needs)) {
    const value = environment[variable]?.trim() ?? '';
    const isUrl = variable.endsWith('_URL');
    if (value !== '' && (!isUrl || isHttpUrl(value))) continue;
    const found = value === '' ? 'it is not set' : 'it is no http address';
    throw new SettingsError(`To tell you by ${name}, the environment variable ${variable} must be ${what}; ${found}.`, {
      hint: `Set it where Nocturne starts (never in the brief), and try it with \`nocturne doctor --notify\`.`,
    });
  }
}

function isHttpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (url?.protocol === 'https:' || url?.protocol === 'http:') && url.pathname !== '';
}

/** Variables of providers that are no secret. */
const harmless: ReadonlySet<string> = new Set(['TELEGRAM_CHAT_ID']);

/** The values that no message may have: those of the providers' variables, and of an address the parts that give it away. */
function channelSecrets(environment: Environment): readonly string[] {
  const names = [...Object.values(providers).flatMap(({ needs }) => Object.keys(needs)), 'NTFY_TOKEN'];
  return names
    .filter((name) => !harmless.has(name))
    .flatMap((name) => [environment[name] ?? '', ...partsOf(environment[name] ?? '')])
    .filter((part) => part.length >= minCharacters);
}

/** Of an address: its path, the last step of that, its query, and a user's name and password. */
function partsOf(value: string): readonly string[] {
  if (!URL.canParse(value)) return [];
  const { pathname, search, username, password } = new URL(value);
  return [
    pathname.slice(1),
    pathname.split('/').at(-1) ?? '',
    search.slice(1),
    search.split('=').at(-1) ?? '',
    username,
    password,
  ];
}

/** A shorter value would take ordinary words out of a message. */
const minCharacters = 6;

function maskOf(environment: Environment): (text: string) => string {
  const secrets = [...channelSecrets(environment)].sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((left, secret) => left.split(secret).join('[redacted]'), text);
}
