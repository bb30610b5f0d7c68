import { serveStream } from '../shared/transport/stream.ts';
import { projectChanges } from '../shared/features/projector/project-changes.ts';

export const handler = serveStream(projectChanges);
