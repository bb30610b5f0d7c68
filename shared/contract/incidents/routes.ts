import {
  getIncidentDelivery,
  listIncidentDeliveries,
  replayIncidentDelivery,
  testIncidentRules,
} from './deliveries.ts';
import { receiveIncident } from './receive-incident.ts';
import {
  createIncidentSource,
  deleteIncidentSource,
  getIncidentSource,
  listIncidentSources,
  rotateIncidentSecret,
  updateIncidentSource,
} from './sources.ts';

export const sourceRoutes = [
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
] as const;

export const incidentRoutes = [receiveIncident] as const;
