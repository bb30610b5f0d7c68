import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Binary logarithm of scrypt's cost. See password-hash.ts. */
const cost = /costLog2:\s*15\b/;

/**
 * Sets the lowest cost, because a hash takes 0.3 s of CPU time. Only a copy of the code changes, so this is never
 * deployed.
 */
export function withQuickPasswords(code: string): string {
  return code.replace(cost, 'costLog2: 4');
}

/** Links all other files. */
export async function quickAssembly(original: string, copy: string): Promise<void> {
  await mkdir(copy);
  let changed = 0;
  for (const name of await readdir(original)) {
    const bundle = join(original, name, 'index.mjs');
    const code = existsSync(bundle) ? await readFile(bundle, 'utf8') : '';
    if (cost.test(code)) {
      changed += 1;
      await mkdir(join(copy, name));
      await writeFile(join(copy, name, 'index.mjs'), withQuickPasswords(code));
    } else {
      await symlink(join(original, name), join(copy, name));
    }
  }
  if (changed === 0) throw new Error('No function hashes passwords at the cost that quick-passwords.ts expects');
}
