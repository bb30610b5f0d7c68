import { processIncidentConsumer } from '../shared/contract/events/consumers.ts';
import { processIncident } from '../shared/features/incidents/process-incident.ts';
import { consume } from '../shared/transport/consumer.ts';

export const handler = consume(processIncidentConsumer, processIncident);
