import * as registry from '../registry.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { frameIntroduction, httpIntroduction } from './introduction.ts';
import { methodsByPath } from './methods-by-path.ts';
import { openApiDocument } from './openapi.ts';
import { allProblems } from './problems-of.ts';

export function currentDocuments(version: string) {
  return {
    openapi: openApiDocument(registry.chapters, { title: 'Switchboard', version, description: httpIntroduction }),
    asyncapi: asyncApiDocument(registry, { title: 'Switchboard', version, description: frameIntroduction }),
    methodsByPath: methodsByPath(registry.routes),
    problems: allProblems(registry.routes, registry.actions),
  };
}

export function serialised(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
