/**
 * The environment of git when it connects to another machine: what it needs for the connection and the login, and no
 * way to ask for a password.
 */

/** Variables for proxies, certificates, SSH agents and tokens that credential helpers read. */
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

/**
 * The environment of a git command that may use the network; a question for a password becomes an error and never
 * waits.
 */
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
