import { join, relative } from 'node:path';
import ts from 'typescript';
import type { EnvironmentName } from '../../shared/core/runtime/config.ts';
import { fileOf, hostWith, root } from './sources.ts';
import { isDeclared, isPassedOn, isReceiver } from './syntax-rules.ts';

/** The AWS calls that a function can make, found by following every name from its handler. */
export interface ReachedCode {
  /** Operations through the classes of {@link methodOperations}: `table GetItem`. */
  readonly operations: ReadonlySet<string>;
  /** Commands after their resource's setting: `dataKeyId Decrypt`. */
  readonly commands: ReadonlySet<string>;
  readonly settings: ReadonlySet<string>;
}

const methodOperations: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ScopedTable: {
    get: ['GetItem'],
    batchGet: ['BatchGetItem'],
    query: ['Query'],
    put: ['PutItem'],
    update: ['UpdateItem'],
    delete: ['DeleteItem'],
    queryCollection: ['Query collection'],
  },
  KeyspaceWork: {
    put: ['PutItem'],
    update: ['UpdateItem'],
    delete: ['DeleteItem'],
    check: ['ConditionCheckItem'],
    commit: [],
  },
  UnitOfWork: { emit: ['PutItem'] },
  ObjectStore: {
    uploadForm: ['PutObject'],
    downloadAddress: ['GetObject'],
    read: ['GetObject', 'ListBucket'],
    write: ['PutObject'],
    delete: ['DeleteObject'],
    deleteAll: ['ListBucket', 'DeleteObject'],
    list: ['ListBucket'],
  },
};

/** The project's lean client of AWS. Its classes whose names end in `Command` count as the SDK's do. */
const leanClient = join(root, 'shared/core/aws/');
const objectStoreFile = 'shared/features/attachments/object-store.ts';

/** A file that sends commands reads exactly one of these settings. */
const resourceSettings: ReadonlySet<string> = new Set<EnvironmentName>([
  'dataKeyId',
  'signingKeyIds',
  'recordsKeyId',
  'recordsBucketName',
  'tenantRoleArn',
  'socketEndpoint',
  'eventBusName',
  'mailFrom',
  'pushApplicationsArn',
  'timersQueueUrl',
  'lanesQueueUrl',
  'timersGroupName',
]);

const ofSdk = /\/node_modules\/@(?:aws-sdk|smithy)\//;
const harmlessExports = /(?:Client|Exception)$/;

/** Throws an error for code whose AWS calls it could miss. */
export class CodeReader {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;

  /** @param sources - texts of functions without a file, by name; for tests. */
  constructor(names: readonly string[], sources: Readonly<Record<string, string>> = {}) {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    this.#program = ts.createProgram(names.map(fileOf), options, hostWith(options, sources));
    this.#checker = this.#program.getTypeChecker();
  }

  reach(name: string): ReachedCode {
    const file = this.#program.getSourceFile(fileOf(name));
    const module = file && this.#checker.getSymbolAtLocation(file);
    const handler = module?.exports?.get('handler' as ts.__String);
    if (handler === undefined) throw new Error(`functions/${name}.ts exports no handler`);
    const walk = new Walk(this.#checker);
    walk.follow(handler);
    return walk;
  }
}

class Walk implements ReachedCode {
  readonly operations = new Set<string>();
  readonly commands = new Set<string>();
  readonly settings = new Set<string>();
  readonly #checker: ts.TypeChecker;
  readonly #seen = new Set<ts.Symbol>();
  readonly #files = new Set<ts.SourceFile>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  follow(name: ts.Symbol | undefined): void {
    if (name === undefined) return;
    const symbol = name.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(name) : name;
    if (this.#seen.has(symbol)) return;
    this.#seen.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      const file = declaration.getSourceFile();
      if (file.fileName.includes('/node_modules/') || !file.fileName.startsWith(root)) continue;
      this.#runs(file);
      if (!ts.isParameter(declaration) && !ts.isInterfaceDeclaration(declaration)) this.#visit(declaration);
    }
  }

