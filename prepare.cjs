/**
 * Builds the program after `npm ci`. `npx nocturne` in a checkout makes npm prepare it once more: what is built already is left, so
 * that an older Node meets the sentence of the command itself, and npm keeps no half-made copy in its cache.
 */
const { execSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const isBuilt = existsSync(join(__dirname, 'dist', 'cli', 'main.js'));
if (process.env.npm_command !== 'exec' || !isBuilt) {
  require('./require-node.cjs');
  execSync('npm run build', { cwd: __dirname, stdio: 'inherit' });
}
