import type { Assembly, AwsEndpoint } from '../contract.ts';
import { alarmProblems } from './alarm-problems.ts';
import { limitProblems } from './limit-problems.ts';
import { mappingProblems } from './mapping-problems.ts';

/** The parts of the endpoint that the checks use. */
export type Judge = Pick<AwsEndpoint, 'mayRole' | 'mayService' | 'encryptionKeys'>;

/** Thrown for a template that AWS would not deploy or that would not work once deployed. */
export class DeploymentRefusedError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`AWS would reject this template:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'DeploymentRefusedError';
    this.problems = problems;
  }
}

/**
 * Finds problems that otherwise only a deployment reveals: rights that services check when they create a resource,
 * limits of resources, and alarms that notify no recipient.
 */
export function deploymentProblems(assembly: Assembly, judge: Judge): string[] {
  return [...mappingProblems(assembly, judge), ...alarmProblems(assembly, judge), ...limitProblems(assembly)];
}
