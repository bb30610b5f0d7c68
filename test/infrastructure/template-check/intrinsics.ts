import { isObject } from './template.ts';

/** `{ "Ref": … }` or `{ "Fn::…": … }`. */
export interface Intrinsic {
  readonly name: string;
  readonly argument: unknown;
}

/** CloudFormation Template Reference, "Pseudo parameters". */
const pseudoParameters = [
  'AccountId',
  'NotificationARNs',
  'NoValue',
  'Partition',
  'Region',
  'StackId',
  'StackName',
  'URLSuffix',
];

export const noValue = 'AWS::NoValue';

export function isPseudoParameter(name: string): boolean {
  return pseudoParameters.includes(name.replace(/^AWS::/, '')) && name.startsWith('AWS::');
}

export function intrinsicOf(value: unknown): Intrinsic | undefined {
  if (!isObject(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0 || !isFunctionName(name)) return undefined;
  return { name, argument: value[name] };
}

export function isFunctionName(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}

export function isNoValue(value: unknown): boolean {
  const call = intrinsicOf(value);
  return call?.name === 'Ref' && call.argument === noValue;
}

export type Reference =
  | { readonly kind: 'name'; readonly at: string; readonly target: string }
  | { readonly kind: 'attribute'; readonly at: string; readonly target: string; readonly attribute: string }
  | { readonly kind: 'condition'; readonly at: string; readonly target: string }
  | { readonly kind: 'mapping'; readonly at: string; readonly target: string; readonly keys: readonly unknown[] }
  | { readonly kind: 'import'; readonly at: string; readonly name: unknown }
  | { readonly kind: 'malformed'; readonly at: string; readonly detail: string };

export function* referencesIn(value: unknown, at: string): Generator<Reference> {
  if (typeof value === 'string') {
    // The CDK writes this for unresolved values.
    if (value.includes('${Token[')) yield { kind: 'malformed', at, detail: 'contains an unresolved token of the CDK' };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* referencesIn(item, `${at}.${index}`);
  } else if (isObject(value)) {
    const call = intrinsicOf(value);
    if (call !== undefined) return yield* referencesOfCall(call, `${at}.${call.name}`);
    for (const [key, member] of Object.entries(value)) {
      if (isFunctionName(key)) yield { kind: 'malformed', at, detail: `${key} must be the only member` };
      yield* referencesIn(member, `${at}.${key}`);
    }
  }
}

function* referencesOfCall({ name, argument }: Intrinsic, at: string): Generator<Reference> {
  const malformed = (detail: string): Reference => ({ kind: 'malformed', at, detail });
  const list = Array.isArray(argument) ? (argument as readonly unknown[]) : [];
  switch (name) {
    case 'Ref':
      if (typeof argument === 'string') yield* named(argument, at);
      else yield malformed('requires a name');
      return;
    case 'Fn::GetAtt': {
      const [target, attribute] = typeof argument === 'string' ? splitOnce(argument) : list;
      if (typeof target === 'string' && typeof attribute === 'string')
        yield { kind: 'attribute', at, target, attribute };
      else yield malformed('requires a logical id and an attribute');
      return;
    }
    case 'Fn::Sub': {
      const [text, values = {}] = typeof argument === 'string' ? [argument] : list;
      if (typeof text !== 'string' || !isObject(values)) return yield malformed('requires a text and its values');
      for (const [, variable = ''] of text.matchAll(/\$\{([^!}][^}]*)\}/g)) {
        const [target, attribute] = splitOnce(variable.trim());
        if (variable.trim() in values) continue;
        if (attribute === undefined) yield* named(target, at);
        else yield { kind: 'attribute', at, target, attribute };
      }
      return yield* referencesIn(values, at);
    }
    case 'Fn::If':
      if (list.length !== 3 || typeof list[0] !== 'string')
        return yield malformed('requires a condition and two values');
      yield { kind: 'condition', at, target: list[0] };
      return yield* referencesIn(list.slice(1), at);
    case 'Fn::FindInMap':
      if (list.length !== 3 || typeof list[0] !== 'string') return yield malformed('requires a mapping and two keys');
      yield { kind: 'mapping', at, target: list[0], keys: list.slice(1) };
      return yield* referencesIn(list.slice(1), at);
    case 'Fn::ImportValue':
      yield { kind: 'import', at, name: argument };
      return yield* referencesIn(argument, at);
    case 'Fn::Join':
      if (list.length !== 2 || typeof list[0] !== 'string' || !isList(list[1]))
        yield malformed('requires a delimiter and a list');
      return yield* referencesIn(argument, at);
    case 'Fn::Split':
      if (list.length !== 2 || typeof list[0] !== 'string' || Array.isArray(list[1]))
        yield malformed('requires a delimiter and a text');
      return yield* referencesIn(argument, at);
    case 'Fn::Select':
      if (list.length !== 2 || !isList(list[1])) yield malformed('requires an index and a list');
      else if (Array.isArray(list[1]) && !(Number(list[0]) < list[1].length))
        yield malformed('selects beyond its list');
      return yield* referencesIn(argument, at);
    case 'Fn::Equals':
      if (list.length !== 2) yield malformed('requires two values');
      return yield* referencesIn(argument, at);
    case 'Fn::And':
    case 'Fn::Or':
    case 'Fn::Not':
      for (const item of list) yield* referencesInCondition(item, at);
      return;
    case 'Fn::Base64':
    case 'Fn::GetAZs':
    case 'Fn::Cidr':
      return yield* referencesIn(argument, at);
    default:
      yield malformed('is not a function of CloudFormation, or requires a transform');
  }
}

/** Only conditions refer to others by `{ "Condition": … }`. */
export function* referencesInCondition(value: unknown, at: string): Generator<Reference> {
  if (isObject(value) && typeof value['Condition'] === 'string')
    yield { kind: 'condition', at, target: value['Condition'] };
  else yield* referencesIn(value, at);
}

function* named(target: string, at: string): Generator<Reference> {
  if (!isPseudoParameter(target)) yield { kind: 'name', at, target };
}

/** True also for a call that can return a list. */
function isList(value: unknown): boolean {
  const name = intrinsicOf(value)?.name;
  return Array.isArray(value) || (name !== undefined && !['Fn::Join', 'Fn::Sub', 'Fn::Base64'].includes(name));
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}
