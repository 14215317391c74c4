import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalEngine } from '../../../../src/adapters/engines/local.ts';
import { packagePath } from '../../../../src/adapters/package-root.ts';
import type { AgentTemplate } from '../../../../src/adapters/researchers/command/agents.ts';
import {
  type CommandResearcherOptions,
  createCommandResearcher,
} from '../../../../src/adapters/researchers/command/command-researcher.ts';
import { proposalSchema } from '../../../../src/core/journal/proposal.ts';
import type { ProposalReply, ResearcherNews } from '../../../../src/ports/researcher.ts';
import { proposalOf, requestFor } from '../../../contracts/researcher-contract.ts';
import { createJournal, scored, session } from '../../../helpers/journal.ts';
import { processesOf } from '../../../helpers/nocturne.ts';
import { temporaryFolder } from '../../../helpers/temporary-repo.ts';
import { until } from '../../../helpers/until.ts';

const script = packagePath('tests', 'fixtures', 'agents', 'stand_in.py');
/** The interpreter itself: `python3` may be a shell script that adds to the environment. */
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const files = { 'train.py': 'LEARNING_RATE = 0.3  # ü\n', 'prepare.py': 'pass\n' };
const { signal } = new AbortController();

type More = Partial<Omit<CommandResearcherOptions, 'agent'>> & Partial<AgentTemplate>;

/** A researcher whose agent does these things in turn, in a sandbox inside a repository. */
function standIn(deeds: readonly string[], more: More = {}) {
  const folder = join(temporaryFolder(), 'runs', 'night', 'agent');
  const { argv = [python, script, ...deeds], env = [], leftovers = ['.stand-in'], ceiling = [], ...options } = more;
  const researcher = createCommandResearcher({
    agent: { name: 'stand-in', argv, env, leftovers, ceiling },
    engine: createLocalEngine({ python }),
    folder,
    sandboxInRepository: 'ml/lab',
    edit: ['train.py'],
    limitSeconds: 30,
    environment: process.env,
    costOf: () => undefined,
    materialise: async (target) => {
      mkdirSync(join(target, 'ml', 'lab'), { recursive: true });
      for (const [file, content] of Object.entries(files)) writeFileSync(join(target, 'ml', 'lab', file), content);
    },
    describe: () => 'Improve it.\nthis is experiment 1.',
    ...options,
  });
  return { researcher, folder, copy: join(folder, '1-0', 'copy') };
}

async function ask(deeds: readonly string[], more?: More): Promise<ProposalReply> {
  return standIn(deeds, more).researcher.propose(await requestFor(), signal);
}

async function hypothesisOf(deeds: readonly string[], more?: More): Promise<string> {
  return proposalOf(await ask(['edit', ...deeds], more)).hypothesis;
}

describe('an agent that edits what it may', () => {
  it('its edit becomes a proposal, with the title and the hypothesis of its note', async () => {
    const proposal = proposalOf(await ask(['edit', 'note']));
    expect(proposalSchema.parse(proposal)).toEqual({
      title: 'Halve the way to a smaller rate',
      hypothesis: 'It overshoots.\nBy a tenth.',
      kind: 'code',
      edits: [{ kind: 'write', file: 'train.py', content: 'LEARNING_RATE = 0.094868  # ü\n' }],
    });
  });

  it('without a note that is a file it has a title all the same', async () => {
    for (const deeds of [['edit'], ['edit', 'note_is_link'], ['edit', 'note_is_pipe']]) {
      expect(proposalOf(await ask(deeds))).toMatchObject({ title: 'An edit by stand-in', hypothesis: '' });
    }
  });

  it("the owner's own PROPOSAL.md is no note of the agent's", async () => {
    const materialise = async (target: string) => {
      mkdirSync(join(target, 'ml', 'lab'), { recursive: true });
      writeFileSync(join(target, 'ml', 'lab', 'train.py'), files['train.py']);
      writeFileSync(join(target, 'ml', 'lab', 'PROPOSAL.md'), 'A grant\n');
    };
    expect(proposalOf(await ask(['edit'], { materialise }))).toMatchObject({ title: 'An edit by stand-in' });
  });

  it('what agents leave behind at the top is no edit, and anywhere else it is', async () => {
    expect(await ask(['edit', 'leave'])).toMatchObject({ kind: 'proposal' });
    expect(await ask(['edit', 'leave_deeper'])).toMatchObject({
      reason:
        'the agent added ml/lab/deeper/.stand-in, which may not be edited: only train.py may change, so new code belongs there',
    });
  });

  it('nothing but the log of its job remains', async () => {
    const { researcher, folder, copy } = standIn(['edit', 'hide_folder']);
    await researcher.propose(await requestFor(), signal);
    expect(existsSync(copy)).toBe(false);
    expect(readdirSync(join(folder, '1-0'))).toContain('train.log');
  });
});

