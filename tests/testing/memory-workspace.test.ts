import { createMemoryWorkspace } from '../../src/testing/memory-workspace.ts';
import { contractFiles, contractOptions, testWorkspaceContract } from '../contracts/workspace-contract.ts';

testWorkspaceContract('in-memory', () => {
  const workspace = createMemoryWorkspace({ files: contractFiles, ...contractOptions });
  return {
    workspace,
    start: workspace.start,
    ref: (name) => workspace.refs.get(name),
    setRef: (name, commit) => workspace.refs.set(name, commit),
  };
});
