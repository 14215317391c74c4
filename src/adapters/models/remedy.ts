/**
 * What the owner can set against a fault that no wait ends.
 */
import type { ModelFault } from '../../ports/model.ts';
import { keyVariablesOf } from './create-model.ts';
import { toolsRemedy } from './no-tools.ts';

export interface AskedModel {
  /** As the brief names it. */
  readonly name: string;
  readonly baseUrl?: string | undefined;
  readonly api?: string | undefined;
}

/** One or two sentences on what to set; undefined for a fault that may pass by itself. */
export function remedyFor(fault: ModelFault, asked: AskedModel): string | undefined {
  switch (fault.code) {
    case 'unauthorized':
      return keyRemedy(asked.name);
    case 'not-found':
      return notFoundRemedy(fault, asked);
    case 'quota-exhausted':
      return 'Add credit at the provider, or name another model in `model:`.';
    case 'spend-limit':
      return 'Raise the limit at the provider, or name another model in `model:`.';
    case 'no-tools':
      return toolsRemedy([fault.message]);
    case 'bad-request':
      return badRequestRemedy(fault, asked);
    case 'invalid-body':
      return addressRemedy(asked);
    case 'connection':
      return connectionRemedy(fault, asked);
    default:
      return undefined;
  }
}

function keyRemedy(name: string): string {
  const [variable] = keyVariablesOf(name);
  if (variable === undefined) return 'Give the server the key that it asks for, or name another model in `model:`.';
  return `Set ${variable}, or ${variable}_FILE to a file with it, to a key that is valid and may use this model.`;
}

function notFoundRemedy({ message }: ModelFault, asked: AskedModel): string {
  const wire = apiRemedy(asked);
  if (/v1\/responses|responses api/i.test(message)) return 'Set `api: responses` in the brief.';
  const name = `Check the name in \`model:\` (${asked.name})`;
  return asked.baseUrl === undefined ? `${name}.` : `${name}, and \`base_url:\` (${asked.baseUrl}).${wire}`;
}

function badRequestRemedy({ message }: ModelFault, asked: AskedModel): string {
  if (/v1\/responses|responses api/i.test(message)) return 'Set `api: responses` in the brief.';
  return `The request itself was refused: name another model in \`model:\`, or check what the server accepts.${apiRemedy(asked)}`;
}

function addressRemedy({ baseUrl, api, name }: AskedModel): string {
  const address = baseUrl === undefined ? 'the address of the provider' : `\`base_url:\` (${baseUrl})`;
  return `Check ${address}: what answers there is no model server. Most addresses end in /v1.${apiRemedy({ name, baseUrl, api })}`;
}

/** A server of the owner's may speak only one of OpenAI's two protocols. */
function apiRemedy({ name, baseUrl, api }: AskedModel): string {
  if (baseUrl === undefined || !name.startsWith('openai:')) return '';
  const other = api === 'responses' ? 'chat' : 'responses';
  return ` If it speaks OpenAI's other protocol, set \`api: ${other}\`.`;
}

/** A name that is not known and a certificate that is not trusted do not pass by themselves; a refused connection may. */
function connectionRemedy({ message }: ModelFault, { baseUrl }: AskedModel): string | undefined {
  const address = baseUrl === undefined ? 'the network' : `\`base_url:\` (${baseUrl})`;
  if (/ENOTFOUND/.test(message)) return `Check ${address}: there is no such host.`;
  if (!/CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO/.test(message)) return undefined;
  return `Check ${address}, or name the certificate's authority in NODE_EXTRA_CA_CERTS.`;
}
