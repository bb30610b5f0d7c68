import type { Assembly, Resource } from '../contract.ts';
import { arnOf, attributeOf, referenceTo, urlSuffix } from './attributes.ts';
import { localAccountId, readCloudAssembly } from './cloud-assembly-files.ts';
import type { CloudAssemblyFiles, StackFile, TemplateResource } from './cloud-assembly-files.ts';
import { holds, noValue, resolve, TemplateError } from './intrinsics.ts';
import type { Location, Scope } from './intrinsics.ts';
import type { NamedResource } from './physical-ids.ts';

/**
 * Resolves every intrinsic function.
 *
 * @throws TemplateError with stack, logical id and property.
 */
export function loadAssembly(directory: string): Assembly {
  const files = readCloudAssembly(directory);
  const exports = new Map<string, () => unknown>();
  const stacks = files.stacks.map((file) => new StackReader(file, exports));
  const resources = stacks.flatMap((stack) => stack.resources());
  const outputs = Object.fromEntries(stacks.map((stack) => [stack.name, stack.outputs()]));
  const byType = Map.groupBy(resources, (resource) => resource.type);
  const byArn = new Map(
    resources.flatMap((resource) => (resource.arn === undefined ? [] : [[resource.arn, resource]])),
  );
  return {
    directory,
    region: files.region,
    accountId: localAccountId,
    resources,
    outputs,
    ofType: (type) => byType.get(type) ?? [],
    byArn: (arn) => byArn.get(arn),
    asset: (objectKey) => assetPath(files, objectKey),
  };
}

function assetPath(files: CloudAssemblyFiles, objectKey: string): string | undefined {
  return files.assetPaths.get(objectKey);
}

/** Registers exports for later stacks. */
class StackReader {
  readonly name: string;
  readonly #file: StackFile;
  readonly #exports: Map<string, () => unknown>;
  readonly #named = new Map<string, NamedResource>();
  readonly #scope: Scope;

  constructor(file: StackFile, exports: Map<string, () => unknown>) {
    this.name = file.stackName;
    this.#file = file;
    this.#exports = exports;
    this.#scope = {
      stack: file.stackName,
      reference: (logicalId, location) => this.#reference(logicalId, location),
      attribute: (logicalId, attribute, location) => this.#attribute(logicalId, attribute, location),
      exported: (name, location) => {
        const value = exports.get(name);
        if (value === undefined) throw new TemplateError(location, `no stack exports ${name}.`);
        return value();
      },
      mapping: (map, first, second) => file.template.Mappings?.[map]?.[first]?.[second],
      condition: (name) => file.template.Conditions?.[name],
    };
    this.#nameResources();
    this.#registerExports();
  }

  resources(): Resource[] {
    const result: Resource[] = [];
    for (const [logicalId, named] of this.#named) {
      const properties = this.#file.template.Resources?.[logicalId]?.Properties ?? {};
      const arn = arnOf(named);
      result.push({
        stack: this.name,
        logicalId,
        type: named.type,
        properties: this.#resolveProperties(logicalId, properties),
        physicalId: referenceTo(named),
        ...(arn === undefined ? {} : { arn }),
      });
    }
    return result;
  }

  outputs(): Record<string, string> {
    const result: Record<string, string> = {};
    for (const [name, output] of Object.entries(this.#file.template.Outputs ?? {})) {
      result[name] = String(resolve(output.Value, this.#scope, this.#location(`output ${name}`, 'Value')));
    }
    return result;
  }

  #resolveProperties(logicalId: string, properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(properties)) {
      const resolved = resolve(value, this.#scope, this.#location(logicalId, key));
      if (resolved !== noValue) result[key] = resolved;
    }
    return result;
  }

  #nameResources(): void {
    for (const [logicalId, resource] of Object.entries(this.#file.template.Resources ?? {})) {
      if (!this.#exists(logicalId, resource)) continue;
      this.#named.set(logicalId, {
        stack: this.name,
        logicalId,
        type: resource.Type,
        region: this.#file.region,
        accountId: localAccountId,
        property: (name) => {
          const value = resource.Properties?.[name];
          return value === undefined ? undefined : resolve(value, this.#scope, this.#location(logicalId, name));
        },
      });
    }
  }

  #exists(logicalId: string, resource: TemplateResource): boolean {
    // CDK's usage metadata.
    if (resource.Type === 'AWS::CDK::Metadata') return false;
    if (resource.Condition === undefined) return true;
    return holds({ Condition: resource.Condition }, this.#scope, this.#location(logicalId, 'Condition'));
  }

  #registerExports(): void {
    for (const [name, output] of Object.entries(this.#file.template.Outputs ?? {})) {
      if (output.Export === undefined) continue;
      const location = this.#location(`output ${name}`, 'Export');
      const exportName = String(resolve(output.Export.Name, this.#scope, location));
      this.#exports.set(exportName, () => resolve(output.Value, this.#scope, location));
    }
  }

  #reference(logicalId: string, location: Location): unknown {
    switch (logicalId) {
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::AccountId':
        return localAccountId;
      case 'AWS::Region':
        return this.#file.region;
      case 'AWS::URLSuffix':
        return urlSuffix;
      case 'AWS::StackName':
        return this.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${this.#file.region}:${localAccountId}:stack/${this.name}/local`;
      case 'AWS::NoValue':
        return noValue;
      case 'AWS::NotificationARNs':
        return [];
      default:
        break;
    }
    const named = this.#named.get(logicalId);
    if (named !== undefined) return referenceTo(named);
    const parameter = this.#file.template.Parameters?.[logicalId];
    if (parameter?.Default !== undefined) return parameter.Default;
    throw new TemplateError(
      location,
      `Ref names ${logicalId}, which is neither a resource nor a parameter with a default.`,
    );
  }

  #attribute(logicalId: string, attribute: string, location: Location): unknown {
    const named = this.#named.get(logicalId);
    if (named === undefined) throw new TemplateError(location, `Fn::GetAtt names ${logicalId}, which does not exist.`);
    const value = attributeOf(named, attribute);
    if (value === undefined) {
      throw new TemplateError(location, `the local run does not support attribute ${attribute} of ${named.type}.`);
    }
    return value;
  }

  #location(logicalId: string, property: string): Location {
    return { stack: this.name, logicalId, property };
  }
}
