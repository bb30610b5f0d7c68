import { readdir, readFile } from 'node:fs/promises';
import { join, posix, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As written: `zod/mini`, `../table/keys.ts`. */
  readonly specifier: string;
  /** From the repository's root; undefined for packages. */
  readonly file: string | undefined;
  readonly typeOnly: boolean;
  readonly names: readonly string[];
  readonly kind: 'named' | 'namespace' | 'default' | 'bare' | 'dynamic' | 're-export';
}

export interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly hasDefaultExport: boolean;
  readonly uses: ReadonlySet<string>;
  readonly statements: readonly ('import' | 'type' | 'handler' | 'other')[];
}

const root = resolve(import.meta.dirname, '../..');
const directories = ['bin', 'lib', 'functions', 'shared', 'local', 'examples', 'bench', 'test'];

export async function repositoryFiles(): Promise<SourceFile[]> {
  const found = await Promise.all(
    directories.map((directory) =>
      readdir(join(root, directory), { recursive: true, withFileTypes: true }).catch(() => []),
    ),
  );
  const paths = found
    .flat()
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const configs = (await readdir(root)).filter((name) => name.endsWith('.ts'));
  const all = [...paths, ...configs].sort();
  return Promise.all(all.map(async (path) => parseSource(path, await readFile(join(root, path), 'utf8'))));
}

export function parseSource(path: string, text: string): SourceFile {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const uses = new Set<string>();
  const add = (specifier: string, kind: Import['kind'], typeOnly: boolean, names: readonly string[] = []) => {
    const file = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    imports.push({ specifier, file, typeOnly, kind, names });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(
        node.moduleSpecifier.text,
        importKind(node.importClause),
        isTypeOnly(node.importClause),
        importedNames(node.importClause),
      );
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, 're-export', node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, 'dynamic', true);
    } else if (ts.isCallExpression(node) && isLoader(node.expression)) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) add(specifier.text, 'dynamic', false);
    } else if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      uses.add(`${node.expression.text}.${node.name.text}`);
    } else if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
      // `new Date(x)` only converts; `new Date()` reads the clock.
      if ((node.arguments?.length ?? 0) === 0) uses.add(`new ${node.expression.text}`);
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      uses.add(`${node.expression.text}()`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports,
    hasDefaultExport: source.statements.some(isDefaultExport),
    uses,
    statements: source.statements.map(statementKind),
  };
}

function isLoader(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function importKind(clause: ts.ImportClause | undefined): Import['kind'] {
  if (clause === undefined) return 'bare';
  if (clause.name !== undefined) return 'default';
  return clause.namedBindings && ts.isNamespaceImport(clause.namedBindings) ? 'namespace' : 'named';
}

function importedNames(clause: ts.ImportClause | undefined): readonly string[] {
  const bindings = clause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  if (modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)) return true;
  const exported = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
  return (
    exported !== undefined &&
    ts.isNamedExports(exported) &&
    exported.elements.some((element) => element.name.text === 'default')
  );
}

/** `export { disconnect as handler } from '…'`. */
function exportsHandler({ exportClause }: ts.ExportDeclaration): boolean {
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return false;
  const [exported, ...more] = exportClause.elements;
  return exported?.name.text === 'handler' && more.length === 0;
}

function statementKind(statement: ts.Statement): SourceFile['statements'][number] {
  if (ts.isImportDeclaration(statement)) return 'import';
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return 'type';
  if (ts.isExportDeclaration(statement)) return exportsHandler(statement) ? 'handler' : 'other';
  if (!ts.isVariableStatement(statement)) return 'other';
  const isExported = statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
  const [declaration, ...more] = statement.declarationList.declarations;
  const isHandler =
    declaration !== undefined && ts.isIdentifier(declaration.name) && declaration.name.text === 'handler';
  return isExported && isHandler && more.length === 0 ? 'handler' : 'other';
}
