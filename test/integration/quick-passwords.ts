import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The binary logarithm of scrypt's cost in the source and in bundles. See password-hash.ts. */
const cost = /costLog2:\s*15\b/;

/**
 * Hashing a password takes 0.3 s of CPU time by design, and nearly every test creates people and logs them in. Tests
 * therefore use the lowest cost. Only a copy of the code is changed, so that the change is never deployed.
 */
export function withQuickPasswords(code: string): string {
  return code.replace(cost, 'costLog2: 4');
}

/** Copies a cloud assembly with functions that hash passwords quickly. Other files are linked. */
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
