/** A trained copy of the tiny sandbox, and what its scorer says when train.py is another one by then. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll } from 'vitest';
import { readMeasurement } from '../../src/core/run/measurement.ts';
import { withoutAnswerLines } from './answer-lines.ts';
import { fastFolder } from './fast-folder.ts';

/** What the scorer said, and the grade that the harness reads from it. */
export interface Graded {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  /** Without the lines that say how many answers had come. */
  readonly stderr: string;
  readonly answers: readonly string[];
  /** Undefined where there is none. */
  readonly value: number | undefined;
  readonly parts: readonly number[];
}

export interface GradedTiny {
  /** A copy of the trained sandbox, gone after the test. */
  readonly copy: () => string;
  /** The scorer's word on train.py as it is. */
  readonly honest: () => Promise<Graded>;
  /** The scorer's word on a copy with this code at the end of its train.py. */
  readonly gradeWith: (code: string, environment?: Readonly<Record<string, string>>) => Promise<Graded>;
}

/** Trains once before the tests of the calling file. */
export function gradedTiny(): GradedTiny {
  const trained = mkdtempSync(join(tmpdir(), 'nocturne-graded-'));
  beforeAll(async () => {
    const filter = (path: string) => !/(data|private|run|__pycache__)$/.test(path);
    cpSync(resolve('sandbox/tiny'), trained, { recursive: true, filter });
    await execa('python3', ['prepare.py'], { cwd: trained });
    await execa('python3', ['train.py'], { cwd: trained, env: { NOCTURNE_BUDGET_SECONDS: '0.3' } });
  });
  afterAll(() => rmSync(trained, { recursive: true, force: true }));
  const copy = () => {
    const folder = fastFolder();
    cpSync(trained, folder, { recursive: true });
    return folder;
  };
  let honest: Promise<Graded> | undefined;
  return {
    copy,
    honest: () => {
      honest ??= grade(copy());
      return honest;
    },
    gradeWith: async (code, environment = {}) => {
      const folder = copy();
      const script = join(folder, 'train.py');
      const [model = '', start = ''] = readFileSync(script, 'utf8').split('if __name__ == "__main__":');
      writeFileSync(script, `${model}${code}\n\nif __name__ == "__main__":${start}`);
      return grade(folder, environment);
    },
  };
}

/** The scorer's word on a trained sandbox. */
export async function grade(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<Graded> {
  const said = await execa('python3', ['score.py'], { cwd: folder, env: environment, reject: false });
  const { exitCode, signal, stdout, stderr } = said;
  const read = readMeasurement(
    { trainLog: '', scoreLog: stdout, metricsJson: undefined },
    { name: 'val_bpb', goal: 'minimize' },
  );
  const { value, parts = [] } = read.kind === 'measured' ? read.measurement : {};
  const { answers, rest } = withoutAnswerLines(stderr);
  return { exitCode, signal, stdout, stderr: rest, answers, value, parts };
}
