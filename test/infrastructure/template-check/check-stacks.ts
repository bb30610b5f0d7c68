import { checkImports } from './imports.ts';
import { checkNames } from './names.ts';
import { checkProperties } from './property-types.ts';
import { checkQuotas } from './quotas.ts';
import { checkRanges } from './ranges.ts';
import { checkReferences } from './references.ts';
import { type Finding, readStack, type Stack, type StackSource } from './template.ts';

/**
 * Checks a stage's uploaded templates against the CloudFormation resource specification and the documented limits of the
 * services. A deployment would report the same mistakes only after minutes, and roll back.
 *
 * It checks neither permissions nor the availability of services in regions.
 */
export function checkStacks(sources: readonly StackSource[]): readonly Finding[] {
  const read = sources.map(readStack);
  const stacks = read.filter((result): result is Stack => 'template' in result);
  if (stacks.length < sources.length) return read.flatMap((result) => ('template' in result ? [] : result));
  const findings = stacks.flatMap((stack) => [...checkProperties(stack), ...checkReferences(stack)]);
  // Only a value that matches its type and its functions can be measured.
  const isReadable = !findings.some(({ rule }) => rule === 'wrong-type' || rule === 'malformed-function');
  if (!isReadable) return findings;
  return [
    ...findings,
    ...stacks.flatMap((stack) => [
      ...checkNames(stack, stacks),
      ...checkRanges(stack, stacks),
      ...checkQuotas(stack, stacks),
    ]),
    ...checkImports(stacks),
  ];
}
