import type { Property, PropertyType, ResourceProperties } from '@aws-cdk/service-spec-types';
import { intrinsicOf, isNoValue } from './intrinsics.ts';
import { isCustom, membersOf, resourceType } from './specification.ts';
import { type Finding, isObject, type Stack, type Template } from './template.ts';

export function* checkProperties({ name, template }: Stack): Generator<Finding> {
  for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const at = `${name}/${id}`;
    const type = resourceType(Type);
    if (isCustom(Type)) {
      if (Properties['ServiceToken'] === undefined) yield missing(`${at}.ServiceToken`);
    } else if (type === undefined) {
      yield { rule: 'unknown-type', at, detail: Type };
    } else {
      yield* checkMembers(Properties, type.properties, at, template);
    }
  }
}

function* checkMembers(
  value: Readonly<Record<string, unknown>>,
  properties: ResourceProperties,
  at: string,
  template: Template,
): Generator<Finding> {
  for (const [name, member] of Object.entries(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined)
      yield { rule: 'unknown-property', at: `${at}.${name}`, detail: 'there is no such property' };
    else if (!isNoValue(member)) yield* checkAny(member, typesOf(property), `${at}.${name}`, template);
  }
  for (const [name, { required }] of Object.entries(properties)) {
    if (required === true && (value[name] === undefined || isNoValue(value[name]))) yield missing(`${at}.${name}`);
  }
}

function* checkAny(value: unknown, types: readonly PropertyType[], at: string, template: Template): Generator<Finding> {
  const [best = []] = types
    .map((type) => [...checkValue(value, type, at, template)])
    .sort((a, b) => distance(a, at) - distance(b, at));
  yield* best;
}

/** A mistake inside the value is closer than a value of another type. */
function distance(findings: readonly Finding[], at: string): number {
  return findings.some((finding) => finding.at === at) ? Infinity : findings.length;
}

function* checkValue(value: unknown, type: PropertyType, at: string, template: Template): Generator<Finding> {
  const wrong = (expected: string): Finding => ({
    rule: 'wrong-type',
    at,
    detail: `must be ${expected}, is ${Array.isArray(value) ? 'a list' : typeof value}`,
  });
  const call = intrinsicOf(value);
  if (call?.name === 'Fn::If') {
    const [, ...branches] = Array.isArray(call.argument) ? (call.argument as unknown[]) : [];
    for (const branch of branches) if (!isNoValue(branch)) yield* checkValue(branch, type, at, template);
    return;
  }
  if (call !== undefined && type.type !== 'union') {
    const yields = yieldOf(call.name, call.argument, template);
    const expected = type.type === 'array' ? 'list' : ['ref', 'map', 'tag'].includes(type.type) ? 'object' : 'text';
    if (yields !== 'any' && type.type !== 'json' && yields !== expected) {
      yield { rule: 'wrong-type', at, detail: `must be ${expected}, ${call.name} returns ${yields}` };
    }
    return;
  }
  switch (type.type) {
    case 'union':
      return yield* checkAny(value, type.types, at, template);
    case 'array':
      if (!Array.isArray(value)) return yield wrong('a list');
      for (const [index, item] of value.entries()) {
        if (!isNoValue(item)) yield* checkAny(item, [type.element], `${at}.${index}`, template);
      }
      return;
    case 'map':
      if (!isObject(value)) return yield wrong('an object');
      for (const [key, item] of Object.entries(value)) yield* checkAny(item, [type.element], `${at}.${key}`, template);
      return;
    case 'ref':
      if (!isObject(value)) return yield wrong('an object');
      return yield* checkMembers(value, membersOf(type), at, template);
    case 'tag':
      if (!isObject(value)) return yield wrong('a tag');
      return yield* checkMembers(value, tag, at, template);
    case 'json':
      if (!isObject(value) && typeof value !== 'string' && !Array.isArray(value)) yield wrong('JSON');
      return;
    case 'string':
      if (typeof value !== 'string') return yield wrong('a text');
      if (type.allowedValues?.includes(value) === false) yield unknownValue(at, value);
      return;
    case 'integer':
      if (!Number.isInteger(value)) return yield wrong('an integer');
      if (type.allowedValues?.includes(value as number) === false) yield unknownValue(at, String(value));
      return;
    case 'number':
      if (typeof value !== 'number') yield wrong('a number');
      return;
    case 'boolean':
      if (typeof value !== 'boolean') yield wrong('true or false');
      return;
    case 'date-time':
      if (typeof value !== 'string') yield wrong('a time');
      return;
    default:
      if (value !== null) yield wrong('nothing');
  }
}

function yieldOf(name: string, argument: unknown, template: Template): 'text' | 'list' | 'object' | 'any' {
  if (name === 'Fn::Split' || name === 'Fn::GetAZs' || name === 'Fn::Cidr') return 'list';
  if (name === 'Ref') {
    const parameter = template.Parameters[String(argument)]?.Type ?? 'String';
    return /List/.test(parameter) || argument === 'AWS::NotificationARNs' ? 'list' : 'text';
  }
  if (name === 'Fn::GetAtt') {
    const [id = '', ...rest] = typeof argument === 'string' ? argument.split('.') : (argument as readonly string[]);
    const type = resourceType(template.Resources[id]?.Type ?? '')?.attributes[rest.join('.')]?.type.type;
    if (type === undefined || type === 'json' || type === 'union') return 'any';
    return type === 'array' ? 'list' : type === 'ref' || type === 'map' ? 'object' : 'text';
  }
  return name === 'Fn::Select' || name === 'Fn::FindInMap' ? 'any' : 'text';
}

/** Includes types of earlier versions of the specification. */
function typesOf({ type, previousTypes = [] }: Property): readonly PropertyType[] {
  return [type, ...previousTypes];
}

const tag: ResourceProperties = {
  Key: { type: { type: 'string' }, required: true },
  Value: { type: { type: 'string' }, required: true },
};

function missing(at: string): Finding {
  return { rule: 'missing-property', at, detail: 'is required' };
}

function unknownValue(at: string, value: string): Finding {
  return { rule: 'unknown-value', at, detail: value };
}
