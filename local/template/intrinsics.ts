/** For messages. */
export interface Location {
  readonly stack: string;
  readonly logicalId: string;
  readonly property: string;
}

export interface Scope {
  readonly stack: string;
  reference(logicalId: string, location: Location): unknown;
  attribute(logicalId: string, attribute: string, location: Location): unknown;
  exported(name: string, location: Location): unknown;
  mapping(map: string, first: string, second: string): unknown;
  condition(name: string): unknown;
}

/** Its property or list entry is removed. */
export const noValue: unique symbol = Symbol('AWS::NoValue');

export class TemplateError extends Error {
  constructor(location: Location, problem: string) {
    super(`${location.stack}: resource ${location.logicalId}, property ${location.property}: ${problem}`);
    this.name = 'TemplateError';
  }
}

type Intrinsic = (argument: unknown, scope: Scope, location: Location) => unknown;

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 *
 * @throws TemplateError with stack, logical id and property.
 */
export function resolve(value: unknown, scope: Scope, location: Location): unknown {
  if (Array.isArray(value)) {
    return value
      .map((entry, index) => resolve(entry, scope, { ...location, property: `${location.property}[${index}]` }))
      .filter((entry) => entry !== noValue);
  }
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value);
  const only = keys[0];
  if (keys.length === 1 && only !== undefined && isIntrinsic(only)) {
    const intrinsic = intrinsics[only];
    if (intrinsic === undefined) throw new TemplateError(location, `the local run does not support ${only}.`);
    return intrinsic((value as Record<string, unknown>)[only], scope, location);
  }
  const result: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const resolved = resolve(entry, scope, { ...location, property: `${location.property}.${key}` });
    if (resolved !== noValue) result[key] = resolved;
  }
  return result;
}

function isIntrinsic(key: string): boolean {
  // `Condition` is an intrinsic function inside conditions only.
  return key === 'Ref' || key.startsWith('Fn::');
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, location) => scope.reference(text(argument, scope, location), location),
  'Fn::GetAtt': (argument, scope, location) => {
    const [logicalId, attribute] = attributeReference(argument, scope, location);
    return scope.attribute(logicalId, attribute, location);
  },
  'Fn::Join': (argument, scope, location) => {
    const [separator, parts] = list(argument, location, 2);
    return sequence(parts, scope, location)
      .map((part) => text(part, scope, location))
      .join(text(separator, scope, location));
  },
  'Fn::Split': (argument, scope, location) => {
    const [separator, source] = list(argument, location, 2);
    return text(source, scope, location).split(text(separator, scope, location));
  },
  'Fn::Select': (argument, scope, location) => {
    const [index, entries] = list(argument, location, 2);
    const chosen = sequence(entries, scope, location)[Number(text(index, scope, location))];
    if (chosen === undefined) throw new TemplateError(location, 'Fn::Select chooses an entry that does not exist.');
    return chosen;
  },
  'Fn::Sub': substitute,
  'Fn::ImportValue': (argument, scope, location) => scope.exported(text(argument, scope, location), location),
  'Fn::FindInMap': (argument, scope, location) => {
    const [map, first, second] = list(argument, location, 3).map((entry) => text(entry, scope, location));
    const found = scope.mapping(map ?? '', first ?? '', second ?? '');
    if (found === undefined) throw new TemplateError(location, `mapping ${map} has no entry ${first}.${second}.`);
    return found;
  },
  'Fn::Base64': (argument, scope, location) => Buffer.from(text(argument, scope, location)).toString('base64'),
  'Fn::ToJsonString': (argument, scope, location) => JSON.stringify(resolve(argument, scope, location)),
  'Fn::Length': (argument, scope, location) => sequence(argument, scope, location).length,
  'Fn::GetAZs': (_argument, scope, location) => {
    const region = String(scope.reference('AWS::Region', location));
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::If': (argument, scope, location) => {
    const [name, whenTrue, whenFalse] = list(argument, location, 3);
    return resolve(holds({ Condition: name }, scope, location) ? whenTrue : whenFalse, scope, location);
  },
};

function substitute(argument: unknown, scope: Scope, location: Location): string {
  const [pattern, own] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
  const variables = (own ?? {}) as Record<string, unknown>;
  return String(pattern).replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return text(variables[name], scope, location);
    const dot = name.indexOf('.');
    return String(
      dot < 0 ? scope.reference(name, location) : scope.attribute(name.slice(0, dot), name.slice(dot + 1), location),
    );
  });
}

export function holds(condition: unknown, scope: Scope, location: Location): boolean {
  if (condition === null || typeof condition !== 'object') {
    throw new TemplateError(location, 'a condition must be an intrinsic function.');
  }
  const [key, argument] = Object.entries(condition)[0] ?? [];
  switch (key) {
    case 'Condition':
      return holds(scope.condition(String(argument)), scope, location);
    case 'Fn::Equals': {
      const [left, right] = list(argument, location, 2);
      return text(left, scope, location) === text(right, scope, location);
    }
    case 'Fn::Not':
      return !holds(list(argument, location, 1)[0], scope, location);
    case 'Fn::And':
      return (argument as unknown[]).every((entry) => holds(entry, scope, location));
    case 'Fn::Or':
      return (argument as unknown[]).some((entry) => holds(entry, scope, location));
    default:
      throw new TemplateError(location, `the local run does not support the condition function ${key}.`);
  }
}

function attributeReference(argument: unknown, scope: Scope, location: Location): [string, string] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const [logicalId, attribute] = list(argument, location, 2);
  return [text(logicalId, scope, location), text(attribute, scope, location)];
}

function list(value: unknown, location: Location, length: number): unknown[] {
  if (!Array.isArray(value) || value.length < length) {
    throw new TemplateError(location, `an intrinsic function needs a list of ${length} entries.`);
  }
  return value;
}

function sequence(value: unknown, scope: Scope, location: Location): unknown[] {
  const resolved = resolve(value, scope, location);
  if (!Array.isArray(resolved)) throw new TemplateError(location, 'an intrinsic function needs a list.');
  return resolved;
}

function text(value: unknown, scope: Scope, location: Location): string {
  const resolved = resolve(value, scope, location);
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
  throw new TemplateError(location, `a string is needed, not ${JSON.stringify(resolved)}.`);
}