describe('an agent that edits what it may not', () => {
  it.each([
    ['edits another file', ['edit_other'], 'prepare.py'],
    ['deletes a file', ['delete_other'], 'prepare.py'],
    ['deletes the editable file', ['delete_train'], 'train.py'],
    ['puts a link in its place', ['link_train'], 'train.py'],
    ['puts a pipe in its place', ['pipe_train'], 'train.py'],
    ['turns another file into a link', ['link_other'], 'prepare.py'],
  ])('one that %s is refused, naming the path', async (_, deeds, path) => {
    const kept = deeds.includes('link_train') || deeds[0]?.endsWith('_train') ? [] : ['edit'];
    expect(await ask([...kept, ...deeds, 'note'])).toEqual({
      kind: 'failed',
      title: 'Halve the way to a smaller rate',
      reason: `the agent changed ml/lab/${path}, which may not be edited`,
    });
  });

  it('one that adds a file is told that new code belongs into the editable one', async () => {
    expect(await ask(['edit', 'add_file', 'note'])).toMatchObject({
      kind: 'failed',
      reason:
        'the agent added ml/lab/notes/idea.txt, which may not be edited: only train.py may change, so new code belongs there',
    });
  });

  it('one that removes the whole copy is refused', async () => {
    expect(await ask(['remove_all'])).toMatchObject({ kind: 'failed', reason: expect.stringContaining('train.py') });
  });

  it('an editable file that is no text, or enormous, is refused', async () => {
    expect(await ask(['binary_train'])).toMatchObject({ reason: 'train.py is not UTF-8 text' });
    expect(await ask(['huge_train'])).toMatchObject({ reason: 'train.py has 2097152 bytes; the most is 1048576' });
  });
});

describe('an agent that runs the script to check its edit', () => {
  const findIgnored = async (_: string, paths: readonly string[]) => paths.filter((path) => path.includes('/weights/'));

  it('what git ignores, and the logs of karpathy, are no edit', async () => {
    const deeds = ['edit', 'write_at', 'weights/a/last.pt', 'run.log', 'results.tsv'];
    expect(await ask(deeds, { findIgnored })).toMatchObject({ kind: 'proposal' });
    expect(await ask(['edit', 'write_at', 'weights.txt'], { findIgnored })).toMatchObject({
      reason: expect.stringContaining('added ml/lab/weights.txt'),
    });
    expect(await ask(['edit', 'write_at', 'prepare.py', 'weights/a'], { findIgnored })).toMatchObject({
      reason: 'the agent changed ml/lab/prepare.py, which may not be edited',
    });
  });

  it('what runs of the script leave in their own trees is no edit, whatever it is called there', async () => {
    const tree = temporaryFolder();
    mkdirSync(join(tree, 'ml', 'lab', 'outputs', 'monday'), { recursive: true });
    writeFileSync(join(tree, 'ml', 'lab', 'model.bin'), 'other weights');
    writeFileSync(join(tree, 'ml', 'lab', 'prepare.py'), files['prepare.py']);
    writeFileSync(join(tree, 'ml', 'lab', 'table.csv'), '1,2,3');
    const materialise = async (target: string) => {
      mkdirSync(join(target, 'ml', 'lab'), { recursive: true });
      for (const [file, content] of Object.entries({ ...files, 'table.csv': '1' }))
        writeFileSync(join(target, 'ml', 'lab', file), content);
    };
    const more = { runTrees: () => ['/nowhere', tree], materialise };
    const deeds = ['edit', 'write_at', 'outputs/tuesday/a.txt', 'model.bin', 'table.csv'];
    expect(await ask(deeds, more)).toMatchObject({ kind: 'proposal' });
    for (const path of ['other.bin', 'prepare.py', 'table2.csv', 'deeper/outputs/a.txt']) {
      expect(await ask(['edit', 'write_at', path], more)).toMatchObject({ reason: expect.stringContaining(path) });
    }
    // The tree of an earlier run has another editable file, which says nothing of this one.
    writeFileSync(join(tree, 'ml', 'lab', 'train.py'), 'LEARNING_RATE = 1\n');
    expect(await ask(['link_train'], more)).toMatchObject({ reason: expect.stringContaining('train.py') });
  });

  it('leavings alone are no proposal', async () => {
    expect(await ask(['write_at', 'run.log'])).toMatchObject({ reason: 'the agent changed nothing' });
  });
});

