/**
 * What lies between the stages of a run, and between runs: no stage finds what another one could have prepared for it.
 *
 * The supervisor looks at what is sealed; here is what it is told to look at, what its findings mean, and the folders that a run
 * has to itself.
 */
import { dirname, join } from 'node:path';
import { StudyError } from '../../core/base/errors.ts';
import type { Engine, Job, JobEnd } from '../../ports/engine.ts';
import { pathInside } from '../files/path-inside.ts';
import type { Base } from './base.ts';
import { bytecodeOf, mendBytecode } from './baseline-caches.ts';
import { sealedPath } from './fixed-paths.ts';
import { findSiteFolders, interpreterPlaces } from './interpreter-places.ts';
import { createOwnPrograms } from './own-programs.ts';
import { layScratch, removeScratch, type ScratchVariables } from './scratch.ts';
import type { SealedPlace } from './sealed-places.ts';

interface BetweenStagesOptions {
  readonly studyFolder: string;
  readonly sandboxInRepository: string;
  readonly base: Base;
  readonly engine: Pick<Engine, 'poll'>;
  /** Absolute path of the Python that runs use. */
  readonly interpreter: string;
  /** The top level of the owner's repository, absolute. */
  readonly checkout: string;
  /** Where the owner has temporary files, if that is said. */
  readonly temporary: string | undefined;
}

export interface BetweenStages {
  /** Makes the folders that a run has to itself; `isBaseline`: its code is the owner's own. */
  readonly layScratch: (runFolder: string, isBaseline: boolean) => Promise<ScratchVariables>;
  /** The same for a short run of which nothing is read afterwards: all of them are in its folder. */
  readonly laySmokeScratch: (runFolder: string) => Promise<ScratchVariables>;
  /** The job, with what its supervisor looks at; the baseline's scorer starts whatever its training did. */
  readonly seal: (job: Job, isBaseline: boolean, trees: readonly SealedPlace[]) => Promise<Job>;
  /**
   * What voids a run of this folder for what it did between its stages; undefined for the baseline. Takes away what it left for
   * later runs.
   */
  readonly findChanged: (job: Job, runFolder: string, isBaseline: boolean) => Promise<Change | undefined>;
}

/** What was not as it should be when a stage began or ended. */
interface Change {
  /** By the name that the owner knows. */
  readonly name: string;
  /** Whether no other run has it. */
  readonly isOwn: boolean;
}

/** The same for all runs of a study. */
export function createBetweenStages(options: BetweenStagesOptions): BetweenStages {
  const { studyFolder, sandboxInRepository, base, engine, temporary, interpreter, checkout } = options;
  let siteFolders: Promise<readonly string[]> | undefined;
  const findFolders = () => {
    siteFolders ??= findSiteFolders(interpreter);
    return siteFolders;
  };
  const own = createOwnPrograms();
  let spoiled: string | undefined;
  // Of several baseline runs at once, the one whose scorer writes the bytecode that is kept.
  let writer: string | undefined;
  const idOf = (path: string) => sealedPath(studyFolder, path);

  const nameOf = (runFolder: string, path: string): string => {
    const inTree = pathInside(join(runFolder, 'score'), path);
    if (inTree !== undefined) return join('score', pathInside(sandboxInRepository, inTree) ?? inTree);
    return own.nameOf(path) ?? pathInside(runFolder, path) ?? pathInside(studyFolder, path) ?? path;
  };
  const mend = async (isThorough: boolean) => {
    const kept = await base.caches();
    if (kept) await mendBytecode(base.key.folder, kept, isThorough);
    return kept;
  };
  /** The baseline's scorer may write to its own data: that is usual from then on. */
  const learn = async (paths: readonly string[]) => {
    const { touched } = base.habits;
    const fresh = paths.filter((path) => !touched.has(idOf(path)));
    for (const path of fresh) touched.add(idOf(path));
    if (fresh.length > 0) await base.saveHabits();
  };
  const judge = async (end: JobEnd, runFolder: string, isBaseline: boolean): Promise<Change | undefined> => {
    const { changed = [], touched = [] } = end;
    if ([...changed, ...touched].some((path) => pathInside(bytecodeOf(base.key.folder), path) !== undefined)) {
      await mend(true);
    }
    const isUpdate =
      [...changed, ...touched].some((path) => own.nameOf(path) !== undefined) && (await own.isReplaced());
    // What the scorer does to a run's own trees is found afterwards, with what is usual for it.
    const inData = touched.filter((path) => pathInside(runFolder, path) === undefined);
    if (isBaseline) {
      await learn(inData);
      return undefined;
    }
    const unusual = inData.filter((path) => !base.habits.touched.has(idOf(path)));
    const found = [...changed, ...unusual].filter((path) => !isUpdate || own.nameOf(path) === undefined);
    if (found.length === 0) return undefined;
    const known = await installation();
    spoiled ??= found.find((path) =>
      known.some(({ place, files }) => isRightBelow(place, path) || path.slice(1) in files),
    );
    const isOwn = found.some((path) => pathInside(runFolder, path) !== undefined);
    return found[0] === undefined ? undefined : { name: nameOf(runFolder, found[0]), isOwn };
  };

  /** What a run that may write there must leave alone of the installation. */
  const installation = async () => {
    const bytecode = Object.keys((await base.caches())?.bytecode ?? {});
    return interpreterPlaces(await findFolders(), bytecode, [studyFolder, checkout]);
  };

  const lay = async (runFolder: string, isBaseline: boolean, place: string | undefined) => {
    await own.check();
    if (spoiled !== undefined) throw installationChanged(spoiled);
    const kept = await mend(false);
    const isWriter = isBaseline && (writer ?? runFolder) === runFolder;
    if (isWriter && kept === undefined) writer = runFolder;
    return layScratch({ baseFolder: base.key.folder, kept, isBaseline: isWriter }, runFolder, place);
  };

  return {
    layScratch: (runFolder, isBaseline) => lay(runFolder, isBaseline, temporary),
    laySmokeScratch: (runFolder) => lay(runFolder, false, runFolder),
    seal: async (job, isBaseline, trees) => {
      // Elsewhere a run cannot write there, and what changes is the owner's doing.
      const isOpen = job.stages.some(({ cage }) => cage === undefined || cage.rung.tier === 'seccomp');
      const ofInterpreter = isOpen ? await installation() : [];
      const sealed = [...(await own.sealed()), ...(await base.sealed()), ...trees, ...ofInterpreter];
      return { ...job, sealed, mayChange: isBaseline };
    },
    findChanged: async (job, runFolder, isBaseline) => {
      const state = await engine.poll(job, 0);
      if (state.kind === 'queued' || state.kind === 'running') return undefined;
      const end = state.kind === 'ended' ? state.end : undefined;
      const isGood = end?.ending === 'exited' && end.stages.every(({ exitCode }) => exitCode === 0);
      const mayKeep = isBaseline && (writer ?? job.folder) === job.folder;
      if (writer === job.folder) writer = undefined;
      if (mayKeep && isGood) await base.keepCaches(job.folder);
      await removeScratch(job.folder, temporary);
      return end && judge(end, runFolder, isBaseline);
    },
  };
}

function isRightBelow(folder: string, path: string): boolean {
  return folder !== '/' && dirname(path) === folder;
}

function installationChanged(path: string): StudyError {
  return new StudyError(`${path} changed while a run trained, and every Python loads it.`, {
    hint: 'If a run did this, the run that was voided for it, take it back or install the package anew; then run the study again. With isolation no run can write there.',
  });
}
