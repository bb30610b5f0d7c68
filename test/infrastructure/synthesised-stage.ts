import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { addStacks } from '../../lib/application.ts';
import { readStage } from '../../lib/settings.ts';
import { projectContext } from './project-context.ts';

const workspace = mkdtempSync(join(tmpdir(), 'switchboard-stages-'));
process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

export interface SynthesisedStage {
  readonly app: App;
  readonly stacks: ReturnType<typeof addStacks>;
  readonly templates: Readonly<Record<keyof ReturnType<typeof addStacks>, Template>>;
  /** By `<stack>/<logical id>`. */
  ofType(type: string): Readonly<Record<string, Resource>>;
}

/**
 * Code and site are placeholders, so nothing is bundled.
 *
 * @param checks - runs cdk-nag and the CDK's validation of templates, which only warns and takes most of a synthesis.
 */
export function prepareStage(name: 'dev' | 'prod', changes: Readonly<Record<string, unknown>> = {}, checks = false) {
  const directory = mkdtempSync(join(workspace, 'stage-'));
  const placeholder = join(directory, 'placeholder');
  mkdirSync(placeholder);
  writeFileSync(join(placeholder, 'index.mjs'), '');
  writeFileSync(join(placeholder, 'index.html'), '');
  const app = new App({
    outdir: join(directory, 'out'),
    context: projectContext,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: checks,
  });
  const stage = readStage(name, { [name]: { ...projectContext.stages[name], ...changes } });
  const stacks = addStacks(app, { stage, checks, siteDirectory: placeholder, code: () => Code.fromAsset(placeholder) });
  return { app, stacks };
}

const unchanged = new Map<string, SynthesisedStage>();

/** Test files of a worker share the unchanged stages, so leave them as they are. */
export function synthesiseStage(
  name: 'dev' | 'prod',
  changes: Readonly<Record<string, unknown>> = {},
): SynthesisedStage {
  if (Object.keys(changes).length > 0) return synthesiseAlone(name, changes);
  const stage = unchanged.get(name) ?? synthesiseAlone(name, changes);
  unchanged.set(name, stage);
  return stage;
}

function synthesiseAlone(name: 'dev' | 'prod', changes: Readonly<Record<string, unknown>>): SynthesisedStage {
  const { app, stacks } = prepareStage(name, changes);
  app.synth();
  const templates = {
    data: Template.fromStack(stacks.data),
    edge: Template.fromStack(stacks.edge),
    api: Template.fromStack(stacks.api),
    routes: Template.fromStack(stacks.routes),
    events: Template.fromStack(stacks.events),
    observability: Template.fromStack(stacks.observability),
  };
  return {
    app,
    stacks,
    templates,
    ofType: (type) =>
      Object.fromEntries(
        Object.entries(templates).flatMap(([stack, template]) =>
          Object.entries(template.findResources(type)).map(([id, resource]) => [
            `${stack}/${id}`,
            resource as Resource,
          ]),
        ),
      ),
  };
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