describe('what an agent can read of the study', () => {
  const notes = async () => ({ 'ledger.md': '#1', 'experiments/1/log': 'key-1234' });

  it('lies in a folder of its own, without keys, and what it does there is no edit', async () => {
    const mask = (text: string) => text.replace('key-1234', '[key]');
    const read = await hypothesisOf(['note_file', '.nocturne/experiments/1/log'], { notes, mask });
    expect(read).toBe('[key]');
    const deeds = ['edit', 'write_at', '.nocturne/experiments/1/log', '.nocturne/new/file'];
    expect(await ask(deeds, { notes })).toMatchObject({ kind: 'proposal' });
  });

  it('is gone with the copy', async () => {
    const { researcher, copy } = standIn(['edit'], { notes });
    await researcher.propose(await requestFor(), signal);
    expect(existsSync(copy)).toBe(false);
  });
});

describe('the form of an edited file', () => {
  const windows = '\uFEFFLEARNING_RATE = 0.3  # ü\r\nMOMENTUM = 0.9\r\n';
  const materialise = async (target: string) => {
    mkdirSync(join(target, 'ml', 'lab'), { recursive: true });
    writeFileSync(join(target, 'ml', 'lab', 'train.py'), windows);
  };

  it('lines that the agent did not change keep their ends, and the file its mark', async () => {
    const { edits } = proposalOf(await ask(['edit'], { materialise }));
    expect(edits).toMatchObject([{ content: '\uFEFFLEARNING_RATE = 0.094868  # ü\r\nMOMENTUM = 0.9\r\n' }]);
  });

  it('other line ends alone are no edit', async () => {
    expect(await ask(['other_ends'], { materialise })).toMatchObject({ reason: 'the agent changed nothing' });
  });
});

describe('an agent that comes to nothing', () => {
  it('one that changes nothing has failed, with the end of its output', async () => {
    expect(await ask(['note'])).toEqual({ kind: 'failed', reason: 'the agent changed nothing' });
    expect(await ask(['chatter'])).toMatchObject({
      reason: expect.stringMatching(/^the agent changed nothing: .*\nthinking about 19999$/s),
    });
  });

  it('one that exits with a code has failed, and the reason is what it printed last, after any amount of chatter', async () => {
    expect(await ask(['edit', 'fail'])).toEqual({
      kind: 'failed',
      reason: 'the agent ended with exit code 3: It broke',
    });
    expect(await ask(['chatter', 'fail'])).toMatchObject({ reason: expect.stringMatching(/It broke$/) });
  });

  it('one that is not installed is named', async () => {
    expect(await ask([], { argv: ['no-such-agent', '-p', '{prompt}'] })).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(
        /^the agent `no-such-agent` could not be started; is it installed, and on the PATH\?/,
      ),
    });
  });

  it('one that does not end is ended at its limit, with all its processes', async () => {
    const { researcher, folder } = standIn(['hang'], { limitSeconds: 1 });
    const reply = await researcher.propose(await requestFor(), signal);
    expect(reply).toEqual({ kind: 'failed', reason: 'the agent did not end within 1 s' });
    expect(processesOf(folder)).toEqual([]);
  });

  it('one that waits for its provider, and says so, is ended and away', async () => {
    const patience = { lasting: 0.5, passing: 0.5 };
    const { researcher, folder } = standIn(['wait_for_limit'], { patience, limitSeconds: 600 });
    expect(await researcher.propose(await requestFor(), signal)).toMatchObject({
      kind: 'away',
      fault: { code: 'rate-limited' },
    });
    expect(processesOf(folder)).toEqual([]);
  });

  it('a stop ends it at once, with all its processes', async () => {
    const { researcher, folder, copy } = standIn(['hang']);
    const stop = new AbortController();
    const reply = researcher.propose(await requestFor(), stop.signal);
    await until(() => existsSync(join(copy, 'ml', 'lab', 'hanging')));
    expect(processesOf(folder).length).toBeGreaterThan(1);
    stop.abort();
    expect(await reply).toEqual({ kind: 'failed', reason: 'the agent was stopped' });
    expect(processesOf(folder)).toEqual([]);
  });

  it('after a stop none is started', async () => {
    const { researcher, folder } = standIn(['edit']);
    expect(await researcher.propose(await requestFor(), AbortSignal.abort())).toMatchObject({ kind: 'failed' });
    expect(existsSync(join(folder, '1-0', 'train.log'))).toBe(false);
  });
});

