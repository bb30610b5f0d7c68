import { writeCheckpoints } from '../shared/features/checkpoints/write-checkpoints.ts';
import { serveStream } from '../shared/transport/stream.ts';

export const handler = serveStream(writeCheckpoints);
