import { agentTimer } from '../shared/features/desk/timers/agent-timer.ts';
import { conversationTimer } from '../shared/features/desk/timers/conversation-timer.ts';
import { settingsTimer } from '../shared/features/desk/timers/settings-timer.ts';
import { receivedChangeTimer } from '../shared/features/integrations/received-change-timer.ts';
import { ticketTimer } from '../shared/features/integrations/ticket-timer.ts';
import { serveTimers } from '../shared/transport/timers.ts';

export const handler = serveTimers([conversationTimer, agentTimer, settingsTimer, ticketTimer, receivedChangeTimer]);
