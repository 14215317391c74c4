/**
 * What git may see when it speaks to another machine: how to get there and how to show who one is, and no way to ask.
 */

/** Ways there, certificates, agents and tokens that credential helpers read. */
const names = [
  'SSH_AUTH_SOCK',
  'GIT_ASKPASS',
  'GIT_SSL_CAINFO',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GH_TOKEN',
  'GITHUB_TOKEN',
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
];

/** The environment of a command that may need the network; a question for a password is an error, never a wait. */
export function networkEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const given = names.flatMap((name): [string, string][] => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  const ssh = environment.GIT_SSH_COMMAND ?? 'ssh';
  return {
    ...Object.fromEntries(given),
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: `${ssh} -o BatchMode=yes -o ConnectTimeout=20`,
  };
}
