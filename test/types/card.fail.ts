import { getMessage } from '../../shared/contract/messages/get-message.ts';
import { ping } from '../../shared/contract/sockets/ping.ts';
import { plainFrame } from '../integration/matrix/frame-cases.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { defineCard, defineFrameCard, readsOnly } from '../operations/kit/define-card.ts';

// These must not compile. Each directive names the expected error.

const parts = { matrix: plain(200), goodRequest: inConversation, ...readsOnly };
const walk = async () => undefined;
const withWalk = { ...parts, walk };
const problems = { 'conversation-not-found': byStranger, 'message-not-found': byStranger };

export const whole = defineCard(getMessage, { ...withWalk, problems });

// @ts-expect-error TS2345 an operation without a walk
export const withoutWalk = defineCard(getMessage, { ...parts, problems });

// @ts-expect-error TS2345 an operation without provocations
export const withoutProblems = defineCard(getMessage, { ...withWalk });

const oneOfTwo = { 'conversation-not-found': byStranger };

// @ts-expect-error TS2741 a declared problem without a provocation
export const withoutProvocation = defineCard(getMessage, { ...withWalk, problems: oneOfTwo });

// @ts-expect-error TS2353 a provocation of a problem that the route does not declare
export const surplus = defineCard(getMessage, { ...withWalk, problems: { ...problems, throttled: byStranger } });

const frameParts = { matrix: plainFrame('pong'), goodFrame: () => ({}), problems: {}, walk };

// @ts-expect-error TS2345 a frame without a sweep or a reason
export const withoutSweep = defineFrameCard(ping, { ...frameParts, replay: { announcesNothing: 'It is a ping.' } });
