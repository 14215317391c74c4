/**
 * Ends the process, with one sentence, under a Node older than package.json asks for. In the syntax of old ones, and loaded before
 * anything that they cannot read.
 */
const { engines } = require('./package.json');

const needed = engines.node.replace(/^\D+/, '');
const found = process.versions.node;

/** Whether a version such as `18.20.8` is below one such as `20.19`. */
function isOlder(version, least) {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

if (isOlder(found, needed)) {
  process.stderr.write(
    'nocturne: Node ' +
      needed +
      ' or later is needed, and ' +
      process.execPath +
      ' is Node ' +
      found +
      '.\n' +
      'Install a newer one (https://nodejs.org), or put the folder of one that is here first on the PATH.\n',
  );
  process.exit(2);
}
