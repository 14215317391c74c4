import { dirname } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSkyEngine, skyJobs } from '../../../../src/adapters/engines/skypilot/sky-engine.ts';
import { createPacker } from '../../../../src/adapters/engines/travel/parcel.ts';
import { describeEngineContract } from '../../../contracts/engine-contract.ts';
import { interpreter } from '../../../helpers/interpreter.ts';
import { cloudInMemory } from './sky-in-memory.ts';

describeEngineContract('the engine of SkyPilot', async (studyFolder) => {
  const cloud = cloudInMemory();
  const root = dirname(dirname(studyFolder));
  const metric = { name: 'val_bpb', goal: 'minimize' } as const;
  const brief = { link: [], env: [], metric };
  const packer = createPacker({ studyFolder, root, userSandbox: root, python: interpreter, brief });
  const open = () => {
    const engine = createSkyEngine({
      ...{ sky: cloud.sky, openShell: cloud.openShell, settings: {}, packer, studyFolder, python: interpreter },
      ...{ slots: 1, gpus: 1, lookSeconds: 0.1, tell: () => {} },
    });
    onTestFinished(() => engine.close?.());
    return engine;
  };
  return { engine: open(), reopen: open, reader: () => skyJobs };
});
