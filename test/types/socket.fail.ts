import { quickActions } from '../../shared/contract/actions.ts';
import type { messageSend } from '../../shared/contract/messages/message-send.ts';
import { messageCreated, reconnect } from '../../shared/contract/events/server-events.ts';
import type { sessionsEndedEvent } from '../../shared/contract/events/events.ts';
import { indexMessagesConsumer } from '../../shared/contract/events/consumers.ts';
import { emailTaken, throttled } from '../../shared/contract/problems.ts';
import type { Message } from '../../shared/contract/schemas/message.ts';
import { consume } from '../../shared/transport/consumer.ts';
import type { ConsumedEvent } from '../../shared/transport/consumer.ts';
import { refuse } from '../../shared/core/refusal.ts';
import { serveSocket } from '../../shared/transport/socket.ts';
import type { FrameHandler } from '../../shared/transport/socket.ts';
import { controlFrame, eventFrame } from '../../shared/core/delivery/frames.ts';

// These must not compile. Each directive names the expected error.

declare const message: Message;
declare const closeSockets: (event: ConsumedEvent<typeof sessionsEndedEvent>) => Promise<void>;

export const sends: FrameHandler<typeof messageSend> = async () => message;
export const refuses: FrameHandler<typeof messageSend> = async () => refuse(throttled);

// @ts-expect-error TS2322 the problem is not declared
export const refusesOtherwise: FrameHandler<typeof messageSend> = async () => refuse(emailTaken);

// @ts-expect-error TS2322 the answer belongs to another action
export const answersOtherwise: FrameHandler<typeof messageSend> = async () => ({ serverTime: 'now' });

// @ts-expect-error TS2345 an action has no handler
export const servesOne = serveSocket(quickActions, { 'message.send': sends });

// @ts-expect-error TS2345 a lasting event needs its number
export const unnumbered = eventFrame(messageCreated, { conversationId: 'c', at: 'now' }, message);

// @ts-expect-error TS2345 a lasting event is not about the connection
export const bare = controlFrame(messageCreated, message);

export const asked = controlFrame(reconnect, { afterMs: 1000 });

// @ts-expect-error TS2345 the consumer expects another event
export const consumesAnother = consume(indexMessagesConsumer, closeSockets);
