/**
 * The coding agents that can propose, as data: how each is called without a terminal, and which variables it is given.
 *
 * `{prompt}`, `{prompt_file}` and `{folder}` stand for the task, the file that has it and the scratch copy; `{edit}` for the
 * editable files, one argument each; `{usd_left}` for what is left of a ceiling. Flags age: `nocturne doctor` starts the agent
 * that a brief names to see whether it is there.
 */
import type { Argv } from '../../../core/journal/settings/argv.ts';

export interface AgentTemplate {
  readonly name: string;
  readonly argv: Argv;
  /** Names of the environment variables that it gets beside PATH, HOME and LANG. */
  readonly env: readonly string[];
  /** What it is known to print of its spending; undefined when nobody knows. */
  readonly tells?: 'usd' | 'tokens' | 'nothing';
  /** Arguments that hold it to a ceiling on US dollars, when the brief has one. */
  readonly ceiling?: readonly string[];
  /** Names at the top of the folder it works in that are no edit; `.x` stands for `.x.log` too. */
  readonly leavings: readonly string[];
}

/** The agents that a brief can name; held against their own documentation on 2026-11-23. */
export const agents: readonly AgentTemplate[] = [
  {
    name: 'claude',
    argv: [
      // A stream, so that the log tells of retries while they last. --tools takes any number of words: never put it last.
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
    leavings: ['.claude'],
  },
  {
    name: 'codex',
    argv: [
      ...['codex', 'exec', '--json', '--sandbox', 'workspace-write', '--cd', '{folder}'],
      ...['--ephemeral', '--skip-git-repo-check', '{prompt}'],
    ],
    env: ['CODEX_API_KEY', 'OPENAI_API_KEY', 'CODEX_HOME'],
    tells: 'tokens',
    leavings: ['.codex'],
  },
  {
    name: 'gemini',
    argv: ['gemini', '-p', '{prompt}', '--output-format', 'json', '--approval-mode', 'auto_edit', '--skip-trust'],
    env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GEMINI_CLI_HOME'],
    tells: 'tokens',
    leavings: ['.gemini'],
  },
  {
    name: 'aider',
    argv: [
      ...['aider', '--message-file', '{prompt_file}', '--yes-always', '--no-git', '--no-stream', '--no-pretty'],
      ...['--no-check-update', '--analytics-disable', '--map-tokens', '0', '--no-gitignore', '{edit}'],
    ],
    env: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENAI_API_BASE', 'AIDER_MODEL'],
    tells: 'nothing',
    leavings: ['.aider'],
  },
  {
    name: 'opencode',
    argv: ['opencode', 'run', '--format', 'json', '--print-logs', '--log-level', 'WARN', '--auto', '{prompt}'],
    env: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENCODE_CONFIG'],
    tells: 'usd',
    leavings: ['.opencode'],
  },
];

/** The template of a known agent; the owner's own command of one gets what the template names, and any other nothing. */
export function agentFor(command: Argv): AgentTemplate {
  const [program = '', ...rest] = command;
  const known = agents.find(({ name }) => name === program);
  if (!known) return { name: nameOf(program), argv: command, env: [], leavings: [] };
  if (rest.length === 0) return known;
  // Its flags are the owner's, and what it prints depends on them.
  const { name, env, leavings } = known;
  return { name, argv: command, env, leavings };
}

/** The model that a command asks for by `-m` or `--model`, if it does. */
export function modelIn(argv: Argv): string | undefined {
  const place = argv.findIndex((argument) => /^(?:-m|--model)(?:=|$)/.test(argument));
  const argument = place === -1 ? undefined : argv[place];
  return argument?.includes('=') ? argument.slice(argument.indexOf('=') + 1) : argument && argv[place + 1];
}

/** What people call a program: its path says nothing, and the journal keeps the name. */
function nameOf(program: string): string {
  return program.split('/').at(-1) || program;
}