describe('the same attempt in a session after one that was killed', () => {
  it('the agent that is still working is ended, and a new one starts from a fresh copy', async () => {
    // Like a controller that was killed, it never hears of its agent's end: else it would clean up after it.
    const deaf = { ...createLocalEngine({ python }), poll: () => new Promise<never>(() => undefined) };
    const { researcher, folder, copy } = standIn(['edit', 'note', 'hang'], { engine: deaf });
    const request = await requestFor();
    void researcher.propose(request, signal);
    await until(() => existsSync(join(copy, 'ml', 'lab', 'hanging')));

    // The supervisor outlives its controller, as it does here.
    const later = standIn(['edit', 'note'], { folder });
    const { edits } = proposalOf(await later.researcher.propose(request, signal));
    expect(edits).toMatchObject([{ content: 'LEARNING_RATE = 0.094868  # ü\n' }]);
    expect(processesOf(folder)).toEqual([]);
  });

  it('the end of the earlier agent is not taken for the end of this one', async () => {
    const { researcher, folder } = standIn(['fail']);
    const request = await requestFor();
    await researcher.propose(request, signal);
    const later = standIn(['edit'], { folder });
    expect(await later.researcher.propose(request, signal)).toMatchObject({ kind: 'proposal' });
  });
});

describe('what an agent spends', () => {
  const usage = { uncachedInput: 900, cachedInput: 40, cacheWrite: 0, output: 60 };
  const told = { model: 'claude-opus-5-5', usage, usd: 0.4 };

  /** What a call journals, and the researcher's reply. */
  async function spend(deeds: readonly string[], more?: More) {
    const news: ResearcherNews[] = [];
    const { researcher } = standIn(deeds, more);
    const record = async (entry: ResearcherNews) => news.push(entry);
    const reply = await researcher.propose(await requestFor(undefined, { record }), signal);
    return { reply, news };
  }

  it('is journalled as it says, of a call that failed too', async () => {
    const asked = 'stand-in';
    const call = { event: 'model-called', experiment: 1, attempt: 0, purpose: 'proposal', asked, ...told };
    expect((await spend(['edit', 'spend'])).news).toEqual([{ ...call, outcome: 'answer' }]);
    expect((await spend(['edit', 'spend', 'fail'])).news).toEqual([{ ...call, outcome: 'failed' }]);
  });

  it('is unknown when it says nothing, and nothing when it was never started', async () => {
    expect((await spend(['edit'])).news).toMatchObject([{ model: 'stand-in', isUnmetered: true }]);
    expect((await spend([], { argv: ['no-such-agent'] })).news).toEqual([]);
  });

  it('is journalled by the next session when its own was killed, and only once', async () => {
    // A controller that is gone never hears of the end.
    const engine = { ...createLocalEngine({ python }), poll: () => new Promise<never>(() => {}) };
    const { researcher, folder, copy } = standIn(['spend', 'hang'], { engine });
    void researcher.propose(await requestFor(), signal);
    await until(() => existsSync(join(copy, 'ml', 'lab', 'hanging')));
    expect((await spend(['edit', 'spend'], { folder })).news).toMatchObject([
      { ...told, outcome: 'lost' },
      { ...told, outcome: 'answer' },
    ]);
    expect((await spend(['edit', 'spend'], { folder })).news).toMatchObject([{ outcome: 'answer' }]);
  });

  it('costs what the owner or the list says when it tells tokens alone', async () => {
    const line = '{"type":"turn.completed","usage":{"input_tokens":10,"output_tokens":1}}';
    const argv = [python, '-c', `print(${JSON.stringify(line)})`, '--model', 'gpt-6-sol'] as const;
    const costOf = (model: string) => (model === 'gpt-6-sol' ? 0.25 : undefined);
    expect((await spend([], { argv, costOf })).news).toMatchObject([{ model: 'gpt-6-sol', usd: 0.25 }]);
    expect((await spend([], { argv })).news).toMatchObject([{ usage: { uncachedInput: 10 } }]);
  });

  it('is held to what is left of a ceiling by its own flags, which only a ceiling adds', async () => {
    const own = { argv: [python, script, 'edit', 'note_arguments', 'x'] as const, ceiling: ['--most', '{usd_left}'] };
    expect(JSON.parse(await hypothesisOf([], own))).toEqual(['x']);
    const { researcher } = standIn([], own);
    const journal = createJournal({ session: { ...session, stop: { usd: 2.5 } } }).baseline(scored(2));
    const proposal = proposalOf(await researcher.propose(await requestFor(journal), signal));
    expect(JSON.parse(proposal.hypothesis)).toEqual(['x', '--most', '2.5000']);
  });

  it('is no more than a ceiling: a call that could cross it is not made', async () => {
    const journal = createJournal({ session: { ...session, stop: { usd: 1 } } }).baseline(scored(2));
    journal.add({ event: 'model-called', experiment: 1, attempt: 0, purpose: 'proposal', outcome: 'answer', ...told });
    journal.add({ event: 'model-called', experiment: 2, attempt: 0, purpose: 'proposal', outcome: 'answer', ...told });
    const { researcher, folder } = standIn(['edit']);
    expect(await researcher.propose(await requestFor(journal), signal)).toMatchObject({
      kind: 'ceiling',
      reason: 'usd',
      detail: expect.stringContaining('0.8000 USD are used'),
    });
    expect(existsSync(join(folder, '1-0', 'train.log'))).toBe(false);
  });
});

