import { afterAll } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** The worker's CPU time, including functions of the local run. */
    cpuMs?: number;
  }
}

const before = process.cpuUsage();

// Vitest rejects a first parameter that is not destructured.
afterAll(({}, file) => {
  const { user, system } = process.cpuUsage(before);
  file.meta.cpuMs = (user + system) / 1000;
});
