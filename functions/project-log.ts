import { serveStream } from '../shared/handler/stream.ts';
import { projectChanges } from '../shared/projector/project-changes.ts';

export const handler = serveStream(projectChanges);
