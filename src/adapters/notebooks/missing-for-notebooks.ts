/**
 * What a Python lacks to execute notebooks.
 */
import { execa } from 'execa';

const needed = ['nbclient', 'ipykernel'];
const probe = `
import importlib.util
print(" ".join(name for name in ${JSON.stringify(needed)} if importlib.util.find_spec(name) is None))
`;

/** The packages that are missing, as pip names them; all of them where the Python cannot be asked. */
export async function missingForNotebooks(python: string): Promise<readonly string[]> {
  const { stdout, failed } = await execa(python, ['-c', probe], { reject: false, timeout: 60_000 });
  return failed ? needed : stdout.split(' ').filter((name) => name !== '');
}
