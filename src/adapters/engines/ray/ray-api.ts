/**
 * The part of Ray's REST interface that the engine uses: the Jobs API, the packages beside it, and the log files of the nodes.
 *
 * `GET /api/jobs/ID/logs` is not used: it reads the whole log as text on every call, and answers 500 for as long as a character in
 * it is cut in half.
 */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { SettingsError } from '../../../core/base/errors.ts';
import { parseJson } from '../../../core/base/parse-json.ts';
import { freeOf, type NodeResources } from './node-usage.ts';
import type { RayPackage } from './package-file.ts';
import { jsonBody, type RayHttp, type RayRequest, type Reply, Unreachable } from './ray-http.ts';

const jobSchema = z.object({
  status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
  message: z.string().nullish(),
  error_type: z.string().nullish(),
  driver_node_id: z.string().nullish(),
  driver_exit_code: z.number().nullish(),
});

/** What Ray says of a job. */
export type RayJobInfo = z.infer<typeof jobSchema>;

const versionSchema = z.object({ ray_version: z.string(), session_name: z.string().default('') });
export type RayVersion = z.infer<typeof versionSchema>;

const nodesSchema = z.object({
  data: z.object({
    result: z.object({
      result: z.array(z.object({ state: z.string(), resources_total: z.record(z.string(), z.number()).nullish() })),
    }),
  }),
});
const usageSchema = z.object({
  data: z.object({ nodeLogicalResources: z.record(z.string(), z.string()).default({}) }),
});

/** What a job is submitted with, as Ray names it. */
export interface Submission {
  readonly submission_id: string;
  readonly entrypoint: string;
  readonly entrypoint_num_cpus: number;
  readonly entrypoint_num_gpus: number;
  readonly entrypoint_memory?: number;
  readonly entrypoint_resources?: Readonly<Record<string, number>>;
  readonly runtime_env: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Every method rejects with `Unreachable` where the cluster gives no usable answer, and with a `SettingsError` for what the owner can mend. */
export interface RayApi {
  readonly version: () => Promise<RayVersion>;
  /** Sends the package unless the cluster has it; Ray keeps it for ten minutes, and for as long as a job needs it. */
  readonly send: (made: RayPackage) => Promise<void>;
  /** Starts the job; where one of this id is there, that is it. */
  readonly submit: (submission: Submission) => Promise<void>;
  readonly find: (id: string) => Promise<RayJobInfo | undefined>;
  /** Asks for the job's end. A job in the queue stays there, and is ended once its turn has come. */
  readonly stop: (id: string) => Promise<void>;
  /** The last lines of a job's log, or all; false where its node or its log is gone. */
  readonly readLog: (
    node: string,
    id: string,
    lines: number | 'all',
    use: (line: string) => Promise<void>,
  ) => Promise<boolean>;
  /** The totals of the nodes that are up. */
  readonly nodes: () => Promise<readonly NodeResources[]>;
  /** What each node has free, as its autoscaler saw it some seconds ago; undefined where none has said so yet. */
  readonly free: () => Promise<readonly NodeResources[] | undefined>;
}

const forbidden: readonly number[] = [401, 403];
/** Seconds that Ray may take to hand a log over. */
const logSeconds = 3600;

/** Ray's interface at an address, which is named in what goes wrong. */
export function createRayApi(http: RayHttp, address: string): RayApi {
  async function ask(request: RayRequest): Promise<Reply> {
    return checked(await http.ask(request));
  }

  function checked(reply: Reply): Reply {
    if (!forbidden.includes(reply.status)) return reply;
    throw new SettingsError(`The Ray cluster at ${address} wants a token: ${reply.text.trim()}.`, {
      hint: 'Give the token of the cluster in RAY_AUTH_TOKEN, or the file that holds it in RAY_AUTH_TOKEN_PATH.',
    });
  }

  async function json<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
    const reply = await ask({ method: 'GET', path });
    if (reply.status === 404) return undefined;
    if (reply.status !== 200) throw new Unreachable(sentenceOf(reply));
    return read(reply, schema);
  }

  function read<Value>(reply: Reply, schema: z.ZodType<Value>): Value {
    const parsed = schema.safeParse(parseJson(reply.text));
    if (parsed.success) return parsed.data;
    throw notRay();
  }

  function notRay(): SettingsError {
    return new SettingsError(`What answers at ${address} is not the dashboard of a Ray cluster.`, {
      hint: 'Name the address that `ray start --head` prints for its dashboard, such as http://127.0.0.1:8265, in `ray: { address }` or --address.',
    });
  }

  const find = (id: string) => json(`/api/jobs/${id}`, jobSchema);

  return {
    version: async () => {
      const found = await json('/api/version', versionSchema);
      if (!found) throw notRay();
      return found;
    },
    send: async ({ name, body }) => {
      const path = `/api/packages/gcs/${name}`;
      // Asking also keeps it from being removed before the job needs it.
      if ((await ask({ method: 'GET', path })).status === 200) return;
      const reply = await ask({ method: 'PUT', path, body });
      if (reply.status !== 200) throw new Unreachable(sentenceOf(reply));
    },
    submit: async (submission) => {
      const body = jsonBody(submission, (bytes) => Readable.from([bytes]));
      const reply = await ask({ method: 'POST', path: '/api/jobs/', body });
      // An id that is taken is a server error of Ray's, with a traceback: whether it is taken is asked instead.
      if (reply.status === 200 || (await find(submission.submission_id))) return;
      if (reply.status !== 400) throw new Unreachable(sentenceOf(reply));
      throw new SettingsError(`Ray refused run ${submission.submission_id}: ${sentenceOf(reply)}`, {
        hint: 'See what `ray:` says in the brief.',
      });
    },
    find,
    stop: async (id) => {
      const reply = await ask({ method: 'POST', path: `/api/jobs/${id}/stop` });
      if (reply.status !== 200 && reply.status !== 404) throw new Unreachable(sentenceOf(reply));
    },
    readLog: async (node, id, lines, use) => {
      const query = new URLSearchParams({
        node_id: node,
        filename: `job-driver-${id}.log`,
        lines: lines === 'all' ? '-1' : String(lines),
        timeout: String(logSeconds),
      });
      const request = { method: 'GET', path: `/api/v0/logs/file?${query}` } as const;
      const { status } = checked(await http.read(request, (body) => eachLine(body, use)));
      return status === 200;
    },
    nodes: async () => {
      const found = await json('/api/v0/nodes?detail=true', nodesSchema);
      const all = found?.data.result.result ?? [];
      return all.flatMap(({ state, resources_total }) => (state === 'ALIVE' ? [resources_total ?? {}] : []));
    },
    free: async () => {
      const found = await json('/nodes?view=summary', usageSchema);
      const texts = Object.values(found?.data.nodeLogicalResources ?? {});
      return texts.length === 0 ? undefined : texts.map(freeOf);
    },
  };
}

async function eachLine(body: Readable, use: (line: string) => Promise<void>): Promise<void> {
  try {
    for await (const line of createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY })) await use(line);
  } catch (cause) {
    throw new Unreachable('the log broke off', { cause });
  }
}

/** What an answer says, in one line: of a traceback, the last one. */
export function sentenceOf({ status, text }: Reply): string {
  const lines = text.split('\n').map((line) => line.trim());
  const last = lines.findLast((line) => line !== '' && line !== '.');
  return last === undefined ? `HTTP ${status}` : `HTTP ${status}: ${last.slice(0, 300)}`;
}
