/** A project whose training takes no time, and a served model that proposes in it. */
import { onTestFinished } from 'vitest';
import {
  type ModelServer,
  type ModelServerOptions,
  type Script,
  type Step,
  startModelServer,
} from './model-server/model-server.ts';
import { handIn, settle, turn } from './model-study.ts';
import { project } from './nocturne.ts';
import type { TemporaryRepo } from './temporary-repo.ts';

/** A server that is gone after the test. */
export async function serve(script: Script, options: ModelServerOptions = {}): Promise<ModelServer> {
  const server = await startModelServer(script, options);
  onTestFinished(() => server.close());
  return server;
}

/** The `quick` project with a served model as its researcher, and these lines more in its brief. */
export function quickProject(server: ModelServer, ...lines: readonly string[]): TemporaryRepo {
  const repo = project('quick');
  settle(repo, 'researcher: llm', 'model: openai:gpt-6-sol', `base_url: ${server.openAIUrl}`, ...lines);
  return repo;
}

/** An idea in one turn that no other number makes. */
export function idea(number: number): Step {
  const replace = `LEARNING_RATE = ${number + 2} * `;
  const edit = { name: 'edit', arguments: { edits: [{ find: 'LEARNING_RATE = ', replace }] } };
  return turn(edit, handIn(`Idea ${number}`));
}
