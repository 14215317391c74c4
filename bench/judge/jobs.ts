/**
 * What is simulated: which policies, in which worlds, with how many runs and repetitions.
 */
import { arms } from './arms.ts';
import { besideArm } from './beside.ts';
import { type Length, type StudyFigures, simulateStudy } from './simulate.ts';
import { mixes, plantedWorld, type World, wrongWorlds } from './worlds.ts';

/**
 * The kinds of cells: the four mixes; worlds in which the policy's model is wrong; `a/a`, proposals that change
 * nothing; `power`, gains of a known size.
 */
export const groups = ['mixes', 'worlds', 'a/a', 'power'] as const;

/** One cell of a table: the repeated studies of a policy in a world. */
export interface Job {
  readonly group: (typeof groups)[number];
  readonly world: string;
  readonly arm: string;
  readonly first: number;
  readonly replications: number;
  /** Folder of the clone whose `value` is simulated, for the arm that stands beside this commit's. */
  readonly clone?: string;
}

/** The name of the policy that another commit shipped. */
const besideName = 'value, beside';

const night: Length = { runs: 300 };
const noOps: Length = { runs: 2000, proposals: 300 };
const day: Length = { runs: 120 };
const plantedGains = [1, 2, 3, 4];
const all = Object.keys(arms);
const maxSeries = 200;
const judged = ['greedy', 'confirm', 'value'];

/**
 * All cells; the seed sets the number of their first study, `clone` adds another commit's `value` to the mixes. Worlds other than the mixes are simulated a third as often.
 */
export function jobsOf(seed: number, replications: number, clone?: string): readonly Job[] {
  const fewer = Math.max(1, Math.round(replications / 3));
  const cells = (group: Job['group'], worlds: readonly string[], names: readonly string[], count: number) =>
    worlds.flatMap((world) =>
      names.map((arm) => ({ group, world, arm, first: seed * 1_000_000, replications: count })),
    );
  return [
    ...cells(
      'mixes',
      mixes.map(({ name }) => name),
      all,
      replications,
    ),
    ...(clone === undefined
      ? []
      : cells(
          'mixes',
          mixes.map(({ name }) => name),
          [besideName],
          replications,
        )
    ).map((job) => ({ ...job, clone })),
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
      judged,
      fewer,
    ),
  ];
}

/** Simulates the studies of a cell. */
export async function runJob({ group, world, arm, first, replications, clone }: Job): Promise<StudyFigures[]> {
  const judge = clone === undefined ? arms[arm] : await besideArm(clone);
  if (!judge) throw new Error(`there is no policy ${arm}`);
  return Array.from({ length: replications }, (_, index) =>
    simulateStudy(judge, worldOf(world), first + index, lengthOf(group)),
  );
}

function lengthOf(group: Job['group']): Length {
  switch (group) {
    case 'mixes':
    case 'worlds':
      return night;
    case 'a/a':
      return noOps;
    case 'power':
      return day;
    default:
      return group satisfies never;
  }
}

/** The world of this name, made anew for each study because a planted world counts its proposals. */
function worldOf(name: string): World {
  const known = [...mixes, ...wrongWorlds, ...plantedGains.map(plantedWorld)].find((world) => world.name === name);
  if (!known) throw new Error(`there is no world ${name}`);
  return known;
}
