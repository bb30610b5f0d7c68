import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');

/** The operations and settings that a function's code reaches, found by following every name from its entry. */
export interface ReachedCode {
  /** Operations on tenants' items of the main table, as IAM names them. */
  readonly table: ReadonlySet<string>;
  /** Operations on items that belong to no tenant. */
  readonly platformTable: ReadonlySet<string>;
  readonly keysTable: ReadonlySet<string>;
  readonly queriesIndex: boolean;
  readonly queriesPlatformIndex: boolean;
  /** SDK commands other than the tables', without `Command`. */
  readonly commands: ReadonlySet<string>;
  /** Properties of `config` that it reads. */
  readonly configuration: ReadonlySet<string>;
}

/** The operation of each method that accesses a table. */
const tableMethods: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ScopedTable: {
    get: 'GetItem',
    batchGet: 'BatchGetItem',
    query: 'Query',
    put: 'PutItem',
    update: 'UpdateItem',
    delete: 'DeleteItem',
    queryCollection: 'Index',
  },
  KeyspaceWork: {
    put: 'PutItem',
    update: 'UpdateItem',
    delete: 'DeleteItem',
    check: 'ConditionCheckItem',
    commit: 'None',
  },
  UnitOfWork: { emit: 'PutItem' },
};

/** Reads the whole project once; then follows the entries of functions. */
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
  readonly table = new Set<string>();
  readonly platformTable = new Set<string>();
  readonly keysTable = new Set<string>();
  readonly commands = new Set<string>();
  readonly configuration = new Set<string>();
  queriesIndex = false;
  queriesPlatformIndex = false;
  readonly #checker: ts.TypeChecker;
  readonly #seen = new Set<ts.Symbol>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  follow(given: ts.Symbol | undefined): void {
    if (given === undefined) return;
    const symbol = given.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(given) : given;
    if (this.#seen.has(symbol)) return;
    this.#seen.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      const { fileName } = declaration.getSourceFile();
      if (fileName.includes('/node_modules/') || !fileName.startsWith(root)) continue;
      // Declarations of parameters and types do nothing.
      if (!ts.isParameter(declaration) && !ts.isInterfaceDeclaration(declaration)) this.#visit(declaration);
    }
  }

  #visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node) && this.#isLeaf(node)) {
      // The receiver is a separate expression: `tenantTable(scope)`, `unitOfWork(scope).put(…)`.
      this.#visit(node.expression);
      return;
    }
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text.endsWith('Command')) {
      this.commands.add(node.expression.text.slice(0, -'Command'.length));
    }
    if (ts.isClassLike(node) && tableMethods[node.name?.text ?? ''] !== undefined) return;
    if (ts.isIdentifier(node)) this.follow(this.#checker.getSymbolAtLocation(node));
    if (ts.isShorthandPropertyAssignment(node)) this.follow(this.#checker.getShorthandAssignmentValueSymbol(node));
    ts.forEachChild(node, (child) => this.#visit(child));
  }

  /** Records an operation or a setting. @returns whether there is nothing to follow behind it. */
  #isLeaf(node: ts.PropertyAccessExpression): boolean {
    const method = node.name.text;
    if (ts.isIdentifier(node.expression) && node.expression.text === 'config') {
      this.configuration.add(method);
      return true;
    }
    const declaration = this.#checker.getSymbolAtLocation(node.name)?.declarations?.[0];
    const owner = declaration?.parent;
    if (owner === undefined || !ts.isClassLike(owner)) return false;
    const operation = tableMethods[owner.name?.text ?? '']?.[method];
    if (operation === undefined) return false;
    const isPlatforms = this.#isPlatforms(node.expression);
    if (operation === 'Index') {
      if (isPlatforms) this.queriesPlatformIndex = true;
      else this.queriesIndex = true;
    } else if (operation !== 'None') {
      const operations = isPlatforms
        ? this.platformTable
        : this.#isOfKeysTable(node.expression)
          ? this.keysTable
          : this.table;
      operations.add(operation);
    }
    return true;
  }

  /** `ScopedTable<PlatformKey>`, `KeyspaceWork<PlatformKey>`. */
  #isPlatforms(receiver: ts.Expression): boolean {
    const type = this.#checker.getTypeAtLocation(receiver);
    const [key] = this.#checker.getTypeArguments(type as ts.TypeReference);
    return key?.symbol.name === 'PlatformKey';
  }

  #isOfKeysTable(receiver: ts.Expression): boolean {
    return (
      ts.isCallExpression(receiver) && ts.isIdentifier(receiver.expression) && receiver.expression.text === 'keysTable'
    );
  }
}
