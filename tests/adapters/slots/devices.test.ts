import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { amdDevices } from '../../../src/adapters/slots/amd-devices.ts';
import { hasTpu } from '../../../src/adapters/slots/has-tpu.ts';
import { linesOf } from '../../../src/adapters/slots/lines-of.ts';
import { nvidiaDevices } from '../../../src/adapters/slots/nvidia-devices.ts';
import { fakeNvidiaSmi, type GpuAnswers, gpuFailures, listOf } from '../../helpers/nvidia-smi.ts';
import { temporaryFolder } from '../../helpers/temporary-repo.ts';

const h100 = 'NVIDIA H100 80GB HBM3';

function nvidia(answers: GpuAnswers, chosen?: string) {
  const { path } = fakeNvidiaSmi(temporaryFolder(), answers);
  return nvidiaDevices({ PATH: path, ...(chosen === undefined ? {} : { CUDA_VISIBLE_DEVICES: chosen }) });
}

describe('NVIDIA GPUs', () => {
  it('are dealt by their indices, in the order of nvidia-smi', async () => {
    expect(await nvidia({ list: listOf(h100, h100) })).toEqual({
      devices: [
        { id: '0', name: h100 },
        { id: '1', name: h100 },
      ],
      variable: 'CUDA_VISIBLE_DEVICES',
      also: { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' },
      mayBeGrouped: true,
    });
  });

  it('in slices are dealt slice by slice', async () => {
    const list = listOf([h100, '3g.40gb', '3g.40gb'], h100);
    const found = await nvidia({ list });
    expect(found?.devices.map(({ name }) => name)).toEqual([`${h100} MIG 3g.40gb`, `${h100} MIG 3g.40gb`, h100]);
    expect(found?.devices.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^MIG-01/),
      expect.stringMatching(/^MIG-02/),
      '1',
    ]);
    expect(found?.mayBeGrouped).toBe(false);
  });

  it.each([
    ['1', [{ id: '1', name: 'NVIDIA L4' }]],
    ['1,0', ['1', '0']],
    ['GPU-10', [{ id: 'GPU-10', name: 'NVIDIA L4' }]],
    ['0,-1,1', ['0']],
    ['1,1', ['1']],
    ['7', [{ id: '7', name: 'GPU' }]],
  ])(
    'that the owner chose with CUDA_VISIBLE_DEVICES=%s are dealt as they are named there',
    async (chosen, expected) => {
      const found = await nvidia({ list: listOf(h100, 'NVIDIA L4') }, chosen);
      expect(found?.also).toEqual({});
      const devices = found?.devices ?? [];
      expect(typeof expected[0] === 'string' ? devices.map(({ id }) => id) : devices).toEqual(expected);
    },
  );

  it.each(['', '-1'])('that CUDA_VISIBLE_DEVICES=%j hides are not dealt', async (chosen) => {
    expect(await nvidia({}, chosen)).toBeUndefined();
  });

  it('are none where nvidia-smi is missing or fails', async () => {
    expect(await nvidiaDevices({ PATH: join(temporaryFolder(), 'nowhere') })).toBeUndefined();
    expect(await nvidia({ failure: gpuFailures['no driver'] })).toBeUndefined();
    expect(await nvidia({ failure: gpuFailures['no device, said with success'] })).toBeUndefined();
  });
});

/** A PATH with a program that prints a table. */
function printing(program: string, table: string): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'table'), table);
  writeFileSync(join(folder, program), `#!/bin/sh\ncat '${join(folder, 'table')}'\n`);
  chmodSync(join(folder, program), 0o755);
  return `${folder}:/usr/bin:/bin`;
}

const rocm = `WARNING: AMD GPU device(s) is/are in a low-power state.

device,Card Series,Card Model,Card Vendor,Card SKU
card0,AMD Instinct MI300X OAM,0x74a1,Advanced Micro Devices Inc. [AMD/ATI],M3000100
card1,AMD Instinct MI300X OAM,0x74a1,Advanced Micro Devices Inc. [AMD/ATI],M3000100
`;
const amd = `gpu,market_name,vendor_id,vendor_name
0,AMD Instinct MI325X,0x1002,"Advanced Micro Devices, Inc. [AMD/ATI]"
`;

