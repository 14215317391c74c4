/** What google-colab-cli 0.7.5 printed, as it was seen. */
import { expect, test } from 'vitest';
import { failureOf, framesIn, listedMachines, readUsage } from '../../../../src/adapters/engines/colab/answers.ts';

const banner = `
[colab] A new version of Colab CLI is available: 99.0.0 (current: 0.7.5)
[colab] Run 'colab update' to update.
`;
const said = (stderr: string, stdout = '', exitCode = 1) => ({ exitCode, stdout, stderr });

test('machines are read with the names that the CLI knows, behind its notices', () => {
  const stdout = `${banner}[colab] Pruned 1 stale local session(s).
[nocturne-night-0] gpu-t4-s-1276e95f | Hardware: T4 | Shape: Standard | Variant: GPU
[?] m-s-kkb-use1b1-2lrd6bbi0umx6 | Hardware: CPU | Shape: High-RAM | Variant: DEFAULT
`;
  expect(listedMachines(stdout)).toEqual([
    { name: 'nocturne-night-0', endpoint: 'gpu-t4-s-1276e95f', hardware: 'T4' },
    { name: undefined, endpoint: 'm-s-kkb-use1b1-2lrd6bbi0umx6', hardware: 'CPU' },
  ]);
  expect(listedMachines('[colab] No active sessions found on server.\n')).toEqual([]);
});

test('what the account has is read, or not known', () => {
  const stdout = `${banner}Current balance: 87.50 compute units\nUsage rate: 1.76/hr\nActive assignments: 1\n`;
  expect(readUsage(stdout)).toEqual({ units: '87.50', perHour: '1.76' });
  expect(readUsage('')).toBeUndefined();
});

test.each([
  ['signed-out', said('Enter the authorization code: \nAborted.\n')],
  ['signed-out', said('No valid default credentials found. To authenticate, run:\n', '', 0)],
  ['refused', said('[colab] Allocation refused (precondition failed). This can mean too many active sessions\n')],
  ['refused', said("[colab] Backend rejected accelerator 'A100'. You may not have quota\n")],
  [
    'refused',
    said(
      'colab_cli.client.ColabRequestError: Failed to issue request POST https://colab.research.google.com/tun/m/assign?nbh=1&accelerator=T4: Service Unavailable\n',
    ),
  ],
  ['unknown-machine', said('', "[colab] Session 'a' appears to be lost (404/401). Cleaning up.\n")],
  ['unknown-machine', said('', "[colab] Session 'a' not found.\n")],
  ['unreachable', { exitCode: undefined, stdout: '', stderr: '' }],
  ['unreachable', said("requests.exceptions.ProxyError: HTTPSConnectionPool(host='x', port=443)\n")],
  ['unreachable', said('RuntimeError: Connection was lost.\n')],
  [
    'unreachable',
    said(
      'colab_cli.client.ColabRequestError: Failed to issue request GET https://x/tun/m/assignments: Service Unavailable\n',
    ),
  ],
  ['failed', said('Traceback (most recent call last):\nValueError: data.bin came incomplete\n')],
] as const)('a failure is %s by what was said', (kind, answer) => {
  expect(failureOf(answer)).toMatchObject({ kind });
});

test('frames are read among the lines of others, and broken ones left out', () => {
  expect(framesIn(`${banner}@nocturne@{"a": 1}\nhello\nx@nocturne@{"done": true}\n@nocturne@{"b":`)).toEqual([
    { a: 1 },
    { done: true },
  ]);
});
