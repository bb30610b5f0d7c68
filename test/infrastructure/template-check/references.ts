import { cyclesIn, type Graph } from './cycles.ts';
import { intrinsicOf, type Reference, referencesIn, referencesInCondition } from './intrinsics.ts';
import { isCustom, resourceType } from './specification.ts';
import type { Finding, Resource, Stack } from './template.ts';

/** Finds references without a target, and cycles. */
export function* checkReferences(stack: Stack): Generator<Finding> {
  for (const reference of referencesOf(stack)) yield* checkReference(reference, stack);
  for (const cycle of cyclesIn(dependencies(stack))) {
    yield { rule: 'cycle', at: `${stack.name}/${cycle[0]}`, detail: [...cycle, cycle[0]].join(' → ') };
  }
}

export function* referencesOf({ name, template }: Stack): Generator<Reference> {
  for (const [id, resource] of Object.entries(template.Resources))
    yield* referencesOfResource(resource, `${name}/${id}`);
  for (const [id, { Value, Export, Condition }] of Object.entries(template.Outputs)) {
    const at = `${name}/Outputs.${id}`;
    yield* referencesIn(Value, `${at}.Value`);
    yield* referencesIn(Export?.Name, `${at}.Export.Name`);
    if (Condition !== undefined) yield { kind: 'condition', at: `${at}.Condition`, target: Condition };
  }
  for (const [id, condition] of Object.entries(template.Conditions)) {
    yield* referencesInCondition(condition, `${name}/Conditions.${id}`);
  }
}

function* referencesOfResource(resource: Resource, at: string): Generator<Reference> {
  yield* referencesIn(resource.Properties, at);
  yield* referencesIn(resource.Metadata, `${at}.Metadata`);
  if (resource.Condition !== undefined) yield { kind: 'condition', at: `${at}.Condition`, target: resource.Condition };
  for (const target of [resource.DependsOn ?? []].flat()) yield { kind: 'name', at: `${at}.DependsOn`, target };
}

function* checkReference(reference: Reference, { template, region }: Stack): Generator<Finding> {
  const { at } = reference;
  const dangling = (target: string): Finding => ({ rule: 'dangling-reference', at, detail: `there is no ${target}` });
  switch (reference.kind) {
    case 'malformed':
      yield { rule: 'malformed-function', at, detail: reference.detail };
      return;
    case 'name': {
      const isParameter = reference.target in template.Parameters && !at.endsWith('.DependsOn');
      if (!(reference.target in template.Resources) && !isParameter) yield dangling(reference.target);
      return;
    }
    case 'attribute': {
      const type = template.Resources[reference.target]?.Type;
      if (type === undefined) yield dangling(reference.target);
      else if (!isCustom(type) && resourceType(type)?.attributes[reference.attribute] === undefined) {
        yield { rule: 'unknown-attribute', at, detail: `${type} has no ${reference.attribute}` };
      }
      return;
    }
    case 'condition':
      if (!(reference.target in template.Conditions)) yield dangling(`condition ${reference.target}`);
      return;
    case 'mapping': {
      const [top, second] = reference.keys.map((key) => {
        const call = intrinsicOf(key);
        const pseudoParameters: Readonly<Record<string, string>> = { 'AWS::Region': region, 'AWS::Partition': 'aws' };
        return call === undefined ? String(key) : pseudoParameters[String(call.argument)];
      });
      const mapping = template.Mappings[reference.target];
      if (mapping === undefined) yield dangling(`mapping ${reference.target}`);
      else if (top !== undefined && second !== undefined && mapping[top]?.[second] === undefined) {
        yield dangling(`${top}.${second} in mapping ${reference.target}`);
      }
      return;
    }
    case 'import':
      for (const inner of referencesIn(reference.name, at)) {
        if (inner.kind === 'attribute' || (inner.kind === 'name' && inner.target in template.Resources)) {
          yield { rule: 'malformed-function', at, detail: 'the name of an import depends on a resource' };
        }
      }
  }
}

function dependencies({ template }: Stack): Graph {
  return new Map(
    Object.entries(template.Resources).map(([id, resource]) => [
      id,
      new Set(
        [...referencesOfResource(resource, id)].flatMap((reference) =>
          (reference.kind === 'name' || reference.kind === 'attribute') && reference.target in template.Resources
            ? [reference.target]
            : [],
        ),
      ),
    ]),
  );
}
