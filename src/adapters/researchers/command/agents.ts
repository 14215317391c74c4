/**
 * The coding agents that can propose, as data: how each is called without a terminal, and which variables it is given.
 *
 * `{prompt}`, `{prompt_file}` and `{folder}` stand for the task, the file that has it and the scratch copy; `{edit}`
 * for the editable files, one argument each; `{usd_left}` for what is left of a ceiling; `{report}` for a file of the job
 * in which an agent says more of its spending than it prints. Agents change their flags:
 * `nocturne doctor` starts the agent that a brief names, to see whether it is there.
 */
import type { Argv } from '../../../core/journal/settings/argv.ts';
import { type SignIn, signInToCodex, signInToGemini } from './sign-in.ts';

export interface AgentTemplate {
  readonly name: string;
  /** Another name of its program. */
  readonly alias?: string;
  readonly argv: Argv;
  /** Names of the environment variables that it gets beside PATH, HOME and LANG. */
  readonly env: readonly string[];
  /** Variables that are set for it, where the owner does not set them. */
  readonly set?: Readonly<Record<string, string>>;
  /** Where it keeps its sign-in and its settings, below the home; what has its name is known without. */
  readonly home?: readonly string[];
  /** Further variables that it needs beside its key. */
  readonly signIn?: SignIn;
  /** What it prints of its spending; undefined when that is not known. */
  readonly tells?: 'usd' | 'tokens';
  /** Arguments that make it keep a ceiling on US dollars, when the brief has one. */
  readonly ceiling?: readonly string[];
  /** Its own files at the top of the folder that it works in, which are no edit; `.x` stands for `.x.log` too. */
  readonly leftovers: readonly string[];
}

/** litellm asks GitHub for its prices at each start, three times where there is no way out. */
const withoutFetchedPrices = { LITELLM_LOCAL_MODEL_COST_MAP: 'True' };

