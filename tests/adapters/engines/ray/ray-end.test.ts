import { describe, expect, it } from 'vitest';
import type { RayJobInfo } from '../../../../src/adapters/engines/ray/ray-api.ts';
import { concludeWithoutResult } from '../../../../src/adapters/engines/ray/ray-end.ts';
import { SettingsError } from '../../../../src/core/base/errors.ts';

const job = { id: '0001/run-1', folder: '/nowhere', stages: [], limitSeconds: 1 };
const failed: RayJobInfo = { status: 'FAILED' };

function conclude(info: Partial<RayJobInfo>, { failed: why = undefined as string | undefined, attempt = 1 } = {}) {
  return concludeWithoutResult(job, { ...failed, ...info }, { failed: why }, attempt);
}

/** What Ray 2.60.0 said of a job whose node was killed. */
const died = `Job supervisor actor died: The actor died unexpectedly before finishing this task.
	class_name: JobSupervisor
	namespace: SUPERVISOR_ACTOR_RAY_NAMESPACE
	ip: 192.0.2.2
The actor died because its node has died. Node Id: 8a94469d
	the actor's node was terminated unexpectedly: health check failed due to missing too many heartbeats`;

describe('a Ray job that left no result', () => {
  it('is submitted again when it waited too long in the queue', () => {
    const info = { error_type: 'JOB_SUPERVISOR_ACTOR_START_TIMEOUT' };
    expect(conclude(info, { attempt: 7 })).toMatchObject({ kind: 'again', why: expect.stringContaining('queue') });
  });

  it('is submitted again when its surroundings could not be set up, but not for ever', () => {
    const info = {
      error_type: 'RUNTIME_ENV_SETUP_FAILURE',
      message: 'runtime_env setup failed:\nOSError: Failed to download\n',
    };
    expect(conclude(info, { attempt: 2 })).toMatchObject({ kind: 'again', why: expect.stringContaining('OSError') });
    expect(() => conclude(info, { attempt: 3 })).toThrow(SettingsError);
  });

  it("whose python is not there is the owner's to mend", () => {
    const info = { driver_exit_code: 127, message: 'sh: 1: exec: python3: not found' };
    expect(() => conclude(info)).toThrow(/python3: not found/);
  });

  it.each([
    [{ status: 'STOPPED' as const }, 'somebody stopped it on the Ray cluster'],
    [
      { error_type: 'JOB_SUPERVISOR_ACTOR_DIED', message: died },
      'its node of the Ray cluster died: The actor died because its node has died. Node Id: 8a94469d',
    ],
    [{ status: 'SUCCEEDED' as const }, 'it ended, but its node is gone, and with it what it left'],
  ])('%j is lost by nothing that it could have done', (info, reason) => {
    expect(conclude(info)).toEqual({ kind: 'lost', reason, byMachine: true });
  });

  it.each([
    [
      { driver_exit_code: 1, message: 'exit code 1' },
      'no room\non device',
      'it could not be run on its node: on device',
    ],
    [
      { error_type: 'JOB_SUPERVISOR_ACTOR_DIED', message: 'Job supervisor actor died:\nThe actor was killed' },
      undefined,
      'its worker of the Ray cluster died: The actor was killed',
    ],
    [
      { driver_exit_code: -9, message: 'failed with exit code -9\n\n' },
      undefined,
      'Ray ended it: failed with exit code -9',
    ],
    [{}, undefined, 'Ray ended it: it does not say why'],
  ])('%j is lost', (info, why, reason) => {
    expect(conclude(info, { failed: why })).toEqual({ kind: 'lost', reason });
  });
});
