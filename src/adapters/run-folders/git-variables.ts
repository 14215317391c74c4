/**
 * What git is told in a run: to look for a repository in the run's own folders alone, and to trust the one that it finds
 * there, which belongs to the controller where runs have a user of their own.
 */

/** The variables, for a run in this folder. */
export function gitVariables(folder: string): Readonly<Record<string, string>> {
  return {
    GIT_CEILING_DIRECTORIES: folder,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  };
}