describe('AMD GPUs', () => {
  it('are listed by rocm-smi', async () => {
    expect(await amdDevices({ PATH: printing('rocm-smi', rocm) })).toEqual({
      devices: [
        { id: '0', name: 'AMD Instinct MI300X OAM' },
        { id: '1', name: 'AMD Instinct MI300X OAM' },
      ],
      variable: 'HIP_VISIBLE_DEVICES',
      also: {},
      mayBeGrouped: true,
    });
  });

  it('are listed by amd-smi', async () => {
    const found = await amdDevices({ PATH: printing('amd-smi', amd) });
    expect(found?.devices).toEqual([{ id: '0', name: 'AMD Instinct MI325X' }]);
  });

  it('go by the card model where the series is a number', async () => {
    const table = 'device,Card series,Card model\ncard0,0x75a0,AMD Instinct MI355X\n';
    const found = await amdDevices({ PATH: printing('rocm-smi', table) });
    expect(found?.devices).toEqual([{ id: '0', name: 'AMD Instinct MI355X' }]);
  });

  it.each([
    [{ ROCR_VISIBLE_DEVICES: '1' }, 'ROCR_VISIBLE_DEVICES', ['1']],
    [{ CUDA_VISIBLE_DEVICES: '1,0' }, 'CUDA_VISIBLE_DEVICES', ['1', '0']],
    [{ ROCR_VISIBLE_DEVICES: '0,1', HIP_VISIBLE_DEVICES: '1' }, 'HIP_VISIBLE_DEVICES', ['1']],
  ])('that the owner chose with %j are dealt', async (chosen, variable, ids) => {
    const found = await amdDevices({ PATH: printing('rocm-smi', rocm), ...chosen });
    expect(found?.variable).toBe(variable);
    expect(found?.devices.map(({ id }) => id)).toEqual(ids);
  });

  it('are none where nobody lists them, or the owner hides them', async () => {
    expect(await amdDevices({ PATH: '/nowhere' })).toBeUndefined();
    expect(await amdDevices({ PATH: printing('rocm-smi', 'No AMD GPUs specified\n') })).toBeUndefined();
    expect(await amdDevices({ PATH: printing('rocm-smi', rocm), HIP_VISIBLE_DEVICES: '-1' })).toBeUndefined();
  });
});

it('a program that lists devices is not waited for when its driver hangs, as a process that cannot be killed', async () => {
  const folder = temporaryFolder();
  const driver = join(folder, 'driver');
  writeFileSync(driver, '');
  onTestFinished(() => rmSync(driver));
  // What waits for the driver has the pipe, and is not what is killed.
  writeFileSync(join(folder, 'lists'), `#!/bin/sh\n(while [ -e '${driver}' ]; do sleep 0.1; done) &\nwait\n`);
  chmodSync(join(folder, 'lists'), 0o755);
  expect(await linesOf('lists', [], { PATH: `${folder}:/usr/bin:/bin` }, 100)).toBeUndefined();
});

describe('a TPU', () => {
  function bus(...devices: readonly (readonly [vendor: string, device: string])[]): string {
    const folder = temporaryFolder();
    for (const [index, [vendor, device]] of devices.entries()) {
      mkdirSync(join(folder, `0000:00:0${index}.0`));
      writeFileSync(join(folder, `0000:00:0${index}.0`, 'vendor'), `${vendor}\n`);
      writeFileSync(join(folder, `0000:00:0${index}.0`, 'device'), `${device}\n`);
    }
    return folder;
  }

  it('is known by its chips on the bus, and not by other devices of its vendor', async () => {
    expect(await hasTpu(bus(['0x8086', '0x0063'], ['0x1ae0', '0x0063']))).toBe(true);
    expect(await hasTpu(bus(['0x8086', '0x0063'], ['0x1ae0', '0x0042']))).toBe(false);
    expect(await hasTpu('/nowhere')).toBe(false);
  });
});
