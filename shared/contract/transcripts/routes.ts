import { getIntegrity } from './get-integrity.ts';
import { getTranscript } from './get-transcript.ts';

export const transcriptRoutes = [getTranscript, getIntegrity] as const;
