import { checkImports } from './imports.ts';
import { checkNames } from './names.ts';
import { checkProperties } from './property-types.ts';
import { checkQuotas } from './quotas.ts';
import { checkRanges } from './ranges.ts';
import { checkReferences } from './references.ts';
import { type Finding, readStack, type Stack, type StackSource } from './template.ts';

/**
 * Checks templates against the CloudFormation resource specification and documented service limits. Checks neither
 * permissions nor regional availability.
 */
export function checkStacks(sources: readonly StackSource[]): readonly Finding[] {
  const read = sources.map(readStack);
  const stacks = read.filter((result): result is Stack => 'template' in result);
  if (stacks.length < sources.length) return read.flatMap((result) => ('template' in result ? [] : result));
  const findings = stacks.flatMap((stack) => [...checkProperties(stack), ...checkReferences(stack)]);
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
