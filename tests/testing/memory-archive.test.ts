import { createMemoryArchive } from '../../src/testing/index.ts';
import { describeArchiveContract } from '../contracts/archive-contract.ts';

describeArchiveContract('the archive in memory', async () => {
  const now = () => '2024-11-23T22:00:00.000Z';
  const archive = createMemoryArchive(now);
  let latest = archive;
  return {
    archive,
    reopen: async () => {
      latest = createMemoryArchive(now, latest.journal);
      return latest;
    },
    kept: async (experiment, name) => archive.kept.get(`${String(experiment).padStart(4, '0')}/${name}`),
  };
});
