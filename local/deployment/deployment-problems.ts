import type { Assembly, AwsEndpoint } from '../contract.ts';
import { alarmProblems } from './alarm-problems.ts';
import { limitProblems } from './limit-problems.ts';
import { mappingProblems } from './mapping-problems.ts';

/** The parts of the endpoint that the checks use. */
export type Judge = Pick<AwsEndpoint, 'mayRole' | 'mayService' | 'encryptionKeys'>;

/** A template that AWS would not deploy, or that would deploy and never work. */
export class DeploymentRefusedError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`AWS would refuse this template:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'DeploymentRefusedError';
    this.problems = problems;
  }
}

/**
 * Problems that only a deployment would reveal: rights that services check when a resource is created, limits of
 * resources, and alarms whose messages would reach no one.
 */
export function deploymentProblems(assembly: Assembly, judge: Judge): string[] {
  return [...mappingProblems(assembly, judge), ...alarmProblems(assembly, judge), ...limitProblems(assembly)];
}
