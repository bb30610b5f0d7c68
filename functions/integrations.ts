import { integrationRoutes } from '../shared/contract/integrations/routes.ts';
import { getIntegrationHealth, testIntegration } from '../shared/features/integrations/check-integration.ts';
import {
  createIntegration,
  deleteIntegration,
  getIntegration,
  listIntegrations,
  updateIntegration,
} from '../shared/features/integrations/manage-integrations.ts';
import { openTicket } from '../shared/features/integrations/open-ticket.ts';
import { receiveTicketChange } from '../shared/features/integrations/receive-ticket-change.ts';
import { rotateInboundSecret } from '../shared/features/integrations/rotate-inbound-secret.ts';
import { listTickets, replayTicket, replayTickets } from '../shared/features/integrations/ticket-links.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(integrationRoutes, {
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
});
