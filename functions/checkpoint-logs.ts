import { writeCheckpoints } from '../shared/checkpoints/write-checkpoints.ts';
import { serveStream } from '../shared/handler/stream.ts';

export const handler = serveStream(writeCheckpoints);
