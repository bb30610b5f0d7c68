import type { Assembly, AwsEndpoint } from '../contract.ts';
import { alarmProblems } from './alarm-problems.ts';
import { limitProblems } from './limit-problems.ts';
import { mappingProblems } from './mapping-problems.ts';

/** What of the endpoint the checks ask. */
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
 * What stands in the way of a deployment and shows only there: rights that services check when a resource is created,
 * limits of resources, and alarms whose messages nobody would get.
 */
export function deploymentProblems(assembly: Assembly, judge: Judge): string[] {
  return [...mappingProblems(assembly, judge), ...alarmProblems(assembly, judge), ...limitProblems(assembly)];
}