/** The agents that a brief can name; each tried in the release that docs/agents.md names. */
export const agents: readonly AgentTemplate[] = [
  {
    name: 'claude',
    argv: [
      // A stream, so that the log shows retries while they last. --tools takes any number of words: never put it last.
      ...[
        'claude',
        '-p',
        '{prompt}',
        '--output-format',
        'stream-json',
        '--verbose',
        '--permission-mode',
        'acceptEdits',
      ],
      ...['--tools', 'Read,Edit,Write,Grep,Glob', '--max-turns', '30'],
      ...['--no-session-persistence', '--strict-mcp-config', '--safe-mode'],
    ],
    env: [
      ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL'],
      ...['CLAUDE_CODE_OAUTH_TOKEN', 'CLAUDE_CONFIG_DIR'],
    ],
    // Without it a limit, and a refused key too, is asked ten more times over three minutes (2.1.332).
    set: { CLAUDE_CODE_MAX_RETRIES: '3' },
    tells: 'usd',
    ceiling: ['--max-budget-usd', '{usd_left}'],
    home: ['.claude', '.claude.json'],
    leftovers: ['.claude'],
  },
  {
    name: 'codex',
    argv: [
      ...['codex', 'exec', '--json', '--sandbox', 'workspace-write', '--cd', '{folder}'],
      ...['--ephemeral', '--skip-git-repo-check', '{prompt}'],
    ],
    env: ['CODEX_API_KEY', 'OPENAI_API_KEY', 'CODEX_HOME'],
    signIn: signInToCodex,
    tells: 'tokens',
    leftovers: ['.codex'],
  },
  {
    name: 'gemini',
    argv: ['gemini', '-p', '{prompt}', '--output-format', 'json', '--approval-mode', 'auto_edit', '--skip-trust'],
    env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GEMINI_CLI_HOME', 'GEMINI_MODEL'],
    signIn: signInToGemini,
    tells: 'tokens',
    leftovers: ['.gemini'],
  },
  {
    name: 'aider',
    argv: [
      ...['aider', '--message-file', '{prompt_file}', '--yes-always', '--no-git', '--no-stream', '--no-pretty'],
      ...['--no-check-update', '--analytics-disable', '--map-tokens', '0', '--no-gitignore'],
      // With --yes-always it would open its release notes, and fetch every address that the task mentions.
      ...['--no-show-release-notes', '--no-detect-urls', '--no-suggest-shell-commands'],
      // What it prints is rounded; this file has every figure, and nothing is sent.
      ...['--analytics-log', '{report}', '{edit}'],
    ],
    env: [
      ...['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENAI_API_BASE', 'GEMINI_API_KEY', 'DEEPSEEK_API_KEY'],
      ...['OPENROUTER_API_KEY', 'AIDER_MODEL', 'AIDER_OPENAI_API_BASE'],
    ],
    set: withoutFetchedPrices,
    tells: 'usd',
    home: ['.aider.conf.yml', '.aider.model.settings.yml', '.aider.model.metadata.json', '.cache/litellm'],
    leftovers: ['.aider'],
  },
  {
    name: 'opencode',
    argv: [
      ...['opencode', 'run', '--format', 'json', '--print-logs', '--log-level', 'WARN', '--auto'],
      // Else it asks a model for a title, and does not say what that cost.
      ...['--title', 'experiment', '{prompt}'],
    ],
    env: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENCODE_CONFIG'],
    tells: 'usd',
    leftovers: ['.opencode'],
  },
  {
    name: 'pi',
    argv: ['pi', '-p', '--mode', 'json', '--no-session', '--offline', '{prompt}'],
    env: [
      ...['ANTHROPIC_API_KEY', 'ANTHROPIC_OAUTH_TOKEN', 'OPENAI_API_KEY', 'GEMINI_API_KEY', 'OPENROUTER_API_KEY'],
      ...['DEEPSEEK_API_KEY', 'GROQ_API_KEY', 'MISTRAL_API_KEY', 'XAI_API_KEY', 'PI_CODING_AGENT_DIR'],
    ],
    tells: 'usd',
    leftovers: ['.pi'],
  },
  {
    name: 'mini-swe-agent',
    alias: 'mini',
    argv: ['mini-swe-agent', '-y', '--exit-immediately', '--output', '{report}', '--task', '{prompt}'],
    env: [
      ...['MSWEA_MODEL_NAME', 'MSWEA_MODEL_API_KEY', 'MSWEA_GLOBAL_CONFIG_DIR', 'MSWEA_COST_TRACKING'],
      ...['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENAI_API_BASE', 'OPENAI_BASE_URL', 'GEMINI_API_KEY'],
      ...['OPENROUTER_API_KEY', 'LITELLM_MODEL_REGISTRY_PATH'],
    ],
    set: {
      // Without it, it begins with questions.
      MSWEA_CONFIGURED: 'true',
      // Else it waits ten times, up to a minute each, for a model at its limit.
      MSWEA_MODEL_RETRY_STOP_AFTER_ATTEMPT: '3',
      // It breaks its lines, and words in them that are read here.
      COLUMNS: '1000',
      ...withoutFetchedPrices,
    },
    tells: 'usd',
    ceiling: ['--cost-limit', '{usd_left}'],
    leftovers: [],
  },
];

/**
 * The template of a known agent that is named without flags. The owner's own command of a known agent gets that agent's
 * variables and leftovers; a command of another program gets neither.
 */
export function agentFor(command: Argv): AgentTemplate {
  const [program = '', ...rest] = command;
  const known = agents.find(({ name, alias }) => name === program || alias === program);
  if (!known) return { name: nameOf(program), argv: command, env: [], leftovers: [] };
  if (rest.length === 0) return known;
  // Without `tells` and `ceiling`: what it prints and accepts depends on the owner's flags.
  const { name, env, set = {}, home, signIn, leftovers } = known;
  return { name, argv: command, env, set, leftovers, ...(home && { home }), ...(signIn && { signIn }) };
}

/** The model that a command asks for by `-m` or `--model`, if it does. */
export function modelIn(argv: Argv): string | undefined {
  const index = argv.findIndex((argument) => /^(?:-m|--model)(?:=|$)/.test(argument));
  const argument = index === -1 ? undefined : argv[index];
  return argument?.includes('=') ? argument.slice(argument.indexOf('=') + 1) : argument && argv[index + 1];
}

/** A program's name without its folder, which the journal keeps. */
function nameOf(program: string): string {
  return program.split('/').at(-1) || program;
}
