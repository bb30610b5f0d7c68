// Runs before npm scripts, on any Node from 20. Installs missing packages, so that a fresh clone needs no other step.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const engineVersion = '1.2.1';

/** Returns true if every locked package that this platform needs is installed in the locked version. */
function isInstalled() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path]?.version;
    return found === version || (optional === true && found === undefined);
  });
}

function npm(...parameters) {
  const { status } = spawnSync('npm', parameters, {
    cwd: root,
    env: { ...process.env, SCARF_ANALYTICS: 'false' },
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(
    `Switchboard needs Node 20 or newer to install, but this is ${process.version}. See https://nodejs.org`,
  );
  process.exit(1);
}

if (!isInstalled()) {
  console.error('Installing dependencies (npm ci), because they are missing or have changed.');
  if (!npm('ci', '--no-audit', '--no-fund', '--loglevel=error')) {
    console.error('npm ci failed. It needs the npm registry. Later starts need no network.');
    process.exit(1);
  }
}

// The project includes Node 24 for linux-x64. Other platforms use the machine's Node.
const ownNode = join(root, 'node_modules/.bin/node');
if (!existsSync(ownNode) && major < 24) {
  console.error(
    `On ${process.platform}-${process.arch}, Switchboard needs Node 24 or newer, but this is ${process.version}.`,
  );
  process.exit(1);
}

// The database engine of the local run is a binary for each platform, and the lock file contains only the one for
// linux-x64. Another platform's engine is installed in its exact version, without running scripts of the package.
const engine = `@dynoxide/${process.platform}-${process.arch}`;
if (!existsSync(join(root, 'node_modules', engine)) && !process.env.DYNAMODB_ENDPOINT) {
  console.error(`Installing ${engine}, the database engine of the local run.`);
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  if (!npm('install', '--no-save', '--ignore-scripts', ...quietly, `${engine}@${engineVersion}`)) {
    console.error(`${engine} is not available. Set DYNAMODB_ENDPOINT to a DynamoDB-compatible server to run locally.`);
  }
}
