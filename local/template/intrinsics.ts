/** Where a value stands, for messages. */
export interface Place {
  readonly stack: string;
  readonly logicalId: string;
  readonly property: string;
}

/** What the intrinsic functions of one stack refer to. */
export interface Scope {
  readonly stack: string;
  reference(logicalId: string, place: Place): unknown;
  attribute(logicalId: string, attribute: string, place: Place): unknown;
  exported(name: string, place: Place): unknown;
  mapping(map: string, first: string, second: string): unknown;
  condition(name: string): unknown;
}

/** What `AWS::NoValue` resolves to: the property or list entry that holds it is left out. */
export const noValue: unique symbol = Symbol('AWS::NoValue');

/** A value of a template that cannot be worked out. */
export class TemplateError extends Error {
  constructor(place: Place, problem: string) {
    super(`${place.stack}: resource ${place.logicalId}, property ${place.property}: ${problem}`);
    this.name = 'TemplateError';
  }
}

type Intrinsic = (argument: unknown, scope: Scope, place: Place) => unknown;

/**
 * Works out all intrinsic functions inside a value.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 *
 * @throws TemplateError naming stack, logical id and property.
 */
export function resolve(value: unknown, scope: Scope, place: Place): unknown {
  if (Array.isArray(value)) {
    return value
      .map((entry, index) => resolve(entry, scope, { ...place, property: `${place.property}[${index}]` }))
      .filter((entry) => entry !== noValue);
  }
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value);
  const only = keys[0];
  if (keys.length === 1 && only !== undefined && isIntrinsic(only)) {
    const intrinsic = intrinsics[only];
    if (intrinsic === undefined) throw new TemplateError(place, `the local run does not know ${only}.`);
    return intrinsic((value as Record<string, unknown>)[only], scope, place);
  }
  const result: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const resolved = resolve(entry, scope, { ...place, property: `${place.property}.${key}` });
    if (resolved !== noValue) result[key] = resolved;
  }
  return result;
}

function isIntrinsic(key: string): boolean {
  // `Condition` is an intrinsic inside conditions only; in a policy statement it is an ordinary key.
  return key === 'Ref' || key.startsWith('Fn::');
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, place) => scope.reference(text(argument, scope, place), place),
  'Fn::GetAtt': (argument, scope, place) => {
    const [logicalId, attribute] = attributeReference(argument, scope, place);
    return scope.attribute(logicalId, attribute, place);
  },
  'Fn::Join': (argument, scope, place) => {
    const [separator, parts] = list(argument, place, 2);
    return sequence(parts, scope, place)
      .map((part) => text(part, scope, place))
      .join(text(separator, scope, place));
  },
  'Fn::Split': (argument, scope, place) => {
    const [separator, source] = list(argument, place, 2);
    return text(source, scope, place).split(text(separator, scope, place));
  },
  'Fn::Select': (argument, scope, place) => {
    const [index, entries] = list(argument, place, 2);
    const chosen = sequence(entries, scope, place)[Number(text(index, scope, place))];
    if (chosen === undefined) throw new TemplateError(place, 'Fn::Select chooses an entry that does not exist.');
    return chosen;
  },
  'Fn::Sub': substitute,
  'Fn::ImportValue': (argument, scope, place) => scope.exported(text(argument, scope, place), place),
  'Fn::FindInMap': (argument, scope, place) => {
    const [map, first, second] = list(argument, place, 3).map((entry) => text(entry, scope, place));
    const found = scope.mapping(map ?? '', first ?? '', second ?? '');
    if (found === undefined) throw new TemplateError(place, `mapping ${map} has no entry ${first}.${second}.`);
    return found;
  },
  'Fn::Base64': (argument, scope, place) => Buffer.from(text(argument, scope, place)).toString('base64'),
  'Fn::ToJsonString': (argument, scope, place) => JSON.stringify(resolve(argument, scope, place)),
  'Fn::Length': (argument, scope, place) => sequence(argument, scope, place).length,
  'Fn::GetAZs': (_argument, scope, place) => {
    const region = String(scope.reference('AWS::Region', place));
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::If': (argument, scope, place) => {
    const [name, whenTrue, whenFalse] = list(argument, place, 3);
    return resolve(holds({ Condition: name }, scope, place) ? whenTrue : whenFalse, scope, place);
  },
};

function substitute(argument: unknown, scope: Scope, place: Place): string {
  const [pattern, own] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
  const variables = (own ?? {}) as Record<string, unknown>;
  return String(pattern).replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return text(variables[name], scope, place);
    const dot = name.indexOf('.');
    return String(
      dot < 0 ? scope.reference(name, place) : scope.attribute(name.slice(0, dot), name.slice(dot + 1), place),
    );
  });
}

/** Does a condition hold? For `Conditions` of a template, `Fn::If` and `Condition` of a resource. */
export function holds(condition: unknown, scope: Scope, place: Place): boolean {
  if (condition === null || typeof condition !== 'object') {
    throw new TemplateError(place, 'a condition must be an intrinsic function.');
  }
  const [key, argument] = Object.entries(condition)[0] ?? [];
  switch (key) {
    case 'Condition':
      return holds(scope.condition(String(argument)), scope, place);
    case 'Fn::Equals': {
      const [left, right] = list(argument, place, 2);
      return text(left, scope, place) === text(right, scope, place);
    }
    case 'Fn::Not':
      return !holds(list(argument, place, 1)[0], scope, place);
    case 'Fn::And':
      return (argument as unknown[]).every((entry) => holds(entry, scope, place));
    case 'Fn::Or':
      return (argument as unknown[]).some((entry) => holds(entry, scope, place));
    default:
      throw new TemplateError(place, `the local run does not know the condition function ${key}.`);
  }
}

function attributeReference(argument: unknown, scope: Scope, place: Place): [string, string] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const [logicalId, attribute] = list(argument, place, 2);
  return [text(logicalId, scope, place), text(attribute, scope, place)];
}

function list(value: unknown, place: Place, length: number): unknown[] {
  if (!Array.isArray(value) || value.length < length) {
    throw new TemplateError(place, `an intrinsic function needs a list of ${length} entries.`);
  }
  return value;
}

function sequence(value: unknown, scope: Scope, place: Place): unknown[] {
  const resolved = resolve(value, scope, place);
  if (!Array.isArray(resolved)) throw new TemplateError(place, 'an intrinsic function needs a list.');
  return resolved;
}

function text(value: unknown, scope: Scope, place: Place): string {
  const resolved = resolve(value, scope, place);
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
  throw new TemplateError(place, `a text is needed, not ${JSON.stringify(resolved)}.`);
}
