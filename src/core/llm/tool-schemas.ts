/**
 * The tools of a proposal's conversation: the description that the model gets of each, and the check of its arguments.
 */
import { z } from 'zod';
import { tidyArguments } from './tidy-arguments.ts';

const experiment = z.int().min(0).describe('The number of an experiment; 0 is the baseline.');

const schemas = {
  read_file: {
    description: 'Reads a file of the sandbox, editable (as edited so far) or fixed, with line numbers.',
    schema: z.strictObject({
      file: z.string().describe('Path relative to the sandbox.'),
      from: z.int().min(1).optional().describe('First line.'),
      to: z.int().min(1).optional().describe('Last line.'),
    }),
  },
  list_experiments: {
    description: 'Lists experiments, one line each, older ones included that the ledger folds.',
    schema: z.strictObject({
      status: z.enum(['all', 'kept', 'reverted', 'failed', 'dropped', 'running']).optional(),
      text: z.string().optional().describe('Only those whose title, hypothesis or knobs contain this.'),
      sort: z.enum(['newest', 'oldest', 'best', 'gain']).optional().describe('Default newest.'),
      from: z.int().min(0).optional().describe('Only experiments from this number on.'),
      to: z.int().min(0).optional(),
      limit: z.int().min(1).max(100).optional().describe('Default 30.'),
    }),
  },
  show_experiment: {
    description: 'Shows one experiment: hypothesis, verdict, diff, loss curve and the end of its log.',
    schema: z.strictObject({ experiment }),
  },
  compare_experiments: {
    description: 'Compares two experiments: scores, loss curves, and the diff from the first one to the second.',
    schema: z.strictObject({ first: experiment, second: experiment }),
  },
  read_notes: {
    description: "Reads the owner's notes and every note on what has been learned so far.",
    schema: z.strictObject({}),
  },
  edit: {
    description:
      'Changes an editable file. Give exactly one of: `edits` (each `find` must occur exactly once; all apply or none), ' +
      '`diff` (a unified diff) or, as a last resort, `content` (the whole new file).',
    schema: z.strictObject({
      file: z
        .string()
        .optional()
        .describe('Path relative to the sandbox; may be left out when only one file is editable.'),
      edits: z
        .array(
          z.strictObject({
            find: z.string().describe('Lines of the file, quoted exactly, with their indentation.'),
            replace: z.string().describe('What stands there instead.'),
          }),
        )
        .max(40)
        .optional(),
      diff: z.string().optional(),
      content: z.string().optional(),
    }),
  },
  reset: {
    description: 'Throws all edits away and starts again from the current source.',
    schema: z.strictObject({}),
  },
  start_from: {
    description:
      'Makes the code of an earlier experiment the draft, such as one that crashed or a near miss, to mend or extend it. Shows what differs from the current source, keeps made since then included.',
    schema: z.strictObject({ experiment }),
  },
  check: {
    description:
      'Compiles the edited files and shows the whole diff so far; where it is possible, also runs them briefly.',
    schema: z.strictObject({}),
  },
  submit: {
    description: 'Hands the edited files in as this experiment. The conversation ends when it is accepted.',
    schema: z.strictObject({
      title: z.string().min(1).max(200).describe('What is changed, in at most ten words; it becomes a commit subject.'),
      hypothesis: z.string().min(1).describe('Why it should help, in two or three sentences.'),
      expected_effect: z.string().describe('How far you expect the metric to move, and what would prove you wrong.'),
      kind: z.enum(['knobs', 'code']).describe('`knobs` when only values of knobs change, else `code`.'),
    }),
  },
} as const;

type ToolName = keyof typeof schemas;
export type ToolArguments<Name extends ToolName> = z.infer<(typeof schemas)[Name]['schema']>;

/** A tool as it is described to models. */
export interface ToolDescription {
  readonly name: ToolName;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** All tools, in an order that never changes, so that the prompt stays in a provider's cache. */
export const tools: readonly ToolDescription[] = (Object.keys(schemas) as ToolName[]).map((name) => ({
  name,
  description: schemas[name].description,
  parameters: jsonSchemaOf(schemas[name].schema),
}));

function parametersOf(name: ToolName): Readonly<Record<string, unknown>> {
  return tools.find((tool) => tool.name === name)?.parameters ?? {};
}

export type ToolReading =
  | {
      readonly [Name in ToolName]: {
        readonly kind: 'read';
        readonly name: Name;
        readonly arguments: ToolArguments<Name>;
        /** What the model gave that is no argument of the tool. */
        readonly ignored: readonly string[];
      };
    }[ToolName]
  | { readonly kind: 'refused'; readonly reason: string };

/** The checked arguments of a model's call, or a sentence for the model about what is wrong. */
export function readToolCall(name: string, rawArguments: unknown): ToolReading {
  if (!Object.hasOwn(schemas, name)) {
    return {
      kind: 'refused',
      reason: `There is no tool ${JSON.stringify(name.slice(0, 60))}; there are ${Object.keys(schemas).join(', ')}.`,
    };
  }
  const tool = name as ToolName;
  if (typeof rawArguments !== 'object' || rawArguments === null || Array.isArray(rawArguments))
    return { kind: 'refused', reason: `The arguments of ${tool} are no JSON object.` };
  const { arguments: tidied, ignored } = tidyArguments(parametersOf(tool), withoutNulls(rawArguments));
  const parsed = schemas[tool].schema.safeParse(tidied);
  if (parsed.success) return { kind: 'read', name: tool, arguments: parsed.data, ignored } as ToolReading;
  const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || tool}: ${message}`);
  return { kind: 'refused', reason: `The arguments of ${tool} are not as they must be: ${issues.join('; ')}.` };
}

/** Without null arguments: models write null for an argument that they leave out. */
function withoutNulls(raw: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
}

/** The JSON schema, without maxima of 2^53 - 1, which mean nothing and which some providers refuse. */
function jsonSchemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return rest;
}
