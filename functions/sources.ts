import { sourceRoutes } from '../shared/contract/incidents/routes.ts';
import { getIncidentDelivery, listIncidentDeliveries } from '../shared/features/incidents/list-deliveries.ts';
import {
  createIncidentSource,
  deleteIncidentSource,
  getIncidentSource,
  listIncidentSources,
  rotateIncidentSecret,
  updateIncidentSource,
} from '../shared/features/incidents/manage-sources.ts';
import { replayIncidentDelivery } from '../shared/features/incidents/replay-delivery.ts';
import { testIncidentRules } from '../shared/features/incidents/dry-run.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(sourceRoutes, {
  listIncidentSources,
  createIncidentSource,
  getIncidentSource,
  updateIncidentSource,
  deleteIncidentSource,
  rotateIncidentSecret,
  listIncidentDeliveries,
  getIncidentDelivery,
  replayIncidentDelivery,
  testIncidentRules,
});
