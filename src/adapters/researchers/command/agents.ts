/**
 * The coding agents that can propose, as data: how each is called without a terminal, and which variables it is given.
 *
 * `{prompt}`, `{prompt_file}` and `{folder}` stand for the task, the file that has it and the scratch copy; `{edit}`
 * for the editable files, one argument each; `{usd_left}` for what is left of a ceiling. Agents change their flags:
 * `nocturne doctor` starts the agent that a brief names, to see whether it is there.
 */
import type { Argv } from '../../../core/journal/settings/argv.ts';

export interface AgentTemplate {
  readonly name: string;
  readonly argv: Argv;
  /** Names of the environment variables that it gets beside PATH, HOME and LANG. */
  readonly env: readonly string[];
  /** What it prints of its spending; undefined when that is not known. */
  readonly tells?: 'usd' | 'tokens' | 'nothing';
  /** Arguments that make it keep a ceiling on US dollars, when the brief has one. */
  readonly ceiling?: readonly string[];
  /** Its own files at the top of the folder that it works in, which are no edit; `.x` stands for `.x.log` too. */
  readonly leftovers: readonly string[];
}

/** The agents that a brief can name; checked against their own documentation on 2026-11-23. */
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
    env: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_OAUTH_TOKEN'],
    tells: 'usd',
    ceiling: ['--max-budget-usd', '{usd_left}'],
    leftovers: ['.claude'],
  },
  {
    name: 'codex',
    argv: [
      ...['codex', 'exec', '--json', '--sandbox', 'workspace-write', '--cd', '{folder}'],
      ...['--ephemeral', '--skip-git-repo-check', '{prompt}'],
    ],
    env: ['CODEX_API_KEY', 'OPENAI_API_KEY', 'CODEX_HOME'],
    tells: 'tokens',
    leftovers: ['.codex'],
  },
  {
    name: 'gemini',
    argv: ['gemini', '-p', '{prompt}', '--output-format', 'json', '--approval-mode', 'auto_edit', '--skip-trust'],
    env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GEMINI_CLI_HOME'],
    tells: 'tokens',
    leftovers: ['.gemini'],
  },
  {
    name: 'aider',
    argv: [
      ...['aider', '--message-file', '{prompt_file}', '--yes-always', '--no-git', '--no-stream', '--no-pretty'],
      ...['--no-check-update', '--analytics-disable', '--map-tokens', '0', '--no-gitignore', '{edit}'],
    ],
    env: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENAI_API_BASE', 'AIDER_MODEL'],
    tells: 'nothing',
    leftovers: ['.aider'],
  },
  {
    name: 'opencode',
    argv: ['opencode', 'run', '--format', 'json', '--print-logs', '--log-level', 'WARN', '--auto', '{prompt}'],
    env: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENCODE_CONFIG'],
    tells: 'usd',
    leftovers: ['.opencode'],
  },
];

/**
 * The template of a known agent that is named without flags. The owner's own command of a known agent gets that agent's
 * variables and leftovers; a command of another program gets neither.
 */
export function agentFor(command: Argv): AgentTemplate {
  const [program = '', ...rest] = command;
  const known = agents.find(({ name }) => name === program);
  if (!known) return { name: nameOf(program), argv: command, env: [], leftovers: [] };
  if (rest.length === 0) return known;
  // Without `tells` and `ceiling`: what it prints and accepts depends on the owner's flags.
  const { name, env, leftovers } = known;
  return { name, argv: command, env, leftovers };
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
