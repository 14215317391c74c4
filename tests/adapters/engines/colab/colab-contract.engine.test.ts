/** The contract of engines on machines of Colab, through the real CLI against a stand-in for the service. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, onTestFinished } from 'vitest';
import { colabJobs } from '../../../../src/adapters/engines/colab/colab.ts';
import { openColab } from '../../../../src/adapters/engines/colab/open-colab.ts';
import { logPath } from '../../../../src/adapters/engines/job-files.ts';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import { describeMachineContract } from '../../../contracts/engine-contract.ts';
import { colabCommand, standIn, whyNoColab } from '../../../helpers/colab/stand-in.ts';
import { interpreter } from '../../../helpers/interpreter.ts';
import { until } from '../../../helpers/until.ts';

describe.skipIf(whyNoColab !== undefined)(`Colab ${whyNoColab ?? ''}`, () => {
  describeMachineContract('the engine of Colab', async (studyFolder) => {
    const service = await standIn();
    const options = {
      ...{ studyFolder, root: studyFolder, userSandbox: studyFolder, python: interpreter, slots: 1 },
      brief: { link: [], env: [], metric: { name: 'val_bpb', goal: 'minimize' as const } },
      settings: { program: colabCommand },
      ...{ environment: service.environment, patienceSeconds: 1 },
    };
    const open = () => {
      const engine = openColab({ ...options, tell: () => {} });
      onTestFinished(() => engine.close?.());
      return engine;
    };
    // All machines of the service lie below it.
    const machines = dirname(service.environment.HOME ?? '');
    return {
      engine: open(),
      reopen: open,
      reader: () => colabJobs,
      submitAndDie: async (job) => {
        const how = { module: 'colab/open-colab.js', make: 'openColab', options };
        const argv = [
          packagePath('tests', 'fixtures', 'controller.mjs'),
          JSON.stringify(job),
          'wait',
          JSON.stringify(how),
        ];
        const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
        await until(() => textOf(logPath(job, 'train')) !== '', 240_000);
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
      killSupervisor: async () => {
        const [training] = runsBelow(machines);
        const [, parent = ''] = afterName(`/proc/${training}/stat`);
        process.kill(Number(parent), 'SIGKILL');
      },
      survivors: async () => runsBelow(machines).length,
      hold: async () => {
        service.refuse('too-many');
        return async () => service.refuse(undefined);
      },
      loseNode: async () => {
        for (const machine of service.machines()) service.reclaim(machine);
        return async () => {};
      },
    };
  });
});

/** The live processes of runs on machines below this folder. */
function runsBelow(folder: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    const isRun = textOf(`/proc/${pid}/environ`)
      .split('\0')
      .some((entry) => entry.startsWith(`NOCTURNE_RUN_DIR=${folder}/`));
    return isRun && !/^[ZX]$/.test(afterName(`/proc/${pid}/stat`)[0] ?? '');
  });
}

/** What a process's `stat` has behind its name: its state, its parent, … */
function afterName(path: string): readonly string[] {
  const text = textOf(path);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
