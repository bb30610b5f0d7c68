import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import {
  availableShareOf,
  type Budget,
  budgetOf,
  type CpuTimes,
  type FileTime,
  overBudget,
  slowest,
  tableOf,
} from './file-times.ts';

const shown = 10;

/**
 * Writes all times to `dist/test-times/<run>.json`. On GitHub, a file over its budget fails the run; elsewhere it is a
 * warning.
 */
export class SlowestFiles implements Reporter {
  readonly #budget: Budget;
  #vitest: Vitest | undefined;
  #before: CpuTimes = readCpuTimes();
  #startedAt = performance.now();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunStart(): void {
    this.#before = readCpuTimes();
    this.#startedAt = performance.now();
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const vitest = this.#vitest;
    if (vitest === undefined || modules.length === 0) return;
    const { root } = vitest.config;
    const files = modules.map((module) => timeOf(module, root));
    const own = process.cpuUsage();
    const ownMs = (own.user + own.system) / 1000 + files.reduce((sum, { cpuSeconds }) => sum + cpuSeconds * 1000, 0);
    const availableShare = availableShareOf(this.#before, readCpuTimes(), ownMs);
    const seconds = (performance.now() - this.#startedAt) / 1000;

    const directory = join(root, 'dist/test-times');
    mkdirSync(directory, { recursive: true });
    const report = { seed: process.env['SEED'], seconds, availableShare, files: slowest(files, files.length) };
    writeFileSync(join(directory, `${nameOf(vitest, files)}.json`), `${JSON.stringify(report, undefined, 2)}\n`);

    if (files.length > shown) vitest.logger.log(`\nSlowest files\n${tableOf(slowest(files, shown))}`);
    // The budget assumes one core for each file.
    const coresPerWorker = Math.min(1, cpus().length / vitest.config.maxWorkers);
    for (const { file, seconds: taken } of overBudget(files, this.#budget, availableShare * coresPerWorker)) {
      const allowed = budgetOf(file, this.#budget);
      const text = `${file} took ${taken.toFixed(0)} s; it may take ${allowed} s on an idle machine.`;
      if (process.env['GITHUB_ACTIONS'] === undefined) {
        vitest.logger.warn(`Warning: ${text}`);
      } else {
        vitest.logger.error(`::error file=${file}::${text}`);
        process.exitCode = 1;
      }
    }
  }
}

function timeOf(module: TestModule, root: string): FileTime {
  const { prepareDuration, environmentSetupDuration, setupDuration, collectDuration, duration } = module.diagnostic();
  const milliseconds = prepareDuration + environmentSetupDuration + setupDuration + collectDuration + duration;
  return {
    file: relative(root, module.moduleId),
    project: module.project.name,
    seconds: milliseconds / 1000,
    cpuSeconds: (module.meta().cpuMs ?? 0) / 1000,
  };
}

/** `unit`, `integration-2-of-4`. */
function nameOf(vitest: Vitest, files: readonly FileTime[]): string {
  const projects = [...new Set(files.map(({ project }) => project))].sort().join('-');
  const { shard } = vitest.config;
  return shard === undefined ? projects : `${projects}-${shard.index}-of-${shard.count}`;
}

function readCpuTimes(): CpuTimes {
  const cores = cpus().map(({ times }) => ({ ...times, busy: times.user + times.nice + times.sys + times.irq }));
  const busy = cores.reduce((sum, core) => sum + core.busy, 0);
  return { busy, total: busy + cores.reduce((sum, { idle }) => sum + idle, 0) };
}
