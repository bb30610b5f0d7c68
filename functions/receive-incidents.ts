import { incidentRoutes } from '../shared/contract/incidents/routes.ts';
import { receiveIncident } from '../shared/features/incidents/receive-incident.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(incidentRoutes, { receiveIncident });
