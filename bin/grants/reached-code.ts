import { join } from 'node:path';
import ts from 'typescript';
import type { EnvironmentName } from '../../shared/core/runtime/config.ts';

const root = join(import.meta.dirname, '../..');

/** The AWS calls that the code of a function can make, found by following every name from its handler. */
export interface ReachedCode {
  /** Operations that the code performs through the classes of {@link methodOperations}: `table GetItem`. */
  readonly operations: ReadonlySet<string>;
  /** Commands of the AWS SDK, after the setting that names their resource: `dataKeyId Decrypt`. */
  readonly commands: ReadonlySet<string>;
  /** Properties of `config` that the code reads. */
  readonly settings: ReadonlySet<string>;
}

/** The classes through which all code uses tables and files, with the operations that each method performs. */
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
  },
};

/** The settings that name a resource of AWS. A file that sends commands reads exactly one of them. */
const resourceSettings: ReadonlySet<string> = new Set<EnvironmentName>([
  'dataKeyId',
  'signingKeyIds',
  'recordsKeyId',
  'recordsBucketName',
  'tenantRoleArn',
  'socketEndpoint',
  'eventBusName',
  'mailFrom',
]);

/** Parses the functions and their imports once, then follows each handler. */
export class CodeReader {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;

  constructor(names: readonly string[]) {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    this.#program = ts.createProgram(
      names.map((name) => join(root, `functions/${name}.ts`)),
      options,
    );
    this.#checker = this.#program.getTypeChecker();
  }

  /** Follows `handler` of `functions/<name>.ts`. */
  reach(name: string): ReachedCode {
    const file = this.#program.getSourceFile(join(root, `functions/${name}.ts`));
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

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  follow(name: ts.Symbol | undefined): void {
    if (name === undefined) return;
    const symbol = name.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(name) : name;
    if (this.#seen.has(symbol)) return;
    this.#seen.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      const { fileName } = declaration.getSourceFile();
      if (fileName.includes('/node_modules/') || !fileName.startsWith(root)) continue;
      // Declarations of parameters and types run no code.
      if (!ts.isParameter(declaration) && !ts.isInterfaceDeclaration(declaration)) this.#visit(declaration);
    }
  }

  #visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node) && this.#isLeaf(node)) {
      // The receiver is an expression as well: `tenantTable(scope)`, `unitOfWork(scope).put(…)`.
      this.#visit(node.expression);
      return;
    }
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text.endsWith('Command')) {
      this.commands.add(`${resourceOf(node.getSourceFile())} ${node.expression.text.slice(0, -'Command'.length)}`);
    }
    if (ts.isClassLike(node) && methodOperations[node.name?.text ?? ''] !== undefined) return;
    if (ts.isIdentifier(node)) this.follow(this.#checker.getSymbolAtLocation(node));
    if (ts.isShorthandPropertyAssignment(node)) this.follow(this.#checker.getShorthandAssignmentValueSymbol(node));
    ts.forEachChild(node, (child) => this.#visit(child));
  }

  /** Records an operation or a setting. Returns true if it was one, so that its name need not be followed. */
  #isLeaf(node: ts.PropertyAccessExpression): boolean {
    const method = node.name.text;
    if (ts.isIdentifier(node.expression) && node.expression.text === 'config') {
      this.settings.add(method);
      return true;
    }
    const owner = this.#checker.getSymbolAtLocation(node.name)?.declarations?.[0]?.parent;
    if (owner === undefined || !ts.isClassLike(owner)) return false;
    const operations = methodOperations[owner.name?.text ?? '']?.[method];
    if (operations === undefined) return false;
    const resource = this.#resourceBehind(node.expression, owner.name?.text ?? '');
    for (const operation of operations) this.operations.add(`${resource} ${operation}`);
    return true;
  }

  /** Returns the resource of a receiver: the name of an object store, or a table by its key type or name. */
  #resourceBehind(receiver: ts.Expression, className: string): string {
    if (className === 'ObjectStore') return receiver.getText();
    // `ScopedTable<PlatformKey>`, `KeyspaceWork<PlatformKey>`.
    const type = this.#checker.getTypeAtLocation(receiver);
    const [key] = this.#checker.getTypeArguments(type as ts.TypeReference);
    if (key?.symbol.name === 'PlatformKey') return 'platformTable';
    return ts.isCallExpression(receiver) && receiver.expression.getText() === 'keysTable' ? 'keysTable' : 'table';
  }
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
