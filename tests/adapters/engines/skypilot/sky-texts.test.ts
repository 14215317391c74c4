import { describe, expect, it } from 'vitest';
import {
  chosenIn,
  clustersIn,
  isRefusal,
  jobsIn,
  launchesIn,
  submittedIn,
  whyNot,
  whyRefused,
} from '../../../../src/adapters/engines/skypilot/sky-texts.ts';

// All of these are what sky 0.14.1 printed.
const dryrun = `Command to run: true
Running on cluster: noc1
Considered resources (1 node):
---------------------------------------------------------------------------------
 INFRA                INSTANCE     vCPUs   Mem(GB)   GPUS    COST ($)   CHOSEN   
---------------------------------------------------------------------------------
 Lambda (us-east-1)   gpu_1x_a10   30      200       A10:1   0.75       \u001b[32m   ✔\u001b[0m     
---------------------------------------------------------------------------------
Dryrun finished.
`;
const noSuchMachine = `Command to run: true
No resource satisfying Lambda({'A10': 8}) on Lambda.
sky.exceptions.ResourcesUnavailableError: Catalog does not contain any instances satisfying the request: 1x Lambda({'A10': 8}).
To fix: relax or change the resource requirements.

Hint: \u001b[1msky gpus list\u001b[0m to list available accelerators.
      \u001b[1msky check\u001b[0m to check the enabled clouds.
Hint: Check Per Resource Hint
`;
const overQuota = `Running on cluster: noc2
\u001b[0m⚙︎ Launching on Lambda us-east-1\u001b[0m.
\u001b[2mW 11-29 17:17:56.981 PID=22462 instance.py:125] run_instances error: global/quota-exceeded: Quota exceeded: you may hold 0 of gpu_1x_a10.\u001b[0m
sky.exceptions.ResourcesUnavailableError: Failed to acquire resources in all zones in us-east-1 for {Lambda({'A10': 1})}. 
\u001b[0m\u001b[33m↺\u001b[0m Trying other potential resources.
\u001b[0m\u001b[31m⨯\u001b[0m Failed to provision resources. \u001b[2mView logs: \u001b[1msky logs --provision noc2\u001b[0m\u001b[0m
sky.exceptions.ResourcesUnavailableError: \u001b[31mFailed to provision all possible launchable resources.\u001b[0m Relax the task's resource requirements: 1x Lambda({'A10': 1})
To keep retrying until the cluster is up, use the \`--retry-until-up\` flag.
Reasons for provision failures (for details, please check the log above):
Provision failures (tried 1 infra):
✗ Lambda (us-east-1) — (gpus=A10:1, gpu_1x_a10, ...)
  Failed to acquire resources in all zones in us-east-1 for {Lambda({'A10': 1})}.
`;
const vanished = `Fetching job queue for: noc1
Skipping cleanup of Lambda Cloud firewall rules as they are account-wide.
Failed to get the job queue for cluster 'noc1'.
  sky.exceptions.ClusterDoesNotExist: Cluster 'noc1' not found on the cloud provider. It was either autodowned, or manually terminated in console.
{}
`;

describe('what sky prints', () => {
  it('names the chosen machine and its price', () => {
    expect(chosenIn(dryrun)).toEqual({ what: 'A10:1 on Lambda (us-east-1), gpu_1x_a10', usd: 0.75 });
  });

  it('has no price where it prints 0.00, as for Slurm, Kubernetes and machines of the owner', () => {
    expect(chosenIn(dryrun.replace('0.75', '0.00'))).toEqual({
      what: 'A10:1 on Lambda (us-east-1), gpu_1x_a10',
      usd: undefined,
    });
    expect(chosenIn(dryrun.replace('0.75', '-   '))?.usd).toBeUndefined();
  });

  it('names no machine where it chose none', () => {
    expect(chosenIn(noSuchMachine)).toBeUndefined();
    expect(chosenIn('')).toBeUndefined();
    expect(whyNot(noSuchMachine)).toBe(
      "Catalog does not contain any instances satisfying the request: 1x Lambda({'A10': 8}).",
    );
  });

  it('says what sky lacks here, with the line that says how to get it', () => {
    const lacking =
      'RuntimeError: `rsync` is required for provisioning and it is not installed. For Debian/Ubuntu system, install it with:\n  $ sudo apt install rsync\n';
    expect(whyNot(lacking)).toBe(
      '`rsync` is required for provisioning and it is not installed. For Debian/Ubuntu system, install it with: sudo apt install rsync',
    );
  });

  it('says why there is no machine now in the words of the cloud', () => {
    expect(isRefusal(overQuota)).toBe(true);
    expect(whyRefused(overQuota)).toBe(
      'run_instances error: global/quota-exceeded: Quota exceeded: you may hold 0 of gpu_1x_a10.',
    );
    expect(isRefusal('sky.exceptions.CloudError: requests error (ConnectionError)')).toBe(false);
  });

  it('is no queue where sky could not ask the cluster, although that exits 0', () => {
    expect(jobsIn(vanished, 'noc1')).toBeUndefined();
    expect(whyNot(vanished.replace('{}\n', ''))).toMatch(/^Cluster 'noc1' not found on the cloud provider/);
  });

  it('is read behind the words that sky prints before it', () => {
    const job = { job_id: 1, job_name: 'nocturne-0001-run-1', status: 'RUNNING', links: {} };
    expect(jobsIn(`Fetching job queue for: noc1\n${JSON.stringify({ noc1: [job] }, null, 2)}`, 'noc1')).toEqual([
      { id: 1, name: 'nocturne-0001-run-1', status: 'RUNNING' },
    ]);
    expect(clustersIn('Cluster(s) not found: \u001b[1mnoc1\u001b[0m.\n[]\n')).toEqual([]);
    const cluster = { name: 'noc1', status: 'UP', autostop: 10, to_down: true, cluster_hash: '585e', nodes: 1 };
    expect(clustersIn(JSON.stringify([cluster]))).toEqual([
      { name: 'noc1', status: 'UP', autostop: 10, isDeleted: true, hash: '585e' },
    ]);
    expect(clustersIn('sky.exceptions.ApiServerConnectionError: Could not connect')).toBeUndefined();
  });

  it('tells the launches among the requests of the API server', () => {
    const requests = [
      { request_id: 'a', name: 'sky.launch', status: 'RUNNING' },
      { request_id: 'b', name: 'sky.status', status: 'RUNNING' },
    ];
    expect(launchesIn(JSON.stringify(requests))).toEqual(['a']);
    expect(launchesIn('[]')).toEqual([]);
    expect(launchesIn('no server')).toBeUndefined();
  });

  it('names the job that was submitted', () => {
    expect(submittedIn('Submitting job to cluster: noc1\n\u001b[0m⚙︎ Job submitted, ID: 12\n')).toBe(12);
    expect(submittedIn('Submitting job to cluster: noc1')).toBeUndefined();
  });
});
