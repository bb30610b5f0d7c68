import { compilePattern, substituteVariables } from './patterns.ts';
import type { Lookup } from './patterns.ts';

export type Condition = (lookup: Lookup) => boolean;

type Comparison = (policyValue: string) => (requestValue: string, lookup: Lookup) => boolean;

const equals: Comparison = (policyValue) => (value, lookup) => value === substituteVariables(policyValue, lookup);
const equalsIgnoringCase: Comparison = (policyValue) => (value, lookup) =>
  value.toLowerCase() === substituteVariables(policyValue, lookup)?.toLowerCase();
const like: Comparison = (policyValue) => compilePattern(policyValue);
const bool: Comparison = (policyValue) => (value) => value.toLowerCase() === policyValue.toLowerCase();
const number =
  (holds: (value: number, limit: number) => boolean): Comparison =>
  (policyValue) =>
  (value) =>
    holds(Number(value), Number(policyValue));
const date =
  (holds: (value: number, limit: number) => boolean): Comparison =>
  (policyValue) =>
  (value) =>
    holds(Date.parse(value), Date.parse(policyValue));

interface Operator {
  readonly compare: Comparison;
  /** No value may match. */
  readonly negated?: boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: equals },
  StringNotEquals: { compare: equals, negated: true },
  StringEqualsIgnoreCase: { compare: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: true },
  StringLike: { compare: like },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: like },
  ArnNotEquals: { compare: like, negated: true },
  ArnLike: { compare: like },
  ArnNotLike: { compare: like, negated: true },
  Bool: { compare: bool },
  NumericEquals: { compare: number((value, limit) => value === limit) },
  NumericNotEquals: { compare: number((value, limit) => value === limit), negated: true },
  NumericLessThan: { compare: number((value, limit) => value < limit) },
  NumericLessThanEquals: { compare: number((value, limit) => value <= limit) },
  NumericGreaterThan: { compare: number((value, limit) => value > limit) },
  NumericGreaterThanEquals: { compare: number((value, limit) => value >= limit) },
  DateLessThan: { compare: date((value, limit) => value < limit) },
  DateLessThanEquals: { compare: date((value, limit) => value <= limit) },
  DateGreaterThan: { compare: date((value, limit) => value > limit) },
  DateGreaterThanEquals: { compare: date((value, limit) => value >= limit) },
};

/** With an unsupported operator (`unknown`), an `Allow` never applies and a `Deny` always does. */
export function compileCondition(block: Readonly<Record<string, unknown>> | undefined): {
  readonly holds: Condition;
  readonly unknown: boolean;
} {
  const conditions: Condition[] = [];
  for (const [name, keys] of Object.entries(block ?? {})) {
    for (const [key, values] of Object.entries(keys as Readonly<Record<string, unknown>>)) {
      const condition = compileOne(name, key.toLowerCase(), valuesOf(values));
      if (condition === undefined) return { holds: () => false, unknown: true };
      conditions.push(condition);
    }
  }
  return { holds: (lookup) => conditions.every((condition) => condition(lookup)), unknown: false };
}

function compileOne(name: string, key: string, policyValues: readonly string[]): Condition | undefined {
  const [prefix, unprefixed] = name.includes(':') ? (name.split(':') as [string, string]) : [undefined, name];
  const ifExists = unprefixed.endsWith('IfExists');
  const operatorName = ifExists ? unprefixed.slice(0, -'IfExists'.length) : unprefixed;
  if (operatorName === 'Null' && prefix === undefined) {
    const mustBeAbsent = policyValues.includes('true');
    return (lookup) => (lookup(key) === undefined) === mustBeAbsent;
  }
  const operator = operators[operatorName];
  if (operator === undefined) return undefined;
  const comparisons = policyValues.map((value) => operator.compare(value));
  const matchesOne = (value: string, lookup: Lookup): boolean => {
    const matched = comparisons.some((comparison) => comparison(value, lookup));
    return operator.negated === true ? !matched : matched;
  };
  switch (prefix) {
    case undefined:
      return (lookup) => {
        const value = lookup(key);
        if (value === undefined) return ifExists || operator.negated === true;
        if (typeof value === 'string') return matchesOne(value, lookup);
        return operator.negated === true
          ? value.every((entry) => matchesOne(entry, lookup))
          : value.some((entry) => matchesOne(entry, lookup));
      };
    case 'ForAllValues':
      // Also true without the key, so policies add a Null check.
      return (lookup) => listOf(lookup(key)).every((entry) => matchesOne(entry, lookup));
    case 'ForAnyValue':
      return (lookup) => listOf(lookup(key)).some((entry) => matchesOne(entry, lookup));
    default:
      return undefined;
  }
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function valuesOf(values: unknown): string[] {
  return (Array.isArray(values) ? (values as unknown[]) : [values]).map((value) => String(value));
}
