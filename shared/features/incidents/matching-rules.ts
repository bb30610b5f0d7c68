import type { IncidentCondition, IncidentRule } from '../../contract/schemas/incident-rules.ts';
import { valueAt } from './pointer-rules.ts';

/** The first rule whose conditions all hold. */
export function firstMatch(rules: readonly IncidentRule[], document: unknown): IncidentRule | undefined {
  return rules.find(({ when }) => when.every((condition) => holds(condition, document)));
}

function holds({ pointer, equals, in: list, exists, startsWith }: IncidentCondition, document: unknown): boolean {
  const value = valueAt(document, pointer);
  if (equals !== undefined) return value === equals;
  if (list !== undefined) return list.some((each) => value === each);
  if (exists !== undefined) return (value !== undefined && value !== null) === exists;
  return typeof value === 'string' && startsWith !== undefined && value.startsWith(startsWith);
}
