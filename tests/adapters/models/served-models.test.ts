import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScriptedModel } from '../../../src/adapters/models/scripted-model.ts';
import { testModelContract } from '../../contracts/model-contract.ts';
import { startModelServer } from '../../helpers/model-server/model-server.ts';
import { servedAdapters } from '../../helpers/model-server/served-models.ts';

for (const { adapter, create } of servedAdapters) {
  testModelContract({
    name: adapter,
    hasProvider: true,
    // The longer one is streamed where the adapter streams.
    limits: [4000, 64_000],
    create: async (replies) => {
      const server = await startModelServer(replies.map((reply) => ({ reply })));
      return { model: await create(server), violations: server.violations, close: server.close };
    },
  });
}

testModelContract({
  name: 'scripted',
  hasProvider: false,
  limits: [4000],
  create: async (replies) => {
    const folder = mkdtempSync(join(tmpdir(), 'nocturne-script-'));
    const path = join(folder, 'replies.json');
    const recorded = replies.map(({ usage, thought: _thought, ending: _ending, ...reply }) => ({
      ...reply,
      ...(usage && { usage: { uncachedInput: usage.uncached, cachedInput: usage.cached, output: usage.output } }),
    }));
    writeFileSync(path, JSON.stringify(recorded));
    return {
      model: await createScriptedModel({ path }),
      violations: [],
      close: async () => rmSync(folder, { recursive: true }),
    };
  },
});
