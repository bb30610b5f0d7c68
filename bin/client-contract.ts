import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import * as schemas from 'zod/mini';
import ts from 'typescript';
import { withUnusedLeftOut } from '../lib/functions/lean-contract.ts';

const membersOf: Readonly<Record<string, readonly string[]>> = {
  defineRoute: ['operationId', 'method', 'path', 'access', 'params', 'responses'],
  defineAction: ['action'],
  defineServerEvent: ['type'],
  defineProblem: ['name', 'status'],
};

/**
 * Removes schemas, descriptions and zod. The client does not validate answers, because a newer server may return more.
 */
export const clientContract: Plugin = {
  name: 'client-contract',
  setup: (building) => {
    building.onLoad({ filter: /[\\/]shared[\\/]contract[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: withUnusedLeftOut(withNamesOnly(await readFile(path, 'utf8'))),
      loader: 'ts',
    }));
    building.onResolve({ filter: /^zod\/mini$/ }, () => ({ path: 'schemas', namespace: 'without-schemas' }));
    building.onLoad({ filter: /.*/, namespace: 'without-schemas' }, () => ({
      contents: [
        // Calls and members of `unused` return `unused`, so modules load without schemas.
        'const unused = /* @__PURE__ */ new Proxy(function () {}, { get: (_, name) => (typeof name === "symbol" ? undefined : unused), apply: () => unused });',
        ...Object.keys(schemas).map((name, index) => `const n${index} = unused; export { n${index} as ${name} };`),
      ].join('\n'),
    }));
  },
};

export function withNamesOnly(text: string): string {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
  let result = text;
  const replace = (node: ts.Node, by: string): void => {
    result = result.slice(0, node.getStart(source)) + by + result.slice(node.getEnd());
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [definition] = node.arguments;
      const members = membersOf[node.expression.getText(source)];
      if (members !== undefined && definition !== undefined && ts.isObjectLiteralExpression(definition)) {
        replace(definition, namesOf(definition, members, source));
        return;
      }
    }
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => void children.push(child));
    for (const child of children.reverse()) visit(child);
  };
  visit(source);
  return result;
}

function namesOf(definition: ts.ObjectLiteralExpression, members: readonly string[], source: ts.SourceFile): string {
  const kept = definition.properties.flatMap((property) => {
    const name = property.name?.getText(source) ?? '';
    if (!members.includes(name)) return [];
    if (name === 'params') return ['params: {}'];
    if (name !== 'responses') return [property.getText(source)];
    const answers = responsesOf(property, source).properties.map((answer) => {
      const status = answer.name?.getText(source) ?? '';
      const hasNoBody = ts.isPropertyAssignment(answer) && answer.initializer.kind === ts.SyntaxKind.NullKeyword;
      return `${status}: ${hasNoBody ? 'null' : '{}'}`;
    });
    return [`responses: { ${answers.join(', ')} }`];
  });
  return `{ ${kept.join(', ')} }`;
}

/** Several routes of a module can share a constant. */
function responsesOf(property: ts.ObjectLiteralElementLike, source: ts.SourceFile): ts.ObjectLiteralExpression {
  let value: ts.Expression | undefined = ts.isPropertyAssignment(property) ? property.initializer : undefined;
  const constant = value === undefined ? 'responses' : value.getText(source);
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (name.getText(source) === constant) value = initializer;
    }
  }
  if (value !== undefined && ts.isAsExpression(value)) value = value.expression;
  if (value === undefined || !ts.isObjectLiteralExpression(value)) {
    throw new Error(`${source.text.slice(0, 80)}…: the responses of a route must be an object literal of its module`);
  }
  return value;
}