describe('the surroundings of an agent', () => {
  it('it sees PATH, HOME, LANG, the folder of its job and the variables of its template, and no other', async () => {
    const environment = {
      PATH: '/bin',
      HOME: '/home/ada',
      LANG: 'C',
      MINE: 'k',
      OTHER: 'secret',
      OPENAI_API_KEY: 'secret',
    };
    const seen = JSON.parse(await hypothesisOf(['note_environment'], { environment, env: ['MINE', 'ABSENT'] }));
    delete seen.LC_CTYPE; // Python itself sets it.
    const { NOCTURNE_RUN_DIR, ...others } = seen;
    expect(others).toEqual({ PATH: '/bin', HOME: '/home/ada', LANG: 'C', MINE: 'k' });
    expect(NOCTURNE_RUN_DIR).toMatch(/agent\/1-0$/);
  });

  it('it sees the variables that the brief lets runs see', async () => {
    const environment = { ...process.env, DATA_ROOT: '/data', OTHER: 'x' };
    const seen = JSON.parse(
      await hypothesisOf(['note_environment'], { environment, furtherNames: ['DATA_ROOT', 'ABSENT'] }),
    );
    expect([seen.DATA_ROOT, seen.OTHER, 'ABSENT' in seen]).toEqual(['/data', undefined, false]);
  });

  it('its standard input is empty', async () => {
    expect(proposalOf(await ask(['edit', 'note_input'])).title).toBe("read ''");
  });

  it("the top of its repository is the copy, not the owner's repository around it", async () => {
    const { researcher, folder } = standIn(['edit', 'note_top']);
    execFileSync('git', ['init', '--quiet', join(folder, '..', '..', '..')]);
    expect(proposalOf(await researcher.propose(await requestFor(), signal)).title).toBe('../..');
  });

  it('its arguments are filled in at once, so braces in the task mean nothing', async () => {
    const texts = ['{prompt}', '--file={prompt_file}', '{folder}', '{edit}', '{other}'];
    const describe = () => 'Mind {folder} and $& here.';
    const argv = [python, script, 'edit', 'note_arguments', ...texts] as const;
    const [prompt, file, folder, ...edit] = JSON.parse(
      await hypothesisOf([], { argv, describe, edit: ['train.py', 'b.py'] }),
    );
    expect(prompt).toBe('Mind {folder} and $& here.');
    expect(folder).toMatch(/agent\/1-0\/copy\/ml\/lab$/);
    expect(file).toBe(`--file=${folder}/TASK.md`);
    expect(edit).toEqual(['train.py', 'b.py', '{other}']);
  });

  it('a task too long for a command line is read from its file', async () => {
    const argv = [python, script, 'edit', 'note_arguments', '{prompt}'] as const;
    const [prompt] = JSON.parse(await hypothesisOf([], { argv, describe: () => 'ü'.repeat(70_000) }));
    expect(prompt).toMatch(/^Read the file .*TASK\.md and do what it says\.$/);
  });
});

describe('an agent that cannot be asked', () => {
  it.each([
    ['at its limit', 'limit', 'rate-limited', "You've hit your session limit · resets 3am (Europe/Berlin)"],
    ['with a refused key', 'refused', 'unauthorized', 'The API provider is not able to authenticate you'],
  ])('%s is away', async (_, deed, code, message) => {
    const reply = await ask([deed]);
    expect(reply).toMatchObject({ kind: 'away', model: 'stand-in', fault: { code } });
    expect(reply.kind === 'away' && reply.fault.message).toContain(message.slice(0, 20));
  });

  it('says when it can be asked again', async () => {
    const reply = await ask(['limit']);
    const seconds = reply.kind === 'away' ? reply.fault.retryAfterSeconds : undefined;
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThanOrEqual(25 * 3600);
  });

  it('an edit counts, whatever the agent said before', async () => {
    expect(await ask(['refused', 'edit'])).toMatchObject({ kind: 'proposal' });
  });
});
