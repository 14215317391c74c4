import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rankOf } from '../../src/core/base/tiers.ts';
import { isolationIn, isRoot, type Kind, pythonFor } from './surroundings.ts';

const root: readonly Kind[] = ['root'];
const python = pythonFor(root);

/** A virtual environment below a folder that only its owner may enter. A cage has /tmp and /var/tmp of its own, so it lies elsewhere. */
async function closedPython(): Promise<string> {
  const folder = await mkdtemp(join('/home', 'nocturne-closed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'closed'), { mode: 0o700 });
  await execa(python ?? '', ['-m', 'venv', '--without-pip', join(folder, 'closed', 'environment')]);
  await chmod(folder, 0o755);
  return join(folder, 'closed', 'environment', 'bin', 'python');
}

describe.runIf(isRoot && python !== undefined)('a cage that lacks something', () => {
  // A user of its own has to reach this checkout, which lies in a closed folder where mktemp made that.
  const isReachable = pythonFor(['user']) !== undefined;

  it.runIf(isReachable)('takes the next rung where the kernel has no Landlock, and says so', async () => {
    const { tier, whyNotHigher } = await isolationIn(['without-landlock', 'docker'], python ?? '');
    expect(tier).toBe('user');
    expect(whyNotHigher).toContain('this kernel has no Landlock');
  });

  it.skipIf(isReachable)(
    'takes the rung after that where no other user can reach the program, and says so',
    async () => {
      const { tier, whyNotHigher } = await isolationIn(['without-landlock', 'docker'], python ?? '');
      expect(tier).toBe('seccomp');
      expect(whyNotHigher).toMatch(/^user: .*Permission denied/);
    },
  );

  it('is none at all where the kernel refuses seccomp: no tier is claimed, and the reason is said', async () => {
    const { tier, rung, whyNotHigher } = await isolationIn(['without-seccomp'], python ?? '');
    expect({ tier, rung }).toEqual({ tier: 'none', rung: undefined });
    expect(whyNotHigher).toContain('seccomp: Invalid argument');
  });

  it('takes a rung that reaches an interpreter below a closed folder', async () => {
    const found = await isolationIn(root, await closedPython());
    expect(found.rung?.uid === undefined || found.rung.keeps !== undefined).toBe(true);
    expect(rankOf(found.tier)).toBeGreaterThanOrEqual(rankOf('landlock'));
  });

  it('does so with what Docker leaves to root', async () => {
    const found = await isolationIn(['docker'], await closedPython());
    expect(found).toMatchObject({ tier: 'landlock-user', rung: { keeps: 'CAP_DAC_OVERRIDE' } });
    expect(found.open).toContain('change a fixed file');
  });
});

describe.runIf(isRoot && pythonFor(['user', 'docker', 'without-landlock']) !== undefined)(
  'an ordinary user in a sandbox',
  () => {
    const kinds: readonly Kind[] = ['user', 'docker', 'without-landlock'];

    it('without namespaces and Landlock has seccomp left', async () => {
      const { tier, whyNotHigher } = await isolationIn(kinds, pythonFor(kinds) ?? '');
      expect(tier).toBe('seccomp');
      expect(whyNotHigher).toContain('user');
    });
  },
);
