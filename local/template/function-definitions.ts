import type { Assembly, FunctionDefinition, Resource } from '../contract.ts';

const defaultTimeoutSeconds = 3;
const defaultMemoryMiB = 128;

interface FunctionProperties {
  readonly Code?: { readonly S3Key?: string; readonly ZipFile?: string };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Handler?: string;
  readonly MemorySize?: number;
  readonly PackageType?: string;
  readonly ReservedConcurrentExecutions?: number;
  readonly Role?: string;
  readonly Runtime?: string;
  readonly Timeout?: number;
}

/** Omits providers of custom resources, which run only at deployment. */
export function functionDefinitions(assembly: Assembly): FunctionDefinition[] {
  const helpers = new Set(assembly.resources.map(({ properties }) => properties['ServiceToken']));
  return assembly.ofType('AWS::Lambda::Function').flatMap((resource) => {
    if (helpers.has(resource.arn)) return [];
    const definition = functionDefinition(assembly, resource);
    return definition === undefined ? [] : [definition];
  });
}

function functionDefinition(assembly: Assembly, resource: Resource): FunctionDefinition | undefined {
  const properties = resource.properties as FunctionProperties;
  const where = `${resource.stack}: function ${resource.logicalId}`;
  if (properties.Runtime?.startsWith('nodejs') !== true) return undefined;
  const objectKey = properties.Code?.S3Key;
  if (objectKey === undefined) return undefined;
  const codeDirectory = assembly.asset(objectKey);
  if (codeDirectory === undefined) throw new Error(`${where}: no asset manifest names its code ${objectKey}.`);
  if (properties.Role === undefined || properties.Handler === undefined || resource.arn === undefined) {
    throw new Error(`${where}: Role and Handler are needed.`);
  }
  return {
    name: resource.physicalId,
    arn: resource.arn,
    roleArn: properties.Role,
    codeDirectory,
    handler: properties.Handler,
    environment: Object.fromEntries(
      Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    timeoutMs: (properties.Timeout ?? defaultTimeoutSeconds) * 1000,
    memoryMiB: properties.MemorySize ?? defaultMemoryMiB,
    ...(properties.ReservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrency: properties.ReservedConcurrentExecutions }),
  };
}
