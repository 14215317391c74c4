import { createGitWorkspace } from '../../../src/adapters/git/workspace.ts';
import { contractFiles, contractOptions, testWorkspaceContract } from '../../contracts/workspace-contract.ts';
import { temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

testWorkspaceContract('git', () => gitFixture());

testWorkspaceContract('git, with SHA-256 objects,', () => gitFixture(['--object-format=sha256']));

function gitFixture(init: readonly string[] = []) {
  const { root, git } = temporaryRepo(contractFiles, init);
  return {
    workspace: createGitWorkspace({ root, ...contractOptions, indexFolder: temporaryFolder() }),
    start: git('rev-parse', 'HEAD'),
    ref: (name: string) => git('rev-parse', '--verify', name),
    setRef: (name: string, commit: string) => {
      git('update-ref', name, commit);
    },
  };
}
