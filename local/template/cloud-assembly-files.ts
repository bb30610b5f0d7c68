import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Replaces the account in a template. */
export const localAccountId = '000000000000';

const defaultRegion = 'eu-central-1';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

export interface StackFile {
  readonly stackName: string;
  readonly region: string;
  readonly template: Template;
}

export interface CloudAssemblyFiles {
  readonly region: string;
  /** In deployment order. */
  readonly stacks: readonly StackFile[];
  /** By object key. */
  readonly assetPaths: ReadonlyMap<string, string>;
}

interface ManifestArtifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source?: { readonly path?: string };
        readonly destinations?: Readonly<Record<string, { readonly objectKey?: string }>>;
      }
    >
  >;
}

/**
 * Includes nested assemblies (CDK stages).
 *
 * @throws Error if the directory contains no assembly.
 */
export function readCloudAssembly(directory: string): CloudAssemblyFiles {
  const stacks: StackFile[] = [];
  const assetPaths = new Map<string, string>();
  readInto(directory, stacks, assetPaths);
  if (stacks.length === 0) throw new Error(`The cloud assembly in ${directory} has no stacks.`);
  // Another region contains resources that exist only there, such as CloudFront's certificates.
  const regions = stacks.map((stack) => stack.region);
  const region = regions.find((name) => name !== 'us-east-1') ?? regions[0] ?? defaultRegion;
  return { region, stacks, assetPaths };
}

function readInto(directory: string, stacks: StackFile[], assetPaths: Map<string, string>): void {
  const manifestPath = join(directory, 'manifest.json');
  if (!existsSync(manifestPath)) {
    throw new Error(`There is no cloud assembly in ${directory}: manifest.json is missing. Synthesise the app first.`);
  }
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as {
    artifacts?: Readonly<Record<string, ManifestArtifact>>;
  };
  const artifacts = manifest.artifacts ?? {};
  const nested = Object.values(artifacts).filter((artifact) => artifact.type === 'cdk:cloud-assembly');
  for (const artifact of nested) {
    const name = (artifact.properties as { directoryName?: string } | undefined)?.directoryName;
    if (name !== undefined) readInto(join(directory, name), stacks, assetPaths);
  }
  for (const artifact of Object.values(artifacts)) {
    if (artifact.type === 'cdk:asset-manifest' && artifact.properties?.file !== undefined) {
      readAssets(directory, artifact.properties.file, assetPaths);
    }
  }
  for (const id of inDeploymentOrder(artifacts)) {
    const artifact = artifacts[id];
    if (artifact?.type !== 'aws:cloudformation:stack') continue;
    stacks.push(readStack(directory, id, artifact));
  }
}

function readStack(directory: string, id: string, artifact: ManifestArtifact): StackFile {
  const templateFile = artifact.properties?.templateFile;
  if (templateFile === undefined) throw new Error(`Stack ${id} of the cloud assembly names no template.`);
  let text = readFileSync(join(directory, templateFile), 'utf8');
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  if (account !== undefined && /^\d{12}$/.test(account)) text = text.replaceAll(account, localAccountId);
  return {
    stackName: artifact.properties?.stackName ?? id,
    region: region === undefined || region === 'unknown-region' ? defaultRegion : region,
    template: JSON.parse(text) as Template,
  };
}

function readAssets(directory: string, file: string, assetPaths: Map<string, string>): void {
  const manifest = JSON.parse(readFileSync(join(directory, file), 'utf8')) as AssetManifest;
  for (const asset of Object.values(manifest.files ?? {})) {
    const path = asset.source?.path;
    if (path === undefined) continue;
    for (const destination of Object.values(asset.destinations ?? {})) {
      if (destination.objectKey !== undefined) assetPaths.set(destination.objectKey, join(directory, path));
    }
  }
}

function inDeploymentOrder(artifacts: Readonly<Record<string, ManifestArtifact>>): string[] {
  const ordered = new Set<string>();
  const visit = (id: string, path: ReadonlySet<string>): void => {
    if (ordered.has(id) || path.has(id)) return;
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency, new Set([...path, id]));
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts).sort()) visit(id, new Set());
  return [...ordered];
}
