import { posix } from 'node:path';
import { clientRules } from './client-rules.ts';
import { isDeployed, isTest, isUnder, type Rule } from './rule.ts';
import type { SourceFile } from './source-file.ts';

/** These files take time, ids and randomness as arguments. Files named `…-rules.ts` are pure, too. */
export const pureFiles: readonly string[] = [
  'shared/client/client-message-id-time.ts',
  'shared/client/message-versions.ts',
  'shared/client/timeline.ts',
  'shared/features/log/access.ts',
  'shared/features/log/conversation-item.ts',
  'shared/features/log/append.ts',
  'shared/features/log/client-message-id.ts',
  'shared/features/log/define-entry-kind.ts',
  'shared/features/log/entry-kinds.ts',
  'shared/features/log/hash-chain.ts',
  'shared/features/log/log-entry.ts',
  'shared/features/log/log-tail.ts',
  'shared/features/identity/access-token.ts',
  'shared/features/identity/account-status.ts',
  'shared/features/identity/attempt-limits.ts',
  'shared/features/identity/ecdsa-signature.ts',
  'shared/features/identity/session-access.ts',
  'shared/core/table/expression.ts',
  'shared/core/table/keys.ts',
  'shared/core/table/schema.ts',
  'shared/core/tenancy/permissions.ts',
];
const isPure = (path: string) =>
  pureFiles.includes(path) || (/-rules\.ts$/.test(path) && isUnder(path, 'shared')) || isUnder(path, 'shared/contract');
