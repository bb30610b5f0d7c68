import type { Assembly, AwsEndpoint } from '../contract.ts';
import { alarmProblems } from './alarm-problems.ts';
import { limitProblems } from './limit-problems.ts';
import { mappingProblems } from './mapping-problems.ts';

export type Judge = Pick<AwsEndpoint, 'mayRole' | 'mayService' | 'encryptionKeys'>;

export class DeploymentRefusedError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`AWS would reject this template:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'DeploymentRefusedError';
    this.problems = problems;
  }
}

/** Finds problems that otherwise only a deployment reveals. */
export function deploymentProblems(assembly: Assembly, judge: Judge): string[] {
  return [...mappingProblems(assembly, judge), ...alarmProblems(assembly, judge), ...limitProblems(assembly)];
}
