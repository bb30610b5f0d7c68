import { transcriptRoutes } from '../shared/contract/transcripts/routes.ts';
import { getIntegrity } from '../shared/features/transcripts/get-integrity.ts';
import { getTranscript } from '../shared/features/transcripts/get-transcript.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(transcriptRoutes, { getTranscript, getIntegrity });
