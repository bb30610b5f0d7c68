import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import ts from 'typescript';

const documentingMembers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  defineRoute: { summary: `''`, description: `''`, problems: '[]', idempotent: `''` },
  defineAction: { summary: `''`, description: `''`, problems: '[]' },
  defineEvent: { summary: `''`, description: `''` },
  defineConsumer: { description: `''` },
  defineServerEvent: { summary: `''`, description: `''`, data: 'null' },
};
const schemaMembers: Readonly<Record<string, Readonly<Record<string, (member: string) => boolean>>>> = {
  defineRoute: { responses: () => true },
  defineAction: { answer: (member) => member === 'data' },
};

interface Change {
  readonly from: number;
  readonly to: number;
  readonly instead: string;
}

/** Removes documentation and unused schemas from bundles. */
export const leanContract: Plugin = {
  name: 'lean-contract',
  setup(build) {
    build.onLoad({ filter: /[\\/]shared[\\/]contract[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: withUnusedLeftOut(withoutDocumentation(await readFile(path, 'utf8'))),
      loader: 'ts',
    }));
  },
};

/** Keeps line numbers for stack traces, and descriptions of problems for refusals. */
export function withoutDocumentation(text: string): string {
  const source = parse(text);
  const changes: Change[] = [];
  const replace = (from: number, to: number, by: string): void => {
    changes.push({ from, to, instead: by + text.slice(from, to).replace(/[^\n]/g, '') });
  };
  const replaceValue = ({ initializer }: ts.PropertyAssignment, by: string): void =>
    replace(initializer.getStart(source), initializer.getEnd(), by);
  const dropSchemas = (value: ts.Expression, isSchema: (member: string) => boolean): void => {
    if (!ts.isObjectLiteralExpression(value)) throw new Error(`${value.getText(source)} must be an object literal`);
    for (const member of value.properties) {
      if (!isSchema(member.name?.getText(source) ?? '')) continue;
      if (ts.isPropertyAssignment(member)) replaceValue(member, 'null');
      else replace(member.getStart(source), member.getEnd(), `${member.name?.getText(source)}: null`);
    }
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
      const documenting = documentingMembers[name];
      if (first !== undefined && documenting !== undefined && ts.isObjectLiteralExpression(first)) {
        for (const member of first.properties) {
          const memberName = member.name?.getText(source) ?? '';
          const instead = documenting[memberName];
          const isSchema = schemaMembers[name]?.[memberName];
          if (ts.isPropertyAssignment(member) && instead !== undefined) replaceValue(member, instead);
          else if (ts.isPropertyAssignment(member) && isSchema !== undefined) dropSchemas(member.initializer, isSchema);
          else visit(member);
        }
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return changed(text, changes);
}

/** Marks constants as free of side effects, so that the bundler drops unused ones. */
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
    .sort((a, b) => b.from - a.from)
    .reduce((result, { from, to, instead }) => result.slice(0, from) + instead + result.slice(to), text);
}
