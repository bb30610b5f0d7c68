import { agentTimer } from '../shared/features/desk/timers/agent-timer.ts';
import { conversationTimer } from '../shared/features/desk/timers/conversation-timer.ts';
import { settingsTimer } from '../shared/features/desk/timers/settings-timer.ts';
import { answerTimer } from '../shared/features/notification-mails/answer-timer.ts';
import { digestTimer } from '../shared/features/notification-mails/digest-timer.ts';
import { meterTimer } from '../shared/features/incidents/meter-timer.ts';
import { serveTimers } from '../shared/transport/timers.ts';

export const handler = serveTimers([conversationTimer, agentTimer, settingsTimer, answerTimer, digestTimer, meterTimer]);