  #runs(file: ts.SourceFile): void {
    if (this.#files.has(file)) return;
    this.#files.add(file);
    for (const statement of file.statements) {
      const isDeclaration =
        ts.isImportDeclaration(statement) ||
        ts.isExportDeclaration(statement) ||
        ts.isVariableStatement(statement) ||
        ts.isFunctionDeclaration(statement) ||
        ts.isClassDeclaration(statement);
      if (!isDeclaration) this.#visit(statement);
    }
  }

  #visit(node: ts.Node): void {
    // The base class is an expression within a type.
    if (ts.isHeritageClause(node)) {
      if (node.token === ts.SyntaxKind.ExtendsKeyword) for (const { expression } of node.types) this.#visit(expression);
      return;
    }
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node) && this.#isLeaf(node)) {
      if (!this.#isConfig(node.expression)) this.#visit(node.expression);
      return;
    }
    if (ts.isClassLike(node) && methodOperations[node.name?.text ?? ''] !== undefined) return;
    this.#rejectUntraceable(node);
    if (ts.isIdentifier(node)) {
      this.#recordExport(node);
      this.follow(this.#checker.getSymbolAtLocation(node));
    }
    if (ts.isShorthandPropertyAssignment(node)) this.follow(this.#checker.getShorthandAssignmentValueSymbol(node));
    ts.forEachChild(node, (child) => this.#visit(child));
  }

  /** Resolves renamed imports of commands. */
  #recordExport(node: ts.Identifier): void {
    const symbol = this.#resolved(node);
    const declaration = symbol?.declarations?.find(
      (one) => ts.isClassDeclaration(one) || ts.isFunctionDeclaration(one) || ts.isVariableDeclaration(one),
    );
    if (symbol === undefined || declaration === undefined) return;
    const { fileName } = declaration.getSourceFile();
    const isOwn = fileName.startsWith(leanClient);
    if (isOwn ? node.getSourceFile().fileName.startsWith(leanClient) : !ofSdk.test(fileName)) return;
    if (symbol.name.endsWith('Command')) {
      this.commands.add(`${resourceOf(node.getSourceFile())} ${symbol.name.slice(0, -'Command'.length)}`);
    } else if (!isOwn && !harmlessExports.test(symbol.name)) {
      throw unclear(node, `uses ${symbol.name} of the AWS SDK: send a command instead`);
    }
  }

  /** @throws Error for untraceable AWS calls. */
  #rejectUntraceable(node: ts.Node): void {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [path] = node.arguments;
      if (path === undefined || !ts.isStringLiteral(path) || /^(?:@aws-sdk\/|@smithy\/)/.test(path.text)) {
        throw unclear(node, 'imports a file dynamically: use a static import');
      }
      if (path.text.startsWith('.')) this.#followImported(node, path);
    }
    if (ts.isIdentifier(node) && this.#isConfig(node) && !isDeclared(node)) {
      throw unclear(node, 'uses config as a whole: read its properties by name');
    }
    if (ts.isElementAccessExpression(node) && this.#trackedClass(node.expression) !== undefined) {
      throw unclear(node, 'calls a method by a computed name');
    }
    if (ts.isIdentifier(node) && this.#isKeysTable(node) && !isReceiver(node.parent)) {
      throw unclear(node, 'keeps the table of data keys: call its methods directly');
    }
    if (!ts.isExpression(node) || !isPassedOn(node)) return;
    const passed = this.#trackedClass(node);
    const wanted = passed === undefined ? undefined : this.#checker.getContextualType(node);
    if (wanted === undefined || wanted.flags & ts.TypeFlags.TypeParameter) return;
    if (methodOperations[wanted.getNonNullableType().symbol?.name ?? ''] === undefined) {
      throw unclear(node, `passes on a ${passed} as another type, whose methods have no grants`);
    }
  }

  /** Follows the names that `const { name } = await import('./file.ts')` takes from a file. */
  #followImported(node: ts.CallExpression, path: ts.StringLiteral): void {
    const pattern = ts.isAwaitExpression(node.parent) ? node.parent.parent : undefined;
    const names = pattern !== undefined && ts.isVariableDeclaration(pattern) ? pattern.name : undefined;
    if (names === undefined || !ts.isObjectBindingPattern(names)) {
      throw unclear(node, "imports a whole file dynamically: write `const { name } = await import('./file.ts')`");
    }
    const exported = this.#checker.getSymbolAtLocation(path)?.exports;
    for (const element of names.elements) {
      const symbol = exported?.get((element.propertyName ?? element.name).getText() as ts.__String);
      if (symbol === undefined) throw unclear(element, 'takes a name that the file does not export');
      this.follow(symbol);
    }
  }

  /** Records an operation or a setting. True if its name need not be followed. */
  #isLeaf(node: ts.PropertyAccessExpression): boolean {
    const method = node.name.text;
    if (this.#isConfig(node.expression)) {
      this.settings.add(method);
      return true;
    }
    const owner = this.#checker.getSymbolAtLocation(node.name)?.declarations?.[0]?.parent;
    if (owner === undefined || !ts.isClassLike(owner)) return false;
    const className = owner.name?.text ?? '';
    const methods = methodOperations[className];
    if (methods === undefined) return false;
    const operations = methods[method];
    if (operations === undefined) {
      throw unclear(node, `calls ${className}.${method}: add its operations to bin/grants/reached-code.ts`);
    }
    const resource = this.#resourceBehind(node.expression, className);
    for (const operation of operations) this.operations.add(`${resource} ${operation}`);
    return true;
  }

  #resolved(node: ts.Node): ts.Symbol | undefined {
    const symbol = this.#checker.getSymbolAtLocation(node);
    return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias
      ? this.#checker.getAliasedSymbol(symbol)
      : symbol;
  }

  #isDeclaredIn(node: ts.Node, name: string, path: string): boolean {
    if (!ts.isIdentifier(node)) return false;
    const symbol = this.#resolved(node);
    return symbol?.name === name && symbol.declarations?.[0]?.getSourceFile().fileName === join(root, path);
  }

  #isConfig(node: ts.Node): boolean {
    return this.#isDeclaredIn(node, 'config', 'shared/core/runtime/config.ts');
  }

  #isKeysTable(node: ts.Node): boolean {
    return this.#isDeclaredIn(node, 'keysTable', 'shared/core/table/scoped-table.ts');
  }

  #trackedClass(node: ts.Expression): string | undefined {
    const name = this.#checker.getTypeAtLocation(node).getNonNullableType().symbol?.name;
    return name !== undefined && methodOperations[name] !== undefined ? name : undefined;
  }

  /** An object's name, or the type or name of a table's keyspace. */
  #resourceBehind(receiver: ts.Expression, className: string): string {
    if (className === 'ObjectStore') {
      const store = this.#resolved(receiver);
      const isOwn = store?.declarations?.[0]?.getSourceFile().fileName === join(root, objectStoreFile);
      if (store === undefined || !isOwn) throw unclear(receiver, `does not name a store of ${objectStoreFile}`);
      return store.name;
    }
    // `ScopedTable<PlatformKey>`, `KeyspaceWork<PlatformKey>`.
    const type = this.#checker.getTypeAtLocation(receiver);
    const [key] = this.#checker.getTypeArguments(type as ts.TypeReference);
    if (key?.symbol.name === 'PlatformKey') return 'platformTable';
    return ts.isCallExpression(receiver) && this.#isKeysTable(receiver.expression) ? 'keysTable' : 'table';
  }
}

function unclear(node: ts.Node, what: string): Error {
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return new Error(`${relative(root, node.getSourceFile().fileName)}:${line + 1} ${what}`);
}

function resourceOf(file: ts.SourceFile): string {
  const read = new Set([...file.text.matchAll(/\bconfig\.(\w+)/g)].map(([, setting = '']) => setting));
  const [resource, another] = [...read].filter((setting) => resourceSettings.has(setting));
  if (resource === undefined || another !== undefined) {
    throw new Error(
      `${file.fileName} sends commands to AWS, so it must read exactly one setting that names a resource`,
    );
  }
  return resource;
}
