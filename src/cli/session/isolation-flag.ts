/** What `--help` says of the flag `--no-isolation`. */
export const noIsolation = 'run training code with your own rights, as `isolation: none` in the brief does';