const pureSpecifiers = [/^zod\/mini$/, /^@zxcvbn-ts\//, /^node:(zlib|buffer)$/];
/** Hashing only computes, although `node:crypto` also has randomness. */
const mayHash = ['shared/features/log/hash-chain.ts', 'shared/features/incidents/authentication-rules.ts'];

const impureUses =
  /^(Date\.now|new Date|Math\.random|performance\.now|crypto\.\w+|process\.\w+|console\.\w+|fetch\(\)|setTimeout\(\)|setInterval\(\))$/;

const importableByStacks = [
  /^shared\/contract\//,
  /^shared\/core\/table\/(schema|keys)\.ts$/,
  /^shared\/core\/tenancy\/tenant-scope\.ts$/,
  /^shared\/core\/runtime\/(config|metrics)\.ts$/,
];

/** These files have verified the tenant. The rule does not detect an alias of the class. */
export const scopeMakers: Readonly<Record<string, readonly string[]>> = {
  markVerified: ['shared/transport/claims.ts', 'shared/features/identity/authenticate.ts'],
  'TenantScope.fromClaims': ['shared/transport/claims.ts', 'shared/features/identity/authenticate.ts'],
  'TenantScope.fromEnvelope': ['shared/transport/consumer.ts'],
  'TenantScope.fromWakeUp': ['shared/transport/timers.ts'],
  'TenantScope.fromStreamKey': ['shared/core/table/stream-record.ts'],
  markDirectoryEntry: ['shared/features/tenants/tenant-directory.ts'],
  'TenantScope.fromDirectory': ['shared/features/tenants/tenant-directory.ts'],
};

const clientFilesForNode: readonly string[] = [
  'shared/client/guest-keys-in-files.ts',
  'shared/client/outbox-folder-lock.ts',
  'shared/client/outbox-in-files.ts',
];

const vagueNames = /^(utils?|helpers?|common|misc|index)$/;

export const rules: readonly Rule[] = [
  {
    name: 'the contract imports only zod/mini and itself',
    check: ({ path, imports }) =>
      isUnder(path, 'shared/contract') && !isTest(path)
        ? imports
            .filter(({ specifier, file }) => specifier !== 'zod/mini' && !isUnder(file ?? '', 'shared/contract'))
            .map(({ specifier }) => `imports ${specifier}`)
        : [],
  },
  {
    name: 'pure files import only types, pure files and packages that compute, and read no clock, randomness or environment',
    check: ({ path, imports, uses }) => {
      if (!isPure(path) || isTest(path)) return [];
      const impure = imports.filter(({ specifier, file, typeOnly }) => {
        if (typeOnly || pureSpecifiers.some((pattern) => pattern.test(specifier))) return false;
        if (specifier === 'node:crypto' && mayHash.includes(path)) return false;
        return file === undefined || !isPure(file);
      });
      return [
        ...impure.map(({ specifier }) => `imports ${specifier}`),
        ...[...uses].filter((use) => impureUses.test(use)).map((use) => `uses ${use}`),
      ];
    },
  },
  ...clientRules,
  {
    name: 'functions are glue: imports and one handler, at most 40 lines',
    check: ({ path, statements, lines }) => {
      if (!isUnder(path, 'functions') || isTest(path)) return [];
      const handlers = statements.filter((kind) => kind === 'handler').length;
      return [
        ...(lines > 40 ? [`has ${lines} lines`] : []),
        ...(handlers === 1 ? [] : [`exports ${handlers} handlers`]),
        ...(statements.includes('other') ? ['has statements besides imports and the handler'] : []),
      ];
    },
  },
  {
    name: 'the stacks import names from the contract, the table’s schema and the configuration, and no behaviour',
    check: ({ path, imports }) =>
      isUnder(path, 'lib')
        ? imports
            .filter(({ file }) => file !== undefined && !isUnder(file, 'lib'))
            .filter(({ file = '' }) => !importableByStacks.some((pattern) => pattern.test(file)))
            .map(({ specifier }) => `imports ${specifier}`)
        : [],
  },
  {
    name: 'the local run and its tests import nothing from other folders',
    check: ({ path, imports }) =>
      isUnder(path, 'local')
        ? imports
            .filter(({ file }) => file !== undefined && !isUnder(file, 'local'))
            .map(({ specifier }) => `imports ${specifier}`)
        : [],
  },
  {
    name: 'the client imports only itself and the contract, and Node’s modules only in files for Node',
    check: ({ path, imports }) =>
      isUnder(path, 'shared/client') && !isTest(path)
        ? imports
            .filter(({ file, specifier, typeOnly }) => {
              if (specifier === 'zod/mini') return !typeOnly;
              if (specifier.startsWith('node:')) return !clientFilesForNode.includes(path);
              return !isUnder(file ?? '', 'shared/client', 'shared/contract');
            })
            .map(({ specifier }) => `imports ${specifier}`)
        : [],
  },
  {
    name: 'deployed code never imports the registry, the stacks, the local run or the tools',
    check: ({ path, imports }) =>
      isDeployed(path) && !isUnder(path, 'shared/contract/documents')
        ? imports
            .filter(
              ({ file = '' }) => file === 'shared/contract/registry.ts' || isUnder(file, 'lib', 'local', 'bin', 'test'),
            )
            .map(({ specifier }) => `imports ${specifier}`)
        : [],
  },
  {
    name: 'a tenant’s scope is created only in files that verify the tenant',
    check: ({ path, imports, uses }) => {
      if (isTest(path) || isUnder(path, 'test')) return [];
      const creators = [...uses, ...imports.flatMap(({ names }) => names)].filter((name) => name in scopeMakers);
      return creators.filter((name) => !scopeMakers[name]?.includes(path)).map((name) => `uses ${name}`);
    },
  },
  {
    name: 'process.env is read only in shared/core/runtime/config.ts',
    check: ({ path, uses }) =>
      isDeployed(path) && path !== 'shared/core/runtime/config.ts' && uses.has('process.env')
        ? ['reads process.env']
        : [],
  },
  {
    name: 'names of files and folders describe their content',
    check: ({ path }) =>
      path
        .split('/')
        .map((segment) => segment.replace(/\.(test\.)?tsx?$/, ''))
        .filter((segment) => vagueNames.test(segment))
        .map((segment) => `is called ${segment}`),
  },
  {
    name: 'there are no barrels, which only re-export other files',
    check: ({ path, imports }) =>
      isUnder(path, 'functions')
        ? []
        : imports.filter(({ kind }) => kind === 're-export').map(({ specifier }) => `exports from ${specifier}`),
  },
  {
    name: 'a file has at most 300 lines',
    check: ({ path, lines }) => (lines > 300 && !isTest(path) ? [`has ${lines} lines`] : []),
  },
  {
    name: 'only tools’ configurations have a default export',
    check: ({ path, hasDefaultExport }) =>
      hasDefaultExport && !/^(local\/)?[a-z]+\.config\.ts$/.test(path) ? ['has a default export'] : [],
  },
  {
    name: 'zod is imported as a namespace, and as zod/mini in deployed code',
    check: ({ path, imports }) =>
      imports
        .filter(({ specifier }) => specifier === 'zod' || specifier.startsWith('zod/'))
        .flatMap(({ specifier, kind, typeOnly }) => {
          // The language of the messages is a separate module.
          if (specifier.startsWith('zod/v4/locales/')) return [];
          if (kind !== 'namespace' && !typeOnly) return [`imports names of ${specifier}`];
          return isUnder(path, 'shared', 'functions') && specifier !== 'zod/mini' ? [`imports ${specifier}`] : [];
        }),
  },
  {
    name: 'an import of a file in the repository has its extension, and the file exists',
    check: ({ imports }, all) =>
      imports.flatMap(({ specifier, file }) => {
        if (file === undefined || /\.(json|mjs|cjs|css|svg)$/.test(file)) return [];
        if (!/\.tsx?$/.test(file)) return [`imports ${specifier} without its extension`];
        return all.has(file) ? [] : [`imports ${specifier}, which does not exist`];
      }),
  },
  {
    name: 'no files import one another in a cycle at run time',
    check: (file, all) => {
      const cycle = cycleThrough(file, all);
      return cycle === undefined ? [] : [`is in an import cycle: ${cycle.join(' → ')}`];
    },
  },
];

/** @param operations - operation names in kebab-case. */
export function useCaseRule(operations: ReadonlySet<string>): Rule {
  return {
    name: 'a use case has at most 120 lines',
    check: ({ path, lines }) => {
      const isUseCase =
        isUnder(path, 'shared') && !isUnder(path, 'shared/contract') && operations.has(posix.basename(path, '.ts'));
      return isUseCase && lines > 120 ? [`has ${lines} lines`] : [];
    },
  };
}

function cycleThrough(start: SourceFile, all: ReadonlyMap<string, SourceFile>): string[] | undefined {
  const paths: string[][] = [[start.path]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const { file, typeOnly } of all.get(path.at(-1) ?? '')?.imports ?? []) {
      if (file === undefined || typeOnly) continue;
      if (file === start.path) return [...path, file];
      if (!seen.has(file)) {
        seen.add(file);
        paths.push([...path, file]);
      }
    }
  }
  return undefined;
}
