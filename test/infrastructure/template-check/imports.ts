import { cyclesIn } from './cycles.ts';
import { render } from './rendering.ts';
import { referencesOf } from './references.ts';
import type { Finding, Stack } from './template.ts';

/** Each import needs one export in the same region, and the stacks an order of deployment. */
export function* checkImports(stacks: readonly Stack[]): Generator<Finding> {
  const exporters = new Map<string, Stack>();
  for (const stack of stacks) {
    for (const [id, { Export }] of Object.entries(stack.template.Outputs)) {
      if (Export === undefined) continue;
      const name = `${stack.region} ${String(render(Export.Name, stack, stacks))}`;
      const at = `${stack.name}/Outputs.${id}.Export.Name`;
      if (exporters.has(name)) yield { rule: 'duplicate-export', at, detail: name };
      else exporters.set(name, stack);
    }
  }
  const graph = new Map(stacks.map((stack) => [stack.name, new Set<string>()]));
  for (const stack of stacks) {
    for (const reference of referencesOf(stack)) {
      if (reference.kind !== 'import') continue;
      const name = `${stack.region} ${String(render(reference.name, stack, stacks))}`;
      const exporter = exporters.get(name);
      if (exporter === undefined) yield { rule: 'dangling-import', at: reference.at, detail: name };
      else graph.get(stack.name)?.add(exporter.name);
    }
  }
  for (const cycle of cyclesIn(graph)) {
    yield { rule: 'cycle', at: cycle[0] ?? '', detail: [...cycle, cycle[0]].join(' → ') };
  }
}
