import { getIntegrationHealth, testIntegration } from './check-integration.ts';
import {
  createIntegration,
  deleteIntegration,
  getIntegration,
  listIntegrations,
  rotateInboundSecret,
  updateIntegration,
} from './manage-integrations.ts';
import { receiveTicketChange } from './receive-ticket-change.ts';
import { listTickets, openTicket, replayTicket, replayTickets } from './tickets.ts';

export const integrationRoutes = [
  listIntegrations,
  createIntegration,
  getIntegration,
  updateIntegration,
  deleteIntegration,
  rotateInboundSecret,
  testIntegration,
  getIntegrationHealth,
  openTicket,
  listTickets,
  replayTicket,
  replayTickets,
  receiveTicketChange,
] as const;
