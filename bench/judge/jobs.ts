/**
 * What is simulated: which policies, in which worlds, with how many runs and repetitions.
 */
import { arms } from './arms.ts';
import { besideArm } from './beside.ts';
import { type Replay, replayWorld } from './replay.ts';
import { type Length, type StudyFigures, simulateStudy } from './simulate.ts';
import { mixes, plantedWorld, type World, wrongWorlds } from './worlds.ts';

/**
 * The kinds of cells: the four mixes; worlds in which the policy's model is wrong; `a/a`, proposals that change
 * nothing; `power`, gains of a known size; `replay`, what public studies were measured to do.
 */
export const groups = ['mixes', 'worlds', 'a/a', 'power', 'replay'] as const;

/** One cell of a table: the repeated studies of a policy in a world. */
export interface Job {
  readonly group: (typeof groups)[number];
  readonly world: string;
  readonly arm: string;
  readonly first: number;
  readonly replications: number;
  /** Folder of the clone whose `value` is simulated, for the arm that stands beside this commit's. */
  readonly clone?: string;
  /** The public study that is the world of a replay. */
  readonly replay?: Replay;
}

/** The name of the policy that another commit shipped. */
export const besideName = 'value, beside';

const night: Length = { runs: 300 };
const noOps: Length = { runs: 2000, proposals: 300 };
const day: Length = { runs: 120 };
const plantedGains = [1, 2, 3, 4];
const all = Object.keys(arms);
const maxSeries = 200;
const judged = ['greedy', 'confirm', 'value'];

/** What is to be simulated. */
export interface Wanted {
  /** Sets the number of the first study. */
  readonly seed: number;
  readonly replications: number;
  /** Folder of another commit's clone, whose `value` stands beside this one's in mixes, worlds and replays. */
  readonly clone?: string | undefined;
  /** Public studies to replay. */
  readonly replays: readonly Replay[];
}

/** All cells. Worlds other than the mixes are simulated a third as often, a replay a tenth. */
export function jobsOf({ seed, replications, clone, replays }: Wanted): readonly Job[] {
  const fewer = Math.max(1, Math.round(replications / 3));
  const first = seed * 1_000_000;
  const cells = (group: Job['group'], worlds: readonly string[], names: readonly string[], count: number) =>
    worlds.flatMap((world) => names.map((arm): Job => ({ group, world, arm, first, replications: count })));
  const mixNames = mixes.map(({ name }) => name);
  const beside = clone === undefined ? [] : [besideName];
  const withClone = (job: Job): Job => (job.arm === besideName && clone !== undefined ? { ...job, clone } : job);
  return [
    ...cells('mixes', mixNames, [...all, ...beside], replications),
    ...cells('a/a', ['null'], judged, Math.min(maxSeries, 2 * replications)),
    ...cells(
      'power',
      plantedGains.map((gain) => plantedWorld(gain).name),
      judged,
      fewer,
    ),
    ...cells(
      'worlds',
      wrongWorlds.map(({ name }) => name),
      [...judged, ...beside],
      fewer,
    ),
    ...replays.flatMap((replay, index) => {
      const world = `${index + 1} ${replay.half} ${replay.repository}`;
      const count = Math.max(1, Math.round(replications / 10));
      return cells('replay', [world], [...judged, ...beside], count).map((job) => ({ ...job, replay }));
    }),
  ].map(withClone);
}

/** Simulates the studies of a cell. */
export async function runJob(job: Job): Promise<StudyFigures[]> {
  const { arm, first, replications, clone } = job;
  const judge = clone === undefined ? arms[arm] : await besideArm(clone);
  if (!judge) throw new Error(`there is no policy ${arm}`);
  return Array.from({ length: replications }, (_, index) =>
    simulateStudy(judge, () => worldOf(job, first + index), first + index, lengthOf(job)),
  );
}

function lengthOf({ group, replay }: Job): Length {
  switch (group) {
    case 'mixes':
    case 'worlds':
      return night;
    case 'a/a':
      return noOps;
    case 'power':
      return day;
    case 'replay': {
      const proposals = replay?.effects.length ?? 0;
      return { runs: 2 * proposals, proposals };
    }
    default:
      return group satisfies never;
  }
}

/** The world of a study, made anew for each because planted and replayed ones count their proposals. */
function worldOf({ world: name, replay }: Job, number: number): World {
  if (replay) return replayWorld(replay, number);
  const known = [...mixes, ...wrongWorlds, ...plantedGains.map(plantedWorld)].find((world) => world.name === name);
  if (!known) throw new Error(`there is no world ${name}`);
  return known;
}
