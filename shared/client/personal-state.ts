import type { ChatAction, ChatState } from './chat-state-rules.ts';
import type { CallRoute } from './http.ts';
import type { Socket } from './socket.ts';

/** The parts that keep a user's own lists current need these. */
export interface PersonalStateOptions {
  readonly call: CallRoute;
  readonly socket: Pick<Socket, 'on'>;
  readonly store: { readonly state: ChatState; dispatch(action: ChatAction): void };
  readonly onError: (error: Error) => void;
}
