import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installCommand } from '../../../src/adapters/models/langchain/install-hint.ts';
import { temporaryFolder, temporaryRepo } from '../../helpers/temporary-repo.ts';

test('a missing package goes where this copy of the program lies', () => {
  const project = temporaryRepo({ 'package.json': '{}' }).root;
  const folder = temporaryFolder();
  expect(installCommand('@langchain/x', join(project, 'node_modules', 'nocturne'))).toBe(
    `npm install --prefix '${project}' @langchain/x`,
  );
  expect(installCommand('@langchain/x', join(folder, 'lib', 'node_modules', 'nocturne'))).toBe(
    'npm install --global @langchain/x',
  );
  expect(installCommand('@langchain/x', '/home/ada/my nocturne')).toBe(
    "npm install --no-save --prefix '/home/ada/my nocturne' @langchain/x",
  );
});
