import { changeConversation } from './change-conversation.ts';
import { addParticipants, changeParticipant, removeParticipant } from './participants.ts';

export const groupRoutes = [changeConversation, addParticipants, changeParticipant, removeParticipant] as const;
