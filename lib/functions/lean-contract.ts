import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import ts from 'typescript';

/** What defines an operation, a frame or an event, with members that only the documents show. */
const definitions = new Set(['defineRoute', 'defineAction', 'defineEvent', 'defineServerEvent']);
const documentingMembers = new Set(['summary', 'description']);

/** Replaces a part of a module. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly instead: string;
}

/**
 * Makes the contract light for functions: without what only the documents read, and so that schemas that a function does
 * not use are left out of its bundle.
 */
export const leanContract: Plugin = {
  name: 'lean-contract',
  setup(build) {
    build.onLoad({ filter: /[\\/]shared[\\/]contract[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: withUnusedLeftOut(withoutDocumentation(await readFile(path, 'utf8'))),
      loader: 'ts',
    }));
  },
};

/**
 * A module of the contract without descriptions and examples of schemas and summaries of operations. Lines keep their
 * numbers, so that stack traces lead to the sources. What a problem describes stays: refusals say it.
 */
export function withoutDocumentation(text: string): string {
  const source = parse(text);
  const changes: Change[] = [];
  const replace = (from: number, to: number, by: string): void => {
    changes.push({ from, to, instead: by + text.slice(from, to).replace(/[^\n]/g, '') });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      const callee = node.expression;
      const name = callee.getText(source);
      if (
        ts.isPropertyAccessExpression(callee) &&
        callee.name.text === 'register' &&
        first?.getText(source) === 'z.globalRegistry'
      ) {
        visit(callee.expression);
        replace(callee.expression.getEnd(), node.getEnd(), '');
        return;
      }
      if (first !== undefined && (name === 'z.meta' || name === 'z.describe')) {
        replace(first.getStart(source), first.getEnd(), name === 'z.meta' ? '{}' : `''`);
        return;
      }
      if (first !== undefined && definitions.has(name) && ts.isObjectLiteralExpression(first)) {
        for (const member of first.properties) {
          if (ts.isPropertyAssignment(member) && documentingMembers.has(member.name.getText(source))) {
            replace(member.initializer.getStart(source), member.initializer.getEnd(), `''`);
          } else {
            visit(member);
          }
        }
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return changed(text, changes);
}

/** A module whose constants the bundler may leave out where nobody uses them: making them has no effect but themselves. */
export function withUnusedLeftOut(text: string): string {
  const source = parse(text);
  const initializers = source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap((statement) => statement.declarationList.declarations)
    .flatMap(({ initializer }) => (initializer === undefined ? [] : [initializer]))
    .filter((value) => !ts.isLiteralExpression(value) && !ts.isArrowFunction(value));
  return changed(
    text,
    initializers.map((value) => ({
      from: value.getStart(source),
      to: value.getEnd(),
      instead: `/* @__PURE__ */ (() => (${value.getText(source)}))()`,
    })),
  );
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);
}

function changed(text: string, changes: readonly Change[]): string {
  return [...changes]
    .sort((one, other) => other.from - one.from)
    .reduce((result, { from, to, instead }) => result.slice(0, from) + instead + result.slice(to), text);
}
